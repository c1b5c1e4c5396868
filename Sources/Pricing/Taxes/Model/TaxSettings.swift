/// How a store taxes what it sells: one document, read and replaced as a whole.
///
/// Nothing in it is an obligation of Shipshape: the merchant says which taxes apply, and the engine computes them.
public struct TaxSettings: Hashable, Sendable {
    /// Whether prices include the tax, unless a zone says otherwise.
    public var pricesIncludeTax: Bool
    /// What taxes the delivery.
    public var delivery: DeliveryTaxation
    /// The store's own tax number, for invoices; may be empty.
    public var number: String
    /// The kinds of goods that are taxed alike. `standard`, `reduced` and `zero` need not be listed.
    public var classes: [TaxClass]
    /// In the order in which they are tried where two fit an address equally well.
    public var zones: [TaxZone]

    public init(
        pricesIncludeTax: Bool = false, delivery: DeliveryTaxation = .goods, number: String = "",
        classes: [TaxClass] = [], zones: [TaxZone] = []
    ) {
        self.pricesIncludeTax = pricesIncludeTax
        self.delivery = delivery
        self.number = number
        self.classes = classes
        self.zones = zones
    }

    /// A store that was told nothing charges no tax.
    public static let none = TaxSettings()

    /// Whether there are zones for regions of a country only, so that nobody knows what an address without one owes.
    public func dependsOnRegion(in country: String) -> Bool {
        let places = zones.flatMap(\.places).filter { $0.country == country }
        return !places.isEmpty && places.allSatisfy { !$0.regions.isEmpty }
    }

    /// Whether there is anything that could ever be charged.
    public var chargesNothing: Bool { zones.allSatisfy(\.rates.isEmpty) }
}

/// What taxes the price of the delivery.
public enum DeliveryTaxation: Hashable, Sendable {
    /// The goods that it delivers: its price is divided among their tax classes in proportion to their prices.
    case goods
    /// A class of its own.
    case taxClass(String)
    /// It is never taxed.
    case untaxed
}

/// A kind of goods that is taxed alike, such as food.
public struct TaxClass: Hashable, Sendable {
    /// Lower-case letters, digits, `_` and `-`.
    public let code: String
    public let title: String
    /// The class whose rates apply in zones that have none for this one.
    public let fallback: String

    public init(code: String, title: String, fallback: String = TaxClass.standard) {
        self.code = code
        self.title = title
        self.fallback = fallback
    }

    /// Whether a text can be a class's code.
    public static func isCode(_ text: String) -> Bool {
        (1...50).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }

    /// What is said of a text that can be none.
    public static let codeIsExpected = "1 to 50 of the characters a to z, 0 to 9, - and _ are expected."

    /// What everything belongs to that says nothing else.
    public static let standard = "standard"
    /// Taxed less where a zone says so, as standard elsewhere.
    public static let reduced = "reduced"
    /// Never taxed.
    public static let zero = "zero"

    /// The classes that every store has.
    public static let builtIn = [
        TaxClass(code: standard, title: "Standard"), TaxClass(code: reduced, title: "Reduced"),
        TaxClass(code: zero, title: "Zero", fallback: zero),
    ]
}

/// Where some taxes apply.
public struct TaxZone: Hashable, Sendable {
    public var name: String
    public var places: [TaxPlace]
    /// Nil: as the store's prices do.
    public var pricesIncludeTax: Bool?
    /// Whether a business with a tax number from here, and not from the store's own country, owes the tax itself.
    public var reverseCharge: Bool
    public var rates: [TaxRate]

    public init(
        name: String, places: [TaxPlace], pricesIncludeTax: Bool? = nil, reverseCharge: Bool = false,
        rates: [TaxRate] = []
    ) {
        self.name = name
        self.places = places
        self.pricesIncludeTax = pricesIncludeTax
        self.reverseCharge = reverseCharge
        self.rates = rates
    }
}

/// One tax of a zone.
public struct TaxRate: Hashable, Sendable {
    /// As buyers read it: `VAT`, `QST`.
    public var title: String
    /// Millionths: 190000 is 19 %, 99750 is 9.975 %.
    public var partsPerMillion: Int
    /// The classes that it taxes.
    public var classes: [String]
    /// Taxes of a lower priority come first; a compound tax is a tax on them, too.
    public var priority: Int
    /// Whether it is a tax on the price together with the taxes of lower priorities.
    public var isCompound: Bool
    /// Whether the delivery is taxed by it as well.
    public var taxesDelivery: Bool
    /// Where in the zone it applies; everywhere when empty.
    public var postalCodes: [TaxPostalPattern]

    public init(
        title: String, partsPerMillion: Int, classes: [String] = [TaxClass.standard], priority: Int = 1,
        isCompound: Bool = false, taxesDelivery: Bool = true, postalCodes: [TaxPostalPattern] = []
    ) {
        self.title = title
        self.partsPerMillion = partsPerMillion
        self.classes = classes
        self.priority = priority
        self.isCompound = isCompound
        self.taxesDelivery = taxesDelivery
        self.postalCodes = postalCodes
    }

    /// The largest rate, 100 %.
    public static let most = 1_000_000

    /// The rate as people write it: `19%`, `9.975%`.
    public var percent: String { Self.percent(partsPerMillion) }

    /// Millionths as people write them: `19%`, `9.975%`.
    public static func percent(_ partsPerMillion: Int) -> String {
        let (whole, rest) = partsPerMillion.quotientAndRemainder(dividingBy: 10_000)
        guard rest > 0 else { return "\(whole)%" }
        var digits = String(rest)
        digits = String(repeating: "0", count: 4 - digits.count) + digits
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)%"
    }

    /// Reads a percentage such as `19`, `9.975` or `9,975 %`: at most 100, at most four decimals.
    public static func partsPerMillion(percent text: String) -> Int? {
        var text = text.filter { $0 != " " && $0 != "\u{A0}" }
        if text.last == "%" { text.removeLast() }
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard (1...2).contains(parts.count), !parts[0].isEmpty, parts[0].utf8.count <= 3,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }), let whole = Int(parts[0])
        else { return nil }
        var value = whole * 10_000
        if parts.count == 2 {
            guard (1...4).contains(parts[1].utf8.count), let decimals = Int(parts[1] + "0000".dropFirst(parts[1].count))
            else { return nil }
            value += decimals
        }
        return value <= most ? value : nil
    }
}
