import Foundation
import Glibc
import Persistence
import TestSupport
import Testing

/// A PostgreSQL server that a test may stop and start.
struct TemporaryServer: Sendable {
    /// Where `initdb` and `pg_ctl` are; nil where PostgreSQL's server is not installed.
    static let programs: String? = {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let folders = versions.sorted { $0.compare($1, options: .numeric) == .orderedDescending }
            .map { "/usr/lib/postgresql/\($0)/bin" }
        return (folders + ["/usr/local/bin", "/usr/bin"]).first {
            FileManager.default.isExecutableFile(atPath: "\($0)/initdb")
        }
    }()
    static let missing: Comment = "PostgreSQL's server programs (initdb, pg_ctl) are not installed."

    let url: String
    private let data: String
    private let options: String

    private init(data: String, port: UInt16) {
        url = "postgres://postgres@127.0.0.1:\(port)/postgres"
        options = "-p \(port) -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self.data = data
    }

    private struct CommandFailure: Error {
        let command: [String]
        let status: Int32
    }

    /// Makes and starts a server with more lines for its `postgresql.conf`.
    static func make(_ configuration: String = "") async throws -> TemporaryServer {
        try await OwnThread.run { try makeBlocking(configuration) }
    }

    private static func makeBlocking(_ configuration: String) throws -> TemporaryServer {
        let folder = try TestFolder.make()
        let server = TemporaryServer(data: "\(folder.path)/data", port: try freePort())
        if getuid() == 0 {
            // PostgreSQL refuses to run as root.
            for path in [folder.path, folder.deletingLastPathComponent().path] {
                try run("/bin/chmod", ["755", path])
            }
            try run("/bin/chown", ["postgres", folder.path])
        }
        try server.control("initdb", ["-D", server.data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"])
        try server.control("sh", ["-c", "printf '%s\\n' \"$0\" >> \(server.data)/postgresql.conf", configuration])
        do {
            try server.startBlocking()
            return server
        } catch is CommandFailure {
            // Another test took the port in between.
            let server = TemporaryServer(data: server.data, port: try freePort())
            try server.startBlocking()
            return server
        }
    }

    /// - Parameter mode: `fast` tells the sessions, `immediate` is as a crash.
    func restart(_ mode: String) async throws {
        try await OwnThread.run {
            try stopBlocking(mode)
            try startBlocking()
        }
    }

    func remove() async throws {
        try await OwnThread.run {
            try stopBlocking("immediate")
            try FileManager.default.removeItem(atPath: data)
        }
    }

    private func startBlocking() throws {
        try control("pg_ctl", ["-D", data, "-l", "\(data)/log", "-o", options, "-w", "start"])
    }

    private func stopBlocking(_ mode: String) throws {
        try control("pg_ctl", ["-D", data, "-m", mode, "-w", "stop"])
    }

    private func control(_ program: String, _ arguments: [String]) throws {
        let programs = try #require(Self.programs)
        let path = program == "sh" ? "/bin/sh" : "\(programs)/\(program)"
        if getuid() == 0 {
            try Self.run("/usr/sbin/runuser", ["-u", "postgres", "--", path] + arguments)
        } else {
            try Self.run(path, arguments)
        }
    }

    /// Runs a program without waiting for what it leaves behind, as Foundation's `Process` would.
    private static func run(_ path: String, _ arguments: [String]) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in 0...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        let words = ([path] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        var process = pid_t()
        try #require(posix_spawn(&process, path, &actions, nil, words + [nil], environ) == 0)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {}
        guard status == 0 else { throw CommandFailure(command: [path] + arguments, status: status) }
    }

    private static func freePort() throws -> UInt16 {
        let listener = Listener()
        defer { listener.close() }
        return try #require(listener.port > 0 ? listener.port : nil)
    }
}
