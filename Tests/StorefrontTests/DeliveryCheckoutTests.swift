import Orders
import Persistence
import Pricing
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct DeliveryCheckoutTests {
    /// Post to everywhere, a van with windows in Edinburgh, and the shop's door. It is Thursday 2026-01-15.
    private func configure(_ shop: LiveStorefront, capacity: Int = 1) async throws {
        let slots = try ["10:00", "14:00"].map { start in
            WindowSchedule.Slot(
                weekday: .friday, starts: try #require(TimeOfDay(start)), ends: try #require(TimeOfDay("18:00")),
                capacity: capacity)
        }
        var settings = DeliverySettings.initial
        settings.timeZone = "Europe/London"
        settings.locations = [PickupLocation(id: "shop", title: "The Larder", address: ["3 Quay Row", "Leith"])]
        settings.options[0].rate = .flat(300)
        settings.options += [
            DeliveryOption(
                id: "van", title: "Our van", kind: .local, area: LocalArea(country: "GB", postalCodes: ["EH*"]),
                rate: .flat(200), schedule: WindowSchedule(slots: slots)),
            DeliveryOption(id: "fetch", title: "Fetch it", kind: .pickup, location: "shop"),
        ]
        let save = try SaveDeliverySettings(
            store: shop.maya.store.id, settings: settings, actor: .system, requestID: nil)
        _ = try await shop.maya.database.write("test.delivery") { tx in try save.run(in: tx) }
    }

    private func fill(_ browser: Browser) async throws {
        _ = try await browser.post("/basket", ["product": "country-loaf", "option-0": "Whole", "quantity": "1"])
    }

    private func order(at address: String, _ shop: LiveStorefront) async throws -> Order {
        let id = try #require(OrderID(String(address.split(separator: "/")[1])))
        return try #require(try await shop.maya.order(id))
    }

    @Test(arguments: TestEngine.available)
    func `a buyer without scripts sees the ways of the address, chooses a window and orders`(
        _ engine: TestEngine
    ) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            try await configure(shop)
            let browser = shop.browser
            try await fill(browser)
            let empty = try await browser.get("/checkout")
            #expect(empty.text.contains("Our van: Whether this is possible depends on the address."))
            #expect(!empty.text.contains("name=\"window-van\""))
            #expect(empty.text.contains("The Larder, 3 Quay Row, Leith"))

            var form = LiveStorefront.filled
            form["action"] = "delivery"
            let ways = try await browser.post("/checkout", form)
            #expect(ways.status == 200)
            #expect(ways.text.contains("Friday 16 January, 10:00–18:00, 1 left"))
            form["action"] = nil
            form["delivery"] = "van"
            form["expected_total"] = "680 GBP"
            let unchosen = try await browser.post("/checkout", form)
            #expect(unchosen.status == 422)
            #expect(unchosen.faults == ["window-van: Choose a delivery window."])
            form["window-van"] = "van.1768557600"
            form["expected_total"] = "480 GBP"
            let dearer = try await browser.post("/checkout", form)
            #expect(dearer.status == 409)
            #expect(dearer.text.contains("The total is now £6.80"))
            #expect(try await shop.maya.count(of: .orders) == 0)
            form["expected_total"] = "680 GBP"
            let placed = try await browser.post("/checkout", form)
            #expect(placed.address.hasPrefix("/orders/ord_"))
            #expect(placed.text.contains("Friday 16 January, 10:00–18:00"))
            #expect(try await order(at: placed.address, shop).delivery.window?.id == "van.1768557600")

            // The window is full: the next buyer is told beside the field, and takes the other.
            let next = Browser(port: shop.port)
            try await fill(next)
            let full = try await next.post("/checkout", form)
            #expect(full.status == 409)
            #expect(full.faults == ["window-van: This window is full now: choose another."])
            form["window-van"] = "van.1768572000"
            #expect(try await next.post("/checkout", form).address.hasPrefix("/orders/ord_"))
            #expect(try await shop.maya.count(of: .orders) == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `who fetches an order gives no address and is told where to go`(_ engine: TestEngine) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            try await configure(shop)
            let browser = shop.browser
            try await fill(browser)
            let placed = try await browser.post(
                "/checkout",
                [
                    "email": "zoe@example.com", "delivery": "fetch", "payment": "cash_on_delivery", "country": "GB",
                    "expected_total": "480 GBP",
                ])
            #expect(placed.address.hasPrefix("/orders/ord_"))
            #expect(placed.text.contains("The Larder<br>3 Quay Row<br>Leith"))
            let order = try await order(at: placed.address, shop)
            #expect(order.contact.shippingAddress == nil)
            #expect(order.totals.shipping.amount == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a way that is not possible at the address is refused and nothing typed is lost`(
        _ engine: TestEngine
    ) async throws {
        try await LiveStorefront.open(engine) { shop in
            _ = try await shop.loaf()
            try await configure(shop)
            let browser = shop.browser
            try await fill(browser)
            var form = LiveStorefront.filled
            form["postal_code"] = "G1 1AA"
            form["delivery"] = "van"
            let refused = try await browser.post("/checkout", form)
            #expect(refused.status == 422)
            #expect(refused.faults == ["delivery: This is not possible at this address."])
            #expect(refused.text.contains("value=\"G1 1AA\""))
            #expect(try await shop.maya.count(of: .orders) == 0)
            form["delivery"] = "rocket"
            let unknown = try await browser.post("/checkout", form)
            #expect(unknown.status == 422)
        }
    }
}
