import EventLog
public import Persistence
public import Primitives

/// Makes a group of customers.
public struct AddCustomerGroup: Sendable {
    private let store: StoreID
    private let name: String
    private let metadata: [String: String]
    private let actor: Actor
    private let requestID: String?

    public init(
        store: StoreID, name: String, metadata: [String: String] = [:], actor: Actor, requestID: String? = nil
    ) {
        self.store = store
        self.name = name
        self.metadata = metadata
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `customer_group.name_taken`, `customer_group.too_many`.
    public func run(in tx: borrowing Transaction) throws -> CustomerGroup {
        // Groups are made seldom: one after the other, so that neither names nor their number are guessed.
        try tx.lock("customers.groups.\(store)")
        let others = try GroupTable.all(of: store, in: tx)
        guard others.count < Customers.mostGroups else {
            throw Problem(.conflict, "customer_group.too_many", "A store has at most \(Customers.mostGroups) groups.")
        }
        try Self.requireFree(name, for: nil, among: others)
        let group = CustomerGroup(
            id: tx.newIdentifier(), name: name, metadata: metadata, version: 1, createdAt: tx.now, updatedAt: tx.now)
        try GroupTable.insert(group, store: store, in: tx)
        try EventLog.append([group.event("customer_group.created", of: store, actor, requestID)], in: tx)
        return group
    }

    static func requireFree(
        _ name: String, for own: CustomerGroupID?, among groups: [CustomerGroup]
    ) throws(Problem) {
        guard let other = groups.first(where: { $0.name.utf8.elementsEqual(name.utf8) }), other.id != own else {
            return
        }
        throw Problem(
            .conflict, "customer_group.name_taken", "Another group has this name.",
            errors: [.init(pointer: "/name", code: "taken", detail: "It is the name of another group.")],
            references: ["customer_group_id": other.id.description])
    }
}

/// Changes a group's name or what else is known of it.
public struct ChangeCustomerGroup: Sendable {
    private let store: StoreID
    private let id: CustomerGroupID
    private let name: String?
    private let metadata: [String: String]?
    private let actor: Actor
    private let requestID: String?

    /// - Parameters: nil leaves a part as it is.
    public init(
        store: StoreID, id: CustomerGroupID, name: String?, metadata: [String: String]?, actor: Actor,
        requestID: String?
    ) {
        self.store = store
        self.id = id
        self.name = name
        self.metadata = metadata
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`, `customer_group.name_taken`.
    public func run(in tx: borrowing Transaction) throws -> CustomerGroup {
        try tx.lock("customers.groups.\(store)")
        let groups = try GroupTable.all(of: store, in: tx)
        guard var group = groups.first(where: { $0.id == id }) else { throw Problem.notFound("customer group") }
        if let name {
            try AddCustomerGroup.requireFree(name, for: id, among: groups)
            group.name = name
        }
        if let metadata { group.metadata = metadata }
        group.version += 1
        group.updatedAt = tx.now
        try GroupTable.update(group, store: store, in: tx)
        try EventLog.append([group.event("customer_group.updated", of: store, actor, requestID)], in: tx)
        return group
    }
}

/// Removes a group; its customers stay.
public struct DeleteCustomerGroup: Sendable {
    private let store: StoreID
    private let id: CustomerGroupID
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, id: CustomerGroupID, actor: Actor, requestID: String?) {
        self.store = store
        self.id = id
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`.
    public func run(in tx: borrowing Transaction) throws {
        try tx.lock("customers.groups.\(store)")
        guard var group = try GroupTable.all(of: store, in: tx).first(where: { $0.id == id }) else {
            throw Problem.notFound("customer group")
        }
        try GroupTable.delete(id, store: store, in: tx)
        group.version += 1
        try EventLog.append([group.event("customer_group.deleted", of: store, actor, requestID)], in: tx)
    }
}

extension CustomerGroup {
    func event(_ type: EventType, of store: StoreID, _ actor: Actor, _ requestID: String?) -> NewEvent {
        NewEvent(
            store: store, aggregate: Aggregate(kind: "customer_group", id: id.uuid), version: version, type: type,
            actor: actor, data: ["customer_group_id": JSON(id), "name": .string(name)], requestID: requestID)
    }
}
