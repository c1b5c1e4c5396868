public import Persistence
public import Primitives

/// The record of every change. A change appends its events in its own transaction; whoever reacts reads them by
/// `position`: consecutive numbers given after the commit, so that a reader who has seen one has seen all before it.
public enum EventLog {
    /// Appends events in the transaction that makes the change they tell of.
    ///
    /// One deferred statement for up to 32 events; it takes no lock that two aggregates share.
    /// - Throws: at the next statement waited for or at commit, `DatabaseError.constraint(.unique, …)` when the
    ///   aggregate already has that version: two changes started from the same state.
    public static func append(_ events: [NewEvent], in transaction: borrowing Transaction) throws {
        guard !events.isEmpty else { return }
        var rest = events[...]
        while !rest.isEmpty {
            try transaction.execute(EventTable.insertion(of: rest.prefix(32), in: transaction))
            rest = rest.dropFirst(32)
        }
        transaction.wake(.events)
        if transaction.engine == .sqlite { transaction.wake(.positions) }
    }

    /// The events of one aggregate after a version, by version: all that are committed, placed in the log or not yet.
    /// Their `position` is nil.
    public static func history(
        of aggregate: Aggregate, store: StoreID, after version: Int = 0, limit: Int,
        in transaction: borrowing Transaction
    ) throws -> [RecordedEvent] {
        try transaction.query(
            """
            SELECT \(EventTable.columns), NULL FROM events e
            WHERE e.store_id = \(store) AND e.aggregate_id = \(aggregate.id) AND e.aggregate_kind = \(aggregate.kind)
            AND e.version > \(version) ORDER BY e.version LIMIT \(limit)
            """, EventTable.event)
    }

    /// The events after a position, in order. Nothing ever appears at or before a position that was returned.
    public static func read(
        after position: Int64, limit: Int, in transaction: borrowing Transaction
    ) throws -> [RecordedEvent] {
        try transaction.query(EventTable.reading(after: position, limit: limit), EventTable.event)
    }

    /// The events of a store after a position, in order.
    public static func read(
        of store: StoreID, after position: Int64, limit: Int, in transaction: borrowing Transaction
    ) throws -> [RecordedEvent] {
        try transaction.query(EventTable.reading(of: store, after: position, limit: limit), EventTable.event)
    }

    /// The position of the newest event that has one; 0 when the log is empty.
    public static func head(in transaction: borrowing Transaction) throws -> Int64 {
        try transaction.first("SELECT COALESCE(MAX(position), 0) FROM event_positions") { try $0[0] } ?? 0
    }

    /// What waits for its position: work of the sequencer, on SQLite never any.
    public static func unplaced(in transaction: borrowing Transaction) throws -> UnplacedEvents {
        guard transaction.engine == .postgres else { return UnplacedEvents(count: 0, oldestAt: nil) }
        let count = try transaction.later("SELECT COUNT(*) FROM event_arrivals") { try $0[0] as Int }
        let oldest = try transaction.later(
            """
            SELECT e.occurred_at FROM event_arrivals a
            JOIN events e ON e.store_id = a.store_id AND e.aggregate_id = a.aggregate_id
            AND e.aggregate_kind = a.aggregate_kind AND e.version = a.version ORDER BY a.arrival LIMIT 1
            """
        ) { try $0[0] as Instant }
        return UnplacedEvents(count: try count.rows().first ?? 0, oldestAt: try oldest.rows().first)
    }

    /// How far each follower has come.
    public static func followers(in transaction: borrowing Transaction) throws -> [FollowerPosition] {
        try transaction.query(
            """
            SELECT name, position, (SELECT COALESCE(MAX(position), 0) FROM event_positions), moved_at
            FROM event_cursors ORDER BY name
            """
        ) { row in
            FollowerPosition(name: try row[0], position: try row[1], head: try row[2], movedAt: try row[3])
        }
    }
}

/// Events that are committed and have no position yet.
public struct UnplacedEvents: Hashable, Sendable {
    public let count: Int
    /// When the one that arrived first happened.
    public let oldestAt: Instant?
}

/// How far a follower has come.
public struct FollowerPosition: Hashable, Sendable {
    public let name: String
    /// The last event it has dealt with.
    public let position: Int64
    /// The newest event.
    public let head: Int64
    /// When it last moved.
    public let movedAt: Instant

    /// Events still to come.
    public var lag: Int64 { max(0, head - position) }
}

extension Topic {
    /// Events were appended and have to be placed.
    public static let events = Topic("events")
    /// Events were placed and can be read.
    public static let positions = Topic("event_positions")
}
