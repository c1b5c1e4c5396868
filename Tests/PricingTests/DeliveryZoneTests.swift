import Pricing
import Primitives
import Testing

struct DeliveryZoneTests {
    private static let now = Instant(microseconds: 1_768_469_400_000_000)

    @Test(arguments: [
        ("EH6 6QW", "eh66qw", true), ("EH6 6QW", "EH6 6QX", false), ("EH6*", "EH6 6QW", true),
        ("EH1*", "EH10 4AA", true), ("EH1 *", "EH10 4AA", false), ("EH1 *", "EH1 1AA", true), ("EH1 *", "EH1", false),
        ("10115...10999", "10115", true), ("10115...10999", "10999", true), ("10115...10999", "11000", false),
        ("94100...94199", "94103-1234", true), ("1000...1099", "1012 AB", true), ("1000...1099", "AB 1012", false),
        ("00-001", "00001", true), ("*", "10115", false),
    ])
    func `a pattern means these postal codes`(_ pattern: String, _ code: String, _ isMeant: Bool) {
        #expect((PostalPattern(pattern)?.matches(code) ?? false) == isMeant)
    }

    @Test(arguments: ["", "*", "...", "1...", "10...9", "100...20", "A1...A9", "ÉH1", "EH1**", "1...2...3", "a;b"])
    func `what is no pattern is none`(_ text: String) {
        #expect(PostalPattern(text) == nil)
    }

    @Test(arguments: [
        (DeliveryDestination(country: "GB", postalCode: "IV27 4AA"), "highlands"),
        (DeliveryDestination(country: "GB", postalCode: "EH6 6QW"), "britain"),
        (DeliveryDestination(country: "US", region: "california"), "west"),
        (DeliveryDestination(country: "US", region: "Nevada"), "world"),
        (DeliveryDestination(country: "JP", postalCode: "100-0001"), "world"),
    ])
    func `an address belongs to the first zone that has it`(_ address: DeliveryDestination, _ id: String) throws {
        let zones = [
            DeliveryZone(id: "world", title: "World", isEverywhereElse: true),
            DeliveryZone(
                id: "highlands", title: "Highlands", areas: [.init(country: "GB", postalCodes: ["IV*", "HS*"])]),
            DeliveryZone(id: "britain", title: "Britain", areas: [.init(country: "GB")]),
            DeliveryZone(
                id: "west", title: "West", areas: [.init(country: "US", regions: ["CA", "California"])]),
        ]
        var all = settings(zones: zones)
        all.options = zones.map { shipping(id: "to-\($0.id)", zones: [$0.id]) }
        let offers = try all.offers(for: .of(), to: address, at: Self.now)
        #expect(offers.possible.map(\.id) == ["to-\(id)"])
        #expect(offers.withheld.allSatisfy { $0.reason == .outsideArea })
        #expect(offers.withheld.count == 3)
    }

    @Test
    func `without an address only what serves everywhere is certain`() throws {
        let zones = [
            DeliveryZone(id: "britain", title: "Britain", areas: [.init(country: "GB")]),
            DeliveryZone(id: "world", title: "World", isEverywhereElse: true),
        ]
        let all = settings(
            shipping(id: "all", zones: ["britain", "world"]), shipping(id: "home", zones: ["britain"]),
            DeliveryOption(id: "fetch", title: "Fetch", kind: .pickup, location: "shop"), zones: zones,
            locations: [PickupLocation(id: "shop", title: "Shop", address: ["1 Shore"])])
        let offers = try all.offers(for: .of(), to: nil, at: Self.now)
        #expect(offers.possible.map(\.id) == ["all", "fetch"])
        #expect(offers.possible.last?.location?.title == "Shop")
        #expect(offers.withheld == [WithheldDelivery(id: "home", title: "home", reason: .addressNeeded)])
    }

    /// Greenwich to these places: geodesics by Vincenty's formulae on WGS 84, which a sphere meets within 0.6 %.
    @Test(arguments: [(51.5074, -0.1278, 9_300.0), (48.8566, 2.3522, 341_000.0), (-33.8688, 151.2093, 16_993_000.0)])
    func `a distance is that of the great circle`(_ latitude: Double, _ longitude: Double, _ meters: Double) throws {
        let distance = try GeoPoint.of(51.4779, 0).meters(to: .of(latitude, longitude))
        #expect(abs(distance - meters) / meters < 0.02)
    }

    @Test
    func `a degree of latitude has its length, and the same place none`() throws {
        let degree = try GeoPoint.of(0, 0).meters(to: .of(1, 0))
        #expect(abs(degree - 111_195.08) < 0.01)
        #expect(try GeoPoint.of(10, 20).meters(to: .of(10, 20)) == 0)
        #expect(try abs(GeoPoint.of(0, 179.5).meters(to: .of(0, -179.5)) - degree) < 0.01, "across the date line")
        #expect(GeoPoint(latitude: 90.1, longitude: 0) == nil)
        #expect(GeoPoint(latitude: .nan, longitude: 0) == nil)
    }

    @Test
    func `a circle is decided by the position, then by the postal code's, and otherwise not at all`() throws {
        let area = LocalArea(
            country: "GB", postalCodes: ["FK1 *"], center: try .of(55.9753, -3.1665), radiusMeters: 5000,
            points: [.init(postalCode: "EH6 6QW", position: try .of(55.9760, -3.1700))])
        let all = settings(DeliveryOption(id: "bike", title: "Bike", kind: .local, area: area))
        func reason(_ address: DeliveryDestination?) throws -> WithheldDelivery.Reason? {
            let offers = try all.offers(for: .of(), to: address, at: Self.now)
            #expect(offers.possible.count + offers.withheld.count == 1)
            return offers.withheld.first?.reason
        }
        #expect(try reason(nil) == .addressNeeded)
        #expect(try reason(DeliveryDestination(country: "GB", postalCode: "EH1 1AA")) == .positionUnknown)
        #expect(try reason(DeliveryDestination(country: "GB", postalCode: "eh6 6qw")) == nil)
        #expect(try reason(DeliveryDestination(country: "GB", postalCode: "FK1 1AA")) == nil, "listed")
        #expect(try reason(DeliveryDestination(country: "FR", postalCode: "EH6 6QW")) == .outsideArea)
        let near = DeliveryDestination(country: "GB", postalCode: "EH1 1AA", position: try .of(55.95, -3.19))
        #expect(try reason(near) == nil)
        let far = DeliveryDestination(country: "GB", postalCode: "EH6 6QW", position: try .of(55.86, -4.25))
        #expect(try reason(far) == .outsideArea, "a position says more than a postal code")
    }
}
