import Testing

/// Each rule finds its bad example and leaves the good one alone: a check that cannot fail is not a check.
@Suite struct RuleTests {
    private func findings(_ rule: Rule, _ path: String, _ text: String) -> [Int] {
        rule.check([SourceFile(path, text)]).map(\.line)
    }

    @Test func `an import that is not in the target's row is found`() {
        let path = "Sources/Orders/Orders.swift"
        #expect(findings(.imports, path, "public import Persistence\nimport Crypto\n") == [])
        #expect(findings(.imports, path, "import Crypto\nimport Catalog\n") == [2])
        #expect(findings(.imports, path, "import struct GRDB.Row\n") == [1])
        #expect(findings(.imports, path, "// import GRDB\nlet text = \"import GRDB\"\n") == [])
        #expect(findings(.imports, "Sources/Newcomer/Newcomer.swift", "") == [1])
        #expect(findings(.imports, "Tests/OrdersTests/OrderTests.swift", "import Catalog\n") == [])
    }

    @Test func `a table of imports that points up, sideways or at a driver is found`() {
        func messages(_ table: [String: Set<String>]) -> [String] { Rule.layerFindings(table).map(\.message) }
        #expect(messages(["Orders": ["Primitives", "Jobs"], "App": ["PersistenceSQLite", "API"]]) == [])
        #expect(messages(["Orders": ["Catalog"]]) == ["Orders may not be allowed Catalog"])
        #expect(messages(["Orders": ["UseCases"]]) == ["Orders may not be allowed UseCases"])
        #expect(messages(["API": ["PersistencePostgres"]]) == ["API may not be allowed PersistencePostgres"])
        #expect(messages(["Catalog": ["GRDB"]]) == ["Catalog may not be allowed GRDB"])
        #expect(messages(["Persistence": ["Jobs"]]) == ["Persistence may not be allowed Jobs"])
        #expect(messages(["Stranger": ["Primitives"]]) == ["Stranger may not be allowed Primitives"])
    }

    @Test func `SQL that names another target's table is found`() {
        let catalog = SourceFile("Sources/Catalog/Catalog.swift", #"let m = "CREATE TABLE products (id UUID)""#)
        func lines(_ path: String, _ text: String) -> [Int] {
            Rule.tableOwnership.check([catalog, SourceFile(path, text)]).map(\.line)
        }
        let query = #"let q = """\#n    SELECT 1\#n    FROM\#n    products WHERE id = \(id)\#n    """"#
        #expect(lines("Sources/Catalog/Store/ProductTable.swift", query) == [])
        #expect(lines("Sources/Orders/Store/OrderTable.swift", query) == [4])
        for sql in [
            "INSERT INTO products", "UPDATE products SET", "SELECT 1 FROM x JOIN products", "DELETE FROM products",
        ] {
            #expect(lines("Sources/Orders/Store/OrderTable.swift", "let q = \"\(sql)\"") == [1], "\(sql)")
        }
        #expect(lines("Sources/Orders/Orders.swift", #"let q = "id UUID REFERENCES products (id)""#) == [])
        #expect(lines("Sources/Orders/Orders.swift", "// SELECT 1 FROM products\n") == [])
        let driver = SourceFile("Sources/PersistenceSQLite/Migrator.swift", #"let m = "CREATE TABLE migrations (id)""#)
        let other = SourceFile(
            "Sources/PersistencePostgres/Migrations.swift", #"let m = "CREATE TABLE migrations (id)""#)
        #expect(Rule.tableOwnership.check([driver, other]) == [])
        #expect(lines("Sources/Orders/Orders.swift", #"let m = "CREATE TABLE IF NOT EXISTS products (id)""#) == [1])
    }

    @Test func `code in the wrong room is found`() {
        #expect(findings(.rooms, "Sources/Orders/Model/Order.swift", "import Primitives\n") == [])
        #expect(findings(.rooms, "Sources/Orders/Model/Order.swift", "import Persistence\n") == [1])
        #expect(findings(.rooms, "Sources/Orders/Actions/CancelOrder.swift", "let x = 1\nawait call()\n") == [2])
        #expect(findings(.rooms, "Sources/Orders/Jobs/SendMail.swift", "await call()\n") == [])
        #expect(findings(.rooms, "Sources/Orders/Store/OrderTable.swift", #"let q = "SELECT 1""#) == [])
        #expect(findings(.rooms, "Sources/Orders/Queries/FindOrder.swift", #"let q = "SELECT 1""#) == [1])
        #expect(findings(.rooms, "Sources/Pricing/Delivery/Store/RateTable.swift", #"let q = "SELECT 1""#) == [])
        #expect(findings(.rooms, "Sources/Pricing/Delivery/Model/Rate.swift", "import Persistence\n") == [1])
        #expect(findings(.rooms, "Sources/UseCases/Placing.swift", #"let q = " DELETE FROM orders""#) == [1])
        #expect(findings(.rooms, "Sources/UseCases/Placing.swift", #"let q = "Select a line""#) == [])
    }

    @Test func `a name that says nothing is found`() {
        let path = "Sources/Orders/Model/Order.swift"
        #expect(findings(.names, path, "struct Order {}\nenum Base32 {}\nstruct Database: Service {}\n") == [])
        #expect(findings(.names, path, "struct OrderManager {}\n") == [1])
        #expect(findings(.names, path, "\nactor OrderServiceV2 {}\n") == [2, 2])
        #expect(findings(.names, path, "class func helper() {}\n// struct Helper\n") == [])
        #expect(findings(.names, "Sources/Orders/Helpers/Order.swift", "") == [1])
        #expect(findings(.names, "Tests/OrdersTests/Order+Util.swift", "") == [1])
    }

    @Test func `what is too long is found`() {
        let path = "Sources/Orders/Model/Order.swift"
        #expect(findings(.fileSize, path, String(repeating: "\n", count: 400)) == [])
        #expect(findings(.fileSize, "tools/fuzz/__main__.py", String(repeating: "\n", count: 401)) == [401])
        #expect(findings(.lineLength, path, "\n" + String(repeating: "é", count: 120)) == [])
        #expect(findings(.lineLength, path, "\n" + String(repeating: "x", count: 121)) == [2])
        let golden = "let page = \"\"\"\n" + String(repeating: "x", count: 121) + "\n\"\"\"\n"
        #expect(findings(.lineLength, path, golden) == [2])
        #expect(findings(.lineLength, "Tests/OrdersTests/PageTests.swift", golden) == [])
        func function(_ lines: Int) -> String {
            "protocol P { func f() }\nfunc g(_ body: () -> Void = { }) {" + String(repeating: "\n", count: lines - 1)
                + "}\n"
        }
        #expect(findings(.functionSize, path, function(70)) == [])
        #expect(findings(.functionSize, path, function(71)) == [2])
    }

    @Test func `a trap outside the composition root is found`() {
        let path = "Sources/Orders/Model/Order.swift"
        #expect(findings(.failures, path, "let x = try f()\n// fatalError()\nlet t = \"try! fatalError()\"\n") == [])
        #expect(findings(.failures, path, "let x = \"\\(try! f())\"\nfatalError(\"\")\n") == [1, 2])
        #expect(findings(.failures, path, "while try !isFree() {}\n") == [])
        #expect(findings(.failures, "Sources/App/App.swift", "fatalError(\"\")\n") == [])
    }

    @Test func `a swallowed error without its reason is found`() {
        let path = "Sources/Jobs/Runner.swift"
        #expect(findings(.swallowedErrors, path, "let x = try? f()  // ignored: the file may be gone\n") == [])
        #expect(findings(.swallowedErrors, path, "// ignored: it may\n// be gone\ntry? f()\n") == [])
        #expect(findings(.swallowedErrors, path, "// it may be gone\ntry? f()\n") == [2])
        #expect(findings(.swallowedErrors, path, "let entries: [Entry?] = []\n") == [])
        #expect(findings(.swallowedErrors, path, "// ignored: so\n\ntry? f()\n") == [3])
    }

    @Test func `shared state without a proof or outside the infrastructure is found`() {
        let proven = "/// Only the writer's thread touches it.\nfinal class Line: @unchecked Sendable {}\n"
        let bare = "final class Line: @unchecked Sendable {}\n"
        #expect(findings(.sharedState, "Sources/Jobs/Line.swift", proven) == [])
        #expect(findings(.sharedState, "Sources/Jobs/Line.swift", bare) == [1])
        let guarded = "/// Hands out turns.\nfinal class Line {\n    private let turns = Mutex(0)\n}\n"
        #expect(findings(.sharedState, "Sources/Jobs/Line.swift", guarded) == [])
        #expect(findings(.sharedState, "Sources/Jobs/Line.swift", String(guarded.dropFirst(21))) == [2])
        let unsafe = guarded.replacing("let turns = Mutex(0)", with: "nonisolated(unsafe) var turns = 0")
        #expect(findings(.sharedState, "Sources/Jobs/Line.swift", unsafe) == [3])
        #expect(findings(.sharedState, "Sources/Orders/Line.swift", proven) == [2])
        #expect(findings(.sharedState, "Sources/API/Line.swift", "let state = Mutex(0)\n") == [1])
        #expect(
            findings(.sharedState, "Sources/Jobs/Line.swift", "// Guards x.\nlet a = Mutex(0)\nlet b = Mutex(1)\n")
                == [])
        #expect(findings(.sharedState, "Sources/Jobs/Line.swift", "nonisolated(unsafe) var x = 0\n") == [1])
    }

    @Test func `printing outside the command line is found`() {
        #expect(findings(.printing, "Sources/Orders/Orders.swift", "print(\"x\")\n") == [1])
        #expect(findings(.printing, "Sources/Orders/Orders.swift", "log.print(1)\nfunc print(_ x: Int) {}\n") == [])
        #expect(findings(.printing, "Sources/shipshape/Main.swift", "print(\"x\")\n") == [])
    }

    @Test func `text turned into SQL outside the drivers is found`() {
        #expect(findings(.sqlText, "Sources/Orders/Store/OrderTable.swift", "SQL(stringLiteral: x)\n") == [1])
        #expect(findings(.sqlText, "Sources/Orders/Store/OrderTable.swift", "\nSQL(trusted: x)\n") == [2])
        #expect(findings(.sqlText, "Sources/PersistenceSQLite/Writer.swift", "SQL(trusted: x)\n") == [])
    }

    @Test func `work left in a comment is found`() {
        #expect(findings(.leftovers, "Tests/OrdersTests/OrderTests.swift", "let x = 1  // TODO: more\n") == [1])
        #expect(findings(.leftovers, "Sources/Orders/Orders.swift", "/* a\n FIXME */\n") == [2])
        #expect(findings(.leftovers, "Sources/Orders/Orders.swift", "// What is to do.\n") == [])
    }

    @Test func `a decision without number, heading or section is found`() {
        let body = "\n## Context\n\n## Decision\n\n## Rejected\n\n## Consequences\n"
        func page(_ name: String, _ text: String) -> SourceFile { SourceFile("docs/decisions/\(name)", text) }
        let first = page("0001-closures.md", "# 0001 Closures\n\(body)")
        #expect(Rule.decisions.check([first, page("0002-seam.md", "# 0002 Seam\n\(body)")]) == [])
        #expect(Rule.decisions.check([first, page("0003-seam.md", "# 0003 Seam\n\(body)")]).count == 2)
        #expect(Rule.decisions.check([first, page("0002-seam.md", "# 0002 Seam\n")]).count == 4)
        #expect(Rule.decisions.check([page("closures.md", "# Closures\n\(body)")]).count == 2)
    }

    @Test func `a public declaration without documentation is found`() {
        func lines(_ text: String) -> [Int] { findings(.documentation, "Sources/Orders/Order.swift", text) }
        #expect(lines("/// An order.\npublic struct Order {\n    public var id: Int\n    public init() {}\n}\n") == [])
        #expect(lines("public struct Order {}\n") == [1])
        #expect(lines("// Not documentation.\npublic enum Order {}\n") == [2])
        #expect(lines("/// An order.\npublic struct Order {\n    public func cancel() {}\n}\n") == [3])
        #expect(lines("/// An order.\npublic struct Order {\n    public static func find() {}\n}\n") == [3])
        #expect(lines("/// Kinds.\npublic enum Kinds {\n    public enum Order: Kind { case one }\n}\n") == [])
        #expect(lines("/// Finds.\n@discardableResult\npublic func find() -> Int { 1 }\n") == [])
        #expect(lines("protocol P { func go() }\n/// X.\npublic struct X: P {\n    public func go() {}\n}\n") == [])
        #expect(lines("/// X.\npublic struct X: P {\n    public func stop() {}\n}\n") == [3])
        #expect(lines("extension X: P {\n    public func stop() {}\n}\n") == [])
        #expect(lines("extension X {\n    public func stop() {}\n}\n") == [2])
    }
}
