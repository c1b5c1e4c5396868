import Customers
import HTTPServer
import Orders
import Persistence
import Primitives

extension ShopAPI {
    var customerEndpoints: [Endpoint] {
        [listCustomers, getCustomer, createCustomer, updateCustomer, deleteCustomer, listCustomerOrders]
    }

    private static let read = Policy(.secretKey("customers:read"), rateLimit: .backOffice)
    private static let write = Policy(.secretKey("customers:write"), rateLimit: .backOffice)
    private static let path = PathShape("customer", .identifier(IdentifierKinds.Customer.self))

    private struct ListQuery: Sendable {
        let filter: CustomerFilter
        let limit: Int
        let after: CustomerID?
    }

    private var listCustomers: Endpoint {
        Endpoint(
            .get, "/api/v1/customers", "listCustomers",
            summary: "The store's customers, newest first; query finds beginnings of names, addresses and numbers",
            policy: Self.read,
            takes: .query(
                QueryShape(
                    .optional("query", .text(1...320)), .optional("email", .email),
                    .optional("group_id", .identifier(IdentifierKinds.CustomerGroup.self)),
                    .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", .identifier(IdentifierKinds.Customer.self))
                ) { ListQuery(filter: CustomerFilter(query: $0, email: $1, group: $2), limit: $3, after: $4) }),
            answers: .ok(.page("CustomerPage", of: CustomerView.shape))
        ) { call in
            let store = try call.store
            let query = call.query
            let views = try await database.read("customers.list") { tx in
                try Self.views(
                    of: Customers.page(query.filter, of: store, after: query.after, limit: query.limit + 1, in: tx),
                    store: store, in: tx)
            }
            return .value(Page(views, limit: query.limit) { $0.customer.id.description })
        }
    }

    private var getCustomer: Endpoint {
        Endpoint(
            .get, "/api/v1/customers/{customer}", "getCustomer", summary: "A customer", policy: Self.read,
            takes: .path(Self.path), answers: .ok(CustomerView.shape)
        ) { call in
            let store = try call.store
            let id = call.path
            let view = try await database.read("customers.find") { tx in
                try Self.views(
                    of: [Customers.customer(id, of: store, in: tx)].compactMap(\.self), store: store, in: tx
                ).first
            }
            guard let view else { throw Problem.notFound("customer") }
            return .value(view)
        }
    }

    private var createCustomer: Endpoint {
        Endpoint(
            .post, "/api/v1/customers", "createCustomer",
            summary: "Makes a customer; one customer has an e-mail address, whatever its case",
            policy: Policy(.secretKey("customers:write"), rateLimit: .backOffice, idempotencyKey: .optional),
            takes: .body(CustomerDetails.shape), answers: .created(CustomerView.shape),
            problems: [.conflict: "customer.email_taken"]
        ) { call in
            let store = try call.store
            let add = AddCustomer(store: store, details: call.body, actor: call.actor, requestID: call.requestID)
            let request = call.optionalIdempotency
            return .stored(
                try await database.write("customers.create") { tx in
                    try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                        let customer = try add.run(in: tx)
                        let view = CustomerView(customer: customer, orderCount: 0)
                        return StoredAnswer(
                            status: 201, body: CustomerView.shape.encode(view), resource: customer.id.uuid)
                    }
                })
        }
    }

    private var updateCustomer: Endpoint {
        Endpoint(
            .patch, "/api/v1/customers/{customer}", "updateCustomer",
            summary: "Changes parts of a customer; lists are replaced whole, an empty text clears address and number",
            policy: Self.write, takes: .path(Self.path, body: CustomerPatch.shape), answers: .ok(CustomerView.shape),
            problems: [.conflict: "customer.email_taken"]
        ) { call in
            let store = try call.store
            let patch = call.body
            let change = ChangeCustomer(
                store: store, id: call.path, actor: call.actor, requestID: call.requestID,
                change: { patch.apply(to: &$0) })
            let view = try await database.write("customers.update") { tx in
                try Self.views(of: [change.run(in: tx)], store: store, in: tx)[0]
            }
            return .value(view)
        }
    }

    private var deleteCustomer: Endpoint {
        Endpoint(
            .delete, "/api/v1/customers/{customer}", "deleteCustomer",
            summary: "Removes a customer; orders keep their copies", policy: Self.write, takes: .path(Self.path),
            answers: .noContent
        ) { call in
            let delete = DeleteCustomer(
                store: try call.store, id: call.path, actor: call.actor, requestID: call.requestID)
            try await database.write("customers.delete") { tx in try delete.run(in: tx) }
            return .empty
        }
    }

    private var listCustomerOrders: Endpoint {
        Endpoint(
            .get, "/api/v1/customers/{customer}/orders", "listCustomerOrders",
            summary: "A customer's orders, newest first; a new one is there within seconds",
            policy: Policy(.secretKey("orders:read"), rateLimit: .backOffice),
            takes: .path(
                Self.path,
                query: QueryShape(
                    .optional("limit", .integer(1...100), default: 20), .optional("cursor", OrderPosition.cursor)
                ) { (limit: $0, after: $1) }),
            answers: .ok(.page("OrderPage", of: Order.output))
        ) { call in
            let store = try call.store
            let (id, query) = (call.path, call.query)
            let page = try await database.read("customers.orders") { tx in
                let after = query.after.map { CustomerOrder(order: $0.id, placedAt: $0.placedAt) }
                let found = try Customers.orders(of: id, store: store, after: after, limit: query.limit + 1, in: tx)
                // Only where there are none it may be that there is no customer.
                if found.isEmpty, try Customers.customer(id, of: store, in: tx) == nil {
                    throw Problem.notFound("customer")
                }
                let shown = found.prefix(query.limit)
                let orders = try Orders.orders(shown.map(\.order), of: store, in: tx)
                let byID = Dictionary(orders.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
                let next = found.count > shown.count ? shown.last : nil
                return Page(
                    shown.compactMap { byID[$0.order] },
                    nextCursor: next.map { OrderPosition(placedAt: $0.placedAt, id: $0.order).text })
            }
            return .value(page)
        }
    }

    private static func views(
        of customers: [Customer], store: StoreID, in tx: borrowing Transaction
    ) throws -> [CustomerView] {
        guard !customers.isEmpty else { return [] }
        let counts = try Customers.orderCounts(of: customers.map(\.id), store: store, in: tx)
        return customers.map { CustomerView(customer: $0, orderCount: counts[$0.id] ?? 0) }
    }
}
