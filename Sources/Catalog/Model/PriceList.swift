public import Primitives

/// A currency that a store sells in besides its own.
public struct CurrencyTerms: Hashable, Sendable {
    public let currency: Currency
    /// For prices that no price list names.
    public var rate: ExchangeRate
    /// When the merchant took the rate from the market.
    public var ratedAt: Instant
    public var rounding: PriceRounding

    public init(currency: Currency, rate: ExchangeRate, ratedAt: Instant, rounding: PriceRounding) {
        self.currency = currency
        self.rate = rate
        self.ratedAt = ratedAt
        self.rounding = rounding
    }
}

/// Prices in a currency that stand before those of the catalogue, for everybody or for a group, always or for a time.
public struct PriceList: Hashable, Sendable {
    public let id: PriceListID
    public var terms: PriceListTerms
    /// Grows by one with every change, of its prices too.
    public var version: Int
    public let createdAt: Instant
    public var updatedAt: Instant

    /// Whether it counts at a moment.
    public func isActive(at now: Instant) -> Bool {
        if let startsAt = terms.startsAt, now < startsAt { return false }
        if let endsAt = terms.endsAt, now >= endsAt { return false }
        return true
    }

    /// Whether its prices are what things cost for everybody at any time: a currency's own prices.
    var isStanding: Bool { terms.group == nil && terms.startsAt == nil && terms.endsAt == nil }
}

/// What a merchant says of a price list.
public struct PriceListTerms: Hashable, Sendable {
    public var name: String
    public var currency: Currency
    /// Only customers of the group; nil for everybody.
    public var group: CustomerGroupID?
    public var startsAt: Instant?
    /// From this moment on it counts no more.
    public var endsAt: Instant?
    /// What variants cost that the list does not name, in millionths more or less than usual: −100,000 is 10 % off. Nil
    /// when the list is about those it names only.
    public var adjustmentPPM: Int?

    /// Between nothing and eleven times as much.
    public static let adjustments = -1_000_000...10_000_000

    public init(
        name: String, currency: Currency, group: CustomerGroupID? = nil, startsAt: Instant? = nil,
        endsAt: Instant? = nil, adjustmentPPM: Int? = nil
    ) {
        self.name = name
        self.currency = currency
        self.group = group
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.adjustmentPPM = adjustmentPPM
    }

    /// - Throws: `validation.failed`.
    func requireOrder() throws(Problem) {
        if let startsAt, let endsAt, startsAt >= endsAt {
            throw .validation("/ends_at", "range", "It ends after it starts.")
        }
    }
}

/// What a price list says of a variant.
public struct ListedPrice: Hashable, Sendable {
    public let list: PriceListID
    public let variant: VariantID
    /// Minor units of the list's currency.
    public let amount: Int64
    /// The former price shown beside, in minor units.
    public let compareAt: Int64?

    public init(list: PriceListID, variant: VariantID, amount: Int64, compareAt: Int64?) {
        self.list = list
        self.variant = variant
        self.amount = amount
        self.compareAt = compareAt
    }
}

/// What a variant costs somebody now.
public struct VariantPrice: Hashable, Sendable {
    /// Minor units of the currency that was asked for.
    public let amount: Int64
    /// The former price shown beside; nil unless it is higher.
    public let compareAt: Int64?
    /// The price list that says so; nil for the catalogue's own price, converted or not.
    public let list: PriceListID?
}
