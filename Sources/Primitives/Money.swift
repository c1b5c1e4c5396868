/// An exact amount in the minor units of a currency, at most 2^53 − 1 either way so that every JSON client reads it.
public struct Money: Hashable, Sendable, CustomStringConvertible {
    /// The largest amount, 2^53 − 1.
    public static let limit: Int64 = 9_007_199_254_740_991

    /// Minor units: cents, yen, fils.
    public let amount: Int64
    /// The currency of the amount.
    public let currency: Currency

    /// - Throws: `Problem` `money.out_of_range` beyond the limit.
    public init(_ amount: Int64, _ currency: Currency) throws(Problem) {
        guard amount <= Self.limit, amount >= -Self.limit else { throw Self.outOfRange }
        self.amount = amount
        self.currency = currency
    }

    private init(unchecked amount: Int64, _ currency: Currency) {
        self.amount = amount
        self.currency = currency
    }

    /// Nothing, in a currency.
    public static func zero(_ currency: Currency) -> Money {
        Money(unchecked: 0, currency)
    }

    /// - Throws: `money.currency_mismatch`, `money.out_of_range`.
    public func adding(_ other: Money) throws(Problem) -> Money {
        try requireSameCurrency(other)
        // Two amounts within ±2^53 cannot overflow 64 bits; the initialiser checks the sum.
        return try Money(amount + other.amount, currency)
    }

    /// - Throws: `money.currency_mismatch`, `money.out_of_range`.
    public func subtracting(_ other: Money) throws(Problem) -> Money {
        try requireSameCurrency(other)
        return try Money(amount - other.amount, currency)
    }

    /// - Throws: `money.out_of_range`.
    public func multiplied(by factor: Int) throws(Problem) -> Money {
        let (product, overflow) = amount.multipliedReportingOverflow(by: Int64(factor))
        guard !overflow else { throw Self.outOfRange }
        return try Money(product, currency)
    }

    /// Splits the amount in proportion to the weights, to the last minor unit: the parts always sum to the whole.
    ///
    /// Largest-remainder method; equal remainders go to the earlier part. Negative amounts mirror positive ones.
    /// - Parameter weights: at least one, none negative, not all zero.
    /// - Throws: `money.invalid_weights`.
    public func allocated(by weights: [Int64]) throws(Problem) -> [Money] {
        var total: UInt64 = 0
        for weight in weights {
            guard weight >= 0 else { throw Self.invalidWeights }
            let (sum, overflow) = total.addingReportingOverflow(UInt64(weight))
            guard !overflow else { throw Self.invalidWeights }
            total = sum
        }
        guard total > 0 else { throw Self.invalidWeights }
        var shares: [(share: UInt64, remainder: UInt64, index: Int)] = []
        var left = amount.magnitude
        for (index, weight) in weights.enumerated() {
            let (quotient, remainder) = total.dividingFullWidth(
                amount.magnitude.multipliedFullWidth(by: UInt64(weight)))
            shares.append((quotient, remainder, index))
            left -= quotient
        }
        let order = shares.indices.sorted {
            (shares[$1].remainder, shares[$0].index) < (shares[$0].remainder, shares[$1].index)
        }
        for index in order.prefix(Int(left)) { shares[index].share += 1 }
        return shares.map { Money(unchecked: Int64($0.share) * amount.signum(), currency) }
    }

    /// The amount with the currency's decimals and code, such as `12.99 USD`. For people, not for parsing.
    public var description: String {
        let digits = String(amount.magnitude)
        let sign = amount < 0 ? "-" : ""
        guard currency.exponent > 0 else { return "\(sign)\(digits) \(currency.code)" }
        let padded = String(repeating: "0", count: max(0, currency.exponent + 1 - digits.count)) + digits
        return "\(sign)\(padded.dropLast(currency.exponent)).\(padded.suffix(currency.exponent)) \(currency.code)"
    }

    private func requireSameCurrency(_ other: Money) throws(Problem) {
        guard currency == other.currency else {
            throw Problem(
                .invalid, "money.currency_mismatch", "\(currency.code) and \(other.currency.code) cannot be combined.")
        }
    }

    private static let outOfRange = Problem(
        .invalid, "money.out_of_range", "The amount is beyond 9007199254740991 minor units.")
    private static let invalidWeights = Problem(
        .invalid, "money.invalid_weights", "Shares need at least one weight, none negative, not all zero.")
}
