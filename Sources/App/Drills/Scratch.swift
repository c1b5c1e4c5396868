import FoundationEssentials
import Persistence
import PersistencePostgres
import Primitives
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An installation that is made for a drill and thrown away: the same engine, the same disk or server, this build's
/// schema, and none of the live data.
enum Scratch {
    /// Why none could be made.
    struct Refused: Error {
        let sentence: String
    }

    /// Lends a scratch installation.
    static func lend<Value: Sendable>(
        like installation: Installation, _ body: @Sendable (Installation) async throws -> Value
    ) async throws -> Value {
        var random = SystemRandomNumberGenerator()
        let name = "shipshape_drill_" + String(UInt64.random(in: 0...UInt64.max, using: &random), radix: 36)
        switch installation.settings.database {
        case .sqlite(let path): return try await onDisk(beside: path, name, installation, body)
        case .postgres(let url): return try await onServer(url, name, installation, body)
        }
    }

    /// In a folder beside the data, so that the drill meets the same disk.
    private static func onDisk<Value: Sendable>(
        beside path: String, _ name: String, _ live: Installation,
        _ body: @Sendable (Installation) async throws -> Value
    ) async throws -> Value {
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let folder = "\(parent).\(name)"
        guard mkdir(folder, 0o700) == 0 else {
            throw Refused(sentence: "No folder for a scratch database can be made beside \(path).")
        }
        let result = await Result.of { try await run(.sqlite(path: "\(folder)/scratch.sqlite"), live, body) }
        // ignored: what is left of a drill is in a folder that says so, and the finding matters more
        try? FileManager.default.removeItem(atPath: folder)
        return try result.get()
    }

    private static func onServer<Value: Sendable>(
        _ url: String, _ name: String, _ live: Installation, _ body: @Sendable (Installation) async throws -> Value
    ) async throws -> Value {
        // A pooler may not know a database that was made just now.
        let server = live.settings.directURL ?? url
        guard var components = URLComponents(string: server) else {
            throw Refused(sentence: "The database URL cannot be given another database.")
        }
        components.path = "/\(name)"
        guard let scratch = components.string else {
            throw Refused(sentence: "The database URL cannot be given another database.")
        }
        do {
            try await ScratchDatabase.create(name, at: server)
        } catch DatabaseError.misuse(code: "42501", _) {
            throw Refused(
                sentence: "The database's user may not make the scratch database of a drill: give it CREATEDB.")
        }
        let result = await Result.of { try await run(.postgres(url: scratch), live, body) }
        // Not in this task: when the check's time is over it is cancelled, and the database has to go all the same.
        try await Task { try await ScratchDatabase.drop(name, at: server) }.value
        return try result.get()
    }

    private static func run<Value: Sendable>(
        _ place: DatabaseLocation, _ live: Installation, _ body: @Sendable (Installation) async throws -> Value
    ) async throws -> Value {
        let scratch = try Installation.open(live.settings.at(place), for: .create, clock: live.clock, logs: live.logs)
        let result = await Result.of {
            try await scratch.migrate()
            return try await body(scratch)
        }
        await scratch.database.close()
        return try result.get()
    }
}

/// Services that run for the length of a drill.
enum DrillGroup {
    /// Runs services beside a closure and shuts them down gracefully afterwards.
    static func run<Value: Sendable>(
        _ services: [any Service], of installation: Installation, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: services, logger: installation.logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result = await Result.of(body)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try result.get()
        }
    }
}

extension Result where Failure == any Error, Success: Sendable {
    /// What an asynchronous closure came to.
    static func of(_ body: @Sendable () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
