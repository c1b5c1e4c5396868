import Customers
import HTTPServer
import Persistence
import Primitives

extension ShopAPI {
    var customerGroupEndpoints: [Endpoint] {
        [listCustomerGroups, getCustomerGroup, createCustomerGroup, updateCustomerGroup, deleteCustomerGroup]
    }

    private static let read = Policy(.secretKey("customers:read"), rateLimit: .backOffice)
    private static let write = Policy(.secretKey("customers:write"), rateLimit: .backOffice)
    private static let path = PathShape("group", .identifier(IdentifierKinds.CustomerGroup.self))

    private var listCustomerGroups: Endpoint {
        Endpoint(
            .get, "/api/v1/customer_groups", "listCustomerGroups",
            summary: "All groups of the store by their names; there are at most \(Customers.mostGroups)",
            policy: Self.read, takes: .nothing,
            answers: .ok(.page("CustomerGroupPage", of: CustomerGroupView.shape))
        ) { call in
            let store = try call.store
            return .value(
                try await database.read("customers.groups") { tx in
                    Page(try Self.groupViews(of: store, in: tx), nextCursor: nil)
                })
        }
    }

    private var getCustomerGroup: Endpoint {
        Endpoint(
            .get, "/api/v1/customer_groups/{group}", "getCustomerGroup", summary: "A group of customers",
            policy: Self.read, takes: .path(Self.path), answers: .ok(CustomerGroupView.shape)
        ) { call in
            let store = try call.store
            let id = call.path
            let views = try await database.read("customers.group") { tx in
                try Self.groupViews(of: store, in: tx)
            }
            guard let view = views.first(where: { $0.group.id == id }) else {
                throw Problem.notFound("customer group")
            }
            return .value(view)
        }
    }

    private var createCustomerGroup: Endpoint {
        Endpoint(
            .post, "/api/v1/customer_groups", "createCustomerGroup", summary: "Makes a group of customers",
            policy: Policy(.secretKey("customers:write"), rateLimit: .backOffice, idempotencyKey: .optional),
            takes: .body(CustomerGroupInput.newShape), answers: .created(CustomerGroupView.shape),
            problems: [.conflict: "customer_group.name_taken", .conflict: "customer_group.too_many"]
        ) { call in
            let store = try call.store
            let add = AddCustomerGroup(
                store: store, name: call.body.name ?? "", metadata: call.body.metadata ?? [:], actor: call.actor,
                requestID: call.requestID)
            let request = call.optionalIdempotency
            return .stored(
                try await database.write("customers.create_group") { tx in
                    try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                        let group = try add.run(in: tx)
                        let view = CustomerGroupView(group: group, memberCount: 0)
                        return StoredAnswer(
                            status: 201, body: CustomerGroupView.shape.encode(view), resource: group.id.uuid)
                    }
                })
        }
    }

    private var updateCustomerGroup: Endpoint {
        Endpoint(
            .patch, "/api/v1/customer_groups/{group}", "updateCustomerGroup", summary: "Changes parts of a group",
            policy: Self.write, takes: .path(Self.path, body: CustomerGroupInput.patchShape),
            answers: .ok(CustomerGroupView.shape), problems: [.conflict: "customer_group.name_taken"]
        ) { call in
            let store = try call.store
            let change = ChangeCustomerGroup(
                store: store, id: call.path, name: call.body.name, metadata: call.body.metadata, actor: call.actor,
                requestID: call.requestID)
            return .value(
                try await database.write("customers.update_group") { tx in
                    let group = try change.run(in: tx)
                    let counts = try Customers.memberCounts(of: store, in: tx)
                    return CustomerGroupView(group: group, memberCount: counts[group.id] ?? 0)
                })
        }
    }

    private var deleteCustomerGroup: Endpoint {
        Endpoint(
            .delete, "/api/v1/customer_groups/{group}", "deleteCustomerGroup",
            summary: "Removes a group; its customers stay", policy: Self.write, takes: .path(Self.path),
            answers: .noContent
        ) { call in
            let delete = DeleteCustomerGroup(
                store: try call.store, id: call.path, actor: call.actor, requestID: call.requestID)
            try await database.write("customers.delete_group") { tx in try delete.run(in: tx) }
            return .empty
        }
    }

    private static func groupViews(of store: StoreID, in tx: borrowing Transaction) throws -> [CustomerGroupView] {
        let groups = try Customers.groups(of: store, in: tx)
        let counts = try Customers.memberCounts(of: store, in: tx)
        return groups.map { CustomerGroupView(group: $0, memberCount: counts[$0.id] ?? 0) }
    }
}
