import Catalog
import DesignSystem
import HTTPServer
import Markup
import Orders
import Payments
import Persistence
import Primitives
import Stores

extension Storefront {
    var orderEndpoints: [Endpoint] { [showOrder, returnToOrder, payAgain] }

    private static let holding = Policy(
        .anyone, rateLimit: RateLimitClass("order_page", requests: 120, perSeconds: 60), timeoutSeconds: 30)
    private static let path = PathShape(
        "order", .identifier(IdentifierKinds.Order.self), "token", .text(1...200))
    /// Events that an order's page shows at most.
    private static let longestTimeline = 200

    private var showOrder: Endpoint {
        Endpoint(
            .get, "/orders/{order}/{token}", "showOrder", summary: "How an order is getting on", policy: Self.holding,
            takes: .page(Self.path), answers: .web
        ) { call in
            let shop = try await shop(holding: call.path)
            return .value(
                try await orderPage(call.path.0, of: shop, basketCount: Basket.count(call.cookie(Basket.countCookie))))
        }
    }

    /// Where the provider sends the browser back to. What became of the payment is asked of the provider, because its
    /// message may still be on its way.
    private var returnToOrder: Endpoint {
        Endpoint(
            .get, "/orders/{order}/{token}/return", "returnToOrder", summary: "From the payment page to the order's",
            policy: Self.holding, takes: .page(Self.path), answers: .web
        ) { call in
            let shop = try await shop(holding: call.path)
            // However often the page is loaded again, the provider is asked seldom.
            _ = try await lookUps.value(for: call.path.0) { [payments] in
                await payments.lookUp(order: call.path.0, store: shop.store.id, requestID: call.requestID)
            }
            return .value(.redirect(to: orderAddress(call.path.0, of: shop.store.id).description))
        }
    }

    private var payAgain: Endpoint {
        Endpoint(
            .post, "/orders/{order}/{token}/payment", "payAgain", summary: "To the payment page, while there is time",
            policy: Self.holding, takes: .form(Self.path), answers: .web
        ) { call in
            let shop = try await shop(holding: call.path)
            let address = orderAddress(call.path.0, of: shop.store.id)
            do {
                let payment = try await payments.again(
                    order: call.path.0, store: shop.store, method: .card, returnURL: "\(origin())\(address)/return",
                    requestID: call.requestID)
                if let target = payment.redirectURL { return .value(.redirect(to: target)) }
                return .value(
                    try await orderPage(
                        call.path.0, of: shop, error: "The payment page cannot be reached. Try again in a minute.",
                        status: 503))
            } catch let problem as Problem where problem.code == "payment.not_needed" {
                return .value(.redirect(to: address.description))
            } catch let problem as Problem where problem.code == "payment.in_progress" {
                return .value(
                    try await orderPage(
                        call.path.0, of: shop, error: "The payment page is being opened. Try again in a moment.",
                        status: 409))
            } catch let problem as Problem where problem.code == "payment.too_late" {
                return .value(
                    try await orderPage(
                        call.path.0, of: shop, error: "The time to pay this order has run out. Please order again.",
                        status: 410))
            }
        }
    }

    /// The shop of the order that the token opens.
    /// - Throws: `not_found`.
    private func shop(holding path: (OrderID, String)) async throws -> Shop {
        guard let store = tokens.store(of: path.1, for: path.0) else { throw Problem.notFound("order") }
        return try await shop(of: store)
    }

    /// The order's own page, which its token opens.
    func orderAddress(_ order: OrderID, of store: StoreID) -> WebAddress {
        "/orders/\(order)/\(tokens.token(for: order, of: store))"
    }

    private func orderPage(
        _ id: OrderID, of shop: Shop, basketCount: Int = 0, error: String? = nil, status: Int = 200
    ) async throws -> WebAnswer {
        let address = orderAddress(id, of: shop.store.id)
        let page = try await database.read("storefront.order") { tx -> OrderPage? in
            guard let order = try Orders.order(id, of: shop.store.id, in: tx) else { return nil }
            let displays = try Catalog.displays(of: order.lines.compactMap(\.variant), of: shop.store.id, in: tx)
            let events = try Orders.timeline(
                of: id, store: shop.store.id, after: 0, limit: Self.longestTimeline, in: tx)
            return OrderPage(
                order: order, events: events,
                displays: Dictionary(
                    try displays.rows().map { ($0.variant, $0) }, uniquingKeysWith: { first, _ in first }),
                address: address, error: error)
        }
        guard let page else { throw Problem.notFound("order") }
        return .shop(
            EncodedBody(page.render(Frame(shop: shop, basketCount: basketCount))), status: status,
            targets: page.canPay ? payingTargets : .ownPages)
    }
}
