import Primitives

/// What of a basket is delivered.
public struct DeliveryBasket: Hashable, Sendable {
    public var weightGrams: Int64
    public var quantity: Int64
    /// What it costs without the delivery, in minor units.
    public var valueMinorUnits: Int64

    public init(weightGrams: Int64, quantity: Int64, valueMinorUnits: Int64) {
        self.weightGrams = weightGrams
        self.quantity = quantity
        self.valueMinorUnits = valueMinorUnits
    }
}

/// What a delivery costs. Amounts are in minor units of the store's currency.
public struct DeliveryRate: Hashable, Sendable {
    /// What decides the price.
    public enum Basis: String, Sendable, CaseIterable {
        /// One price.
        case flat
        /// `price`, and `perItem` for each unit.
        case perItem = "per_item"
        /// A table by grams.
        case weight
        /// A table by what the goods cost, in minor units.
        case price
        /// A table by units.
        case quantity
    }

    /// The price of baskets that measure at least so much, until the next step.
    public struct Step: Hashable, Sendable {
        public var from: Int64
        public var price: Int64

        public init(from: Int64, price: Int64) {
            self.from = from
            self.price = price
        }
    }

    public var basis: Basis
    public var price: Int64
    public var perItem: Int64
    /// Ascending; what measures less than the first is not delivered.
    public var steps: [Step]
    /// What measures more is not delivered; nil for no such limit.
    public var upTo: Int64?

    public init(basis: Basis, price: Int64 = 0, perItem: Int64 = 0, steps: [Step] = [], upTo: Int64? = nil) {
        self.basis = basis
        self.price = price
        self.perItem = perItem
        self.steps = steps
        self.upTo = upTo
    }

    /// One price for everything.
    public static func flat(_ price: Int64) -> DeliveryRate { DeliveryRate(basis: .flat, price: price) }

    /// Nil when the table has no price for the basket.
    /// - Throws: `money.out_of_range`.
    func price(of basket: DeliveryBasket) throws(Problem) -> Int64? {
        switch basis {
        case .flat: return price
        case .perItem:
            let (product, overflow) = perItem.multipliedReportingOverflow(by: basket.quantity)
            guard !overflow, product <= Money.limit, product + price <= Money.limit else {
                throw Problem(
                    .invalid, "money.out_of_range", "The price of the delivery is beyond \(Money.limit) minor units.")
            }
            return product + price
        case .weight: return step(of: basket.weightGrams)
        case .price: return step(of: basket.valueMinorUnits)
        case .quantity: return step(of: basket.quantity)
        }
    }

    private func step(of measure: Int64) -> Int64? {
        if let upTo, measure > upTo { return nil }
        return steps.last { $0.from <= measure }?.price
    }
}

extension DeliveryRate {
    /// The rate in another currency.
    func converted(_ convert: (Int64) -> Int64) -> DeliveryRate {
        var rate = self
        rate.price = convert(price)
        rate.perItem = convert(perItem)
        rate.steps = steps.map { Step(from: basis == .price ? convert($0.from) : $0.from, price: convert($0.price)) }
        rate.upTo = basis == .price ? upTo.map(convert) : upTo
        return rate
    }
}

extension DeliverySettings {
    /// The settings with every amount in another currency: prices, and what a basket has to be worth for them.
    public func converted(_ convert: (Int64) -> Int64) -> DeliverySettings {
        var settings = self
        for index in options.indices {
            settings.options[index].rate = options[index].rate.converted(convert)
            settings.options[index].freeFrom = options[index].freeFrom.map(convert)
            settings.options[index].minimumOrder = options[index].minimumOrder.map(convert)
        }
        return settings
    }
}
