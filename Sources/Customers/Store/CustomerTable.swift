import Persistence
import Primitives

/// The SQL of `customers` and `customer_words`.
enum CustomerTable {
    private static let columns: SQL = """
        id, email, phone, first_name, last_name, addresses, tags, note, accepts_marketing, tax_exempt, vat_number, \
        metadata, version, created_at, updated_at
        """

    /// Held until the transaction ends by whoever gives somebody the address.
    static func lock(_ emailKey: String, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.lock("customers.email.\(store).\(emailKey)")
    }

    static func find(
        _ condition: SQL, store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> [Customer] {
        try tx.query(
            """
            SELECT \(columns) FROM customers WHERE store_id = \(store) AND \(condition)
            ORDER BY id DESC LIMIT \(limit)
            """, read)
    }

    static func oldest(
        after: CustomerID?, store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> [Customer] {
        let rest: SQL = after.map { " AND id > \($0)" } ?? ""
        return try tx.query(
            "SELECT \(columns) FROM customers WHERE store_id = \(store)\(rest) ORDER BY id LIMIT \(limit)", read)
    }

    static func metadata(
        after: CustomerID?, store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> [(id: CustomerID, names: [String])] {
        let rest: SQL = after.map { " AND id > \($0)" } ?? ""
        return try tx.query(
            "SELECT id, metadata FROM customers WHERE store_id = \(store)\(rest) ORDER BY id LIMIT \(limit)"
        ) { (id: try $0[0], names: Array(try CustomerDocument.values($0[1]).keys)) }
    }

    static func locked(_ id: CustomerID, store: StoreID, in tx: borrowing Transaction) throws -> Customer? {
        try tx.first(
            "SELECT \(columns) FROM customers WHERE store_id = \(store) AND id = \(id)\(tx.forUpdate)", read)
    }

    /// Those that exist, held against being removed until the transaction ends.
    static func known(
        _ ids: [CustomerID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Set<CustomerID> {
        guard !ids.isEmpty else { return [] }
        let lock: SQL = tx.engine == .postgres ? " ORDER BY id FOR KEY SHARE" : ""
        return Set(
            try tx.query("SELECT id FROM customers WHERE store_id = \(store) AND id IN \(list: ids)\(lock)") {
                try $0[0] as CustomerID
            })
    }

    static func owners(
        of keys: [String], store: StoreID, in tx: borrowing Transaction
    ) throws -> [String: CustomerID] {
        let rows: [(String, CustomerID)] = try tx.query(
            "SELECT email_key, id FROM customers WHERE store_id = \(store) AND email_key IN \(list: keys)"
        ) { (try $0[0], try $0[1]) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// False when somebody else has the address.
    static func insert(_ customer: Customer, store: StoreID, in tx: borrowing Transaction) throws -> Bool {
        let details = customer.details
        return try tx.changes(
            """
            INSERT INTO customers (store_id, id, email, email_key, phone, first_name, last_name, addresses, tags, note,
                accepts_marketing, tax_exempt, vat_number, metadata, version, created_at, updated_at)
            VALUES (\(store), \(customer.id), \(details.email?.description ?? ""),
                \(details.email.map(CustomerWords.key)), \(details.phone?.description ?? ""), \(details.firstName),
                \(details.lastName), \(CustomerDocument.addresses(details.addresses)),
                \(CustomerDocument.texts(details.tags)), \(details.note), \(details.acceptsMarketing),
                \(details.isTaxExempt), \(details.vatNumber), \(CustomerDocument.values(details.metadata)),
                \(customer.version), \(customer.createdAt), \(customer.updatedAt))
            ON CONFLICT (store_id, email_key) DO NOTHING
            """) == 1
    }

    static func update(_ customer: Customer, store: StoreID, in tx: borrowing Transaction) throws {
        let details = customer.details
        try tx.execute(
            """
            UPDATE customers SET email = \(details.email?.description ?? ""),
                email_key = \(details.email.map(CustomerWords.key)), phone = \(details.phone?.description ?? ""),
                first_name = \(details.firstName), last_name = \(details.lastName),
                addresses = \(CustomerDocument.addresses(details.addresses)),
                tags = \(CustomerDocument.texts(details.tags)), note = \(details.note),
                accepts_marketing = \(details.acceptsMarketing), tax_exempt = \(details.isTaxExempt),
                vat_number = \(details.vatNumber), metadata = \(CustomerDocument.values(details.metadata)),
                version = \(customer.version), updated_at = \(customer.updatedAt)
            WHERE store_id = \(store) AND id = \(customer.id)
            """)
    }

    static func delete(_ id: CustomerID, store: StoreID, in tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM customers WHERE store_id = \(store) AND id = \(id)")
    }

    /// Writes the words that the customer is found by.
    static func index(_ customer: Customer, store: StoreID, in tx: borrowing Transaction) throws {
        if customer.version > 1 {
            try tx.execute(
                "DELETE FROM customer_words WHERE store_id = \(store) AND customer_id = \(customer.id)")
        }
        let words = CustomerWords.words(of: customer.details)
        guard !words.isEmpty else { return }
        let rows = words.map { [store.sqlValue, $0.sqlValue, customer.id.sqlValue] }
        try tx.execute("INSERT INTO customer_words (store_id, word, customer_id) VALUES \(rows: rows)")
    }

    /// The range ends before the highest scalar, which no folded word contains.
    static func occurrence(ofPrefix word: String, store: StoreID) -> SQL {
        """
        id IN (SELECT customer_id FROM customer_words
            WHERE store_id = \(store) AND word >= \(word) AND word < \(word + "\u{10FFFF}"))
        """
    }

    static func occurrence(of words: [String], store: StoreID) -> SQL {
        "id IN (SELECT customer_id FROM customer_words WHERE store_id = \(store) AND word IN \(list: words))"
    }

    static func addressBegins(with text: String, store: StoreID) -> SQL {
        "email_key >= \(text) AND email_key < \(text + "\u{10FFFF}")"
    }

    private static func read(_ row: Row) throws -> Customer {
        let email: String = try row[1]
        let phone: String = try row[2]
        return Customer(
            id: try row[0],
            details: CustomerDetails(
                email: EmailAddress(email), phone: PhoneNumber(phone), firstName: try row[3], lastName: try row[4],
                addresses: try CustomerDocument.addresses(row[5]), tags: try CustomerDocument.texts(row[6]),
                note: try row[7], acceptsMarketing: try row[8], isTaxExempt: try row[9], vatNumber: try row[10],
                metadata: try CustomerDocument.values(row[11])),
            version: try row[12], createdAt: try row[13], updatedAt: try row[14])
    }
}

/// Parts of a customer that are read and written whole: JSON in a column.
enum CustomerDocument {
    static func texts(_ texts: [String]) -> String { JSON.array(texts.map { .string($0) }).description }

    static func texts(_ column: String) throws -> [String] {
        column == "[]" ? [] : try (JSON(parsing: column).array ?? []).compactMap(\.string)
    }

    static func values(_ values: [String: String]) -> String {
        var object = JSONObject()
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { object[key] = .string(value) }
        return JSON.object(object).description
    }

    static func values(_ column: String) throws -> [String: String] {
        if column == "{}" { return [:] }
        var values: [String: String] = [:]
        for member in try JSON(parsing: column).object ?? [:] { values[member.key] = member.value.string }
        return values
    }

    static func addresses(_ addresses: [CustomerAddress]) -> String {
        JSON.array(
            addresses.map { address in
                [
                    "name": .string(address.name), "line1": .string(address.line1), "line2": .string(address.line2),
                    "city": .string(address.city), "region": .string(address.region),
                    "postal_code": .string(address.postalCode), "country": .string(address.country),
                ]
            }
        ).description
    }

    static func addresses(_ column: String) throws -> [CustomerAddress] {
        if column == "[]" { return [] }
        return try (JSON(parsing: column).array ?? []).map { json in
            func text(_ key: String) -> String { json[key]?.string ?? "" }
            return CustomerAddress(
                name: text("name"), line1: text("line1"), line2: text("line2"), city: text("city"),
                region: text("region"), postalCode: text("postal_code"), country: text("country"))
        }
    }
}
