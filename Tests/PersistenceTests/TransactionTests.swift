import Persistence
import Primitives
import TestSupport
import Testing

/// What both engines do alike with transactions.
@Suite struct TransactionTests {
    @Test(arguments: TestEngine.available)
    func `what was written is read`(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: [Notes.migration]) { database in
            try await database.write("add") { tx in
                try tx.execute("INSERT INTO notes (id, body) VALUES (\(1), \("Grüße 🌍"))")
            }
            let body = try await database.read("find") { tx in
                try tx.first("SELECT body FROM notes WHERE id = \(1)") { try $0[0] as String }
            }
            #expect(body == "Grüße 🌍")
        }
    }
}
