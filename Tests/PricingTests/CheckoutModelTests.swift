import Pricing
import Primitives
import Stores
import TestSupport
import Testing

@testable import Catalog
@testable import Orders
@testable import UseCases

/// Whole checkouts, taxes and delivery together, by the quote that buyers are shown and orders are made of, against
/// the two slow models: how it travels decides what is taxed, and what is bought decides how it can travel.
struct CheckoutModelTests {
    private static let settings = 2000
    private static let baskets = 5

    @Test
    func `ten thousand random checkouts under random taxes and deliveries cost what the slow models say`() throws {
        var tally = Tally()
        for seed in 1...UInt64(Self.settings) {
            var random = SeededRandom(seed: seed)
            let world = try RandomCheckout(using: &random)
            for number in 1...Self.baskets {
                let basket = try world.basket(using: &random)
                let quote = try CheckoutQuote(
                    world.checkout(basket),
                    prices: CheckoutPrices(
                        currency: world.store.currency, book: PriceBook(base: world.store.currency),
                        variants: basket.map(\.variant).filter { $0.title != "Gone" }),
                    store: world.store, delivery: world.delivery, taxes: world.taxes, at: RandomDelivery.now)
                let expected = SlowCheckout(world: world, basket: basket).outcome
                let actual = try SlowCheckout.Outcome(quote)
                #expect(actual == expected, "seed \(seed), checkout \(number): \(basket)")
                tally.count(actual, in: world)
            }
        }
        // The checkouts are worth comparing: of every kind there are many.
        for (kind, count) in tally.kinds { #expect(count > 200, "\(kind)") }
        #expect(tally.kinds.count == 16)
    }

    /// How many checkouts there were of each kind.
    private struct Tally {
        var kinds: [String: Int] = [:]

        mutating func count(_ outcome: SlowCheckout.Outcome, in world: RandomCheckout) {
            let isTaxed = outcome.tax > 0
            kinds[world.store.currency.code, default: 0] += isTaxed ? 1 : 0
            kinds["included", default: 0] += isTaxed && outcome.taxesIncluded ? 1 : 0
            kinds["added", default: 0] += isTaxed && !outcome.taxesIncluded ? 1 : 0
            kinds["several", default: 0] += outcome.lines.contains { $0.taxes.count > 1 } ? 1 : 0
            kinds["delivery", default: 0] += outcome.shippingTaxes.isEmpty ? 0 : 1
            kinds["divided", default: 0] += outcome.shippingTaxes.count > 1 ? 1 : 0
            kinds["untaxed", default: 0] += outcome.treatment == "taxed" ? 0 : 1
            kinds["faults", default: 0] += outcome.faults.isEmpty ? 0 : 1
            let chosen = world.delivery?.options.first { $0.id == outcome.method }
            if let basis = chosen?.rate.basis, outcome.shipping > 0 { kinds[basis.rawValue, default: 0] += 1 }
            if chosen?.freeFrom != nil, outcome.shipping == 0 { kinds["free", default: 0] += 1 }
        }
    }
}

/// A store with its settings, and somebody who buys there.
struct RandomCheckout {
    /// A line: what is bought, and how often.
    struct Line {
        let variant: SellableVariant
        let quantity: Int
    }

    let store: Store
    let taxes: TaxSettings
    /// Nil for a store that was told nothing.
    let delivery: DeliverySettings?
    let address: Address?
    let number: String?
    let exemption: String?
    let method: String?

    init(using random: inout SeededRandom) throws {
        func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int.random(in: 0..<elements.count, using: &random)]
        }
        let currency = try #require(Currency(pick(["EUR", "JPY", "KWD"])))
        store = Store(
            id: StoreID(.init(high: 1, low: 1)), name: "A shop", currency: currency, country: pick(["DE", "GB", "US"]),
            createdAt: RandomDelivery.now)
        taxes = try TaxWorld.settings(&random).validated()
        delivery =
            Int.random(in: 0..<20, using: &random) > 0 ? try RandomDelivery.settings(using: &random).checked() : nil
        let (country, region) = (pick(RandomDelivery.countries), pick(RandomDelivery.regions + ["A1", "A1", "B2"]))
        let postalCode = pick(RandomDelivery.codes + ["25000", "15"])
        let position = try RandomDelivery.address(using: &random)?.position
        address =
            Int.random(in: 0..<10, using: &random) > 0
            ? Address(
                name: "A", line1: "B", city: "C", region: region, postalCode: postalCode, country: country,
                coordinates: position.map { .init(latitude: $0.latitude, longitude: $0.longitude) }) : nil
        number = pick([nil, nil, "DE136695976", "FR40303265045", "GB980780684"])
        exemption = Int.random(in: 0..<10, using: &random) == 0 ? "a school" : nil
        let methods = delivery?.options.map(\.id) ?? ["standard"]
        method = pick([nil, pick(methods), pick(methods), pick(methods + ["unheard-of"])])
    }

    /// A few lines of variants at prices around those that the tables of the delivery know, now and then far beyond.
    func basket(using random: inout SeededRandom) throws -> [Line] {
        func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int.random(in: 0..<elements.count, using: &random)]
        }
        let most: Int64 = pick([100, 1000, 1000, 3000, 1_000_000_000])
        let heaviest = pick([500, 3000])
        return (0..<Int.random(in: 1...5, using: &random)).map { index in
            let isGone = Int.random(in: 0..<20, using: &random) == 0
            return Line(
                variant: SellableVariant(
                    id: VariantID(.init(high: 2, low: UInt64(index))), sku: "S\(index)",
                    title: isGone ? "Gone" : "Thing \(index)",
                    priceMinorUnits: .random(in: 0...most, using: &random),
                    isTaxable: Int.random(in: 0..<10, using: &random) > 0,
                    requiresShipping: Int.random(in: 0..<5, using: &random) > 0,
                    weightGrams: .random(in: 0...heaviest, using: &random),
                    taxCode: pick(["", "", "standard", "reduced", "zero", "books", "food", "P0000000"]),
                    isPublished: Int.random(in: 0..<20, using: &random) > 0, priceBookVersion: 0),
                quantity: .random(in: 1...9, using: &random))
        }
    }

    func checkout(_ basket: [Line]) -> Checkout {
        Checkout(
            id: CheckoutID(.init(high: 3, low: 3)), store: store.id, status: .open,
            lines: basket.enumerated().map { index, line in
                Checkout.Line(
                    id: LineID(.init(high: 4, low: UInt64(index))), variant: line.variant.id, quantity: line.quantity)
            },
            contact: Contact(shippingAddress: address), deliveryMethod: method, taxNumber: number,
            taxExemption: exemption, expiresAt: RandomDelivery.now.adding(seconds: 60), createdAt: RandomDelivery.now)
    }
}

/// A checkout added up as one would on paper, from the two models of its parts.
struct SlowCheckout {
    struct Line: Hashable {
        let unitPrice: Int
        let total: Int
        let taxes: [TaxModel.Tax]
    }

    struct Outcome: Hashable {
        var lines: [Line] = []
        var unavailable: [String] = []
        var offers: [String: Int64] = [:]
        var method: String?
        var faults: [String] = []
        var shipping = 0
        var shippingTaxes: [TaxModel.Tax] = []
        var subtotal = 0
        var tax = 0
        var total = 0
        var taxesIncluded = false
        var treatment = ""
    }

    let world: RandomCheckout
    let basket: [RandomCheckout.Line]

    var outcome: Outcome {
        var outcome = Outcome()
        var goods: [TaxBasket.Line] = []
        for (index, line) in basket.enumerated() {
            let (isSold, variant) = (isSold(line), line.variant)
            if !isSold { outcome.unavailable.append("/lines/\(index)/variant_id") }
            let code = variant.taxCode.isEmpty ? "standard" : variant.taxCode
            goods.append(
                TaxBasket.Line(
                    taxClass: isSold && variant.isTaxable ? code : nil,
                    unitPrice: money(isSold ? variant.priceMinorUnits : 0), quantity: line.quantity))
        }
        deliver(&outcome)
        let price = outcome.method.flatMap { outcome.offers[$0] } ?? 0
        let home = world.store.country
        let buyer = TaxBuyer(
            address: place(of: outcome.method),
            number: world.number.flatMap { TaxNumber($0) }, exemption: world.exemption)
        let taxable = TaxBasket(lines: goods, delivery: money(price), buyer: buyer, home: home)
        let model = TaxModel(settings: world.taxes)
        let taxed = model.outcome(of: taxable)
        for (index, line) in basket.enumerated() {
            var total = 0
            for _ in 0..<line.quantity { total += taxed.unitPrices[index] }
            outcome.lines.append(Line(unitPrice: taxed.unitPrices[index], total: total, taxes: taxed.lines[index]))
            outcome.subtotal += total
            for tax in taxed.lines[index] { outcome.tax += tax.amount }
        }
        outcome.shipping = taxed.deliveryPrice
        outcome.shippingTaxes = taxed.delivery
        for tax in taxed.delivery { outcome.tax += tax.amount }
        outcome.total = taxed.total
        outcome.treatment = model.treatment(of: taxable)
        outcome.taxesIncluded = outcome.treatment == "taxed" && model.isIncluded(at: buyer.address)
        return outcome
    }

    /// Where the goods change hands: at the shop's door, or where they are sent.
    private func place(of method: String?) -> TaxAddress {
        let home = world.store.country
        let option = world.delivery?.options.first { $0.id == method }
        if option?.kind == .pickup, let shop = world.delivery?.locations.first {
            if !shop.region.isEmpty { return TaxAddress(country: home, region: shop.region) }
            guard let address = world.address, address.country == home else { return TaxAddress(country: home) }
            return TaxAddress(country: home, region: address.region, postalCode: address.postalCode)
        }
        return TaxAddress(
            country: world.address?.country ?? home, region: world.address?.region ?? "",
            postalCode: world.address?.postalCode ?? "")
    }

    /// What the catalogue still has, and shows.
    private func isSold(_ line: RandomCheckout.Line) -> Bool {
        line.variant.title != "Gone" && line.variant.isPublished
    }

    private func money(_ amount: Int64) -> Money {
        // ignored: no price here is near the limit
        (try? Money(amount, world.store.currency)) ?? .zero(world.store.currency)
    }

    /// What can be chosen, and what was.
    private func deliver(_ outcome: inout Outcome) {
        guard let settings = world.delivery else {
            outcome.offers = ["standard": 0]
            choose(&outcome, among: ["standard"], shipping: ["standard"])
            return
        }
        // What is no longer shown keeps its place in the checkout, and what is gone is not known to need anything.
        guard basket.contains(where: { $0.variant.title != "Gone" && $0.variant.requiresShipping }) else {
            outcome.offers = [DeliverySettings.nothing: 0]
            outcome.method = DeliverySettings.nothing
            return
        }
        var parcel = DeliveryBasket(weightGrams: 0, quantity: 0, valueMinorUnits: 0)
        for line in basket where isSold(line) && line.variant.requiresShipping {
            for _ in 0..<line.quantity {
                parcel.weightGrams += Int64(line.variant.weightGrams)
                parcel.quantity += 1
                parcel.valueMinorUnits += line.variant.priceMinorUnits
            }
        }
        let destination = world.address.map { address in
            DeliveryDestination(
                country: address.country, region: address.region, postalCode: address.postalCode,
                position: address.coordinates.flatMap { GeoPoint(latitude: $0.latitude, longitude: $0.longitude) })
        }
        let offers = SlowDelivery(settings: settings, basket: parcel, address: destination).offers.possible
        for (id, price) in offers { outcome.offers[id] = price }
        choose(
            &outcome, among: offers.map(\.0),
            shipping: settings.options.filter { $0.kind == .shipping }.map(\.id))
    }

    private func choose(_ outcome: inout Outcome, among offers: [String], shipping: [String]) {
        if let wanted = world.method {
            outcome.method = offers.contains(wanted) ? wanted : nil
        } else {
            outcome.method = offers.count == 1 ? offers[0] : offers.first { shipping.contains($0) }
        }
        if outcome.method == nil { outcome.faults = ["/delivery_method"] }
    }
}

extension SlowCheckout.Outcome {
    /// What the product made of it, in the words of the model.
    init(_ quote: CheckoutQuote) throws {
        func taxes(_ lines: [TaxLine]) -> [TaxModel.Tax] {
            lines.map { .init(title: $0.title, rate: $0.partsPerMillion, amount: Int($0.amount.amount)) }
        }
        self.init(
            lines: quote.lines.map {
                .init(
                    unitPrice: Int($0.unitPrice.amount), total: Int($0.total.amount), taxes: taxes($0.taxLines))
            },
            unavailable: quote.unavailable.map(\.pointer),
            offers: Dictionary(uniqueKeysWithValues: quote.delivery.offers.map { ($0.id, $0.priceMinorUnits) }),
            method: quote.delivery.offer?.id, faults: quote.delivery.faults.map(\.pointer),
            shipping: Int(quote.totals.shipping.amount), shippingTaxes: taxes(quote.taxes.shipping),
            subtotal: Int(quote.totals.subtotal.amount), tax: Int(quote.totals.tax.amount),
            total: Int(quote.totals.total.amount), taxesIncluded: quote.totals.taxesIncluded,
            treatment: quote.taxes.treatment)
        #expect(quote.totals.discount.amount == 0)
    }
}
