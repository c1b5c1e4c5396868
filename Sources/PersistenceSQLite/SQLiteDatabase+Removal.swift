import Foundation
import Persistence

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension SQLiteDatabase {
    /// Removes a database that nobody uses, whatever state it is in, with its log and the copies made before
    /// migrations. The lock, which is taken for it, proves that nobody uses it, and its file stays for whoever waits.
    /// - Parameter beforehand: called with the lock in hand, before anything is removed.
    /// - Throws: what `beforehand` throws; `DatabaseError.unavailable` when a process has the database, or a file
    ///   cannot be removed.
    public static func remove(path: String, beforehand: () throws -> Void) throws {
        let lock = try FileLock(database: path)
        defer { lock.release() }
        try beforehand()
        for file in copies(of: path) + [path + "-wal", path + "-shm", path] {
            guard unlink(file) == 0 || errno == ENOENT else {
                throw DatabaseError.unavailable(
                    "The file \(file) cannot be removed: \(String(cString: strerror(errno))).")
            }
        }
    }

    private static func copies(of path: String) -> [String] {
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent().path
        // ignored: a folder that cannot be listed has no copies that could be removed
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(url.lastPathComponent + ".before-") }.map { folder + "/" + $0 }
    }
}
