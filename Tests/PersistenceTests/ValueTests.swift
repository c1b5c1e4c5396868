import FoundationEssentials
import Persistence
import Primitives
import TestSupport
import Testing

/// Every type goes to the database and comes back as it was, at its ends too.
@Suite struct ValueTests {
    /// Writes each value into its own row of a column and reads the column back.
    private func roundTrip<Value: SQLBindable & SQLDecodable & Sendable>(
        _ values: [Value], _ column: StaticString, _ database: any Database
    ) async throws -> [Value] {
        let name = SQL(trusted: column.description)
        return try await database.write("round trip") { tx in
            try tx.execute("DELETE FROM samples")
            for (id, value) in values.enumerated() {
                try tx.execute("INSERT INTO samples (id, \(name)) VALUES (\(id), \(value))")
            }
            return try tx.query("SELECT \(name) FROM samples ORDER BY id") { try $0[0] as Value }
        }
    }

    @Test(arguments: TestEngine.available)
    func `integers, instants and booleans`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let integers: [Int64] = [.min, .min + 1, -1, 0, 1, 1 << 53, .max - 1, .max]
            #expect(try await roundTrip(integers, "whole", database) == integers)
            let instants = integers.map { Instant(microseconds: $0) }
            #expect(try await roundTrip(instants, "whole", database) == instants)
            #expect(try await roundTrip([true, false], "flag", database) == [true, false])
        }
    }

    @Test(arguments: TestEngine.available)
    func `doubles, with the infinities`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let doubles: [Double] = [
                -.infinity, -.greatestFiniteMagnitude, -1, -.leastNonzeroMagnitude, 0, .leastNonzeroMagnitude,
                .leastNormalMagnitude, 0.1, 1 / 3, 1, .pi, 1e300, .greatestFiniteMagnitude, .infinity,
            ]
            #expect(try await roundTrip(doubles, "real", database) == doubles)
        }
    }

    @Test(arguments: TestEngine.available)
    func `identifiers, empty and large bytes`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let uuids = [UUID(high: 0, low: 0), UUID(high: .max, low: .max), UUID(high: 1, low: 0x0102_0304_0506_0708)]
            #expect(try await roundTrip(uuids, "uid", database) == uuids)
            let large = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            let bytes: [[UInt8]] = [[], [0], [0, 0, 0], Array(0...255), large]
            #expect(try await roundTrip(bytes, "blob", database) == bytes)
        }
    }

    @Test(arguments: TestEngine.available)
    func `text of every script, length and plane`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            var scalars = String.UnicodeScalarView()
            for number: UInt32 in 1...0x10FFFF { if let scalar = Unicode.Scalar(number) { scalars.append(scalar) } }
            let texts = [
                "", " ", "a", "\n\t\r\u{7F}\u{1}", "Grüße aus Köln", "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
                "שלום عليكم \u{202E}abc", "e\u{301}",
                "\u{E9}", "\u{FEFF}bom",
                "\u{FFFF}\u{10FFFF}", "<b>&amp;</b>", "a\\b\\0 %_ \\'", String(repeating: "€", count: 350_000),
                String(scalars),
            ]
            let back = try await roundTrip(texts, "words", database)
            // Swift takes composed and decomposed letters for equal; the bytes have to be.
            for (text, copy) in zip(texts, back) { #expect(text.utf8.elementsEqual(copy.utf8)) }
            #expect(back.count == texts.count)
        }
    }

    @Test(arguments: TestEngine.available)
    func `U+0000 in text is refused, and nothing of the transaction stays`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            for text in ["\0", "a\0b", "end\0"] {
                let error = await failure {
                    try await database.write("nul") { tx in
                        try Notes.add(1, "one", in: tx)
                        try tx.execute("INSERT INTO samples (id, words) VALUES (1, \(text))")
                    }
                }
                guard case .misuse? = error else {
                    Issue.record("expected misuse, got \(String(describing: error))")
                    continue
                }
            }
            let left = try await Notes.ids(database)
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `NULL is nil for every type and an error where a value is asked for`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let columns: SQL = "SELECT whole, real, flag, words, blob, uid FROM samples"
            let areNil = try await database.write("nulls") { tx in
                try tx.execute(
                    """
                    INSERT INTO samples (id, whole, real, flag, words, blob, uid)
                    VALUES (1, \(nil as Int?), \(nil as Double?), \(nil as Bool?), \(nil as String?),
                        \(nil as [UInt8]?), \(nil as UUID?))
                    """)
                return try tx.first(columns) { row in
                    [
                        try row[0] as Int? == nil, try row[1] as Double? == nil, try row[2] as Bool? == nil,
                        try row[3] as String? == nil, try row[4] as [UInt8]? == nil, try row[5] as UUID? == nil,
                    ]
                }
            }
            #expect(areNil == [true, true, true, true, true, true])
            let readers: [@Sendable (Row) throws -> Void] = [
                { _ = try $0[0] as Int }, { _ = try $0[1] as Double }, { _ = try $0[2] as Bool },
                { _ = try $0[3] as String }, { _ = try $0[4] as [UInt8] }, { _ = try $0[5] as UUID },
            ]
            for reader in readers { await expectDecodingError(database, columns, reader) }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a column is not read as another type`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            try await database.write("sample") { tx in
                try tx.execute(
                    """
                    INSERT INTO samples (id, whole, real, flag, words, blob, uid) VALUES
                        (1, \(7), \(1.5), \(true), \("7"), \([1, 2] as [UInt8]), \(UUID(high: 1, low: 2)))
                    """)
            }
            let readers: [@Sendable (Row) throws -> Void] = [
                { _ = try $0[0] as String }, { _ = try $0[0] as Double }, { _ = try $0[0] as Bool },
                { _ = try $0[1] as Int }, { _ = try $0[3] as Int }, { _ = try $0[3] as [UInt8] },
                { _ = try $0[4] as String }, { _ = try $0[4] as UUID }, { _ = try $0[5] as String },
                { _ = try $0[3] as Currency }, { _ = try $0[6] as Int }, { _ = try $0[-1] as Int },
            ]
            for reader in readers {
                await expectDecodingError(
                    database, "SELECT whole, real, flag, words, blob, uid FROM samples", reader)
            }
        }
    }

    private func expectDecodingError(
        _ database: any Database, _ sql: SQL, _ reader: @escaping @Sendable (Row) throws -> Void
    ) async {
        let error = await failure { try await database.read("misread") { tx in try tx.first(sql, reader) } }
        guard case .decoding? = error else {
            Issue.record("expected a decoding error, got \(String(describing: error))")
            return
        }
    }

    @Test(arguments: TestEngine.available)
    func `text compares and sorts by its bytes`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let texts = [
                "b", "a", "Z", "é", "e\u{301}", "É", "ä", "😀", "\u{FFFD}", "A", "aa", "a b", "_", "-", "1", "10", "9",
            ]
            let answer = try await database.write("sort") { tx in
                for (id, text) in texts.enumerated() { try Notes.add(id, text, in: tx) }
                let sorted = try tx.query("SELECT body FROM notes ORDER BY body") { try $0[0] as String }
                let composed = try tx.query("SELECT id FROM notes WHERE body = \("\u{E9}")") { try $0[0] as Int }
                return (sorted, composed)
            }
            let expected = texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(answer.0.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
            #expect(answer.1 == [3])
        }
    }

    @Test(arguments: TestEngine.available)
    func `pages follow each other by comparing tuples`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            try await database.write("fill") { tx in
                for id in 0..<30 {
                    try tx.execute("INSERT INTO samples (id, whole, words) VALUES (\(id), \(id % 4), \("w\(id)"))")
                }
            }
            var seen: [[Int]] = []
            var last = (-1, -1)
            while true {
                let (whole, id) = last
                let page = try await database.read("page") { tx in
                    try tx.query(
                        """
                        SELECT whole, id FROM samples WHERE (whole, id) > (\(whole), \(id))
                        ORDER BY whole, id LIMIT \(7)
                        """
                    ) { [try $0[0] as Int, try $0[1] as Int] }
                }
                guard let end = page.last else { break }
                seen += page
                last = (end[0], end[1])
            }
            #expect(seen == (0..<30).map { [$0 % 4, $0] }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) })
        }
    }
}
