import Pricing
import Primitives
import Testing

struct DeliveryCheckTests {
    private func findings(_ change: (inout DeliverySettings) throws -> Void) throws -> [String] {
        var all = settings(
            shipping(), DeliveryOption(id: "fetch", title: "Fetch", kind: .pickup, location: "shop"),
            DeliveryOption(
                id: "bike", title: "Bike", kind: .local, area: LocalArea(country: "GB", postalCodes: ["EH*"]),
                schedule: WindowSchedule(slots: [
                    .init(weekday: .friday, starts: try .at("10:00"), ends: try .at("12:00"), capacity: 3)
                ])),
            locations: [PickupLocation(id: "shop", title: "Shop", address: [])])
        _ = try all.checked()
        try change(&all)
        let changed = all
        do throws(Problem) {
            _ = try changed.checked()
            return []
        } catch {
            #expect(error.code == "validation.failed")
            return error.errors.map { "\($0.pointer) \($0.code)" }
        }
    }

    @Test
    func `what a new store has is right`() throws {
        let initial = try DeliverySettings.initial.checked()
        let offers = try initial.offers(for: .of(), to: nil, at: Instant(microseconds: 0))
        #expect(offers.possible.map(\.id) == ["standard"])
        #expect(offers.possible.map(\.title) == ["Standard delivery"])
        #expect(offers.possible.map(\.priceMinorUnits) == [0])
    }

    @Test
    func `each mistake is named with its place`() throws {
        #expect(try findings { $0.timeZone = "CET" } == ["/time_zone unknown"])
        #expect(try findings { $0.timeZone = "Europe/Atlantis" } == ["/time_zone unknown"])
        #expect(try findings { $0.workingDays = [] } == ["/working_days required"])
        #expect(
            try findings { all in
                all.closings = [.init(from: try .on("2026-05-02"), to: try .on("2026-05-01"))]
            } == ["/closing_days/0/to range"])
        #expect(try findings { $0.zones.append($0.zones[0]) }.contains("/zones/1/id duplicate"))
        #expect(try findings { $0.zones[0].isEverywhereElse = false } == ["/zones/0/areas required"])
        #expect(
            try findings {
                $0.zones.append(.init(id: "gb", title: "GB", areas: [.init(country: "UK", postalCodes: ["?"])]))
            }
                == ["/zones/1/areas/0/country unknown", "/zones/1/areas/0/postal_codes/0 format"])
        #expect(try findings { $0.locations = [] } == ["/methods/1/location unknown"])
        #expect(try findings { $0.options = [] } == ["/methods required"])
        #expect(try findings { $0.options[0].id = "Not A Handle" } == ["/methods/0/id format"])
        #expect(try findings { $0.options[0].id = "none" } == ["/methods/0/id reserved"])
        #expect(try findings { $0.options[0].zones = ["mars"] } == ["/methods/0/zones/0 unknown"])
        #expect(try findings { $0.options[0].zones = [] } == ["/methods/0/zones required"])
        #expect(try findings { $0.options[2].area = nil } == ["/methods/2/area required"])
        #expect(try findings { $0.options[2].area?.radiusMeters = 5 } == ["/methods/2/area/radius_meters required"])
        #expect(try findings { $0.options[0].rate = .init(basis: .weight) } == ["/methods/0/rate/steps required"])
        #expect(
            try findings {
                $0.options[0].rate = .init(basis: .price, steps: [.init(from: 5, price: 1), .init(from: 5, price: 2)])
            } == ["/methods/0/rate/steps/1/from order"])
        #expect(try findings { $0.options[0].transit = .init(3, 2) } == ["/methods/0/transit_days/most range"])
        #expect(try findings { $0.options[0].deliversOn = [] } == ["/methods/0/delivers_on required"])
        #expect(try findings { $0.options[2].schedule?.slots = [] } == ["/methods/2/windows/times required"])
        #expect(
            try findings { all in
                let slot = try #require(all.options[2].schedule?.slots.first)
                all.options[2].schedule?.slots.append(slot)
            } == ["/methods/2/windows/times/1/starts duplicate"])
    }
}
