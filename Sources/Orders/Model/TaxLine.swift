public import Primitives

/// A tax on a line or on a delivery, as it was charged: kept for ever, whatever becomes of the settings.
public struct TaxLine: Hashable, Sendable {
    /// As the buyer reads it, such as `VAT`.
    public let title: String
    /// Millionths: 190000 is 19 %.
    public let partsPerMillion: Int
    public let amount: Money

    public init(title: String, partsPerMillion: Int, amount: Money) {
        self.title = title
        self.partsPerMillion = partsPerMillion
        self.amount = amount
    }
}

/// What an order says of its taxes besides those of its lines.
public struct OrderTaxes: Hashable, Sendable {
    /// The taxes on the delivery.
    public var shipping: [TaxLine]
    /// `taxed`, `exempt` or `reverse_charge`.
    public var treatment: String
    /// The number under which the buyer is registered, such as `FR40303265045`; may be empty.
    public var number: String
    /// Why the buyer is exempt; may be empty.
    public var exemption: String

    public init(shipping: [TaxLine] = [], treatment: String = "taxed", number: String = "", exemption: String = "") {
        self.shipping = shipping
        self.treatment = treatment
        self.number = number
        self.exemption = exemption
    }

    /// Nothing to be said.
    public static let none = OrderTaxes()
}

extension Sequence where Element == TaxLine {
    /// The sum of the amounts.
    /// - Throws: `money.out_of_range`.
    public func total(_ currency: Currency) throws(Problem) -> Money {
        var total = Money.zero(currency)
        for line in self { total = try total.adding(line.amount) }
        return total
    }

    /// One line for each title and rate, in the order in which they come.
    public var summed: [TaxLine] {
        var sums: [TaxLine] = []
        for line in self {
            let same = sums.firstIndex { $0.title == line.title && $0.partsPerMillion == line.partsPerMillion }
            // ignored: parts of a tax that has been summed within the limits are within them
            guard let same, let sum = try? sums[same].amount.adding(line.amount) else {
                sums.append(line)
                continue
            }
            sums[same] = TaxLine(title: line.title, partsPerMillion: line.partsPerMillion, amount: sum)
        }
        return sums
    }
}

extension Order {
    /// The taxes of the lines and the delivery, one for each title and rate.
    public var taxLines: [TaxLine] { (lines.flatMap(\.taxLines) + taxes.shipping).summed }
}
