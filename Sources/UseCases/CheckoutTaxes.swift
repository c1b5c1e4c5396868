import Catalog
import Orders
import Pricing
import Primitives
import Stores

/// What a checkout's lines and delivery come to with the taxes of its buyer.
struct CheckoutTaxes {
    let taxed: TaxedBasket
    /// Whether the store's country stands in for an address that is not known yet.
    let isEstimate: Bool

    /// - Parameters:
    ///   - lines: what is bought; the variant is nil for what cannot be bought any more.
    ///   - delivery: its price; the prices of the lines are in the same currency.
    ///   - pickup: where the buyer fetches it; nil where it is brought.
    /// - Throws: `money.out_of_range`.
    init(
        _ checkout: Checkout, lines: [(variant: SellableVariant?, quantity: Int)], delivery: Money,
        pickup: PickupLocation?, store: Store, settings: TaxSettings
    ) throws(Problem) {
        let address = checkout.contact.shippingAddress
        let place = pickup.map { Self.place(of: $0, for: address, in: store) }
        var basket: [TaxBasket.Line] = []
        for line in lines {
            basket.append(
                TaxBasket.Line(
                    taxClass: line.variant?.taxClass,
                    unitPrice: try Money(line.variant?.priceMinorUnits ?? 0, delivery.currency), quantity: line.quantity
                ))
        }
        taxed = try settings.tax(
            TaxBasket(
                lines: basket, delivery: delivery,
                buyer: TaxBuyer(
                    address: place
                        ?? TaxAddress(
                            country: address?.country ?? store.country, region: address?.region ?? "",
                            postalCode: address?.postalCode ?? ""),
                    number: checkout.taxNumber.flatMap { TaxNumber($0) }, exemption: checkout.taxExemption),
                home: store.country))
        isEstimate = address == nil
    }

    /// What is fetched never leaves the country: it is taxed where it is handed over, whoever fetches it. Where the
    /// location says no more than that, somebody who lives in the country is taken to live nearby.
    private static func place(of pickup: PickupLocation, for address: Address?, in store: Store) -> TaxAddress {
        let neighbour = address?.country == store.country ? address : nil
        guard pickup.region.isEmpty, pickup.postalCode.isEmpty else {
            return TaxAddress(country: store.country, region: pickup.region, postalCode: pickup.postalCode)
        }
        return TaxAddress(
            country: store.country, region: neighbour?.region ?? "", postalCode: neighbour?.postalCode ?? "")
    }

    /// What the order says of its taxes besides those of the lines.
    func record(of checkout: Checkout) -> OrderTaxes {
        OrderTaxes(
            shipping: taxed.deliveryTaxes.map(TaxLine.init), treatment: taxed.treatment.rawValue,
            number: checkout.taxNumber ?? "", exemption: checkout.taxExemption ?? "")
    }
}

extension SellableVariant {
    /// The class as which it is taxed; nil for what is not taxable.
    var taxClass: String? { isTaxable ? (taxCode.isEmpty ? TaxClass.standard : taxCode) : nil }
}

extension TaxLine {
    init(_ tax: AppliedTax) {
        self.init(title: tax.title, partsPerMillion: tax.partsPerMillion, amount: tax.amount)
    }
}
