import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the machine gives this process.
enum Machine {
    /// - Parameter settings: nil when they could not be read.
    static func complaints(settings: Settings?) -> [Complaint] {
        files(settings) + memory()
    }

    private static func files(_ settings: Settings?) -> [Complaint] {
        var limit = rlimit()
        #if canImport(Glibc)
            let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let kind = RLIMIT_NOFILE
        #endif
        guard let settings, getrlimit(kind, &limit) == 0 else { return [] }
        return files(soft: UInt64(limit.rlim_cur), settings: settings)
    }

    /// Each connection is a file, and so is each of the database's; the rest has some dozens.
    static func files(soft: UInt64, settings: Settings) -> [Complaint] {
        let needed = settings.mostConnections + settings.readers + settings.writers + 64
        guard soft < UInt64(needed) else { return [] }
        return [
            Complaint(
                .warning, .machine, "A process may open \(soft) files, and may come to need \(needed).",
                why: "SHIPSHAPE_MAX_CONNECTIONS is \(settings.mostConnections): long before that many buyers are "
                    + "connected, new connections and database files could not be opened.",
                cure: "ulimit -n \(needed) before starting it, or LimitNOFILE=\(needed) in its systemd unit; or lower "
                    + "SHIPSHAPE_MAX_CONNECTIONS")
        ]
    }

    private static func memory() -> [Complaint] {
        guard let text = text("/proc/meminfo") else { return [] }
        var free = number("MemAvailable:", in: text).map { $0 << 10 }
        // In a container the group's limit counts.
        if let most = text2("/sys/fs/cgroup/memory.max"), let used = text2("/sys/fs/cgroup/memory.current") {
            free = min(free ?? .max, max(0, most - used))
        }
        return free.map(memory(free:)) ?? []
    }

    /// - Parameter free: bytes.
    static func memory(free: Int) -> [Complaint] {
        let mebibytes = free >> 20
        guard mebibytes < 256 else { return [] }
        return [
            Complaint(
                mebibytes < 64 ? .error : .warning, .machine, "Only \(mebibytes) MiB of memory are free.",
                why: "When none is left, the system ends a process, and it may be this one or the database.",
                cure: "see what uses it with `ps aux --sort=-rss | head`, and stop that or add memory")
        ]
    }

    /// What room is left where a file is.
    static func space(at path: String) -> [Complaint] {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return [] }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        return space(free: free, inodes: status.f_files == 0 ? nil : UInt64(status.f_favail), folder: folder)
    }

    /// - Parameters:
    ///   - free: bytes that this user may fill.
    ///   - inodes: files that may still be made; nil where there is no such limit.
    static func space(free: UInt64, inodes: UInt64?, folder: String) -> [Complaint] {
        let mebibytes = free >> 20
        let cure = "see what fills it with `df -h \(folder)` and `du -xh \(folder) | sort -h | tail`, and make room"
        if let inodes, inodes < 100 {
            return [
                Complaint(
                    .error, .machine, "Only \(inodes) more files can be made in \(folder).",
                    why: "The database makes files beside its own; without them it stops.",
                    cure: "see where they are with `df -i \(folder)`, and remove small files that nobody needs")
            ]
        }
        guard mebibytes < 1024 else { return [] }
        return [
            Complaint(
                mebibytes < 100 ? .error : .warning, .machine, "Only \(mebibytes) MiB are free in \(folder).",
                why:
                    "On a full disk no order can be written; a copy before a migration needs as much as the database.",
                cure: cure)
        ]
    }

    private static func text(_ path: String) -> String? {
        // Files of /proc have no size, which makes readers of whole files stop at once.
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private static func text2(_ path: String) -> Int? {
        text(path).flatMap { Int($0.prefix { $0.isNumber }) }
    }

    private static func number(_ name: String, in text: String) -> Int? {
        text.split(separator: "\n").first { $0.hasPrefix(name) }
            .flatMap { Int($0.dropFirst(name.count).drop { $0 == " " }.prefix { $0.isNumber }) }
    }

    /// The kind of file system that a file is on, such as `ext4`.
    static func fileSystem(of path: String) -> String? {
        guard let mounts = text("/proc/self/mounts"), let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        let file = String(cString: real)
        let entries = mounts.split(separator: "\n").map { $0.split(separator: " ") }
        // The last mount on the longest folder is the one that shows.
        var best: (folder: Substring, kind: Substring)?
        for words in entries where words.count > 2 {
            let folder = words[1]
            guard folder == "/" || file == folder || file.hasPrefix(folder + "/") else { continue }
            if folder.count >= (best?.folder.count ?? 0) { best = (folder, words[2]) }
        }
        return best.map { String($0.kind) }
    }

    /// The process that holds an exclusive lock on a file, as the kernel tells it: taking the lock to find out would
    /// stand in the way of a server that is just starting.
    static func lockHolder(of path: String) -> Int32? {
        var status = stat()
        guard stat(path, &status) == 0, let locks = text("/proc/locks") else { return nil }
        let inode = ":\(status.st_ino)"
        for line in locks.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 5, words[1] == "FLOCK", words[3] == "WRITE", words[5].hasSuffix(inode) else { continue }
            return Int32(words[4])
        }
        return nil
    }
}
