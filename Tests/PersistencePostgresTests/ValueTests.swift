import FoundationEssentials
import Persistence
import PersistencePostgres
import Primitives
import TestSupport
import Testing

/// Each type that we bind and read, at its ends.
@Suite(.enabled(if: Server.isAvailable, Server.missing))
struct ValueTests {
    private static let table = Migration(
        1, "values",
        [
            .on(
                .postgres,
                """
                CREATE TABLE samples (
                    id bigint PRIMARY KEY, i2 smallint, i4 integer, i8 bigint, f4 real, f8 double precision, b boolean,
                    t text, v varchar(200), c char(3), by bytea, u uuid, j json, jb jsonb, n numeric, tz timestamptz)
                """)
        ])

    private func roundTrip<Value: SQLDecodable & SQLBindable & Equatable & Sendable>(
        _ values: [Value], column: SQL, in database: any Database
    ) async throws {
        for value in values {
            let read: Value? = try await database.write("round trip") { tx in
                try tx.execute("DELETE FROM samples")
                try tx.execute("INSERT INTO samples (id, \(column)) VALUES (1, \(value))")
                return try tx.first("SELECT \(column) FROM samples") { try $0[0] }
            }
            #expect(read == value)
        }
    }

    @Test func `every type comes back as it went, at its ends`() async throws {
        try await withDatabase(.postgres, migrations: [Self.table]) { database in
            try await roundTrip([Int64.min, -1, 0, 1, .max], column: "i8", in: database)
            try await roundTrip([Int64(Int32.min), 0, Int64(Int32.max)], column: "i4", in: database)
            try await roundTrip([Int64(Int16.min), 0, Int64(Int16.max)], column: "i2", in: database)
            try await roundTrip(
                [-Double.greatestFiniteMagnitude, -0.1, 0, .leastNonzeroMagnitude, .infinity], column: "f8",
                in: database)
            try await roundTrip([-1.5, 0, Double(Float.greatestFiniteMagnitude)], column: "f4", in: database)
            try await roundTrip([true, false], column: "b", in: database)
            let texts = ["", "a", "Grüße 🌍 \u{202E}abc", "'; DROP TABLE samples; --", "$1 \\ \" \n"]
            try await roundTrip(texts, column: "t", in: database)
            try await roundTrip(texts, column: "v", in: database)
            try await roundTrip(["abc"], column: "c", in: database)
            try await roundTrip([String(repeating: "ß", count: 3_000_000), "x"], column: "t", in: database)
            try await roundTrip([[], [0], Array(0...255)] as [[UInt8]], column: "by", in: database)
            try await roundTrip(
                [UUID(high: 0, low: 0), UUID(high: .max, low: .max), UUID(high: 1, low: 2)], column: "u", in: database)
            try await roundTrip(["{\"a\": [1, null]}", "null"], column: "j", in: database)
            try await roundTrip(["{\"a\": [1, null]}", "[]"], column: "jb", in: database)
            try await roundTrip([Instant.ofTests, Instant(microseconds: -1)], column: "tz", in: database)
        }
    }

    @Test func `NULL is nil for every type and an error where a value is asked for`() async throws {
        try await withDatabase(.postgres, migrations: [Self.table]) { database in
            let count: Int = try await database.write("nulls") { tx in
                try tx.execute(
                    """
                    INSERT INTO samples (id, i2, i4, i8, f8, b, t, by, u, j, jb, n, tz) VALUES (1, \(nil as Int?),
                    \(nil as Int?), \(nil as Int?), \(nil as Double?), \(nil as Bool?), \(nil as String?),
                    \(nil as [UInt8]?), \(nil as UUID?), \(nil as String?), \(nil as String?), \(nil as Int?),
                    \(nil as Instant?))
                    """)
                let nils = try tx.query("SELECT i8, f8, b, t, by, u FROM samples") { row in
                    [
                        try row[0] as Int? == nil, try row[1] as Double? == nil, try row[2] as Bool? == nil,
                        try row[3] as String? == nil, try row[4] as [UInt8]? == nil, try row[5] as UUID? == nil,
                    ]
                }
                return nils[0].count { $0 }
            }
            #expect(count == 6)
            await #expect(throws: DatabaseError.decoding("column 0 (t) is NULL")) {
                try await database.read("null") { tx in
                    try tx.query("SELECT t FROM samples") { try $0[0] as String }.count
                }
            }
        }
    }

    @Test(arguments: [
        ("i2", Int64(Int16.max) + 1), ("i2", Int64(Int16.min) - 1), ("i4", Int64(Int32.max) + 1),
        ("i4", Int64(Int32.min) - 1), ("f8", Int64.max), ("tz", Int64.min),
    ])
    func `an integer that does not fit is refused before it is sent`(column: String, value: Int64) async throws {
        try await withDatabase(.postgres, migrations: [Self.table]) { database in
            await #expect {
                try await database.write("overflow") { tx in
                    try tx.execute("INSERT INTO samples (id, \(SQL(trusted: column))) VALUES (1, \(value))")
                }
            } throws: { error in
                guard case .misuse("22003", _)? = error as? DatabaseError else { return false }
                return true
            }
            let count = try await database.read("count") { tx in
                try tx.first("SELECT count(*) FROM samples") { try $0[0] as Int }
            }
            #expect(count == 0)
        }
    }

    @Test func `numeric takes every number and is read with a CAST`() async throws {
        try await withDatabase(.postgres, migrations: [Self.table]) { database in
            let sum: Int? = try await database.write("numeric") { tx in
                try tx.execute("INSERT INTO samples (id, n) VALUES (1, \(Int64.max)), (2, \(-1.25)), (3, \("0.25"))")
                return try tx.first("SELECT CAST(SUM(n) AS BIGINT) FROM samples") { try $0[0] }
            }
            #expect(sum == Int(Int64.max) - 1)
            await #expect(
                throws: DatabaseError.decoding(
                    "column 0 (sum) is numeric: CAST it to BIGINT, DOUBLE PRECISION or TEXT")
            ) {
                try await database.read("sum") { tx in
                    try tx.first("SELECT SUM(n) FROM samples") { try $0[0] as Int }
                }
            }
        }
    }

    @Test func `a value of the wrong type is refused with both types`() async throws {
        try await withDatabase(.postgres, migrations: [Self.table]) { database in
            let wrong: [(SQL, String)] = [
                ("SELECT 1 FROM samples WHERE u = \("x")", "text was bound to parameter $1, uuid; CAST the parameter"),
                (
                    "SELECT 1 FROM samples WHERE i8 = \(true)",
                    "a boolean was bound to parameter $1, bigint; CAST the parameter"
                ),
                (
                    "SELECT 1 FROM samples WHERE t = \(5)",
                    "an integer was bound to parameter $1, text; CAST the parameter"
                ),
                (
                    "SELECT 1 FROM samples WHERE by = \(UUID(high: 1, low: 1))",
                    "a UUID was bound to parameter $1, bytea; CAST the parameter"
                ),
            ]
            for (sql, message) in wrong {
                await #expect(throws: DatabaseError.misuse(code: "42804", message: message)) {
                    try await database.read("wrong") { tx in try tx.query(sql) { _ in 1 }.count }
                }
            }
        }
    }

    @Test func `a column that is not there or of another type is named`() async throws {
        try await withDatabase(.postgres) { database in
            await #expect(throws: DatabaseError.decoding("there is no column 1: the result has 1")) {
                try await database.read("missing") { tx in try tx.first("SELECT 1 AS a") { try $0[1] as Int? } }
            }
            await #expect(throws: DatabaseError.decoding("column 0 (a) is text, not an integer")) {
                try await database.read("other") { tx in try tx.first("SELECT 'x' AS a") { try $0[0] as Int } }
            }
        }
    }

    @Test func `text with U+0000 is refused by the server`() async throws {
        try await withDatabase(.postgres, migrations: [Self.table]) { database in
            await #expect {
                try await database.write("nul") { tx in
                    try tx.execute("INSERT INTO samples (id, t) VALUES (1, \("a\u{0}b"))")
                }
            } throws: { error in
                guard case .misuse("22021", _)? = error as? DatabaseError else { return false }
                return true
            }
        }
    }

    @Test func `a thousand rows travel in one statement, and too many values are refused`() async throws {
        try await withDatabase(.postgres, migrations: [Self.table]) { database in
            let sum: Int? = try await database.write("rows") { tx in
                let rows = (1...1000).map { [Int64($0).sqlValue, "row \($0)".sqlValue, Int64($0).sqlValue] }
                try tx.execute("INSERT INTO samples (id, t, i4) VALUES \(rows: rows)")
                return try tx.first("SELECT CAST(SUM(i4) AS BIGINT) FROM samples") { try $0[0] }
            }
            #expect(sum == 500_500)
            await #expect {
                try await database.write("too many") { tx in
                    let rows = (1...65_536).map { [Int64($0).sqlValue] }
                    try tx.execute("INSERT INTO samples (id) VALUES \(rows: rows)")
                }
            } throws: { error in
                error as? DatabaseError
                    == .misuse(code: "54000", message: "65536 values were bound, at most 65535 can be")
            }
        }
    }
}
