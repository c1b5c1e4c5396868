import Catalog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

/// What the hot pages ask the database, and how it answers.
struct PlanTests {
    private static let pages: [(path: String, isBuyers: Bool)] = [
        ("products", true), ("products?limit=100", true), ("products?query=jam", true),
        ("products?query=jam+2", true), ("products?category=cellar", true), ("products?sort=title", true),
        ("products?query=jamm&facets=true", true), ("products?category=cellar&facets=true&sort=price", true),
        ("products/jam", true), ("collections/jars/products", true), ("collections/jars/products?limit=100", true),
        ("products", false), ("orders", false), ("orders?limit=100", false), ("orders?status=canceled", false),
        ("orders?payment_status=paid", false), ("orders?query=1001", false), ("orders?query=E-17", false),
        ("orders?query=b17@example.com", false), ("orders?placed_after=2026-01-15T09:00:00Z", false),
    ]

    @Test(arguments: TestEngine.available)
    func `hot pages take as many statements for ten times the rows`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            try await shop.fill(40)
            let few = try await shop.statementCounts(Self.pages)
            try await shop.fill(400)
            let many = try await shop.statementCounts(Self.pages)
            #expect(many == few)
            #expect(few["products true"] == 4)
            #expect(few["orders false"] == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `hot pages find their rows by indexes`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            try await shop.fill(30_000)
            let product = try await shop.send("GET", "/api/v1/products?limit=1", as: shop.staff)
            let id = try #require(product["data", "0", "id"]?.string)
            let variant = try #require(product["data", "0", "variants", "0", "id"]?.string)
            let orders = try await shop.send("GET", "/api/v1/orders?limit=1", as: shop.staff)
            let order = try #require(orders["data", "0", "id"]?.string)
            let productCursor = try #require(product["next_cursor"]?.string)
            let cursor = try #require(orders["next_cursor"]?.string)
            let more = [
                "products/\(id)", "variants/\(variant)/stock", "orders/\(order)", "orders/\(order)/events",
                "orders?cursor=\(cursor)", "products?cursor=\(productCursor)",
            ].map { ($0, false) }
            for (path, isBuyers) in Self.pages + more {
                _ = shop.statements.take()
                let reply = try await shop.send("GET", "/api/v1/\(path)", as: isBuyers ? shop.buyer : shop.staff)
                #expect(reply.status == 200, "\(path)")
                for statement in shop.statements.take() {
                    let plan = try await shop.plan(of: statement)
                    #expect(plan.filter(Self.readsWholeTable) == [], "\(path): \(statement.text)")
                    guard path.hasPrefix("orders?query=") else { continue }
                    #expect(!plan.contains(Self.walkThroughStore), "\(path): \(statement.text)")
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `rare states are found by indexes of their own`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            try await shop.fill(30_000)
            try await shop.settleOrders(but: 3)
            for (query, index) in [
                ("status=open", "orders_by_status"), ("status=canceled", "orders_by_status"),
                ("fulfillment_status=unfulfilled", "orders_by_fulfillment"),
                ("fulfillment_status=partially_fulfilled", "orders_by_fulfillment"),
                ("fulfillment_status=on_hold", "orders_by_fulfillment"),
                ("fulfillment_status=returned", "orders_by_fulfillment"),
                ("payment_status=pending", "orders_by_status"), ("payment_status=authorized", "orders_by_payment"),
                ("payment_status=partially_paid", "orders_by_payment"),
                ("payment_status=partially_refunded", "orders_by_payment"),
                ("payment_status=refunded", "orders_by_payment"), ("payment_status=voided", "orders_by_payment"),
                ("payment_status=failed", "orders_by_payment"),
            ] {
                _ = shop.statements.take()
                let first = try await shop.send("GET", "/api/v1/orders?limit=2&\(query)", as: shop.staff)
                #expect(first["data"]?.array?.count == 2, "\(query)")
                let cursor = try #require(first["next_cursor"]?.string, "\(query)")
                let path = "/api/v1/orders?limit=2&\(query)&cursor=\(cursor)"
                let second = try await shop.send("GET", path, as: shop.staff)
                #expect(second["data"]?.array?.count ?? 0 > 0, "\(query)")
                let statements = shop.statements.take().filter { $0.text.contains("FROM orders") }
                #expect(statements.count == 2, "\(query)")
                for statement in statements {
                    let plan = try await shop.plan(of: statement)
                    #expect(plan.contains { $0.contains(index) }, "\(query): \(plan)")
                    #expect(!plan.contains { $0.contains("orders_by_moment") }, "\(query): \(plan)")
                }
            }
        }
    }

    private static let hotTables = [
        "products", "variants", "stock_items", "orders", "order_lines", "search_documents", "search_products",
        "product_categories", "collection_products",
        "events", "checkouts",
    ]

    /// SQLite's words for reading every order of a store in their sequence.
    private static let walkThroughStore = "SEARCH orders USING INDEX orders_by_moment (store_id=?)"

    private static func readsWholeTable(_ step: String) -> Bool {
        hotTables.contains {
            step.contains("Seq Scan on \($0) ") || step == "SCAN \($0)" || step.hasPrefix("SCAN \($0) ")
        }
    }
}

extension LiveShop {
    fileprivate func statementCounts(_ pages: [(path: String, isBuyers: Bool)]) async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        // What the server remembers of keys and stores is fresh, what it remembers of pages is not.
        _ = try await send("GET", "/api/v1/products", as: buyer)
        _ = try await send("GET", "/api/v1/products", as: staff)
        for (path, isBuyers) in pages where path != "products/jam" {
            _ = statements.take()
            let reply = try await send("GET", "/api/v1/\(path)", as: isBuyers ? buyer : staff)
            #expect(reply.status == 200)
            counts["\(path) \(isBuyers)"] = statements.take().count
        }
        return counts
    }

    fileprivate func plan(of statement: SQL) async throws -> [String] {
        try await maya.database.read("test.plan") { tx in
            tx.engine == .sqlite
                ? try tx.query("EXPLAIN QUERY PLAN \(statement)") { try $0[3] as String }
                : try tx.query("EXPLAIN \(statement)") { try $0[0] as String }
        }
    }

    /// Brings nearly all orders to their end, and leaves so many in each other state.
    fileprivate func settleOrders(but count: Int) async throws {
        let store = maya.store.id
        try await maya.database.write("test.settle") { tx in
            try tx.execute(
                """
                UPDATE orders SET status = 'completed', payment_status = 'paid', fulfillment_status = 'fulfilled',
                    canceled_at = NULL
                WHERE store_id = \(store)
                """)
            // In the middle of the history, so that a walk to them is long, and one beyond them too.
            func few(_ place: Int) -> SQL {
                """
                store_id = \(store) AND id IN (SELECT id FROM orders WHERE store_id = \(store)
                    ORDER BY placed_at, id LIMIT \(count) OFFSET \(15_000 + place * count))
                """
            }
            for (place, state) in ["unfulfilled", "partially_fulfilled", "on_hold", "returned"].enumerated() {
                try tx.execute("UPDATE orders SET fulfillment_status = \(state) WHERE \(few(place))")
            }
            for (place, state) in [
                "pending", "authorized", "partially_paid", "partially_refunded", "refunded", "voided", "failed",
            ].enumerated() {
                try tx.execute(
                    "UPDATE orders SET status = 'open', payment_status = \(state) WHERE \(few(place + 10))")
            }
            try tx.execute("UPDATE orders SET status = 'canceled', canceled_at = 1 WHERE \(few(20))")
            if tx.engine == .postgres { try tx.execute(SQL(trusted: "ANALYZE")) }
        }
    }

    /// So many more products and orders, copies of one that is made first.
    fileprivate func fill(_ count: Int) async throws {
        let variant = try await maya.variant("Jam", sku: "JAM", stock: 9)
        if try await send("GET", "/api/v1/collections/jars", as: staff).status == 404 {
            _ = try await collection(
                CollectionDraft(
                    title: "Jars", rule: CollectionRule(.all, [CollectionCondition(.title, .contains, text: "jam")])))
        }
        let categories: JSON = ["categories": [["handle": "cellar"]]]
        _ = try await send("PATCH", "/api/v1/products/\(variant.product)", as: staff, body: categories)
        let price: JSON = ["variant_id": JSON(variant.id), "quantity": 1]
        let reply = try await send("POST", "/api/v1/orders", as: staff, body: Bodies.order([price, price]))
        let order = try #require(reply["id"]?.identifier(IdentifierKinds.Order.self))
        let store = maya.store.id
        let copies = Copies(store: store, count: count, product: variant.product, variant: variant.id, order: order)
        try await maya.database.write("test.fill") { tx in try copies.make(in: tx) }
        if maya.database.engine == .postgres {
            try await maya.database.write("test.analyze") { tx in try tx.execute(SQL(trusted: "ANALYZE")) }
        }
    }
}

/// Copies of a product and of an order, with all that belongs to them.
private struct Copies: Sendable {
    let store: StoreID
    let count: Int
    let product: ProductID
    let variant: VariantID
    let order: OrderID

    func make(in tx: borrowing Transaction) throws {
        let new: SQL = tx.engine == .sqlite ? "randomblob(16)" : "gen_random_uuid()"
        let numbers: SQL =
            "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < \(count))"
        let tag = "\(count)"
        try copy(
            "products", ["id": new, "handle": "t.handle || '-' || \(tag) || '-' || CAST(i AS TEXT)"],
            where: "t.id = \(product)", for: numbers, in: tx)
        let handles = "%-\(tag)-%"
        let products: SQL =
            "WITH n AS (SELECT id AS i FROM products WHERE store_id = \(store) AND handle LIKE \(handles))"
        let original: SQL = "t.product_id = \(product)"
        try copy("variants", ["id": new, "product_id": "i"], where: original, for: products, in: tx)
        // In the index as far as plans depend on it: its sets have few rows however many products there are.
        let number: SQL = "\(count * 1_000_000) + ROW_NUMBER() OVER (ORDER BY i)"
        try copy(
            "search_documents", ["product_id": "i", "document": number], where: original, for: products, in: tx)
        let documents: SQL = """
            WITH n AS (SELECT document AS i FROM search_documents
                WHERE store_id = \(store) AND document >= \(count * 1_000_000))
            """
        let first: SQL = "t.document = (SELECT document FROM search_documents WHERE product_id = \(product))"
        try copy("search_products", ["document": "i"], where: first, for: documents, in: tx)
        try copy("product_categories", ["product_id": "i"], where: original, for: products, in: tx)
        try copy("collection_products", ["product_id": "i"], where: original, for: products, in: tx)
        let variants: SQL = """
            WITH n AS (SELECT v.id AS i FROM variants v JOIN products p ON p.store_id = v.store_id AND p.id = v.product_id
                WHERE v.store_id = \(store) AND p.handle LIKE \(handles))
            """
        let stock: [String: SQL] = ["variant_id": "i", "reserved": "0"]
        try copy("stock_items", stock, where: "t.variant_id = \(variant)", for: variants, in: tx)
        let changes: [String: SQL] = [
            "id": new, "number": "\(count * 10) + i", "placed_at": "t.placed_at - i * 60000000",
            "external_id": "'E-' || \(tag) || '-' || CAST(i AS TEXT)",
            // One in ten is paid, one in ten canceled.
            "payment_status": "CASE WHEN i % 10 = 1 THEN 'paid' ELSE 'pending' END",
            "status": "CASE WHEN i % 10 = 2 THEN 'canceled' ELSE 'open' END",
            "canceled_at": "CASE WHEN i % 10 = 2 THEN t.placed_at END",
            "email": "'b' || CAST(i AS TEXT) || '@example.com'",
        ]
        try copy("orders", changes, where: "t.id = \(order)", for: numbers, in: tx)
        let references = "E-\(tag)-%"
        let orders: SQL = """
            WITH n AS (SELECT id AS i FROM orders WHERE store_id = \(store) AND external_id LIKE \(references))
            """
        try copy("order_lines", ["order_id": "i", "id": new], where: "t.order_id = \(order)", for: orders, in: tx)
        try copy(
            "events", ["aggregate_id": "i", "id": new], where: "t.aggregate_id = \(order)", for: orders, in: tx)
    }

    private func copy(
        _ table: String, _ changes: [String: SQL], where condition: SQL, for source: SQL, in tx: borrowing Transaction
    ) throws {
        let columns = try LiveShop.columns(of: table, in: tx)
        let values = columns.map { changes[$0] ?? SQL(trusted: "t.\($0)") }
        let name = SQL(trusted: table)
        try tx.execute(
            """
            \(source) INSERT INTO \(name) (\(SQL(trusted: columns.joined(separator: ", "))))
            SELECT \(.joined(values, by: ", ")) FROM \(name) t, n WHERE t.store_id = \(store) AND \(condition)
            """)
    }
}
