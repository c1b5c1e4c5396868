import Logging
public import Persistence

/// How a database's schema compares with this build's.
public struct MigrationState: Hashable, Sendable {
    /// Of this build, not applied yet.
    public let pending: [Migration]
    /// Applied with other statements than this build has.
    public let edited: [AppliedMigration]
    /// Applied and unknown to this build: the database is newer.
    public let unknown: [AppliedMigration]
    /// Applied and the same.
    public let current: Int

    public init(_ migrations: [Migration], applied: [AppliedMigration]) {
        let byNumber = Dictionary(applied.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let known = Dictionary(migrations.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        pending = migrations.filter { byNumber[$0.number] == nil }
        edited = applied.filter { record in
            known[record.number].map { $0.checksum != record.checksum } ?? false
        }
        unknown = applied.filter { known[$0.number] == nil }
        current = applied.count - edited.count - unknown.count
    }
}

extension Installation {
    /// How the open database's schema compares with this build's.
    public func migrationState() async throws -> MigrationState {
        MigrationState(Self.migrations, applied: try await database.appliedMigrations())
    }

    /// Applies what is pending.
    /// - Returns: the number and name of each migration applied now.
    @discardableResult
    public func migrate() async throws -> [String] {
        try await database.migrate(Self.migrations).map { "\($0.number) \($0.name)" }
    }

    /// - Throws: `Refusal` when the schema is not one that this build can work with. A newer schema is fine: migrations
    ///   keep the previous version working.
    func requireMigrated() async throws {
        let state = try await migrationState()
        if let migration = state.edited.first {
            throw MigrationError.edited(number: migration.number, name: migration.name)
        }
        guard state.pending.isEmpty else {
            let count = state.pending.count == 1 ? "1 migration" : "\(state.pending.count) migrations"
            throw Refusal(
                "The database lacks \(count): run `shipshape migrate` first, or start with --migrate.")
        }
        if let newest = state.unknown.last {
            logger.warning(
                "The database is newer than this build.",
                metadata: ["migration": "\(newest.number)", "name": "\(newest.name)"])
        }
    }
}
