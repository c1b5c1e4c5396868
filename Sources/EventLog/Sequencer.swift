public import Logging
public import Persistence
public import Primitives
public import ServiceLifecycle

/// Gives committed events their positions. On SQLite there is nothing to do: the append places them.
public struct Sequencer: Service {
    let database: any Database
    let clock: any Clock
    let logger: Logger

    public init(database: any Database, clock: any Clock = SystemClock(), logger: Logger) {
        self.database = database
        self.clock = clock
        self.logger = logger
    }

    public func run() async throws {
        try await gracefulShutdown()
    }
}

/// Reads the log in order and remembers how far it came.
public struct Follower: Service {
    /// Its name in the table of cursors; it never changes its meaning.
    public let name: String
    let database: any Database
    let clock: any Clock
    let logger: Logger
    let handle: @Sendable ([RecordedEvent], borrowing Transaction) throws -> Void

    public init(
        _ name: String, database: any Database, clock: any Clock = SystemClock(), logger: Logger,
        handle: @escaping @Sendable ([RecordedEvent], borrowing Transaction) throws -> Void
    ) {
        self.name = name
        self.database = database
        self.clock = clock
        self.logger = logger
        self.handle = handle
    }

    public func run() async throws {
        try await gracefulShutdown()
    }
}
