import Primitives

/// Amounts as Stripe counts them, which is not everywhere in the minor units of ISO 4217
/// (https://docs.stripe.com/currencies).
enum StripeAmount {
    /// Without decimals by ISO 4217, and told in hundredths for the sake of older programs.
    private static let hundredfold: Set = ["ISK", "UGX"]
    /// With two decimals by ISO 4217, and told in whole units.
    private static let whole: Set = ["MGA"]

    /// Nil where Stripe cannot charge the amount: a fraction of what it counts in, or with three decimals a last digit
    /// that is not 0.
    static func units(_ money: Money) -> Int64? {
        let code = money.currency.code
        if hundredfold.contains(code) {
            let (units, overflow) = money.amount.multipliedReportingOverflow(by: 100)
            return overflow ? nil : units
        }
        if whole.contains(code) { return money.amount % 100 == 0 ? money.amount / 100 : nil }
        if money.currency.exponent == 3 { return money.amount % 10 == 0 ? money.amount : nil }
        return money.amount
    }

    /// The amount that Stripe means; nil where it is none of ours.
    static func money(_ units: Int64, _ code: String) -> Money? {
        guard let currency = Currency(code.uppercased()) else { return nil }
        var amount = units
        if hundredfold.contains(currency.code) {
            guard units % 100 == 0 else { return nil }
            amount = units / 100
        } else if whole.contains(currency.code) {
            let (product, overflow) = units.multipliedReportingOverflow(by: 100)
            guard !overflow else { return nil }
            amount = product
        }
        // ignored: an amount beyond the limits is none of ours
        return try? Money(amount, currency)
    }
}
