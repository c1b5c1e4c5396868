public import Persistence
import Primitives

extension EventLog {
    /// The log's tables.
    ///
    /// Events are written once and never changed: placing one adds a narrow row to `event_positions` instead of
    /// writing the event again with all its indexes. On PostgreSQL an append also leaves a row in `event_arrivals`,
    /// in the same statement; the sequencer takes it away. On SQLite, where one transaction writes at a time, the
    /// append places the event itself.
    public static let migrations: [Migration] = [
        Migration(
            10, "event log",
            [
                """
                CREATE TABLE events (
                store_id UUID NOT NULL,
                aggregate_id UUID NOT NULL,
                aggregate_kind TEXT NOT NULL,
                version BIGINT NOT NULL CHECK (version > 0),
                id UUID NOT NULL,
                type TEXT NOT NULL,
                actor TEXT NOT NULL,
                data TEXT NOT NULL,
                occurred_at BIGINT NOT NULL,
                request_id TEXT,
                PRIMARY KEY (store_id, aggregate_id, aggregate_kind, version) )
                """,
                """
                CREATE TABLE event_positions (
                position BIGINT NOT NULL PRIMARY KEY,
                store_id UUID NOT NULL,
                aggregate_id UUID NOT NULL,
                aggregate_kind TEXT NOT NULL,
                version BIGINT NOT NULL )
                """,
                .on(
                    .sqlite,
                    """
                    CREATE TRIGGER events_place AFTER INSERT ON events BEGIN
                    INSERT INTO event_positions (position, store_id, aggregate_id, aggregate_kind, version)
                    VALUES ((SELECT COALESCE(MAX(position), 0) + 1 FROM event_positions),
                    NEW.store_id, NEW.aggregate_id, NEW.aggregate_kind, NEW.version);
                    END
                    """),
                .on(
                    .postgres,
                    """
                    CREATE TABLE event_arrivals (
                    arrival BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    store_id UUID NOT NULL,
                    aggregate_id UUID NOT NULL,
                    aggregate_kind TEXT NOT NULL,
                    version BIGINT NOT NULL )
                    """),
                // Rows live for milliseconds: vacuum by their number, not by their share of an almost empty table.
                .on(
                    .postgres,
                    """
                    ALTER TABLE event_arrivals SET
                    (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000)
                    """),
                """
                CREATE TABLE event_cursors (
                name TEXT NOT NULL PRIMARY KEY,
                position BIGINT NOT NULL,
                moved_at BIGINT NOT NULL )
                """,
            ])
    ]
}

/// Rows of `events`.
enum EventTable {
    static let columns: SQL = """
        e.id, e.store_id, e.aggregate_kind, e.aggregate_id, e.version, e.type, e.actor, e.data, e.occurred_at, \
        e.request_id
        """

    static func insertion(of events: ArraySlice<NewEvent>, in transaction: borrowing Transaction) -> SQL {
        var rows: [[SQLValue]] = []
        rows.reserveCapacity(events.count)
        for event in events {
            let id: EventID = transaction.newIdentifier()
            rows.append([
                event.store.sqlValue, .uuid(event.aggregate.id), .text(event.aggregate.kind),
                .integer(Int64(event.version)), id.sqlValue, .text(event.type.rawValue),
                .text(event.actor.description), .text(event.data.description), transaction.now.sqlValue,
                event.requestID.sqlValue,
            ])
        }
        let insertion: SQL = """
            INSERT INTO events (store_id, aggregate_id, aggregate_kind, version, id, type, actor, data, occurred_at, \
            request_id) VALUES \(rows: rows)
            """
        guard transaction.engine == .postgres else { return insertion }
        return """
            WITH appended AS (\(insertion) RETURNING store_id, aggregate_id, aggregate_kind, version)
            INSERT INTO event_arrivals (store_id, aggregate_id, aggregate_kind, version)
            SELECT store_id, aggregate_id, aggregate_kind, version FROM appended
            """
    }

    static func reading(of store: StoreID? = nil, after position: Int64, limit: Int) -> SQL {
        let ofStore: SQL = store.map { "AND p.store_id = \($0)" } ?? ""
        return """
            SELECT \(columns), p.position FROM event_positions p
            JOIN events e ON e.store_id = p.store_id AND e.aggregate_id = p.aggregate_id
            AND e.aggregate_kind = p.aggregate_kind AND e.version = p.version
            WHERE p.position > \(position) \(ofStore) ORDER BY p.position LIMIT \(limit)
            """
    }

    /// Reads `columns` and then the position.
    static func event(_ row: Row) throws -> RecordedEvent {
        let id: EventID = try row[0]
        let text: String = try row[7]
        let data: JSON
        do {
            data = try JSON(parsing: text)
        } catch {
            throw DatabaseError.decoding("the event \(id) holds data that is not JSON: \(error)")
        }
        return RecordedEvent(
            id: id, position: try row[10], store: try row[1],
            aggregate: Aggregate(kind: try row[2], id: try row[3]), version: try row[4],
            type: EventType(rawValue: try row[5]), actor: try row[6], data: data, at: try row[8],
            requestID: try row[9])
    }
}
