import Persistence
import Primitives

/// The SQL of `checkouts`.
enum CheckoutTable {
    private static let columns: SQL = "id, store_id, status, document, expires_at, order_id, created_at"

    static func insert(_ checkout: Checkout, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO checkouts (store_id, id, status, document, order_id, expires_at, created_at, updated_at)
            VALUES (\(checkout.store), \(checkout.id), \(checkout.status.rawValue),
                \(CheckoutDocument.encode(checkout)), \(checkout.order), \(checkout.expiresAt), \(checkout.createdAt),
                \(tx.now))
            """)
    }

    static func find(
        _ id: CheckoutID, store: StoreID, locking: Bool = false, in tx: borrowing Transaction
    ) throws -> Checkout? {
        let lock: SQL = locking ? tx.forUpdate : ""
        return try tx.first(
            "SELECT \(columns) FROM checkouts WHERE store_id = \(store) AND id = \(id)\(lock)", read)
    }

    static func update(_ checkout: Checkout, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE checkouts SET document = \(CheckoutDocument.encode(checkout)), expires_at = \(checkout.expiresAt),
                updated_at = \(tx.now)
            WHERE store_id = \(checkout.store) AND id = \(checkout.id)
            """)
    }

    /// One row when the checkout was open and is now completed, none otherwise.
    static func complete(
        _ id: CheckoutID, store: StoreID, order: OrderID, in tx: borrowing Transaction
    ) throws -> Later<Checkout> {
        try tx.later(
            """
            UPDATE checkouts SET status = 'completed', order_id = \(order), updated_at = \(tx.now)
            WHERE store_id = \(store) AND id = \(id) AND status = 'open' AND expires_at > \(tx.now)
            RETURNING \(columns)
            """, read)
    }

    static func markExpired(limit: Int, in tx: borrowing Transaction) throws -> Int {
        try tx.changes(
            """
            UPDATE checkouts SET status = 'expired', updated_at = \(tx.now)
            WHERE status = 'open' AND (store_id, id) IN (
                SELECT store_id, id FROM checkouts WHERE status = 'open' AND expires_at <= \(tx.now)
                ORDER BY expires_at LIMIT \(limit)\(tx.forUpdateSkippingLocked))
            """)
    }

    static func countOpen(expiredBefore moment: Instant, in tx: borrowing Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) FROM checkouts WHERE status = 'open' AND expires_at <= \(moment)") { try $0[0] }
            ?? 0
    }

    static func removeExpired(before: Instant, limit: Int, in tx: borrowing Transaction) throws -> Int {
        try tx.changes(
            """
            DELETE FROM checkouts
            WHERE status = 'expired' AND (store_id, id) IN (
                SELECT store_id, id FROM checkouts WHERE status = 'expired' AND expires_at <= \(before)
                ORDER BY expires_at LIMIT \(limit)\(tx.forUpdateSkippingLocked))
            """)
    }

    private static func read(_ row: Row) throws -> Checkout {
        let status: String = try row[2]
        guard let status = CheckoutStatus(rawValue: status) else {
            throw DatabaseError.decoding("a checkout has the unknown status \(status)")
        }
        var checkout = try CheckoutDocument.decode(
            row[3], id: row[0], store: row[1], expiresAt: row[4], createdAt: row[6])
        checkout.status = status
        checkout.order = try row[5]
        return checkout
    }
}

/// What a checkout holds besides its state, read and written whole: JSON in a column.
enum CheckoutDocument {
    static func encode(_ checkout: Checkout) -> String {
        let lines: [JSON] = checkout.lines.map {
            .array([JSON($0.id), JSON($0.variant), JSON($0.quantity)])
        }
        var document: JSONObject = ["lines": .array(lines), "note": .string(checkout.contact.note)]
        if let email = checkout.contact.email { document["email"] = .string(email.description) }
        if let phone = checkout.contact.phone { document["phone"] = .string(phone.description) }
        if let address = checkout.contact.shippingAddress { document["shipping_address"] = address.json }
        if let method = checkout.deliveryMethod { document["delivery_method"] = .string(method) }
        if let window = checkout.deliveryWindow { document["delivery_window"] = .string(window) }
        if let number = checkout.taxNumber { document["tax_number"] = .string(number) }
        if let reason = checkout.taxExemption { document["tax_exemption"] = .string(reason) }
        if let currency = checkout.currency { document["currency"] = .string(currency.code) }
        if let customer = checkout.customer { document["customer_id"] = JSON(customer) }
        return JSON.object(document).description
    }

    static func decode(
        _ text: String, id: CheckoutID, store: StoreID, expiresAt: Instant, createdAt: Instant
    ) throws -> Checkout {
        let json = try JSON(parsing: text)
        let lines = try (json["lines"]?.array ?? []).map { line in
            guard let parts = line.array, parts.count == 3, let id: LineID = parts[0].identifier(),
                let variant: VariantID = parts[1].identifier(), let quantity = parts[2].integer
            else { throw DatabaseError.decoding("a checkout's line cannot be read") }
            return Checkout.Line(id: id, variant: variant, quantity: quantity)
        }
        let contact = Contact(
            email: json["email"]?.string.flatMap { EmailAddress($0) },
            phone: json["phone"]?.string.flatMap { PhoneNumber($0) },
            shippingAddress: json["shipping_address"].flatMap { Address(json: $0) }, note: json["note"]?.string ?? "")
        return Checkout(
            id: id, store: store, status: .open, lines: lines, contact: contact,
            currency: json["currency"]?.string.flatMap { Currency($0) }, customer: json["customer_id"]?.identifier(),
            deliveryMethod: json["delivery_method"]?.string, deliveryWindow: json["delivery_window"]?.string,
            taxNumber: json["tax_number"]?.string, taxExemption: json["tax_exemption"]?.string, expiresAt: expiresAt,
            order: nil, createdAt: createdAt)
    }
}
