public import Primitives

/// Which prices a currency knows: multiples of a step, less an offset.
///
/// A step of 5 makes 0.05 the smallest difference, as in Switzerland; a step of 100 with an offset of 1 makes prices
/// end in .99; a step of 100 alone makes them whole. In a currency without decimals a step of 100 with an offset of 20
/// makes them end in 80.
public struct PriceRounding: Hashable, Sendable {
    /// Minor units, at least 1.
    public let step: Int64
    /// Minor units, less than the step.
    public let offset: Int64

    /// Every minor unit.
    public static let exact = PriceRounding(unchecked: 1, 0)

    /// The largest step.
    public static let mostStep: Int64 = 1_000_000

    private init(unchecked step: Int64, _ offset: Int64) {
        self.step = step
        self.offset = offset
    }

    /// - Throws: `validation.failed` at `/rounding_step` or `/rounding_offset`.
    public init(step: Int64, offset: Int64 = 0) throws(Problem) {
        guard (1...Self.mostStep).contains(step) else {
            throw .validation("/rounding_step", "out_of_range", "1 to \(Self.mostStep) is accepted.")
        }
        guard (0..<step).contains(offset) else {
            throw .validation("/rounding_offset", "exceeds_step", "It is not negative and less than the step.")
        }
        self.init(unchecked: step, offset)
    }

    /// What a currency's prices are rounded to until told otherwise: with three decimals to ten of its minor units, and
    /// to whole ariary, because cards are charged no less.
    public static func usual(for currency: Currency) -> PriceRounding {
        if currency.code == "MGA" { return PriceRounding(unchecked: 100, 0) }
        return currency.exponent == 3 ? PriceRounding(unchecked: 10, 0) : .exact
    }

    /// The nearest price that the currency knows; of two that are as near the higher. What costs something never costs
    /// nothing, and what costs nothing stays so.
    /// - Parameter amount: minor units, not negative.
    public func rounded(_ amount: Int64) -> Int64 {
        guard amount > 0, step > 1 else { return amount }
        let multiple = (amount + offset + step / 2) / step
        // With an odd step half of it is cut off, which moves no whole amount to the wrong side.
        let price = multiple * step - offset
        if price > 0 { return min(price, Money.limit) }
        return step - offset
    }
}
