import FoundationEssentials
import Primitives

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What can be seen of an SQLite database without opening it.
struct DatabaseFile {
    let path: String
    let serverRuns: Bool
    let now: Instant

    func complaints() -> [Complaint] {
        var status = stat()
        guard stat(path, &status) == 0 else { return [missing()] + Machine.space(at: path) }
        return kind(status) + rights(status) + disk(status) + lock() + Machine.space(at: path)
    }

    private func missing() -> Complaint {
        Complaint(
            .error, .database, "There is no database \(path): \(String(cString: strerror(errno))).",
            why: "It is made once, by a verb, so that a wrong path does not make a second, empty shop.",
            cure: "shipshape migrate; or set SHIPSHAPE_DATABASE_URL to where it is")
    }

    private func kind(_ status: stat) -> [Complaint] {
        if status.st_mode & S_IFMT != S_IFREG {
            return [
                Complaint(
                    .error, .database, "\(path) is not a file.", why: "A database is one file, and others beside it.",
                    cure: "set SHIPSHAPE_DATABASE_URL=sqlite:/path/to/file")
            ]
        }
        guard access(path, R_OK) == 0, let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var head = [UInt8](repeating: 0, count: 16)
        let count = fread(&head, 1, 16, file)
        guard count > 0, Array(head[..<count]) != Array("SQLite format 3\0".utf8) else { return [] }
        return [
            Complaint(
                .error, .database, "\(path) is not an SQLite database, or its beginning is damaged.",
                why: "Nothing in it can be read.",
                cure: "see what it is with `file \(path)`; set SHIPSHAPE_DATABASE_URL right, or restore a backup: "
                    + "ls -l \(path).before-*")
        ]
    }

    private func rights(_ status: stat) -> [Complaint] {
        var found: [Complaint] = []
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
        for (file, mode, verb) in [(path, R_OK, "read"), (path, W_OK, "written"), (folder, W_OK | X_OK, "written")]
        where access(file, mode) != 0 {
            let reason = String(cString: strerror(errno))
            found.append(
                Complaint(
                    .error, .database, "\(file) cannot be \(verb) by this user (\(name(geteuid()))): \(reason).",
                    why: "SQLite writes to the file and makes others beside it, also to read it.",
                    cure: errno == EROFS
                        ? "mount the disk writable: findmnt -T \(path)"
                        : "run it as \(name(status.st_uid)), or chown -R \(name(geteuid())) \(folder)"))
            break
        }
        for suffix in ["-wal", "-shm", ".lock"] {
            var other = stat()
            guard stat(path + suffix, &other) == 0, other.st_uid != status.st_uid else { continue }
            found.append(
                Complaint(
                    .error, .database,
                    "\(path)\(suffix) belongs to \(name(other.st_uid)), and the database to \(name(status.st_uid)).",
                    why: "A verb was run as another user; now one of the two cannot use the database.",
                    cure: "chown \(name(status.st_uid)) \(path)\(suffix), and run verbs as that user"))
        }
        if status.st_mode & 0o077 != 0 {
            found.append(
                Complaint(
                    .warning, .database, "Other users of this machine may read or change \(path).",
                    why: "It holds names, addresses and orders.", cure: "chmod 600 \(path) \(path)-wal \(path)-shm"))
        }
        return found
    }

    private func disk(_ status: stat) -> [Complaint] {
        var found: [Complaint] = []
        let ahead = Double(status.st_mtim.tv_sec) - Double(now.microseconds) / 1_000_000
        if ahead > 120 {
            found.append(
                Complaint(
                    .error, .machine, "The database was written \(Int(ahead)) s in the future by this machine's clock.",
                    why: "The clock was set back: leases, expiries and sessions are judged by it.",
                    cure: "timedatectl set-ntp true"))
        }
        var log = stat()
        if stat(path + "-wal", &log) == 0, log.st_size > 512 << 20 {
            found.append(
                Complaint(
                    .warning, .database, "The write-ahead log has \(log.st_size >> 20) MiB.",
                    why:
                        "It is not written back, because something reads for very long; all reading gets slower.",
                    cure: "see who has it open with `fuser -v \(path)`, and end what reads for hours"))
        }
        if let kind = Machine.fileSystem(of: path), Self.remoteKinds.contains(where: kind.hasPrefix) {
            found.append(
                Complaint(
                    .error, .database, "The database is on a network file system (\(kind)).",
                    why: "SQLite's log needs shared memory, which these do not have, and their locks do not hold: "
                        + "orders would be lost.",
                    cure: "move it to a disk of this machine, or use PostgreSQL"))
        }
        return found
    }

    private static let remoteKinds = [
        "nfs", "cifs", "smb", "9p", "afs", "fuse.sshfs", "fuse.s3fs", "glusterfs", "ceph",
    ]

    private func lock() -> [Complaint] {
        guard !serverRuns, let holder = Machine.lockHolder(of: path + ".lock"), holder != getpid() else { return [] }
        return [
            Complaint(
                .warning, .database, "Process \(holder) holds the database, and is no server that answers.",
                why: "Until it ends, no server can start. A verb ends by itself; a server that hangs does not.",
                cure: "see what it is with `ps -fp \(holder)`; end it with `kill \(holder)`")
        ]
    }

    private func name(_ user: uid_t) -> String {
        guard let entry = getpwuid(user)?.pointee.pw_name else { return "user \(user)" }
        return String(cString: entry)
    }
}
