import Customers
import HTTPServer
import Orders
import Persistence
import Primitives

extension Dashboard {
    var customerEndpoints: [Endpoint] { [customerList, addCustomer, customerPage, saveCustomer, removeCustomer] }

    private static let path = PathShape("customer", .identifier(IdentifierKinds.Customer.self))
    private static let reading = Access.reading("customers:read")
    private static let changing = Access.changing("customers:write")

    private var customerList: Endpoint {
        Endpoint(
            .get, "/dashboard/customers", "showCustomers", summary: "The customers of the store",
            policy: Self.reading, takes: .page, answers: .web
        ) { call in
            try await list(call.query, of: try call.store, notice: Notice(call.query))
        }
    }

    private var addCustomer: Endpoint {
        Endpoint(
            .post, "/dashboard/customers", "addCustomer", summary: "Makes a customer", policy: Self.changing,
            takes: .form, answers: .web
        ) { call in
            let store = try call.store
            let entry = CustomerEntry(call.body, isWhole: false)
            guard entry.faults.isEmpty else {
                return try await list(Form(), of: store, typed: call.body, faults: entry.faults)
            }
            var details = CustomerDetails()
            entry.apply(to: &details)
            let add = AddCustomer(store: store, details: details, actor: call.actor, requestID: call.requestID)
            do {
                let customer = try await database.write("customers.create") { tx in try add.run(in: tx) }
                return .value(.redirect(to: "/dashboard/customers/\(customer.id)?done=\(Notice.kept.rawValue)"))
            } catch let problem as Problem where Faults.canBeShown(problem) {
                let faults = Faults(problem, field: CustomerEntry.field)
                return try await list(Form(), of: store, typed: call.body, faults: faults)
            }
        }
    }

    private var customerPage: Endpoint {
        Endpoint(
            .get, "/dashboard/customers/{customer}", "showCustomer", summary: "A customer with their orders",
            policy: Self.reading, takes: .page(Self.path), answers: .web
        ) { call in
            try await show(call.path, of: try call.store, query: call.query, notice: Notice(call.query))
        }
    }

    private var saveCustomer: Endpoint {
        Endpoint(
            .post, "/dashboard/customers/{customer}", "saveCustomer", summary: "Changes a customer",
            policy: Self.changing, takes: .form(Self.path), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            let entry = CustomerEntry(call.body, isWhole: true)
            guard entry.faults.isEmpty else {
                return try await show(id, of: store, typed: call.body, faults: entry.faults)
            }
            let change = ChangeCustomer(
                store: store, id: id, actor: call.actor, requestID: call.requestID,
                change: { entry.apply(to: &$0) })
            do {
                _ = try await database.write("customers.update") { tx in try change.run(in: tx) }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                let faults = Faults(problem, field: CustomerEntry.field)
                return try await show(id, of: store, typed: call.body, faults: faults)
            }
            return .value(.redirect(to: "/dashboard/customers/\(id)?done=\(Notice.kept.rawValue)"))
        }
    }

    private var removeCustomer: Endpoint {
        Endpoint(
            .post, "/dashboard/customers/{customer}/removal", "removeCustomer",
            summary: "Forgets a customer; orders keep their copies", policy: Self.changing,
            takes: .form(Self.path), answers: .web
        ) { call in
            let delete = DeleteCustomer(
                store: try call.store, id: call.path, actor: call.actor, requestID: call.requestID)
            try await database.write("customers.delete") { tx in try delete.run(in: tx) }
            return .value(.redirect(to: "/dashboard/customers?done=\(Notice.removed.rawValue)"))
        }
    }

    private func list(
        _ query: Form, of store: StoreID, typed: Form? = nil, faults: Faults = Faults(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let text = String((query["q"] ?? "").prefix(200)).trimmed
        let group = query["group"].flatMap { CustomerGroupID($0) }
        let after = query["after"].flatMap { CustomerID($0) }
        let filter = CustomerFilter(query: text.isEmpty ? nil : text, group: group)
        let view = try await database.read("customers.list") { tx in
            let found = try Customers.page(filter, of: store, after: after, limit: Self.pageSize + 1, in: tx)
            let shown = Array(found.prefix(Self.pageSize))
            return CustomerListPage(
                customers: shown, orders: try Customers.orderCounts(of: shown.map(\.id), store: store, in: tx),
                groups: try Customers.groups(of: store, in: tx), text: text, group: group,
                isBeginning: after == nil, next: found.count > shown.count ? shown.last?.id : nil, typed: typed,
                faults: faults)
        }
        var page = try await page(.customers, "Customers", of: store)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }

    private func show(
        _ id: CustomerID, of store: StoreID, query: Form = Form(), typed: Form? = nil, faults: Faults = Faults(),
        notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let after = CustomerOrder(text: query["after"] ?? "")
        let view = try await database.read("customers.page") { tx in
            guard let customer = try Customers.customer(id, of: store, in: tx) else {
                throw Problem.notFound("customer")
            }
            let found = try Customers.orders(of: id, store: store, after: after, limit: 21, in: tx)
            let shown = Array(found.prefix(20))
            let orders = try Orders.orders(shown.map(\.order), of: store, in: tx)
            return CustomerPage(
                customer: customer, orderCount: try Customers.orderCounts(of: [id], store: store, in: tx)[id] ?? 0,
                orders: shown.compactMap { place in orders.first { $0.id == place.order } },
                isBeginning: after == nil, next: found.count > shown.count ? shown.last : nil,
                groups: try Customers.groups(of: store, in: tx), typed: typed, faults: faults)
        }
        var page = try await page(.customers, view.customer.title, of: store)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}

extension CustomerOrder {
    /// For an address: the moment in microseconds, a dot and the order's id.
    var text: String { "\(placedAt.microseconds).\(order)" }

    init?(text: String) {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let moment = Int64(parts[0]), let order = OrderID(String(parts[1])) else { return nil }
        self.init(order: order, placedAt: Instant(microseconds: moment))
    }
}
