import Persistence
import TestSupport
import Testing

/// Nothing that is bound becomes SQL, whichever way it is bound.
@Suite struct InjectionTests {
    private static let attempts = [
        "'; DROP TABLE notes; --", "\"; DROP TABLE notes; --", "') ; DELETE FROM notes; --", "1 OR 1=1", "' OR '1'='1",
        "$1", "$2", "?1", ":name", "@name", "\\'; DROP TABLE notes; --", "/* */", "--", "E'\\x27'",
        "$$; DROP TABLE notes; $$",
        "x' UNION SELECT name FROM sqlite_schema; --", "%27%20OR%201=1", "ʼ; DROP TABLE notes; --", "\u{FF07} OR 1=1",
        "\n;COMMIT;\n",
    ]

    @Test(arguments: TestEngine.available)
    func `a bound value stays a value`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            for (id, attempt) in Self.attempts.enumerated() {
                let found = try await database.write("attempt") { tx in
                    try Notes.add(id, attempt, in: tx)
                    return try tx.query("SELECT body FROM notes WHERE body = \(attempt)") { try $0[0] as String }
                }
                #expect(found == [attempt])
            }
            #expect(try await Notes.bodies(database) == Self.attempts)
        }
    }

    @Test(arguments: TestEngine.available)
    func `rows and lists stay values`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let rows = Self.attempts.enumerated().map { [SQLValue.integer(Int64($0)), .text($1)] }
            try await database.write("rows") { tx in
                try tx.execute("INSERT INTO notes (id, body) VALUES \(rows: rows)")
            }
            #expect(try await Notes.bodies(database) == Self.attempts)
            let found = try await database.read("list") { tx in
                try tx.query("SELECT body FROM notes WHERE body IN \(list: Self.attempts) ORDER BY id") {
                    try $0[0] as String
                }
            }
            #expect(found == Self.attempts)
            let none = try await database.read("no list") { tx in
                try tx.query("SELECT id FROM notes WHERE body IN \(list: [String]())") { try $0[0] as Int }
            }
            #expect(none.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `fragments keep their values apart`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            try await database.write("fill") { tx in
                for (id, attempt) in Self.attempts.enumerated() { try Notes.add(id, attempt, in: tx) }
            }
            for (id, attempt) in Self.attempts.enumerated() {
                let conditions: [SQL] = ["id >= \(id)", "body = \(attempt)", "body <> '$1 ü'", "\(attempt) = body"]
                let found = try await database.read("fragments") { tx in
                    try tx.query(
                        """
                        SELECT id, \("first") FROM notes WHERE \(SQL.joined(conditions, by: " AND ")) AND id <= \(id)
                        """
                    ) { [String(try $0[0] as Int), try $0[1] as String] }
                }
                #expect(found == [[String(id), "first"]])
            }
        }
    }
}
