import FoundationEssentials
import Persistence
import Primitives
import TestSupport
import Testing

@testable import EventLog

@Suite struct AppendTests {
    @Test(arguments: TestEngine.available)
    func `an appended event comes back as it was, from its history and from the log`(
        _ engine: TestEngine
    ) async throws {
        try await withDatabase(engine, migrations: EventLog.migrations) { database in
            let data: JSON = ["title": "Weißwürste “à la mode” 🥨", "quote": "'; DROP TABLE events; --", "sum": 1299]
            try await database.append(Samples.event(order: 1, data: data))
            let history = try await database.read("test") {
                try EventLog.history(of: Samples.order(1), store: Samples.store, limit: 10, in: $0)
            }
            let event = try #require(history.first)
            #expect(history.count == 1)
            #expect(event.position == nil)
            #expect(event.version == 1)
            #expect(event.type == "order.placed")
            #expect(event.actor == "buyer")
            #expect(event.data == data)
            #expect(event.at == .ofTests)
            #expect(event.requestID == "req-1")
            try await database.placeAll()
            let placed = try #require(try await database.log().first)
            #expect(placed.position == 1)
            #expect(placed.id == event.id)
            #expect(placed.data == data)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a version that the aggregate has already is refused, with all else of its transaction`(
        _ engine: TestEngine
    ) async throws {
        try await withDatabase(engine, migrations: EventLog.migrations) { database in
            try await database.append(Samples.event(order: 1))
            await #expect {
                try await database.append(Samples.event(order: 2), Samples.event(order: 1))
            } throws: { error in
                guard case DatabaseError.constraint(.unique, _) = error else { return false }
                return true
            }
            try await database.placeAll()
            #expect(try await database.log().map(\.order) == [1])
        }
    }

    @Test(arguments: TestEngine.available)
    func `two kinds of aggregates may have one id, and two stores one aggregate`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: EventLog.migrations) { database in
            let other = StoreID(UUID(high: 9, low: 9))
            var stock = Samples.event(order: 1)
            stock.aggregate = Aggregate(kind: "stock", id: stock.aggregate.id)
            try await database.append(Samples.event(order: 1), stock, Samples.event(order: 1, store: other))
            try await database.placeAll()
            #expect(try await database.log().map(\.position) == [1, 2, 3])
            let history = try await database.read("test") {
                try EventLog.history(of: Samples.order(1), store: other, limit: 10, in: $0)
            }
            #expect(history.map(\.store) == [other])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a transaction that fails leaves neither an event nor a gap`(_ engine: TestEngine) async throws {
        struct Refusal: Error {}
        try await withDatabase(engine, migrations: EventLog.migrations) { database in
            try await database.append(Samples.event(order: 1))
            await #expect(throws: Refusal.self) {
                try await database.write("test") { transaction in
                    try EventLog.append([Samples.event(order: 2)], in: transaction)
                    _ = try EventLog.head(in: transaction)
                    throw Refusal()
                }
            }
            try await database.append(Samples.event(order: 3))
            try await database.placeAll()
            #expect(try await database.log().map(\.position) == [1, 2])
            #expect(try await database.log().map(\.order) == [1, 3])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a hundred events of one transaction keep their order`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: EventLog.migrations) { database in
            try await database.write("test") { transaction in
                try EventLog.append((1...100).map { Samples.event(order: 7, version: $0) }, in: transaction)
            }
            try await database.placeAll()
            #expect(try await database.log().map(\.version) == Array(1...100))
            #expect(try await database.log(after: 40, limit: 3).map(\.position) == [41, 42, 43])
            let history = try await database.read("test") {
                try EventLog.history(of: Samples.order(7), store: Samples.store, after: 98, limit: 10, in: $0)
            }
            #expect(history.map(\.version) == [99, 100])
            #expect(try await database.read("test") { try EventLog.head(in: $0) } == 100)
        }
    }

    @Test(arguments: TestEngine.available)
    func `the log is read by its keys`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: EventLog.migrations) { database in
            try await database.write("test") { transaction in
                for order in 1...2000 { try EventLog.append([Samples.event(order: order)], in: transaction) }
            }
            try await database.placeAll()
            #expect(try await database.log(after: 1990).map(\.order) == Array(1991...2000))
            if engine == .postgres {
                try await database.write("test") { try $0.execute("ANALYZE") }
            }
            let plan = try await database.read("test") { transaction in
                let explain: SQL = transaction.engine == .postgres ? "EXPLAIN " : "EXPLAIN QUERY PLAN "
                let text = transaction.engine == .postgres ? 0 : 3
                return try transaction.query(
                    "\(explain)\(EventTable.reading(after: 1990, limit: 100))"
                ) { try $0[text] as String }
            }
            #expect(!plan.contains { $0.contains("Seq Scan") || $0.contains("SCAN") }, "\(plan)")
        }
    }
}
