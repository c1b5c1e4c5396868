import EventLog
public import Persistence
public import Primitives

/// Makes a customer.
public struct AddCustomer: Sendable {
    private let store: StoreID
    private let details: CustomerDetails
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, details: CustomerDetails, actor: Actor, requestID: String? = nil) {
        self.store = store
        self.details = details
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `validation.failed`, `customer.email_taken` with the other's id.
    public func run(in tx: borrowing Transaction) throws -> Customer {
        try details.requireIdentity()
        if let email = details.email {
            try CustomerTable.lock(CustomerWords.key(email), store: store, in: tx)
            try EmailGuard.requireFree(email, for: nil, store: store, in: tx)
        }
        let customer = Customer(
            id: tx.newIdentifier(), details: details, version: 1, createdAt: tx.now, updatedAt: tx.now)
        _ = try CustomerTable.insert(customer, store: store, in: tx)
        try CustomerTable.index(customer, store: store, in: tx)
        try GroupTable.assign(details.groups, to: customer.id, store: store, in: tx)
        try EventLog.append([customer.event("customer.created", of: store, actor, requestID)], in: tx)
        return customer
    }
}

/// Changes parts of a customer.
public struct ChangeCustomer: Sendable {
    private let store: StoreID
    private let id: CustomerID
    private let actor: Actor
    private let requestID: String?
    private let change: @Sendable (inout CustomerDetails) -> Void

    public init(
        store: StoreID, id: CustomerID, actor: Actor, requestID: String?,
        change: @escaping @Sendable (inout CustomerDetails) -> Void
    ) {
        self.store = store
        self.id = id
        self.actor = actor
        self.requestID = requestID
        self.change = change
    }

    /// - Throws: `not_found`, `validation.failed`, `customer.email_taken` with the other's id.
    public func run(in tx: borrowing Transaction) throws -> Customer {
        // The locks of addresses come before those of customers, here as where orders are noted: nobody waits in a
        // circle. What the address will be is known only from what it is, which is read again under the lock.
        guard let before = try Customers.customer(id, of: store, in: tx) else { throw Problem.notFound("customer") }
        var details = before.details
        change(&details)
        if let email = details.email { try CustomerTable.lock(CustomerWords.key(email), store: store, in: tx) }
        guard var customer = try CustomerTable.locked(id, store: store, in: tx) else {
            throw Problem.notFound("customer")
        }
        customer.details.groups = try GroupTable.ofCustomers([id], store: store, in: tx)[id] ?? []
        let former = customer.details
        change(&customer.details)
        try customer.details.requireIdentity()
        guard customer.details != former else { return customer }
        if let email = customer.details.email {
            try CustomerTable.lock(CustomerWords.key(email), store: store, in: tx)
            try EmailGuard.requireFree(email, for: id, store: store, in: tx)
        }
        customer.version += 1
        customer.updatedAt = tx.now
        try CustomerTable.update(customer, store: store, in: tx)
        try CustomerTable.index(customer, store: store, in: tx)
        try GroupTable.assign(customer.details.groups, to: id, store: store, in: tx)
        try EventLog.append([customer.event("customer.updated", of: store, actor, requestID)], in: tx)
        return customer
    }
}

/// Forgets a customer. Orders keep their own copies of whom they were for.
public struct DeleteCustomer: Sendable {
    private let store: StoreID
    private let id: CustomerID
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, id: CustomerID, actor: Actor, requestID: String?) {
        self.store = store
        self.id = id
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`.
    public func run(in tx: borrowing Transaction) throws {
        guard var customer = try CustomerTable.locked(id, store: store, in: tx) else {
            throw Problem.notFound("customer")
        }
        try CustomerTable.delete(id, store: store, in: tx)
        customer.version += 1
        try EventLog.append([customer.event("customer.deleted", of: store, actor, requestID)], in: tx)
    }
}

/// One customer of a store has an address.
enum EmailGuard {
    /// The lock of the address is held.
    static func requireFree(
        _ email: EmailAddress, for own: CustomerID?, store: StoreID, in tx: borrowing Transaction
    ) throws {
        let key = CustomerWords.key(email)
        guard let other = try CustomerTable.owners(of: [key], store: store, in: tx)[key], other != own else { return }
        throw Problem(
            .conflict, "customer.email_taken", "Another customer has this e-mail address.",
            errors: [.init(pointer: "/email", code: "taken", detail: "It belongs to another customer.")],
            references: ["customer_id": other.description])
    }
}

extension Customer {
    /// It names the customer and nothing of what they told: the log outlives what is erased.
    func event(_ type: EventType, of store: StoreID, _ actor: Actor, _ requestID: String?) -> NewEvent {
        NewEvent(
            store: store, aggregate: Aggregate(kind: "customer", id: id.uuid), version: version, type: type,
            actor: actor, data: ["customer_id": JSON(id)], requestID: requestID)
    }
}
