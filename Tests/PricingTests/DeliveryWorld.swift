import Catalog
import Orders
import Payments
import Persistence
import Pricing
import Primitives
import ShopWorld
import Stores
import Testing
import UseCases

extension World {
    /// Maya's Larder in Leith: a courier by weight, a van with windows, and the shop's door. It is Thursday
    /// 2026-01-15, 09:30 in London.
    static func larder(capacity: Int = 2) throws -> DeliverySettings {
        DeliverySettings(
            timeZone: "Europe/London",
            zones: [DeliveryZone(id: "britain", title: "Britain", areas: [.init(country: "GB")])],
            locations: [PickupLocation(id: "shop", title: "The Larder", address: ["3 Quay Row", "Leith"])],
            options: [
                DeliveryOption(
                    id: "courier", title: "Courier", kind: .shipping, zones: ["britain"], rate: .flat(495),
                    freeFrom: 5000, transit: .init(1, 2)),
                DeliveryOption(
                    id: "van", title: "Our van", kind: .local,
                    area: LocalArea(country: "GB", postalCodes: ["EH*"]), rate: .flat(250), minimumOrder: 400,
                    schedule: WindowSchedule(
                        slots: [
                            .init(
                                weekday: .friday, starts: try .at("10:00"), ends: try .at("12:00"), capacity: capacity),
                            .init(
                                weekday: .friday, starts: try .at("16:00"), ends: try .at("18:00"), capacity: capacity),
                        ])),
                DeliveryOption(id: "fetch", title: "Fetch it", kind: .pickup, location: "shop"),
            ])
    }

    static func morning() throws -> WindowKey { WindowKey(method: "van", startsAt: try .at("2026-01-16T10:00:00Z")) }
    static func afternoon() throws -> WindowKey { WindowKey(method: "van", startsAt: try .at("2026-01-16T16:00:00Z")) }

    /// A buyer in Leith.
    static let neighbour = Contact(
        email: EmailAddress("zoë@example.com"),
        shippingAddress: Address(
            name: "Zoë Wölfle", line1: "3 Quay Row", city: "Leith", postalCode: "EH6 6QW", country: "GB"))

    /// Tells the store how to deliver.
    @discardableResult
    func configure(_ settings: DeliverySettings) async throws -> DeliverySettings {
        let save = try SaveDeliverySettings(store: store.id, settings: settings, actor: .system, requestID: nil)
        return try await database.write("test.delivery") { tx in try save.run(in: tx) }
    }

    /// An open checkout with a choice of delivery.
    func checkout(
        _ variant: Variant, method: String?, window: WindowKey? = nil, contact: Contact = World.neighbour
    ) async throws -> Checkout {
        let opened = try await checkout([(variant, 1)], contact: contact)
        var change = ChangeCheckout(store: store.id, id: opened.id)
        change.deliveryMethod = .set(method)
        change.deliveryWindow = .set(window?.id)
        let wanted = change
        return try await database.write("test.choose") { tx in try wanted.run(in: tx) }
    }

    /// How many orders each window has.
    func taken() async throws -> [String: Int] {
        try await database.read("test.windows") { [store] tx in
            let rows = try Pricing.takenWindows(of: store.id, from: .earliest, through: .latest, in: tx).rows()
            return Dictionary(uniqueKeysWithValues: rows.map { ($0.0.id, $0.1) })
        }
    }

    /// The orders that have places, and what does not add up.
    func booked() async throws -> (orders: [OrderID], contradictions: [String]) {
        try await database.read("test.bookings") { [store] tx in
            (
                orders: try Pricing.bookings(of: store.id, from: .earliest, through: .latest, limit: 1000, in: tx).map(
                    \.1),
                contradictions: try Pricing.contradictions(in: tx)
            )
        }
    }

    /// What becomes of an attempt to order.
    func outcome(_ checkout: CheckoutID, number: Int) async -> String {
        do {
            _ = try await place(checkout, number: number)
            return "placed"
        } catch let problem as Problem {
            return problem.code
        } catch {
            return "\(error)"
        }
    }
}
