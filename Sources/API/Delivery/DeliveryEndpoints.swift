import HTTPServer
import Orders
import Persistence
import Pricing
import Primitives
import Stores
import UseCases

extension ShopAPI {
    var deliveryEndpoints: [Endpoint] {
        [getDeliverySettings, setDeliverySettings, listDeliveryWindows, moveDelivery]
    }

    private var getDeliverySettings: Endpoint {
        Endpoint(
            .get, "/api/v1/settings/delivery", "getDeliverySettings",
            summary: "How the store delivers: zones, methods, prices, windows and closing days",
            policy: Policy(.secretKey("settings:read"), rateLimit: .backOffice), takes: .nothing,
            answers: .ok(DeliverySettingsView.shape)
        ) { call in
            let store = try await store(try call.store)
            let settings = try await database.read("delivery.settings") { tx in
                try Pricing.deliverySettings(of: store.id, in: tx).settings()
            }
            return .value(DeliverySettingsView(settings: settings ?? .initial, currency: store.currency))
        }
    }

    private var setDeliverySettings: Endpoint {
        Endpoint(
            .put, "/api/v1/settings/delivery", "setDeliverySettings",
            summary: "Replaces how the store delivers; `version` is the one that was read, 0 at first",
            policy: Policy(.secretKey("settings:write"), rateLimit: .backOffice),
            takes: .body(NewDeliverySettings.shape), answers: .ok(DeliverySettingsView.shape),
            problems: [.conflict: "delivery_settings.changed"]
        ) { call in
            let store = try await store(try call.store)
            let save = try SaveDeliverySettings(
                store: store.id, settings: call.body.settings(in: store.currency), actor: call.actor,
                requestID: call.requestID)
            let saved = try await database.write("delivery.configure") { tx in try save.run(in: tx) }
            return .value(DeliverySettingsView(settings: saved, currency: store.currency))
        }
    }

    private struct WindowQuery: Sendable {
        let method: String
        let after: Instant?
        let limit: Int
    }

    private var listDeliveryWindows: Endpoint {
        Endpoint(
            .get, "/api/v1/checkouts/{checkout}/delivery_windows", "listDeliveryWindows",
            summary: "The windows of one of the checkout's methods; `next_cursor` is the next page's `after`",
            policy: Policy(.checkoutHolder, rateLimit: .checkout),
            takes: .path(
                PathShape("checkout", .identifier(IdentifierKinds.Checkout.self)),
                query: QueryShape(
                    .required("method", .text(1...60)), .optional("after", .instant),
                    .optional("limit", .integer(1...100), default: 20)
                ) { WindowQuery(method: $0, after: $1, limit: $2) }),
            answers: .ok(.page("DeliveryWindowPage", of: DeliveryQuote.OfferedWindow.output))
        ) { call in
            let store = try await store(try call.store)
            let (id, query) = (call.path, call.query)
            let windows = try await database.read("checkout.windows") { tx in
                guard let checkout = try Orders.checkout(id, of: store.id, in: tx) else {
                    throw Problem.notFound("checkout")
                }
                return try CheckoutQuote.load(checkout, store: store, in: tx).delivery.windows(
                    of: query.method, after: query.after, limit: query.limit + 1, store: store.id, in: tx)
            }
            return .value(Page(windows, limit: query.limit) { $0.window.startsAt.description })
        }
    }

    private var moveDelivery: Endpoint {
        Endpoint(
            .put, "/api/v1/orders/{order}/delivery_window", "moveDelivery",
            summary: "Moves an order to another window of its method",
            policy: Policy(.secretKey("orders:write"), rateLimit: .backOffice),
            takes: .path(
                PathShape("order", .identifier(IdentifierKinds.Order.self)), body: NewOrderWindow.shape),
            answers: .ok(Order.output),
            problems: [.conflict: "delivery_window.full", .conflict: "order.not_movable"]
        ) { call in
            let move = DeliveryMove(
                store: try call.store, order: call.path, window: call.body.window, actor: call.actor,
                requestID: call.requestID)
            return .value(try await database.write("order.move") { tx in try move.run(in: tx) })
        }
    }
}
