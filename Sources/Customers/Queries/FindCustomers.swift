public import Persistence
public import Primitives

/// Which customers to list, newest first.
public struct CustomerFilter: Sendable {
    /// Beginnings of words of the name, of the e-mail address or of the telephone number.
    public var query: String?
    /// The whole address, in any case.
    public var email: EmailAddress?
    public var group: CustomerGroupID?

    public init(query: String? = nil, email: EmailAddress? = nil, group: CustomerGroupID? = nil) {
        self.query = query
        self.email = email
        self.group = group
    }
}

/// An order of a customer, as a place in their history.
public struct CustomerOrder: Hashable, Sendable {
    public let order: OrderID
    public let placedAt: Instant

    public init(order: OrderID, placedAt: Instant) {
        self.order = order
        self.placedAt = placedAt
    }
}

extension Customers {
    /// A customer with their groups.
    public static func customer(
        _ id: CustomerID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> Customer? {
        try complete(CustomerTable.find("id = \(id)", store: store, limit: 1, in: tx), of: store, in: tx).first
    }

    /// A page of customers, newest first: two statements, however many customers.
    /// - Parameter after: the last customer of the page before.
    public static func page(
        _ filter: CustomerFilter, of store: StoreID, after: CustomerID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [Customer] {
        var conditions: [SQL] = []
        if let after { conditions.append("id < \(after)") }
        if let email = filter.email { conditions.append("email_key = \(CustomerWords.key(email))") }
        if let group = filter.group { conditions.append(GroupTable.membership(group, store: store)) }
        if let query = filter.query {
            guard let condition = match(query, store: store) else { return [] }
            conditions.append(condition)
        }
        let condition: SQL = conditions.isEmpty ? "1 = 1" : .joined(conditions, by: " AND ")
        return try complete(
            CustomerTable.find(condition, store: store, limit: limit, in: tx), of: store, in: tx)
    }

    /// The customers with these addresses, whatever their case, and those with these telephone numbers, in no order.
    public static func customers(
        emails: [EmailAddress], phones: [PhoneNumber], of store: StoreID, in tx: borrowing Transaction
    ) throws -> [Customer] {
        var found: [Customer] = []
        if !emails.isEmpty {
            let keys = Set(emails.map(CustomerWords.key)).sorted()
            found += try CustomerTable.find("email_key IN \(list: keys)", store: store, limit: keys.count, in: tx)
        }
        if !phones.isEmpty {
            let wanted = Set(phones)
            let words = wanted.map { String($0.description.dropFirst()) }.sorted()
            let known = Set(found.map(\.id))
            found += try CustomerTable.find(
                CustomerTable.occurrence(of: words, store: store), store: store, limit: 1000, in: tx
            ).filter { $0.details.phone.map(wanted.contains) == true && !known.contains($0.id) }
        }
        return try complete(found, of: store, in: tx)
    }

    /// Nobody else gives these addresses to customers until the transaction ends. Held in their order, as where orders
    /// are noted: nobody waits in a circle.
    public static func hold(_ emails: [EmailAddress], of store: StoreID, in tx: borrowing Transaction) throws {
        for key in Set(emails.map(CustomerWords.key)).sorted() { try CustomerTable.lock(key, store: store, in: tx) }
    }

    /// A page of customers, the oldest first.
    public static func oldest(
        of store: StoreID, after: CustomerID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [Customer] {
        try complete(CustomerTable.oldest(after: after, store: store, limit: limit, in: tx), of: store, in: tx)
    }

    /// The names that customers keep metadata under, a page of customers at a time.
    /// - Returns: the names of the page, and its last customer; nil when there is no more.
    public static func metadataNames(
        of store: StoreID, after: CustomerID?, limit: Int, in tx: borrowing Transaction
    ) throws -> (names: Set<String>, last: CustomerID?) {
        let rows = try CustomerTable.metadata(after: after, store: store, limit: limit, in: tx)
        return (Set(rows.flatMap(\.names)), rows.count == limit ? rows.last?.id : nil)
    }

    /// How many orders each of the customers has placed; those with none are absent.
    public static func orderCounts(
        of customers: [CustomerID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [CustomerID: Int] {
        try CustomerOrderTable.counts(of: customers, store: store, in: tx)
    }

    /// A page of a customer's orders, newest first.
    /// - Parameter after: the last of the page before.
    public static func orders(
        of customer: CustomerID, store: StoreID, after: CustomerOrder?, limit: Int, in tx: borrowing Transaction
    ) throws -> [CustomerOrder] {
        try CustomerOrderTable.page(of: customer, store: store, after: after, limit: limit, in: tx)
    }

    /// Whose order it is; nil when it was not noted yet, or has no e-mail address.
    public static func customer(
        ofOrder order: OrderID, store: StoreID, in tx: borrowing Transaction
    ) throws -> CustomerID? {
        try CustomerOrderTable.customer(of: order, store: store, in: tx)
    }

    /// The groups of a store by their names; there are few.
    public static func groups(of store: StoreID, in tx: borrowing Transaction) throws -> [CustomerGroup] {
        try GroupTable.all(of: store, in: tx)
    }

    /// The groups that a customer belongs to; none for an unknown one. Submitted now, read later.
    public static func groups(
        ofCustomer customer: CustomerID, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<CustomerGroupID> {
        try GroupTable.groups(of: customer, store: store, in: tx)
    }

    /// How many customers each group has; those with none are absent.
    public static func memberCounts(
        of store: StoreID, in tx: borrowing Transaction
    ) throws -> [CustomerGroupID: Int] {
        try GroupTable.memberCounts(of: store, in: tx)
    }

    /// Nil when nothing can match.
    private static func match(_ query: String, store: StoreID) -> SQL? {
        if let digits = CustomerWords.digits(of: query) {
            return CustomerTable.occurrence(ofPrefix: digits, store: store)
        }
        if query.contains("@") {
            return CustomerTable.addressBegins(with: CustomerWords.fold(query), store: store)
        }
        let words = CustomerWords.words(of: query)
        guard !words.isEmpty else { return nil }
        return .joined(words.prefix(6).map { CustomerTable.occurrence(ofPrefix: $0, store: store) }, by: " AND ")
    }

    private static func complete(
        _ customers: [Customer], of store: StoreID, in tx: borrowing Transaction
    ) throws -> [Customer] {
        guard !customers.isEmpty else { return [] }
        let groups = try GroupTable.ofCustomers(customers.map(\.id), store: store, in: tx)
        return customers.map { customer in
            var customer = customer
            customer.details.groups = groups[customer.id] ?? []
            return customer
        }
    }
}
