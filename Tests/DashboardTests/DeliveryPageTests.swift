import Catalog
import Orders
import Persistence
import Pricing
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct DeliveryPageTests {
    private static let path = "/dashboard/delivery"

    private func stored(_ shop: LiveDashboard) async throws -> DeliverySettings? {
        try await shop.maya.database.read("test.delivery") { [store = shop.maya.store.id] tx in
            try Pricing.deliverySettings(of: store, in: tx).settings()
        }
    }

    @Test(arguments: TestEngine.available)
    func `a store is set up page by page, and each page shows what was saved`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let done = "303 \(Self.path)/settings?done=delivering"
            #expect(try await owner.get("\(Self.path)/settings").text.contains("Standard delivery"))
            let calendar = try await owner.post(
                "\(Self.path)/settings",
                [
                    "version": "0", "time_zone": "Europe/London", "working_days": "monday", "order_cutoff": "14:00",
                    "closing_days": "2026-12-25 Christmas *\r\n2026-12-29 to 2026-12-31 Stocktaking",
                ])
            #expect(calendar.verdict == done)
            let zone = try await owner.post(
                "\(Self.path)/zones/new",
                [
                    "version": "1", "id": "lothian", "title": "Lothian", "areas": "GB [Lothian]: EH*, FK1 *\nIE",
                ])
            #expect(zone.verdict == done)
            let location = try await owner.post(
                "\(Self.path)/locations/new",
                [
                    "version": "2", "id": "shop", "title": "The Larder", "address": "3 Quay Row\nLeith",
                    "hours": "Monday-Friday 09:00-17:00",
                ])
            #expect(location.verdict == done)
            let method = try await owner.post(
                "\(Self.path)/methods/new",
                [
                    "version": "3", "id": "van", "title": "Our van", "kind": "local", "area_country": "GB",
                    "area_codes": "EH*", "basis": "weight", "steps": "0: 2.50\n5000: 4", "up_to": "20000",
                    "free_from": "40", "processing_least": "0", "processing_most": "0", "transit_least": "0",
                    "transit_most": "0", "delivers_on": "friday", "times": "Thursday-Friday 10:00-12:00 8",
                    "lead_minutes": "60", "days_ahead": "14", "cutoff_days": "1", "cutoff_time": "18:00",
                ])
            #expect(method.verdict == done)

            let settings = try #require(try await stored(shop))
            #expect(settings.version == 4)
            #expect(settings.closings.map(\.stopsCarriers) == [true, false])
            #expect(settings.closings.map(\.title) == ["Christmas", "Stocktaking"])
            #expect(
                settings.zones.last?.areas == [
                    .init(country: "GB", regions: ["Lothian"], postalCodes: ["EH*", "FK1 *"]), .init(country: "IE"),
                ])
            #expect(settings.locations.first?.hours.count == 5)
            let van = try #require(settings.options.last)
            #expect(
                van.rate
                    == DeliveryRate(
                        basis: .weight, steps: [.init(from: 0, price: 250), .init(from: 5000, price: 400)], upTo: 20_000
                    ))
            #expect(van.freeFrom == 4000)
            #expect(van.schedule?.slots.map(\.capacity) == [8, 8])
            #expect(van.schedule?.cutoff?.daysBefore == 1)

            let page = try await owner.get("\(Self.path)/methods/van")
            for text in ["0: 2.50\n5000: 4.00", "Thursday 10:00-12:00 8", "value=\"40.00\"", "value=\"18:00\""] {
                #expect(page.text.contains(text), "\(text)")
            }
            // What a page shows can be saved again, and what is removed is gone.
            let gone = try await owner.post("\(Self.path)/zones/lothian", ["version": "4", "action": "remove"])
            #expect(gone.verdict == done)
            #expect(try await stored(shop)?.zones.map(\.id) == ["everywhere"])
            #expect(try await owner.get("\(Self.path)/zones/lothian").status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a day shows its windows and orders, and an order moves from its page`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            #expect(try await owner.get(Self.path).text.contains("No windows on this day"))
            let slots = try ["10:00", "14:00"].map { start in
                WindowSchedule.Slot(
                    weekday: .friday, starts: try #require(TimeOfDay(start)), ends: try #require(TimeOfDay("18:00")),
                    capacity: 1)
            }
            let van = DeliveryOption(
                id: "van", title: "Our van", kind: .local, area: LocalArea(country: "GB", postalCodes: ["EH*"]),
                schedule: WindowSchedule(slots: slots))
            let settings = DeliverySettings(timeZone: "Europe/London", options: [van])
            let save = try SaveDeliverySettings(
                store: shop.maya.store.id, settings: settings, actor: .system, requestID: nil)
            _ = try await shop.maya.database.write("test.delivery") { tx in try save.run(in: tx) }
            let contact = Contact(
                email: EmailAddress("zoë@example.com"),
                shippingAddress: Address(
                    name: "Zoë Wölfle", line1: "3 Quay Row", city: "Leith", postalCode: "EH6 6QW", country: "GB"))
            let opened = try await shop.maya.checkout([(shop.maya.variant(stock: 3), 1)], contact: contact)
            var change = ChangeCheckout(store: shop.maya.store.id, id: opened.id)
            change.deliveryWindow = .set("van.1768557600")
            let wanted = change
            _ = try await shop.maya.database.write("test.choose") { tx in try wanted.run(in: tx) }
            let order = try await shop.maya.place(opened.id).order

            let day = try await owner.get("\(Self.path)?day=2026-01-16")
            for text in [
                "10:00–18:00", "1 of 1", "Full", "0 of 1", "1 free", "Zoë Wölfle", "3 Quay Row, EH6 6QW Leith",
            ] {
                #expect(day.text.contains(text), "\(text)")
            }
            let path = "/dashboard/orders/\(order.id)"
            let page = try await owner.get(path)
            #expect(page.text.contains("Friday 16 January, 10:00–18:00"))
            #expect(page.text.contains("Move to another window"))
            let moved = try await owner.post("\(path)/delivery", ["delivery_window": "van.1768572000"])
            #expect(moved.verdict == "303 \(path)?done=moved")
            #expect(try await owner.get(path).text.contains("To Friday 16 January, 14:00–18:00"))
            let wrong = try await owner.post("\(path)/delivery", ["delivery_window": "van.1768572001"])
            #expect(wrong.status == 422)
            #expect(wrong.text.contains("id=\"delivery_window-error\""))
            #expect(try await shop.maya.order(order.id)?.delivery.window?.id == "van.1768572000")
        }
    }

    @Test(arguments: TestEngine.available)
    func `what cannot be read or makes no sense is said beside its field and kept`(
        _ engine: TestEngine
    ) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let cases: [(String, KeyValuePairs<String, String>, String)] = [
                ("settings", ["version": "0", "time_zone": "Mars/Base", "working_days": "monday"], "time_zone"),
                ("settings", ["version": "0", "time_zone": "UTC"], "working_days"),
                ("settings", ["version": "0", "time_zone": "UTC", "closing_days": "Christmas"], "closing_days"),
                ("zones/new", ["version": "0", "id": "a", "title": "A", "areas": "Britain"], "areas"),
                ("zones/new", ["version": "0", "id": "a b", "title": "A", "areas": "GB"], "id"),
                ("locations/new", ["version": "0", "id": "a", "title": "A", "address": ""], "address"),
                ("methods/new", ["version": "0", "id": "a", "title": "", "kind": "pickup"], "title"),
                (
                    "methods/standard",
                    [
                        "version": "0", "title": "S", "kind": "shipping", "zones": "everywhere", "price": "free",
                        "delivers_on": "monday",
                    ], "price"
                ),
                (
                    "methods/standard",
                    ["version": "0", "title": "S", "kind": "pickup", "delivers_on": "monday"], "location"
                ),
                (
                    "methods/standard",
                    [
                        "version": "0", "title": "S", "kind": "shipping", "zones": "everywhere",
                        "times": "Friday 12:00-10:00 3", "delivers_on": "monday",
                    ], "times"
                ),
            ]
            for (path, fields, id) in cases {
                let bad = try await owner.post("\(Self.path)/\(path)", fields)
                #expect(bad.status == 422, "\(path) \(id)")
                #expect(bad.text.contains("id=\"\(id)-error\""), "\(path) \(id)")
                #expect(bad.text.contains("could not be done yet"))
            }
            #expect(try await stored(shop) == nil)
            let twice: KeyValuePairs = ["version": "0", "time_zone": "UTC", "working_days": "monday"]
            #expect(try await owner.post("\(Self.path)/settings", twice).status == 303)
            let late = try await owner.post("\(Self.path)/settings", twice)
            #expect(late.status == 422)
            #expect(late.text.contains("read them again"))
            #expect(try await stored(shop)?.version == 1)
        }
    }
}
