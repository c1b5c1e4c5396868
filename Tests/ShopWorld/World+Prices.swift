public import Catalog
public import Orders
import Persistence
public import Primitives
import Stores

extension World {
    /// Sells in a further currency: so much of it is one pound.
    public func sell(in code: String, rate: String, step: Int64 = 1, offset: Int64 = 0) async throws {
        guard let currency = Currency(code) else { throw Problem.notFound("currency") }
        let keep = KeepCurrency(
            store: store.id, base: store.currency, currency: currency, rate: ExchangeRate(rate), ratedAt: nil,
            rounding: try PriceRounding(step: step, offset: offset), actor: .system)
        _ = try await database.write("test.currency") { tx in try keep.run(in: tx) }
    }

    /// A price list with these prices, in minor units of its currency.
    public func priceList(
        _ name: String, in code: String? = nil, group: CustomerGroupID? = nil, from startsAt: Instant? = nil,
        until endsAt: Instant? = nil, adjustmentPPM: Int? = nil, prices: [(Variant, Int64)] = []
    ) async throws -> PriceList {
        let currency = code.flatMap { Currency($0) } ?? store.currency
        let terms = PriceListTerms(
            name: name, currency: currency, group: group, startsAt: startsAt, endsAt: endsAt,
            adjustmentPPM: adjustmentPPM)
        return try await database.write("test.price_list") { [store] tx in
            let list = try AddPriceList(store: store.id, terms: terms, actor: .system).run(in: tx)
            guard !prices.isEmpty else { return list }
            return try ChangePriceList(store: store.id, id: list.id, actor: .system, requestID: nil).set(
                prices.map { ($0.0.id, try Money($0.1, currency), nil) }, in: tx)
        }
    }

    /// An open checkout in a currency, for a customer.
    public func checkout(
        _ lines: [(Variant, Int)], in code: String, for customer: CustomerID? = nil
    ) async throws -> Checkout {
        var random = SystemRandomNumberGenerator()
        let start = try StartCheckout(
            store: store.id, id: CheckoutID(.random128(using: &random)),
            lines: lines.map { WantedLine(variant: $0.0.id, quantity: $0.1) }, contact: World.contact,
            deliveryMethod: nil, currency: Currency(code), customer: customer)
        return try await database.write("test.checkout") { tx in try start.run(in: tx) }
    }
}
