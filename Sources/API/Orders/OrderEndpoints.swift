import Customers
import EventLog
import Fulfillment
import HTTPServer
import Inventory
import Orders
import Persistence
import Primitives
import Stores
import UseCases

extension ShopAPI {
    var orderEndpoints: [Endpoint] {
        [listOrders, getOrder, listBackorders, enterOrder, annotateOrder, orderTimeline, cancelOrder, fulfillOrder]
    }

    private static let read = Policy(.secretKey("orders:read"), rateLimit: .backOffice)
    private static let write = Policy(.secretKey("orders:write"), rateLimit: .backOffice)
    /// Changes that do harm when they are made twice.
    private static let writeOnce = Policy(
        .secretKey("orders:write"), rateLimit: .backOffice, idempotencyKey: .optional)
    private static let path = PathShape("order", .identifier(IdentifierKinds.Order.self))

    private struct ListQuery: Sendable {
        let filter: OrderFilter
        let limit: Int
        let after: OrderPosition?
    }

    private var listOrders: Endpoint {
        Endpoint(
            .get, "/api/v1/orders", "listOrders",
            summary: "The store's orders, newest first; a page ends early before it has more than 2000 lines",
            policy: Self.read,
            takes: .query(
                QueryShape(
                    .optional("status", .oneOf(OrderStatus.self)),
                    .optional("payment_status", .oneOf(PaymentStatus.self)),
                    .optional("fulfillment_status", .oneOf(FulfillmentStatus.self)),
                    .optional("placed_after", .instant), .optional("placed_before", .instant),
                    .optional("query", .text(1...320)), .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", OrderPosition.cursor)
                ) {
                    ListQuery(
                        filter: OrderFilter(
                            status: $0, paymentStatus: $1, fulfillmentStatus: $2, placedAfter: $3, placedBefore: $4,
                            query: $5), limit: $6, after: $7)
                }),
            answers: .ok(.page("OrderPage", of: Order.output))
        ) { call in
            let store = try call.store
            let query = call.query
            let page = try await database.read("orders.list") { tx in
                try Orders.page(query.filter, of: store, after: query.after, limit: query.limit, in: tx)
            }
            return .value(Page(page.orders, nextCursor: page.next?.text))
        }
    }

    private var getOrder: Endpoint {
        Endpoint(
            .get, "/api/v1/orders/{order}", "getOrder", summary: "An order, for staff or for its buyer",
            policy: Policy(.orderHolderOrSecretKey("orders:read"), rateLimit: .browse), takes: .path(Self.path),
            answers: .ok(Order.output)
        ) { call in
            let store = try call.store
            let id = call.path
            let order = try await database.read("orders.find") { tx in try Orders.order(id, of: store, in: tx) }
            guard var order else { throw Problem.notFound("order") }
            if !call.caller.isStaff {
                // What staff keep for themselves.
                order.tags = []
                order.staffNote = ""
                order.cancelReason = ""
            }
            return .value(order)
        }
    }

    private var listBackorders: Endpoint {
        Endpoint(
            .get, "/api/v1/orders/{order}/backorders", "listOrderBackorders",
            summary: "The units of an order that are not there yet, and when they are expected",
            policy: Policy(.orderHolderOrSecretKey("orders:read"), rateLimit: .browse), takes: .path(Self.path),
            answers: .ok(.page("BackorderPage", of: BackorderView.shape))
        ) { call in
            let (store, id) = (try call.store, call.path)
            let waiting = try await database.read("orders.backorders") { tx in
                guard let order = try Orders.order(id, of: store, in: tx) else { throw Problem.notFound("order") }
                return try BackorderView.all(of: order, in: tx)
            }
            return .value(Page(waiting, nextCursor: nil))
        }
    }

    private var enterOrder: Endpoint {
        Endpoint(
            .post, "/api/v1/orders", "enterOrder", summary: "Enters an order with its own prices",
            policy: Policy(.secretKey("orders:write"), rateLimit: .backOffice, idempotencyKey: .required),
            takes: .body(NewOrder.shape), answers: .created(Order.output),
            problems: [.conflict: "order.external_id_taken", .conflict: "stock.insufficient"]
        ) { call in
            let store = try await store(try call.store)
            let request = try call.idempotency
            let (body, actor, requestID) = (call.body, call.actor, call.requestID)
            return try await withOrderNumber(for: store.id) { number in
                let entry = StaffOrderEntry(
                    store: store, lines: body.lines, placedAt: body.placedAt, externalID: body.externalID,
                    contact: body.contact, tags: body.tags, method: body.method,
                    currency: body.currency, customer: body.customer, number: number, actor: actor,
                    requestID: requestID)
                return try await database.write("order.enter") { tx in
                    let claim = try IdempotencyKeys.claim(request, store: store.id, in: tx)
                    if let earlier = try claim.earlierAnswer(in: tx) { return (earlier, false) }
                    if let customer = body.customer,
                        try Customers.customer(customer, of: store.id, in: tx) == nil
                    {
                        throw Problem.validation("/customer_id", "unknown", "There is no such customer.")
                    }
                    let order = try entry.run(in: tx)
                    let answer = StoredAnswer(status: 201, body: Order.output.encode(order), resource: order.id.uuid)
                    return (try claim.keep(answer, in: tx), true)
                }
            }
        }
    }

    private var annotateOrder: Endpoint {
        Endpoint(
            .patch, "/api/v1/orders/{order}", "annotateOrder", summary: "Changes what staff note on an order",
            policy: Self.write, takes: .path(Self.path, body: OrderPatch.shape), answers: .ok(Order.output)
        ) { call in
            let annotation = AnnotateOrder(
                store: try call.store, order: call.path, note: call.body.staffNote, tags: call.body.tags,
                actor: call.actor, requestID: call.requestID)
            return .value(try await database.write("order.annotate") { tx in try annotation.run(in: tx) })
        }
    }

    private var orderTimeline: Endpoint {
        Endpoint(
            .get, "/api/v1/orders/{order}/events", "listOrderEvents", summary: "The order's timeline, oldest first",
            policy: Self.read,
            takes: .path(
                Self.path,
                query: QueryShape(
                    .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", .integer(1...Int(Int32.max)), default: 0)
                ) { (limit: $0, after: $1) }),
            answers: .ok(.page("EventPage", of: RecordedEvent.output))
        ) { call in
            let store = try call.store
            let (id, query) = (call.path, call.query)
            let events = try await database.read("orders.timeline") { tx in
                let events = try Orders.timeline(
                    of: id, store: store, after: query.after, limit: query.limit + 1, in: tx)
                // An order has events: only where there are none it may be that there is no order.
                if events.isEmpty, try !Orders.hasOrder(id, of: store, in: tx) { throw Problem.notFound("order") }
                return events
            }
            return .value(Page(events, limit: query.limit) { String($0.version) })
        }
    }

    private var cancelOrder: Endpoint {
        Endpoint(
            .post, "/api/v1/orders/{order}/cancellation", "cancelOrder",
            summary: "Cancels an order of which nothing was delivered", policy: Self.writeOnce,
            takes: .path(Self.path, body: NewCancellation.shape), answers: .created(Order.output),
            problems: [.conflict: "order.not_cancelable"]
        ) { call in
            let (store, request) = (try call.store, call.optionalIdempotency)
            let cancellation = OrderCancellation(
                store: store, order: call.path, reason: call.body.reason, restocks: call.body.restocks,
                actor: call.actor, requestID: call.requestID)
            let answer = try await database.write("order.cancel") { tx in
                try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                    let order = try cancellation.run(in: tx)
                    return StoredAnswer(status: 201, body: Order.output.encode(order), resource: order.id.uuid)
                }
            }
            forgetProducts(of: store)
            return .stored(answer)
        }
    }

    private var fulfillOrder: Endpoint {
        Endpoint(
            .post, "/api/v1/orders/{order}/fulfillments", "fulfillOrder",
            summary: "Delivers units of an order; all that is left without lines", policy: Self.writeOnce,
            takes: .path(Self.path, body: NewFulfillment.shape), answers: .created(FulfillmentView.shape),
            problems: [.conflict: "order.not_fulfillable"]
        ) { call in
            let (store, request) = (try call.store, call.optionalIdempotency)
            let delivery = OrderFulfillment(
                store: store, order: call.path, lines: call.body.lines, location: call.body.location,
                trackingNumber: call.body.trackingNumber, actor: call.actor, requestID: call.requestID)
            return .stored(
                try await database.write("order.fulfill") { tx in
                    try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                        let (order, fulfillment) = try delivery.run(in: tx)
                        let view = FulfillmentView(fulfillment: fulfillment, order: order)
                        return StoredAnswer(
                            status: 201, body: FulfillmentView.shape.encode(view), resource: fulfillment.id.uuid)
                    }
                })
        }
    }
}

extension OrderPosition {
    /// The cursor's text: the moment in microseconds, a dot and the order's id.
    var text: String { "\(placedAt.microseconds).\(id)" }

    static let cursor = InputShape<String>.text(
        1...64, pattern: "^-?[0-9]{1,18}\\.ord_[0-7][0-9a-hjkmnp-tv-z]{25}$", expected: "Not a cursor of this list.",
        isAccepted: { OrderPosition($0) != nil }
    ).map { text throws(Problem) in
        guard let position = OrderPosition(text) else { throw Problem.validation("", "format", "Not a cursor.") }
        return position
    }

    private init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let moment = Int64(parts[0]), let id = OrderID(String(parts[1])) else { return nil }
        self.init(placedAt: Instant(microseconds: moment), id: id)
    }
}
