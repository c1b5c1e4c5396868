import Persistence
import PersistenceSQLite
import Primitives
import TestSupport
import Testing

struct PlannerStatisticsTests {
    private static let tables = Migration(
        1, "things of stores",
        [
            """
            CREATE TABLE things (
                store_id UUID NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (store_id, number),
                UNIQUE (store_id, name)
            )
            """
        ])

    @Test func `rows of a store are looked up by their own keys, however many are asked for`() async throws {
        try await withFile { file in
            let database = try file.open()
            _ = try await database.migrate([Self.tables])
            let names = (1...100).map { "thing \($0)" }
            let plan = try await database.read("plan") { tx in
                try tx.query(
                    """
                    EXPLAIN QUERY PLAN SELECT number FROM things
                    WHERE store_id = \([UInt8](repeating: 7, count: 16)) AND name IN \(list: names)
                    """
                ) { row -> String in try row[3] }
            }
            #expect(plan.contains { $0.contains("store_id=? AND name=?") }, "\(plan)")
            await database.close()
        }
    }
}
