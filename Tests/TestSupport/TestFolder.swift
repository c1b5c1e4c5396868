#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
public import Foundation

/// Folders for the files of tests.
public enum TestFolder {
    /// Makes an empty folder. It is removed when a later run of the tests begins, at the latest.
    public static func make() throws -> URL {
        let folder = root.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static let prefix = "shipshape-tests-"

    private static let root: URL = {
        let all = FileManager.default.temporaryDirectory
        removeLeftovers(in: all)
        return all.appendingPathComponent("\(prefix)\(getpid())")
    }()

    /// Removes what processes have left that ended without cleaning up.
    private static func removeLeftovers(in all: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: all.path)) ?? []
        for name in names where name.hasPrefix(prefix) {
            guard let process = Int32(name.dropFirst(prefix.count)), kill(process, 0) != 0, errno == ESRCH else {
                continue
            }
            try? FileManager.default.removeItem(at: all.appendingPathComponent(name))
        }
    }
}
