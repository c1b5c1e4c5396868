public import Primitives

/// How many units of a currency one unit of the store's own is worth, exact to nine decimals.
public struct ExchangeRate: Hashable, Sendable, CustomStringConvertible {
    /// Thousand-millionths: 1.25 is 1,250,000,000.
    public let billionths: Int64

    private static let one: Int64 = 1_000_000_000

    /// Nil unless it is more than nothing and at most a thousand million.
    public init?(billionths: Int64) {
        guard billionths > 0, billionths <= Self.one * Self.one else { return nil }
        self.billionths = billionths
    }

    /// Reads digits with at most nine decimals behind a point, such as `0.8612`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? parts[1] : ""
        guard !parts[0].isEmpty, parts[0].utf8.count <= 10, decimals.utf8.count <= 9,
            parts.count == 1 || !decimals.isEmpty,
            (parts[0] + decimals).utf8.allSatisfy({ (48...57).contains($0) }), let whole = Int64(parts[0]),
            let part = Int64(decimals + String(repeating: "0", count: 9 - decimals.utf8.count)),
            whole <= Self.one
        else { return nil }
        self.init(billionths: whole * Self.one + part)
    }

    /// As `init` reads it, without zeros at the end.
    public var description: String {
        let (whole, part) = billionths.quotientAndRemainder(dividingBy: Self.one)
        guard part > 0 else { return String(whole) }
        let digits = String(part)
        var decimals = String(repeating: "0", count: 9 - digits.count) + digits
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(whole).\(decimals)"
    }

    /// An amount in another currency, to the nearest minor unit, halves up. At most `Money.limit`.
    /// - Parameter amount: minor units of `base`, not negative.
    public func converted(_ amount: Int64, from base: Currency, to currency: Currency) -> Int64 {
        func power(_ exponent: Int) -> UInt128 { (0..<max(0, exponent)).reduce(1) { power, _ in power * 10 } }
        // At most 53 bits of amount, 60 of rate and 10 of decimals.
        let product = UInt128(amount.magnitude) * UInt128(billionths) * power(currency.exponent - base.exponent)
        let divisor = UInt128(Self.one) * power(base.exponent - currency.exponent)
        return Int64(min((product + divisor / 2) / divisor, UInt128(Money.limit)))
    }
}
