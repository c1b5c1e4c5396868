import EventLog
import HTTPServer
import Orders
import Persistence
import Pricing
import Primitives
import UseCases

extension Dashboard {
    var orderEndpoints: [Endpoint] { [listPage, orderPage, fulfill, annotate, moveOrder, cancel] }

    private static let path = PathShape("order", .identifier(IdentifierKinds.Order.self))

    private var listPage: Endpoint {
        Endpoint(
            .get, "/dashboard", "showDashboard", summary: "The orders of the store",
            policy: Access.reading("orders:read"), takes: .page, answers: .web
        ) { call in
            let store = try call.store
            let search = OrderSearch(call.query)
            let (orders, position) = try await database.read("orders.list") { tx in
                // First: what happens while the page is made is told to it twice rather than never.
                let position = try EventLog.head(in: tx)
                let orders = try Orders.page(
                    search.filter, of: store, after: search.after, limit: OrderSearch.pageSize, in: tx)
                return (orders, position)
            }
            var page = try await page(.orders, "Orders", of: store)
            page.following = .store(after: position)
            return page.answer(OrderListPage(orders: orders.orders, search: search, next: orders.next).html)
        }
    }

    private var orderPage: Endpoint {
        Endpoint(
            .get, "/dashboard/orders/{order}", "showStaffOrder", summary: "An order",
            policy: Access.reading("orders:read"), takes: .page(Self.path), answers: .web
        ) { call in
            try await show(call.path, of: try call.store, notice: Notice(call.query))
        }
    }

    private var fulfill: Endpoint {
        Endpoint(
            .post, "/dashboard/orders/{order}/fulfillments", "sendUnits", summary: "Marks units as sent",
            policy: Access.changing("orders:write"), takes: .form(Self.path), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            let order = try await database.read("orders.find") { tx in try Orders.order(id, of: store, in: tx) }
            guard let order else { throw Problem.notFound("order") }
            let entry = FulfillmentEntry(call.body, of: order)
            var forms = OrderForms(fulfillment: call.body, faults: entry.faults)
            guard entry.faults.isEmpty else { return try await show(id, of: store, forms: forms) }
            let delivery = OrderFulfillment(
                store: store, order: id, lines: entry.lines, location: entry.location,
                trackingNumber: entry.trackingNumber, actor: call.actor, requestID: call.requestID)
            do {
                _ = try await database.write("order.fulfill") { tx in try delivery.run(in: tx).0 }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                forms.faults = Faults(problem, field: entry.field)
                return try await show(id, of: store, forms: forms)
            }
            return Self.done(.fulfilled, id)
        }
    }

    private var annotate: Endpoint {
        Endpoint(
            .post, "/dashboard/orders/{order}/annotation", "saveAnnotation", summary: "Changes the note and the tags",
            policy: Access.changing("orders:write"), takes: .form(Self.path), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            let entry = AnnotationEntry(call.body)
            guard entry.faults.isEmpty else {
                return try await show(id, of: store, forms: OrderForms(annotation: call.body, faults: entry.faults))
            }
            let annotation = AnnotateOrder(
                store: store, order: id, note: entry.note, tags: entry.tags, actor: call.actor,
                requestID: call.requestID)
            _ = try await database.write("order.annotate") { tx in try annotation.run(in: tx) }
            return Self.done(.annotated, id)
        }
    }

    private var moveOrder: Endpoint {
        Endpoint(
            .post, "/dashboard/orders/{order}/delivery", "moveOrder", summary: "Moves an order to another window",
            policy: Access.changing("orders:write"), takes: .form(Self.path), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            var forms = OrderForms(move: call.body)
            guard let window = call.body["delivery_window"].flatMap({ WindowKey($0) }) else {
                forms.faults.add("delivery_window", "Choose a window.")
                return try await show(id, of: store, forms: forms)
            }
            let move = DeliveryMove(
                store: store, order: id, window: window, actor: call.actor, requestID: call.requestID)
            do {
                _ = try await database.write("order.move") { tx in try move.run(in: tx) }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                forms.faults = Faults(problem) { String($0.dropFirst()) }
                return try await show(id, of: store, forms: forms)
            }
            return Self.done(.moved, id)
        }
    }

    private var cancel: Endpoint {
        Endpoint(
            .post, "/dashboard/orders/{order}/cancellation", "cancelWholeOrder", summary: "Cancels an order",
            policy: Access.changing("orders:write"), takes: .form(Self.path), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            let reason = (call.body["reason"] ?? "").replacing("\r\n", with: "\n").trimmed
            var forms = OrderForms(cancellation: call.body)
            guard reason.utf8.count <= 1000 else {
                forms.faults.add("reason", "A reason has at most 1000 bytes.")
                return try await show(id, of: store, forms: forms)
            }
            let cancellation = OrderCancellation(
                store: store, order: id, reason: reason, restocks: call.body["restock"] == "yes", actor: call.actor,
                requestID: call.requestID)
            do {
                _ = try await database.write("order.cancel") { tx in try cancellation.run(in: tx) }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                forms.faults = Faults(problem)
                return try await show(id, of: store, forms: forms)
            }
            return Self.done(.canceled, id)
        }
    }

    private static func done(_ notice: Notice, _ order: OrderID) -> Answer<WebAnswer> {
        .value(.redirect(to: "/dashboard/orders/\(order)?done=\(notice.rawValue)"))
    }

    /// The page of an order as it is now, with what was typed and is wrong.
    private func show(
        _ id: OrderID, of store: StoreID, forms: OrderForms = OrderForms(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("orders.page") { tx in try OrderView.find(id, of: store, in: tx) }
        var page = try await page(.orders, "Order \(view.order.name)", of: store)
        page.following = .order(id, after: view.position)
        page.notice = notice
        page.status = forms.faults.isEmpty ? 200 : 422
        return page.answer(OrderPage(view: view, forms: forms).html)
    }
}
