import Pricing
import Primitives
import Testing

struct DeliveryEstimateTests {
    private func estimate(_ all: DeliverySettings, _ moment: String) throws -> String? {
        let address = DeliveryDestination(country: "GB", postalCode: "EH6 6QW")
        return try all.offers(for: .of(), to: address, at: .at(moment)).possible.first?.estimate.map {
            "\($0.earliest)–\($0.latest)"
        }
    }

    private func store(_ processing: DeliveryOption.Days, _ transit: DeliveryOption.Days) throws -> DeliverySettings {
        var option = shipping()
        option.processing = processing
        option.transit = transit
        var all = settings(option)
        all.orderCutoff = try .at("14:00")
        return all
    }

    /// 2026-01-15 is a Thursday.
    @Test(arguments: [
        ("2026-01-15T13:59:59Z", 0, 0, 1, 1, "2026-01-16–2026-01-16"),
        ("2026-01-15T14:00:00Z", 0, 0, 1, 1, "2026-01-19–2026-01-19"),
        ("2026-01-15T09:00:00Z", 1, 2, 1, 3, "2026-01-19–2026-01-22"),
        ("2026-01-17T09:00:00Z", 0, 0, 1, 2, "2026-01-20–2026-01-21"),
        ("2026-01-16T15:00:00Z", 0, 1, 0, 0, "2026-01-19–2026-01-20"),
        ("2026-07-15T12:59:59Z", 0, 0, 1, 1, "2026-07-16–2026-07-16"),
        ("2026-07-15T13:00:00Z", 0, 0, 1, 1, "2026-07-17–2026-07-17"),
    ])
    func `an order arrives after working days and days on its way`(
        _ moment: String, _ least: Int, _ most: Int, _ first: Int, _ last: Int, _ expected: String
    ) throws {
        #expect(try estimate(try store(.init(least, most), .init(first, last)), moment) == expected)
    }

    @Test
    func `closing days delay what is prepared, and parcels only where carriers rest`() throws {
        var all = try store(.init(0, 0), .init(2, 2))
        all.closings = [.init(from: try .on("2026-12-25"), to: try .on("2026-12-28"), stopsCarriers: true)]
        // Thursday the 24th: posted at once, on its way on the 29th and the 30th.
        #expect(try estimate(all, "2026-12-24T09:00:00Z") == "2026-12-30–2026-12-30")
        all.closings[0].stopsCarriers = false
        #expect(try estimate(all, "2026-12-24T09:00:00Z") == "2026-12-28–2026-12-28")
        #expect(try estimate(all, "2026-12-25T09:00:00Z") == "2026-12-31–2026-12-31")
    }

    @Test
    func `carriers that deliver on Saturdays are a day faster`() throws {
        var all = try store(.init(0, 0), .init(2, 2))
        #expect(try estimate(all, "2026-01-15T09:00:00Z") == "2026-01-19–2026-01-19")
        all.options[0].deliversOn.append(.saturday)
        #expect(try estimate(all, "2026-01-15T09:00:00Z") == "2026-01-17–2026-01-17")
    }

    @Test
    func `a pickup is ready when the location is open`() throws {
        let hours = [PickupLocation.Hours(weekday: .saturday, opens: try .at("09:00"), closes: try .at("13:00"))]
        let all = settings(
            DeliveryOption(id: "fetch", title: "Fetch", kind: .pickup, location: "shop", processing: .init(1, 2)),
            locations: [PickupLocation(id: "shop", title: "Shop", address: [], hours: hours)])
        #expect(try estimate(all, "2026-01-15T09:00:00Z") == "2026-01-17–2026-01-24")
    }

    @Test
    func `a store that never opens promises no day`() throws {
        var all = try store(.init(0, 0), .init(1, 1))
        all.workingDays = []
        #expect(try estimate(all, "2026-01-15T09:00:00Z") == nil)
    }

    @Test(arguments: [
        ("2026-01-15", Weekday.thursday), ("2024-02-29", .thursday), ("1970-01-01", .thursday),
        ("1969-12-31", .wednesday), ("2000-01-01", .saturday), ("0001-01-01", .monday), ("9999-12-31", .friday),
    ])
    func `a date has its weekday and reads as it is written`(_ text: String, _ weekday: Weekday) throws {
        let date = try CivilDate.on(text)
        #expect(date.weekday == weekday)
        #expect(date.description == text)
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-1-01", "26-01-01", "2026-00-10", "2026-04-31", "", "2026/01/01",
    ])
    func `a day that no calendar has is none`(_ text: String) {
        #expect(CivilDate(text) == nil)
    }
}
