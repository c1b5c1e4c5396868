import Foundation
import Pricing
import Primitives
import TestSupport
import Testing

/// 10,000 baskets under settings drawn at random, priced by the product and by a model that is slow and obvious: it
/// lists what a pattern means instead of comparing, adds one by one instead of multiplying, and measures distances
/// by another formula.
struct DeliveryModelTests {
    @Test
    func `random baskets under random settings cost what an obvious model says`() throws {
        var random = SeededRandom(seed: 2026)
        var priced = 0
        var reasons: [WithheldDelivery.Reason: Int] = [:]
        for round in 0..<500 {
            let all = try RandomDelivery.settings(using: &random).checked()
            for _ in 0..<20 {
                let basket = RandomDelivery.basket(using: &random)
                let address = try RandomDelivery.address(using: &random)
                let offers = try all.offers(for: basket, to: address, at: RandomDelivery.now)
                let model = SlowDelivery(settings: all, basket: basket, address: address)
                let expected = model.offers
                #expect(
                    offers.possible.map { [$0.id: $0.priceMinorUnits] } == expected.possible.map { [$0.0: $0.1] },
                    "round \(round)")
                #expect(
                    offers.withheld.map { [$0.id: $0.reason] } == expected.withheld.map { [$0.0: $0.1] },
                    "round \(round)")
                priced += offers.possible.count
                for withheld in offers.withheld { reasons[withheld.reason, default: 0] += 1 }
            }
        }
        // A comparison of nothing would prove nothing.
        #expect(priced > 5000)
        for reason in WithheldDelivery.Reason.allCases where reason != .noWindow {
            #expect(reasons[reason, default: 0] > 100, "\(reason)")
        }
    }
}

/// Settings, baskets and addresses at random, from few values, so that they meet.
enum RandomDelivery {
    static let now = Instant(microseconds: 1_768_469_400_000_000)
    static let codes = ["10115", "10117", "10243", "10999", "20095", "EH1 1AA", "EH10 4AA", "EH6 6QW", "IV27 4AA", ""]
    static let patterns = ["10115", "101*", "10115...10250", "200*", "EH1 *", "EH1*", "eh6 6qw", "IV*"]
    static let countries = ["DE", "GB", "US"]
    static let regions = ["Berlin", "berlin", "Lothian", ""]

    static func basket(using random: inout SeededRandom) -> DeliveryBasket {
        DeliveryBasket(
            weightGrams: .random(in: 0...12_000, using: &random), quantity: .random(in: 1...40, using: &random),
            valueMinorUnits: .random(in: 0...9_000, using: &random))
    }

    static func address(using random: inout SeededRandom) throws -> DeliveryDestination? {
        guard Int.random(in: 0..<12, using: &random) > 0 else { return nil }
        let hasPosition = Bool.random(using: &random)
        return DeliveryDestination(
            country: pick(countries, &random), region: pick(regions, &random), postalCode: pick(codes, &random),
            position: hasPosition ? try point(using: &random) : nil)
    }

    static func settings(using random: inout SeededRandom) throws -> DeliverySettings {
        var zones: [DeliveryZone] = []
        for index in 0..<Int.random(in: 1...3, using: &random) {
            zones.append(
                DeliveryZone(
                    id: "z\(index)", title: "Zone",
                    areas: (0..<Int.random(in: 1...2, using: &random)).map { _ in
                        DeliveryZone.Area(
                            country: pick(countries, &random),
                            regions: Bool.random(using: &random) ? [] : [pick(["Berlin", "LOTHIAN"], &random)],
                            postalCodes: Bool.random(using: &random) ? [] : [pick(patterns, &random)])
                    }))
        }
        if Bool.random(using: &random) {
            let place = Int.random(in: 0...zones.count, using: &random)
            zones.insert(DeliveryZone(id: "rest", title: "Rest", isEverywhereElse: true), at: place)
        }
        let locations = [
            PickupLocation(id: "shop", title: "Shop", address: ["1 Shore"], region: pick(["", "A1"], &random))
        ]
        var options: [DeliveryOption] = []
        for index in 0..<Int.random(in: 1...5, using: &random) {
            var option = DeliveryOption(
                id: "m\(index)", title: "Method", kind: pick(DeliveryOption.Kind.allCases, &random),
                rate: rate(using: &random))
            switch option.kind {
            case .shipping:
                option.zones = zones.map(\.id).filter { _ in Bool.random(using: &random) }
                if option.zones.isEmpty { option.zones = zones.map(\.id) }
            case .pickup: option.location = "shop"
            case .local:
                let hasCircle = Bool.random(using: &random)
                option.area = LocalArea(
                    country: pick(countries, &random),
                    postalCodes: hasCircle && Bool.random(using: &random) ? [] : [pick(patterns, &random)],
                    center: hasCircle ? try point(using: &random) : nil,
                    radiusMeters: hasCircle ? .random(in: 500...40_000, using: &random) : nil,
                    points: [.init(postalCode: "10117", position: try point(using: &random))])
            }
            if Int.random(in: 0..<3, using: &random) == 0 { option.freeFrom = .random(in: 0...9000, using: &random) }
            if Int.random(in: 0..<3, using: &random) == 0 {
                option.minimumOrder = .random(in: 0...9000, using: &random)
            }
            options.append(option)
        }
        return DeliverySettings(timeZone: "Europe/Berlin", zones: zones, locations: locations, options: options)
    }

    private static func rate(using random: inout SeededRandom) -> DeliveryRate {
        let basis = pick(DeliveryRate.Basis.allCases, &random)
        var rate = DeliveryRate(
            basis: basis, price: .random(in: 0...900, using: &random), perItem: .random(in: 0...99, using: &random))
        guard [.weight, .price, .quantity].contains(basis) else { return rate }
        let width: Int64 = basis == .quantity ? 12 : 3000
        var from = Bool.random(using: &random) ? 0 : Int64.random(in: 0...width, using: &random)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            rate.steps.append(.init(from: from, price: .random(in: 0...2000, using: &random)))
            from += .random(in: 1...width, using: &random)
        }
        if Bool.random(using: &random) { rate.upTo = from }
        return rate
    }

    private static func point(using random: inout SeededRandom) throws -> GeoPoint {
        try .of(.random(in: 52.3...52.7, using: &random), .random(in: 13.1...13.7, using: &random))
    }

    private static func pick<Element>(_ elements: [Element], _ random: inout SeededRandom) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }
}

/// What a delivery costs, worked out as one would on paper.
struct SlowDelivery {
    let settings: DeliverySettings
    let basket: DeliveryBasket
    let address: DeliveryDestination?

    var offers: (possible: [(String, Int64)], withheld: [(String, WithheldDelivery.Reason)]) {
        var possible: [(String, Int64)] = []
        var withheld: [(String, WithheldDelivery.Reason)] = []
        for option in settings.options {
            if let reason = unreachable(option) {
                withheld.append((option.id, reason))
                continue
            }
            if let minimum = option.minimumOrder, basket.valueMinorUnits < minimum {
                withheld.append((option.id, .belowMinimum))
                continue
            }
            guard var price = price(option.rate) else {
                withheld.append((option.id, .outsideTable))
                continue
            }
            if let free = option.freeFrom, !(basket.valueMinorUnits < free) { price = 0 }
            possible.append((option.id, price))
        }
        return (possible, withheld)
    }

    private func price(_ rate: DeliveryRate) -> Int64? {
        switch rate.basis {
        case .flat: return rate.price
        case .perItem:
            var sum = rate.price
            for _ in 0..<basket.quantity { sum += rate.perItem }
            return sum
        case .weight: return table(rate, basket.weightGrams)
        case .price: return table(rate, basket.valueMinorUnits)
        case .quantity: return table(rate, basket.quantity)
        }
    }

    private func table(_ rate: DeliveryRate, _ measure: Int64) -> Int64? {
        if let most = rate.upTo, most < measure { return nil }
        var best: DeliveryRate.Step?
        for step in rate.steps.reversed() where step.from <= measure {
            if best == nil || step.from > (best?.from ?? 0) { best = step }
        }
        return best?.price
    }

    private func unreachable(_ option: DeliveryOption) -> WithheldDelivery.Reason? {
        if option.kind == .pickup { return nil }
        guard let address else {
            let rest = settings.zones.filter(\.isEverywhereElse)
            let isEverywhere =
                option.kind == .shipping && !rest.isEmpty
                && Set(option.zones) == Set(settings.zones.map(\.id))
            return isEverywhere ? nil : .addressNeeded
        }
        if option.kind == .shipping {
            var zone: String?
            for candidate in settings.zones where zone == nil && !candidate.isEverywhereElse {
                for area in candidate.areas where area.country == address.country {
                    let region =
                        area.regions.isEmpty
                        || area.regions.map { $0.lowercased() }
                            .contains(address.region.lowercased())
                    let code = area.postalCodes.isEmpty || area.postalCodes.contains { means($0, address.postalCode) }
                    if region, code { zone = candidate.id }
                }
            }
            if zone == nil { zone = settings.zones.first(where: \.isEverywhereElse)?.id }
            return zone.map(option.zones.contains) == true ? nil : .outsideArea
        }
        guard let area = option.area, area.country == address.country else { return .outsideArea }
        if area.postalCodes.contains(where: { means($0, address.postalCode) }) { return nil }
        guard let center = area.center, let radius = area.radiusMeters else { return .outsideArea }
        let place = address.position ?? (address.postalCode == "10117" ? area.points[0].position : nil)
        guard let place else { return .positionUnknown }
        return distance(center, place) <= Double(radius) ? nil : .outsideArea
    }

    /// The chord through the earth, bent back to the surface.
    private func distance(_ one: GeoPoint, _ other: GeoPoint) -> Double {
        let (a, b) = (space(one), space(other))
        let chord = zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
        return 2 * 6_371_008.8 * asin(chord / 2)
    }

    /// A point of the unit sphere.
    private func space(_ point: GeoPoint) -> [Double] {
        let (north, east) = (point.latitude * .pi / 180, point.longitude * .pi / 180)
        return [cos(north) * cos(east), cos(north) * sin(east), sin(north)]
    }

    /// Every code that a pattern means among those that addresses here have.
    private func means(_ pattern: String, _ code: String) -> Bool {
        let bare = code.replacing(" ", with: "")
        let meant: [String: [String]] = [
            "10115": ["10115"], "101*": ["10115", "10117"], "10115...10250": ["10115", "10117", "10243"],
            "200*": ["20095"], "EH1 *": ["EH11AA"], "EH1*": ["EH11AA", "EH104AA"], "eh6 6qw": ["EH66QW"],
            "IV*": ["IV274AA"],
        ]
        return meant[pattern]?.contains(bare) == true
    }
}
