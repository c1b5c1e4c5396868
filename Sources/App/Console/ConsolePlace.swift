import Crypto

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where the console's socket of a database file is.
///
/// Beside the file, as `<file>.sock`. A socket's path may have 107 bytes only: for longer ones it is
/// `/tmp/shipshape-<user>/<digest of the path>.sock`, which both sides find without asking.
enum ConsolePlace {
    static func socket(ofDatabase path: String) throws(Refusal) -> String {
        let real = resolved(path)
        let beside = real + ".sock"
        if StreamConnection.address(of: beside) != nil { return beside }
        let folder = "/tmp/shipshape-\(geteuid())"
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw Refusal("The folder \(folder) for the console's socket cannot be made.")
        }
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(),
            status.st_mode & 0o077 == 0
        else { throw Refusal("The folder \(folder) for the console's socket does not belong to this user alone.") }
        let digest = SHA256.hash(data: Array(real.utf8)).prefix(8).map { String($0, radix: 36) }.joined()
        return "\(folder)/\(digest).sock"
    }

    /// The file's one name, whatever links lead to it, so that both sides mean the same socket.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
