public import Logging
public import Persistence
public import Primitives
public import ServiceLifecycle

/// Gives committed events their positions. On SQLite there is nothing to do: the append places them.
///
/// On PostgreSQL a lower arrival number can commit after a higher one, so positions are given after the commit: one
/// process at a time takes what has arrived and numbers it on from the head. A reader who sees a position therefore
/// sees all before it, and a transaction that commits late is numbered late. Arrival numbers are drawn inside the
/// transaction that changes the aggregate, which holds its row: the events of one aggregate arrive by version.
public struct Sequencer: Service {
    /// Events placed in one transaction.
    static let batchSize = 500

    let database: any Database
    let clock: any Clock
    let logger: Logger
    /// How long to let events gather before the next look.
    let pauseSeconds: Double

    public init(
        database: any Database, clock: any Clock = SystemClock(), logger: Logger, pauseSeconds: Double = 0.02
    ) {
        self.database = database
        self.clock = clock
        self.logger = logger
        self.pauseSeconds = pauseSeconds
    }

    public func run() async throws {
        guard database.engine == .postgres else { return try await gracefulShutdown() }
        let wakes = database.wakes(for: .events, orEverySeconds: 1, clock: clock).cancelOnGracefulShutdown()
        for await _ in wakes {
            do {
                while try await place() == Self.batchSize {}
            } catch is CancellationError {
                return
            } catch {
                // The next wake-up or poll tries again: nothing is lost, events only wait for their positions.
                logger.warning("events could not be placed", metadata: ["error": "\(ErrorSummary(error))"])
            }
            // A look for each commit would cost more than the orders themselves.
            if pauseSeconds > 0 { try await Task.sleep(for: .seconds(pauseSeconds)) }
        }
    }

    /// Places a batch of what has arrived.
    /// - Returns: how many; 0 also when another process is at it.
    func place() async throws -> Int {
        try await database.write("event_log.place") { transaction in
            // A statement of its own: the next one's snapshot must be younger than the lock, to see the last head.
            let isOurs: Bool? = try transaction.first(
                "SELECT pg_try_advisory_xact_lock(hashtextextended('event_log.sequencer', 0))"
            ) { try $0[0] }
            guard isOurs == true else { return 0 }
            let placed = try transaction.changes(
                """
                WITH taken AS (
                DELETE FROM event_arrivals WHERE arrival = ANY(ARRAY(
                SELECT arrival FROM event_arrivals ORDER BY arrival LIMIT 500))
                RETURNING arrival, store_id, aggregate_id, aggregate_kind, version)
                INSERT INTO event_positions (position, store_id, aggregate_id, aggregate_kind, version)
                SELECT (SELECT COALESCE(MAX(position), 0) FROM event_positions)
                + ROW_NUMBER() OVER (ORDER BY arrival), store_id, aggregate_id, aggregate_kind, version FROM taken
                """)
            if placed > 0 { transaction.wake(.positions) }
            return placed
        }
    }
}
