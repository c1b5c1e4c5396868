import Pricing
import Primitives
import TestSupport
import Testing

/// The engine against the slow model, on settings and baskets that nobody would think of.
struct TaxModelTests {
    @Test func `ten thousand random baskets are taxed to the minor unit as the slow model does`() throws {
        var random = SeededRandom(seed: 20_260_101)
        var (taxed, refused, compound, shared) = (0, 0, 0, 0)
        for round in 0..<10_000 {
            let settings = try TaxWorld.settings(&random).validated()
            let basket = try TaxWorld.basket(&random, settings)
            let result = try settings.tax(basket)
            let expected = TaxModel(settings: settings).outcome(of: basket)
            #expect(try Self.outcome(result, of: basket) == expected, "basket \(round): \(basket) by \(settings.json)")
            if try result.tax().amount > 0 { taxed += 1 }
            if result.treatment != .taxed { refused += 1 }
            if result.lines.contains(where: { $0.taxes.count > 2 }) { compound += 1 }
            if result.deliveryTaxes.count > 1 { shared += 1 }
        }
        // The baskets are worth comparing: every kind is among them, and often.
        #expect([taxed > 3000, refused > 1000, compound > 300, shared > 1000] == [true, true, true, true])
    }

    @Test func `what is inside a price never exceeds it, and adding to what is left leads back within rounding`() throws
    {
        var random = SeededRandom(seed: 7)
        let euro = try #require(Currency("EUR"))
        for _ in 0..<2000 {
            let rate = Int.random(in: 0...1_000_000, using: &random)
            let gross = try Money(Int64.random(in: 0...10_000_000, using: &random), euro)
            var settings = TaxSettings(
                pricesIncludeTax: true,
                zones: [
                    TaxZone(
                        name: "Z", places: [TaxPlace(country: "DE")],
                        rates: [TaxRate(title: "VAT", partsPerMillion: rate)])
                ])
            func tax(_ price: Money) throws -> Int64 {
                let line = TaxBasket.Line(taxClass: "standard", unitPrice: price, quantity: 1)
                return try settings.tax(
                    TaxBasket(
                        lines: [line], delivery: .zero(euro), buyer: TaxBuyer(address: TaxAddress(country: "DE")),
                        home: "DE")
                ).tax().amount
            }
            let inside = try tax(gross)
            #expect((0...gross.amount).contains(inside))
            let net = try Money(gross.amount - inside, euro)
            settings.pricesIncludeTax = false
            #expect(abs(try tax(net) - inside) <= 1)
        }
    }

    private static func outcome(_ taxed: TaxedBasket, of basket: TaxBasket) throws -> TaxModel.Outcome {
        func taxes(_ taxes: [AppliedTax]) -> [TaxModel.Tax] {
            taxes.map { .init(title: $0.title, rate: $0.partsPerMillion, amount: Int($0.amount.amount)) }
        }
        var total = taxed.delivery
        for (line, wanted) in zip(taxed.lines, basket.lines) {
            total = try total.adding(line.unitPrice.multiplied(by: wanted.quantity)).subtracting(line.discount)
        }
        if !taxed.taxesIncluded { total = try total.adding(taxed.tax()) }
        return TaxModel.Outcome(
            lines: taxed.lines.map { taxes($0.taxes) }, unitPrices: taxed.lines.map { Int($0.unitPrice.amount) },
            delivery: taxes(taxed.deliveryTaxes), deliveryPrice: Int(taxed.delivery.amount), total: Int(total.amount))
    }
}

/// Random settings and baskets.
enum TaxWorld {
    private static let countries = ["DE", "FR", "US", "CA", "IN", "GB", "JP"]
    private static let classes = ["standard", "reduced", "zero", "books", "food"]
    private static let numbers = ["DE136695976", "FR40303265045", "EL094259216", "GB980780684", "IN27AAPFU0939F1ZV"]

    static func settings(_ random: inout SeededRandom) throws -> TaxSettings {
        var settings = TaxSettings(
            pricesIncludeTax: .random(using: &random),
            delivery: [.goods, .goods, .taxClass("standard"), .taxClass("food"), .untaxed].randomElement(using: &random)
                ?? .goods,
            classes: [
                TaxClass(code: "books", title: "Books", fallback: Bool.random(using: &random) ? "reduced" : "zero"),
                TaxClass(code: "food", title: "Food", fallback: "books"),
            ])
        var used: Set<TaxPlace> = []
        for index in 0..<Int.random(in: 1...5, using: &random) {
            let places = try [place(&random), place(&random)].filter { used.insert($0).inserted }
            guard !places.isEmpty else { continue }
            var zone = TaxZone(
                name: "Zone \(index)", places: places,
                pricesIncludeTax: [nil, nil, true, false]
                    .randomElement(using: &random) ?? nil)
            zone.reverseCharge = places.contains { TaxNumber.countries.contains($0.country) } && .random(using: &random)
            for number in 0..<Int.random(in: 0...5, using: &random) {
                zone.rates.append(try rate(number, &random))
            }
            settings.zones.append(zone)
        }
        return settings
    }

    private static func place(_ random: inout SeededRandom) throws -> TaxPlace {
        guard Int.random(in: 0..<10, using: &random) > 0 else { return TaxPlace(country: "*") }
        let country = try #require(countries.randomElement(using: &random))
        return TaxPlace(
            country: country, regions: Int.random(in: 0..<3, using: &random) == 0 ? ["A1"] : [],
            postalCodes: Int.random(in: 0..<3, using: &random) == 0 ? try [pattern(&random)] : [])
    }

    private static func pattern(_ random: inout SeededRandom) throws -> TaxPostalPattern {
        try #require(TaxPostalPattern(["1*", "10..19", "20000..30000"].randomElement(using: &random) ?? ""))
    }

    private static func rate(_ number: Int, _ random: inout SeededRandom) throws -> TaxRate {
        let limit = [1, 10_000, 250_000, 1_000_000].randomElement(using: &random) ?? 1
        return TaxRate(
            title: "Tax \(number % 3)", partsPerMillion: Int.random(in: 0...limit, using: &random),
            classes: [["standard"], ["standard", "reduced"], ["reduced"], ["books"], ["standard", "books"]]
                .randomElement(using: &random) ?? [],
            priority: Int.random(in: 1...3, using: &random), isCompound: .random(using: &random),
            taxesDelivery: Int.random(in: 0..<4, using: &random) > 0,
            postalCodes: Int.random(in: 0..<4, using: &random) == 0 ? try [pattern(&random)] : [])
    }

    static func basket(_ random: inout SeededRandom, _ settings: TaxSettings) throws -> TaxBasket {
        let currency = try #require(["EUR", "JPY", "KWD"].compactMap { Currency($0) }.randomElement(using: &random))
        let most: Int64 = [100, 10_000, 10_000_000, 1_000_000_000_000].randomElement(using: &random) ?? 1
        let lines = try (0..<Int.random(in: 1...5, using: &random)).map { _ in
            let unit = try Money(Int64.random(in: 0...most, using: &random), currency)
            let quantity = Int.random(in: 1...9, using: &random)
            let all = try unit.multiplied(by: quantity)
            let some = try Money(Int64.random(in: 0...all.amount, using: &random), currency)
            return TaxBasket.Line(
                taxClass: Int.random(in: 0..<8, using: &random) == 0 ? nil : classes.randomElement(using: &random),
                unitPrice: unit, quantity: quantity,
                discount: [nil, nil, some, all].randomElement(using: &random) ?? nil)
        }
        // Mostly to where there is something to be paid.
        let place = settings.zones.randomElement(using: &random)?.places.first { $0.country != "*" }
        let isAbroad = Int.random(in: 0..<4, using: &random) == 0
        let country = isAbroad ? countries.randomElement(using: &random) : place?.country
        let number = Int.random(in: 0..<3, using: &random) == 0 ? numbers.randomElement(using: &random) : nil
        return TaxBasket(
            lines: lines, delivery: try Money(Int64.random(in: 0...most, using: &random), currency),
            buyer: TaxBuyer(
                address: TaxAddress(
                    country: country ?? "DE", region: ["", "A1", "A1", "B2"].randomElement(using: &random) ?? "",
                    postalCode: ["", "10115", "15", "25000", "999"].randomElement(using: &random) ?? ""),
                number: number.flatMap { TaxNumber($0) },
                exemption: Int.random(in: 0..<8, using: &random) == 0 ? "a school" : nil),
            home: countries.randomElement(using: &random) ?? "DE")
    }
}
