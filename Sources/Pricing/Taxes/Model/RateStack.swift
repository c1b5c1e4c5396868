/// The taxes on one amount, in the order of their priority.
///
/// Each tax is rounded by itself to the minor unit, halves away from zero. Arithmetic is on integers: an amount has at
/// most 53 bits, sixty rates of at most 100 % with at most two levels of compounding have at most 73, and 128 hold
/// both.
struct RateStack {
    let rates: [TaxRate]

    /// - Parameter rates: of one zone and class, in any order.
    init(_ rates: [TaxRate]) {
        self.rates = rates.enumerated().sorted {
            ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset)
        }.map(\.element)
    }

    /// The taxes to be added to an amount without tax. A compound tax is a tax on those before it as they were rounded.
    func added(to net: Int64) -> [Int64] {
        var taxes: [Int64] = []
        var before = Int128(net)
        for (index, rate) in rates.enumerated() {
            if index > 0, rate.priority != rates[index - 1].priority {
                before = Int128(net) + taxes.reduce(0) { $0 + Int128($1) }
            }
            let base = rate.isCompound ? before : Int128(net)
            taxes.append(Self.rounded(base * Int128(rate.partsPerMillion), by: 1_000_000))
        }
        return taxes
    }

    /// The taxes that are inside an amount.
    func inside(_ gross: Int64) -> [Int64] {
        guard !rates.isEmpty else { return [] }
        let (shares, whole) = shares
        return shares.map { Self.rounded(Int128(gross) * $0, by: whole) }
    }

    /// Of how many parts a gross amount consists, and how many of them are each tax.
    private var shares: (shares: [Int128], whole: Int128) {
        let million: Int128 = 1_000_000
        // Everything in parts of which a net amount has `unit`.
        var (unit, whole) = (million, million)
        var shares: [Int128] = []
        var start = rates.startIndex
        while start < rates.endIndex {
            let level = rates[start...].prefix { $0.priority == rates[start].priority }
            if start > 0, level.contains(where: \.isCompound) {
                unit *= million
                whole *= million
                shares = shares.map { $0 * million }
            }
            let before = whole
            for rate in level {
                // Compound on the first level is a tax on the price alone.
                let base = rate.isCompound ? before : unit
                let share = base / million * Int128(rate.partsPerMillion)
                shares.append(share)
                whole += share
            }
            start = level.endIndex
        }
        return (shares, whole)
    }

    /// Halves away from zero.
    private static func rounded(_ value: Int128, by divisor: Int128) -> Int64 {
        let (quotient, remainder) = value.magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
        let size = remainder * 2 >= divisor.magnitude ? quotient + 1 : quotient
        return value < 0 ? -Int64(clamping: size) : Int64(clamping: size)
    }
}
