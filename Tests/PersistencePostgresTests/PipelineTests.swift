import Persistence
@testable import PersistencePostgres
import Synchronization
import TestSupport
import Testing

@Suite(.enabled(if: Server.isAvailable, Server.missing))
struct PipelineTests {
    @Test func `an error in the middle of a pipeline is the one reported, and nothing stays`() async throws {
        try await withEntries { database, _ in
            try await database.add(3)
            await #expect(throws: DatabaseError.constraint(.unique, name: "entries_pkey")) {
                try await database.write("middle") { tx in
                    for id in 1...5 { try tx.execute("INSERT INTO entries (id, body) VALUES (\(id), 'x')") }
                }
            }
            await #expect(throws: DatabaseError.constraint(.unique, name: "entries_pkey")) {
                try await database.write("middle") { tx in
                    let first = try tx.later("INSERT INTO entries (id, body) VALUES (1, 'x') RETURNING id") {
                        try $0[0] as Int
                    }
                    try tx.execute("INSERT INTO entries (id, body) VALUES (3, 'x')")
                    let last = try tx.later("SELECT id FROM entries") { try $0[0] as Int }
                    return try first.rows() + last.rows()
                }
            }
            let ids = try await database.ids()
            #expect(ids == [3])
        }
    }

    @Test func `a row that cannot be decoded rolls everything back, though nobody waited for it`() async throws {
        try await withEntries { database, _ in
            await #expect(throws: DatabaseError.decoding("column 0 (body) is text, not an integer")) {
                try await database.write("unread") { tx in
                    try tx.execute("INSERT INTO entries (id, body) VALUES (1, 'x')")
                    _ = try tx.later("SELECT body FROM entries") { try $0[0] as Int }
                }
            }
            let ids = try await database.ids()
            #expect(ids == [])
        }
    }

    @Test func `a pipeline larger than every buffer does not stall`() async throws {
        try await withEntries { database, _ in
            let total: Int = try await database.write("large") { tx in
                let large = String(repeating: "ü", count: 100_000)
                var echoes: [Later<Int>] = []
                for id in 1...300 {
                    try tx.execute("INSERT INTO entries (id, body) VALUES (\(id), \(large))")
                    echoes.append(
                        try tx.later("SELECT body FROM entries WHERE id = \(id)") { (try $0[0] as String).utf8.count })
                }
                return try echoes.flatMap { try $0.rows() }.reduce(0, +)
            }
            #expect(total == 300 * 200_000)
            let count: Int = try await database.write("many") { tx in
                for id in 1001...6000 { try tx.execute("INSERT INTO entries (id, body) VALUES (\(id), 'x')") }
                return try tx.changes("DELETE FROM entries")
            }
            #expect(count == 5300)
        }
    }

    @Test func `a constraint that is deferred to the commit refuses it`() async throws {
        try await withEntries { database, administration in
            try await administration.execute(
                "ALTER TABLE entries ADD CONSTRAINT one_body UNIQUE (body) DEFERRABLE INITIALLY DEFERRED")
            try await database.add(1, "same")
            await #expect(throws: DatabaseError.constraint(.unique, name: "one_body")) {
                try await database.add(2, "same")
            }
            try await database.add(3, "other")
            let ids = try await database.ids()
            #expect(ids == [1, 3])
        }
    }

    @Test func `constraints are told apart, with their names`() async throws {
        try await withEntries { database, administration in
            try await administration.execute(
                """
                CREATE TABLE parts (id bigint CONSTRAINT part_of REFERENCES entries, size bigint NOT NULL
                CONSTRAINT positive CHECK (size > 0), EXCLUDE USING btree (size WITH =))
                """)
            try await database.add(1)
            let cases: [(SQL, DatabaseError)] = [
                ("INSERT INTO parts VALUES (9, 1)", .constraint(.foreignKey, name: "part_of")),
                ("INSERT INTO parts VALUES (1, 0)", .constraint(.check, name: "positive")),
                ("INSERT INTO parts VALUES (1, NULL)", .constraint(.notNull, name: "parts.size")),
                ("INSERT INTO parts VALUES (1, 5), (1, 5)", .constraint(.other, name: "parts_size_excl")),
            ]
            for (sql, expected) in cases {
                await #expect(throws: expected) { try await database.write("refused") { try $0.execute(sql) } }
            }
        }
    }

    @Test func `a read refuses to write`() async throws {
        try await withEntries { database, _ in
            await #expect {
                try await database.read("write") { try $0.execute("INSERT INTO entries (id, body) VALUES (1, 'x')") }
            } throws: { error in
                guard case .misuse("25006", _)? = error as? DatabaseError else { return false }
                return true
            }
            let ids = try await database.ids()
            #expect(ids == [])
        }
    }

    @Test func `a reader's transaction ends with its closure, whatever became of it`() async throws {
        struct Refusal: Error {}
        try await withEntries({ $0.readers = 1 }) { database, administration in
            let process = try await database.read("process") { tx in
                try tx.first("SELECT pg_backend_pid()") { try $0[0] as Int } ?? 0
            }
            let ended =
                "SELECT 1 FROM pg_stat_activity WHERE pid = \(process) AND state = 'idle' AND xact_start IS NULL"
            try await administration.wait(for: ended)
            _ = try await database.ids()
            try await administration.wait(for: ended)
            await #expect(throws: Refusal.self) {
                try await database.read("refuses") { tx in
                    _ = try tx.query("SELECT id FROM entries") { try $0[0] as Int }
                    _ = try tx.later("SELECT body FROM entries") { try $0[0] as Int }
                    throw Refusal()
                }
            }
            try await administration.wait(for: ended)
            await #expect(throws: DatabaseError.self) {
                try await database.read("defective") { tx in
                    _ = try tx.later("SELECT id FROM entries") { try $0[0] as Int }
                    _ = try tx.query("SELECT 1 / (SELECT COUNT(*) FROM entries)") { try $0[0] as Int }
                }
            }
            try await administration.wait(for: ended)
            try await database.read("nothing") { _ in }
            try await database.add(1)
            #expect(try await database.ids() == [1])
            try await administration.wait(for: ended)
        }
    }

    @Test func `few prepared statements are kept, and the others still run`() async throws {
        try await withEntries({
            $0.preparedStatementLimit = 4; $0.readers = 1
        }) { database, _ in
            for round in 1...3 {
                for number in 1...10 {
                    let value: Int? = try await database.read("many statements") { tx in
                        try tx.first("SELECT \(SQL(trusted: "\(number)")) + CAST(\(round) AS BIGINT)") { try $0[0] }
                    }
                    #expect(value == number + round)
                }
            }
            let kept: Int? = try await database.read("count") { tx in
                try tx.first("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 's%'") { try $0[0] }
            }
            #expect(kept == 4)
        }
    }

    @Test func `a statement whose table has changed is prepared again`() async throws {
        try await withEntries { database, administration in
            try await database.add(1)
            func columns() async throws -> String? {
                try await database.write("columns") { tx in
                    try tx.first("SELECT * FROM entries") { row in
                        "\(try row[0] as Int) \(try row[1] as String)"
                    }
                }
            }
            #expect(try await columns() == "1 Grüße")
            try await administration.execute("ALTER TABLE entries ADD COLUMN more bigint")
            #expect(try await columns() == "1 Grüße")
        }
    }

    @Test(arguments: [
        ("COMMIT", "COMMIT"), (" ;\n end", "END"), ("-- a\nRollback", "ROLLBACK"), ("/* a /* b */ c */begin", "BEGIN"),
        ("SAVEPOINT a", "SAVEPOINT"), ("START TRANSACTION", "START"),
    ])
    func `a statement that controls transactions is found`(text: String, word: String) {
        #expect(TransactionControl.word(in: text) == word)
    }

    @Test(arguments: ["SELECT 1", "", "/* COMMIT", "-- COMMIT", "COMMITTED", "WITH a AS (SELECT 1) SELECT 2", "INSERT"])
    func `other statements are not taken for one`(text: String) {
        #expect(TransactionControl.word(in: text) == nil)
    }
}
