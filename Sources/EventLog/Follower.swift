public import Logging
public import Persistence
public import Primitives
public import ServiceLifecycle

/// Reads the log in order and remembers how far it came.
///
/// The handler's changes and the cursor are one transaction: each event takes effect exactly once, whatever crashes.
/// One process at a time follows under a name. An event that its handler refuses is tried again until it is dealt
/// with; those behind it wait.
public struct Follower: Service {
    /// Where a follower that has no cursor yet begins.
    public enum Start: Sendable {
        case beginning
        /// With what is appended from now on.
        case head
    }

    /// Its name in the table of cursors; it never changes its meaning.
    public let name: String
    let database: any Database
    let start: Start
    let clock: any Clock
    let logger: Logger
    let handle: @Sendable ([RecordedEvent], borrowing Transaction) throws -> Void

    /// - Parameter handle: gets at most 200 events, in order; may be called again with the same after a failure.
    public init(
        _ name: String, database: any Database, from start: Start = .beginning, clock: any Clock = SystemClock(),
        logger: Logger, handle: @escaping @Sendable ([RecordedEvent], borrowing Transaction) throws -> Void
    ) {
        self.name = name
        self.database = database
        self.start = start
        self.clock = clock
        self.logger = logger
        self.handle = handle
    }

    public func run() async throws {
        var pace = FollowerPace()
        let wakes = database.wakes(for: .positions, orEverySeconds: 1, clock: clock).cancelOnGracefulShutdown()
        for await _ in wakes {
            while pace.mayTry(at: clock.now()), !Task.isShuttingDownGracefully {
                do {
                    let count = try await follow(limit: pace.limit)
                    let isBehind = count == pace.limit
                    pace.succeeded()
                    if !isBehind { break }
                } catch is CancellationError {
                    return
                } catch {
                    pace.failed(at: clock.now())
                    logger.error(
                        "a follower of the event log failed",
                        metadata: [
                            "follower": "\(name)", "error": "\(ErrorSummary(error))",
                            "events": "\(pace.lastLimit)", "failures": "\(pace.failures)",
                        ])
                }
            }
        }
    }

    /// Deals with the next events in one transaction.
    /// - Returns: how many; 0 also when another process is at it.
    func follow(limit: Int) async throws -> Int {
        try await database.write("event_log.follow") { [self] transaction in
            guard let position = try cursor(in: transaction) else { return 0 }
            let events = try EventLog.read(after: position, limit: limit, in: transaction)
            guard let last = events.last?.position else { return 0 }
            try handle(events, transaction)
            try transaction.execute(
                """
                UPDATE event_cursors SET position = \(last), moved_at = \(transaction.now) WHERE name = \(name)
                """)
            return events.count
        }
    }

    /// The position, with its row locked; nil while another process has it.
    private func cursor(in transaction: borrowing Transaction) throws -> Int64? {
        let query: SQL = """
            SELECT position FROM event_cursors WHERE name = \(name)\(transaction.forUpdateSkippingLocked)
            """
        if let position: Int64 = try transaction.first(query, { try $0[0] }) { return position }
        let position = start == .head ? try EventLog.head(in: transaction) : 0
        try transaction.execute(
            """
            INSERT INTO event_cursors (name, position, moved_at) VALUES (\(name), \(position), \(transaction.now))
            ON CONFLICT DO NOTHING
            """)
        return try transaction.first(query) { try $0[0] }
    }
}

/// How much a follower takes at once and how soon it tries again.
///
/// After a failure it goes on one by one, so that the events before the culprit take effect and the culprit is known.
struct FollowerPace: Hashable {
    static let largest = 200

    private(set) var limit = largest
    private(set) var lastLimit = largest
    private(set) var failures = 0
    private(set) var earliest = Instant(microseconds: .min)

    func mayTry(at now: Instant) -> Bool { now >= earliest }

    mutating func succeeded() {
        limit = min(limit * 2, Self.largest)
        failures = 0
        earliest = Instant(microseconds: .min)
    }

    /// A failed batch is tried one by one at once; one event that fails waits 1, 2, 4 … 60 seconds.
    mutating func failed(at now: Instant) {
        lastLimit = limit
        if limit == 1 {
            failures += 1
            let seconds = failures > 6 ? 60.0 : Double(1 << (failures - 1))
            earliest = now.adding(seconds: seconds)
        }
        limit = 1
    }
}
