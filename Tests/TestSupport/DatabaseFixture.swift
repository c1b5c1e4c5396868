public import Persistence
public import Primitives

/// A database of one test.
public struct DatabaseFixture: Sendable {
    public let engine: TestEngine
    public let database: any Database
    /// As `SHIPSHAPE_DATABASE_URL` takes it.
    public let url: String
    let openAgain: @Sendable () async throws -> any Database

    /// Another handle on the same database, as another process would have one; the test closes it.
    /// On SQLite it only reads.
    public func openAnother() async throws -> any Database {
        try await openAgain()
    }
}

/// How a test's database is opened.
public struct FixtureOptions: Sendable {
    /// Tells `tx.now`.
    public var clock: any Clock = FixedClock()
    /// Seeds the identifiers.
    public var seed: UInt64 = 1
    /// Closures that may wait.
    public var queueLimit = 1024
    /// Closures that write at a time on PostgreSQL; on SQLite it is always one.
    public var writers = 6
    /// A statement that runs longer is ended.
    public var statementTimeoutSeconds = 10.0

    public init() {}
}

/// Lends a fresh database, a copy of one with these migrations, and removes it afterwards.
///
/// Tests wait until few enough databases are open: a PostgreSQL server has only so many connections.
@discardableResult
public func withDatabase<Value: Sendable>(
    _ engine: TestEngine, migrations: [Migration] = [], clock: any Clock = FixedClock(),
    _ body: (any Database) async throws -> Value
) async throws -> Value {
    var options = FixtureOptions()
    options.clock = clock
    return try await withFixture(engine, migrations: migrations, options) { try await body($0.database) }
}

/// As `withDatabase`, for tests that need more than the database.
@discardableResult
public func withFixture<Value: Sendable>(
    _ engine: TestEngine, migrations: [Migration] = [], _ options: FixtureOptions = FixtureOptions(),
    _ body: (DatabaseFixture) async throws -> Value
) async throws -> Value {
    let places = engine == .sqlite ? Places.sqlite : Places.postgres
    await places.enter()
    let result: Result<Value, any Error>
    do {
        let lease =
            switch engine {
            case .sqlite: try await SQLiteLease.make(migrations, options)
            case .postgres: try await PostgresLease.make(migrations, options)
            }
        do {
            result = .success(try await body(lease.fixture))
        } catch {
            result = .failure(error)
        }
        await lease.fixture.database.close()
        try await lease.remove()
    } catch {
        await places.leave()
        throw error
    }
    await places.leave()
    return try result.get()
}

/// A database that was made for a test, and how it is removed.
struct DatabaseLease: Sendable {
    let fixture: DatabaseFixture
    let remove: @Sendable () async throws -> Void
}

/// So many databases at once; who comes later waits.
actor Places {
    static let sqlite = Places(16)
    /// Each handle has at most a dozen connections, and servers take 100 by default.
    static let postgres = Places(4)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) {
        free = count
    }

    func enter() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

/// One value for each key, made once however many ask for it at a time.
actor Templates<Value: Sendable> {
    private var made: [String: Task<Value, any Error>] = [:]

    func find(_ key: String, make: @escaping @Sendable () async throws -> Value) async throws -> Value {
        if let task = made[key] { return try await task.value }
        let task = Task { try await make() }
        made[key] = task
        return try await task.value
    }
}

/// What tells sets of migrations apart: the same statements give the same database.
func templateKey(_ migrations: [Migration]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for migration in migrations.sorted(by: { $0.number < $1.number }) {
        for byte in "\(migration.number):\(migration.name):\(migration.checksum);".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
    }
    return String(hash, radix: 16)
}
