import Catalog
import Orders
import Persistence
import Pricing
import Primitives
import ShopWorld
import Stores
import Testing
import UseCases

/// Deliveries of Maya's Larder for samples: what has a postal code in Edinburgh may come with the van, and everything
/// else as in a new store, so that other samples need not choose.
enum DeliverySamples {
    static func settings() throws -> DeliverySettings {
        let slot = WindowSchedule.Slot(
            weekday: .friday, starts: try #require(TimeOfDay("10:00")), ends: try #require(TimeOfDay("12:00")),
            capacity: 20)
        var settings = DeliverySettings.initial
        settings.timeZone = "Europe/London"
        settings.options.append(
            DeliveryOption(
                id: "van", title: "Our van", kind: .local, area: LocalArea(country: "GB", postalCodes: ["EH*"]),
                rate: .flat(250), schedule: WindowSchedule(slots: [slot], daysAhead: 14)))
        return settings
    }

    /// 2026-01-16 and 2026-01-23, 10:00 in London.
    static let windows = ["van.1768557600", "van.1769162400"]

    static let neighbour: JSON = [
        "name": "Zoë Wölfle", "line1": "3 Quay Row", "city": "Leith", "postal_code": "EH6 6QW", "country": "GB",
    ]

    static func body(version: Int) -> JSON {
        let slot: JSON = ["weekday": "friday", "starts": "10:00", "ends": "12:00", "capacity": 20]
        let point: JSON = ["latitude": 55.97, "longitude": -3.17]
        let area: JSON = [
            "country": "GB", "postal_codes": ["EH*"], "center": point, "radius_meters": 5000,
            "points": [["postal_code": "FK1 1AA", "position": point]],
        ]
        let rate: JSON = [
            "basis": "weight", "price": Bodies.pounds(0), "per_item": Bodies.pounds(0),
            "steps": [["from": 0, "price": Bodies.pounds(250)]], "up_to": 30_000,
        ]
        let van: JSON = [
            "id": "van", "title": "Our van", "description": "Round the corner", "kind": "local", "zones": ["home"],
            "location": "shop", "area": area, "rate": rate, "free_from": Bodies.pounds(5000),
            "minimum_order": Bodies.pounds(100), "processing_days": ["least": 0, "most": 1],
            "transit_days": ["least": 0, "most": 0], "delivers_on": ["friday"],
            "windows": [
                "times": [slot], "lead_minutes": 60, "cutoff": ["days_before": 1, "time": "18:00"], "days_ahead": 14,
            ],
        ]
        let zones: JSON = [
            [
                "id": "home", "title": "Lothian", "everywhere_else": false,
                "areas": [["country": "GB", "regions": ["Lothian"], "postal_codes": ["EH*"]]],
            ],
            ["id": "rest", "title": "Everywhere else", "everywhere_else": true],
        ]
        let location: JSON = [
            "id": "shop", "title": "The Larder", "address": ["3 Quay Row"], "note": "Ring twice",
            "opening_hours": [["weekday": "saturday", "opens": "09:00", "closes": "13:00"]],
        ]
        return [
            "version": JSON(version), "time_zone": "Europe/London", "working_days": ["monday", "friday"],
            "order_cutoff": "14:00",
            "closing_days": [
                ["from": "2026-12-25", "to": "2026-12-26", "title": "Christmas", "stops_carriers": true]
            ],
            "zones": zones, "locations": [location],
            "methods": [
                ["id": "standard", "title": "Standard delivery", "kind": "shipping", "zones": ["home", "rest"]], van,
            ],
        ]
    }

    static let fields: [Field] = [
        Field("/version", .integer(0...Int(Int32.max)), required: true),
        Field("/time_zone", .text(most: 64, least: 1), required: true), Field("/working_days", .list(most: 7)),
        Field("/working_days/0", .form), Field("/order_cutoff", .pattern(most: 40)),
        Field("/closing_days", .list(most: 200)), Field("/closing_days/0", .object),
        Field("/closing_days/0/from", .pattern(most: 40), required: true),
        Field("/closing_days/0/to", .pattern(most: 40), required: true), .text("/closing_days/0/title", 200, least: 0),
        Field("/closing_days/0/stops_carriers", .bool), Field("/zones", .list(most: 100)),
        Field("/zones/0", .object), Field("/zones/0/id", .pattern(most: 60), required: true),
        .text("/zones/0/title", 200, required: true), Field("/zones/0/everywhere_else", .bool),
        Field("/zones/0/areas", .list(most: 300)), Field("/zones/0/areas/0/country", .form, required: true),
        .text("/zones/0/areas/0/regions/0", 100), Field("/zones/0/areas/0/postal_codes", .list(most: 2000)),
        Field("/locations", .list(most: 50)), .text("/locations/0/title", 200, required: true),
        .text("/locations/0/address/0", 200), .text("/locations/0/note", 500, least: 0),
        Field("/locations/0/opening_hours/0/weekday", .form, required: true),
        Field("/locations/0/opening_hours/0/opens", .pattern(most: 40), required: true),
        Field("/methods", .list(most: 50), required: true), Field("/methods/1/id", .pattern(most: 60), required: true),
        .text("/methods/1/title", 200, required: true), .text("/methods/1/description", 500, least: 0),
        Field("/methods/1/kind", .form, required: true), Field("/methods/1/area", .object),
        Field("/methods/1/area/center", .object),
        Field("/methods/1/area/center/latitude", .number(-90...90), required: true),
        Field("/methods/1/area/center/longitude", .number(-180...180), required: true),
        Field("/methods/1/area/radius_meters", .integer(1...1_000_000)),
        Field("/methods/1/rate", .object), Field("/methods/1/rate/basis", .form, required: true),
        Field("/methods/1/rate/price/amount", .amount(least: 0), required: true),
        Field("/methods/1/rate/steps", .list(most: 200)),
        Field("/methods/1/rate/steps/0/from", .integer(0...Int(Money.limit)), required: true),
        Field("/methods/1/rate/steps/0/price", .object, required: true),
        Field("/methods/1/rate/up_to", .integer(0...Int(Money.limit))),
        Field("/methods/1/free_from/currency", .form, required: true),
        Field("/methods/1/processing_days/most", .integer(0...365), required: true),
        Field("/methods/1/delivers_on/0", .form), Field("/methods/1/windows", .object),
        Field("/methods/1/windows/times", .list(most: 200), required: true),
        Field("/methods/1/windows/times/0/starts", .pattern(most: 40), required: true),
        Field("/methods/1/windows/times/0/capacity", .integer(1...100_000), required: true),
        Field("/methods/1/windows/lead_minutes", .integer(0...43_200)),
        Field("/methods/1/windows/cutoff/days_before", .integer(0...60), required: true),
        Field("/methods/1/windows/days_ahead", .integer(0...180)),
    ]
}

extension LiveShop {
    /// Tells Maya's store how to deliver, and whose version that is.
    @discardableResult
    func configureDelivery() async throws -> Int {
        let store = maya.store.id
        return try await maya.database.write("test.delivery") { tx in
            var settings = try DeliverySamples.settings()
            settings.version = try Pricing.deliverySettings(of: store, in: tx).settings()?.version ?? 0
            let save = try SaveDeliverySettings(store: store, settings: settings, actor: .system, requestID: nil)
            return try save.run(in: tx).version
        }
    }

    /// The version that the next settings of Maya's store are made from.
    func deliveryVersion() async throws -> Int {
        try await maya.database.read("test.delivery") { [store = maya.store.id] tx in
            try Pricing.deliverySettings(of: store, in: tx).settings()?.version ?? 0
        }
    }

    /// An order that comes with the van.
    func orderWithWindow() async throws -> Order {
        try await configureDelivery()
        let contact = Contact(
            email: EmailAddress("zoë@example.com"),
            shippingAddress: Address(
                name: "Zoë Wölfle", line1: "3 Quay Row", city: "Leith", postalCode: "EH6 6QW", country: "GB"))
        let opened = try await maya.checkout([(maya.variant(stock: 3), 1)], contact: contact)
        var change = ChangeCheckout(store: maya.store.id, id: opened.id)
        change.deliveryMethod = .set("van")
        change.deliveryWindow = .set(DeliverySamples.windows[0])
        let wanted = change
        _ = try await maya.database.write("test.choose") { tx in try wanted.run(in: tx) }
        return try await maya.place(opened.id, number: Int.random(in: 1_000_000...1_000_000_000)).order
    }
}
