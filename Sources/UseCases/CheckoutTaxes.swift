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
    /// - Throws: `money.out_of_range`.
    init(
        _ checkout: Checkout, lines: [(variant: SellableVariant?, quantity: Int)], delivery: Money, store: Store,
        settings: TaxSettings
    ) throws(Problem) {
        let address = checkout.contact.shippingAddress
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
                    address: TaxAddress(
                        country: address?.country ?? store.country, region: address?.region ?? "",
                        postalCode: address?.postalCode ?? ""),
                    number: checkout.taxNumber.flatMap { TaxNumber($0) }, exemption: checkout.taxExemption),
                home: store.country))
        isEstimate = address == nil
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
