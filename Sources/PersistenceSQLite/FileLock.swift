import Persistence

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The right to write a database: a lock on `<file>.lock`, held for the life of the process or until `release`.
///
/// The file stays when the lock is gone: removing it would let two processes lock two files of one name.
struct FileLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, or says who has it.
    init(database path: String) throws(DatabaseError) {
        let file = Self.resolved(path) + ".lock"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable("The lock file \(file) cannot be opened: \(String(cString: strerror(errno))).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw .unavailable("The database \(path) is in use by \(holder), which holds the lock \(file).")
        }
        let text = "\(getpid())\n"
        // The number only makes messages better: the lock holds without it.
        if ftruncate(descriptor, 0) == 0 { _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) } }
        self.descriptor = descriptor
    }

    func release() {
        // Closing alone would leave the lock to a program that is being started just now: until it runs, it has a
        // copy of every descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func holder(_ descriptor: Int32) -> String {
        let text = String(
            decoding: [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
                count = max(0, pread(descriptor, buffer.baseAddress, 32, 0))
            }, as: UTF8.self)
        guard let number = Int32(text.prefix { $0.isNumber }) else { return "another process" }
        return number == getpid() ? "this process" : "process \(number)"
    }

    /// The path without symbolic links, so that each of a file's names leads to one lock.
    private static func resolved(_ path: String) -> String {
        if let real = realpath(path, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        guard let slash = path.lastIndex(of: "/") else { return path }
        let folder = String(path[..<slash])
        guard let real = realpath(folder.isEmpty ? "/" : folder, nil) else { return path }
        defer { free(real) }
        return String(cString: real) + path[slash...]
    }
}
