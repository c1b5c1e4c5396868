import FoundationEssentials
import Persistence
import Primitives
import TestSupport
import Testing

/// SQL as values, without any engine.
@Suite struct SeamTests {
    @Test func `interpolated values are bound and numbered`() {
        let title = "O'Neill"
        let sql: SQL = "UPDATE products SET title = \(title), stock = \(3) WHERE id = \(7 as Int64)"
        #expect(sql.text == "UPDATE products SET title = $1, stock = $2 WHERE id = $3")
        #expect(sql.arguments == [.text("O'Neill"), .integer(3), .integer(7)])
    }

    @Test func `every kind of value is bound as its type`() {
        let uuid = UUID(high: 1, low: 2)
        let sql: SQL = """
            \(1) \(2.5) \(true) \("t") \([1, 2] as [UInt8]) \(uuid) \(Instant(microseconds: 9)) \(nil as Int?) \
            \(Optional("o")) \(SQLValue.null)
            """
        #expect(sql.text == "$1 $2 $3 $4 $5 $6 $7 $8 $9 $10")
        #expect(
            sql.arguments == [
                .integer(1), .double(2.5), .boolean(true), .text("t"), .bytes([1, 2]), .uuid(uuid), .integer(9), .null,
                .text("o"), .null,
            ])
    }

    @Test(arguments: [(0, 1), (1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (9, 16), (100, 128)])
    func `lists are padded to powers of two by their last value`(count: Int, width: Int) {
        let sql: SQL = "id IN \(list: Array(0..<count))"
        #expect(sql.arguments.count == width)
        #expect(sql.text == "id IN (" + (1...width).map { "$\($0)" }.joined(separator: ", ") + ")")
        let expected = (0..<width).map { count == 0 ? SQLValue.null : .integer(Int64(min($0, count - 1))) }
        #expect(sql.arguments == expected)
    }

    @Test func `rows become a list of VALUES`() {
        let sql: SQL = "\(0) VALUES \(rows: [[.integer(1), .text("a")], [.integer(2), .null]])"
        #expect(sql.text == "$1 VALUES ($2, $3), ($4, $5)")
        #expect(sql.arguments == [.integer(0), .integer(1), .text("a"), .integer(2), .null])
    }

    @Test func `fragments are renumbered wherever they land`() {
        let inner: SQL = "price > \(5) AND title = \("ü") AND price > \(6)"
        let middle: SQL = "(\(inner) OR \(inner))"
        let outer: SQL = "store = \(1) AND \(middle) LIMIT \(10)"
        #expect(
            outer.text == """
                store = $1 AND (price > $2 AND title = $3 AND price > $4 OR price > $5 AND title = $6 AND price > $7) \
                LIMIT $8
                """)
        #expect(
            outer.arguments == [
                .integer(1), .integer(5), .text("ü"), .integer(6), .integer(5), .text("ü"), .integer(6), .integer(10),
            ])
    }

    @Test func `fragments keep quotations, comments and other alphabets as they are`() {
        let inner: SQL = "a = '$1 größer' AND \"$2\" = \(1) /* $1 */ AND b = '''$1' -- $1\nAND c = $$"
        let outer: SQL = "\(0) \(inner)"
        #expect(outer.text == "$1 a = '$1 größer' AND \"$2\" = $2 /* $1 */ AND b = '''$1' -- $1\nAND c = $$")
        #expect(outer.arguments == [.integer(0), .integer(1)])
    }

    @Test func `a value that looks like a placeholder is never renumbered`() {
        let inner: SQL = "a = \("$1")"
        let outer: SQL = "\("$9") \(inner)"
        #expect(outer.text == "$1 a = $2")
        #expect(outer.arguments == [.text("$9"), .text("$1")])
    }

    @Test func `fragments are joined with a separator`() {
        let conditions: [SQL] = ["a = \(1)", "b IS NULL", "c = \(2)"]
        let sql = SQL.joined(conditions, by: " AND ")
        #expect(sql.text == "a = $1 AND b IS NULL AND c = $2")
        #expect(sql.arguments == [.integer(1), .integer(2)])
        #expect(SQL.joined([], by: ", ").text == "")
    }

    @Test func `placeholders get another sign`() {
        let rewritten = Placeholders.rewrite("a = $1 AND b = '$2' AND c = $12", sign: "?", adding: 0)
        #expect(rewritten == "a = ?1 AND b = '$2' AND c = ?12")
        #expect(Placeholders.rewrite("", sign: "?", adding: 3) == "")
        #expect(Placeholders.rewrite("'open $1", sign: "?", adding: 3) == "'open $1")
        #expect(Placeholders.rewrite("/* open $1", sign: "?", adding: 3) == "/* open $1")
        #expect(Placeholders.rewrite("$", sign: "?", adding: 3) == "$")
    }

    @Test func `column types become the engines' own`() {
        let migration = Migration(
            1, "types",
            [
                """
                CREATE TABLE things (
                id UUID NOT NULL,
                at BIGINT,
                is_on BOOLEAN,note TEXT DEFAULT 'TEXT',
                "BYTES" BYTES, ratio DOUBLE, PRIMARY KEY (id));
                """,
                "CREATE INDEX things_at ON things (at)",
            ])
        #expect(
            migration.statements(for: .sqlite) == [
                """
                CREATE TABLE things (
                id BLOB NOT NULL,
                at INTEGER,
                is_on INTEGER,note TEXT DEFAULT 'TEXT',
                "BYTES" BLOB, ratio REAL, PRIMARY KEY (id)) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX things_at ON things (at)",
            ])
        #expect(
            migration.statements(for: .postgres) == [
                """
                CREATE TABLE things (
                id uuid NOT NULL,
                at bigint,
                is_on boolean,note text COLLATE "C" DEFAULT 'TEXT',
                "BYTES" bytea, ratio double precision, PRIMARY KEY (id));
                """,
                "CREATE INDEX things_at ON things (at)",
            ])
    }

    @Test func `a checksum covers every statement and for whom it is`() {
        let migration = Migration(1, "one", ["SELECT 1", .on(.sqlite, "SELECT 2")])
        // printf 'all:SELECT 1;sqlite:SELECT 2;' | sha256sum
        #expect(migration.checksum == "3b72c6a0e60ce63eed15bf956ff75a0841167c556d45a3376c394df04d43f2dd")
        #expect(migration.checksum == Migration(2, "two", ["SELECT 1", .on(.sqlite, "SELECT 2")]).checksum)
        let others = [
            Migration(1, "one", ["SELECT 1", .on(.postgres, "SELECT 2")]),
            Migration(1, "one", ["SELECT 1", "SELECT 2"]),
            Migration(1, "one", ["SELECT 1"]), Migration(1, "one", [.on(.sqlite, "SELECT 2"), "SELECT 1"]),
        ]
        #expect(Set(others.map(\.checksum) + [migration.checksum]).count == 5)
    }

    @Test func `an identifier carries its time and is the same for the same seed`() {
        var random = SeededRandom(seed: 42)
        var same = SeededRandom(seed: 42)
        let uuid = UUID.version7(at: .ofTests, using: &random)
        #expect(uuid == UUID.version7(at: .ofTests, using: &same))
        #expect(uuid != UUID.version7(at: .ofTests, using: &random))
    }
}
