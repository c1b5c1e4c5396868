public import Primitives

/// A method that a basket can be delivered by, with its price.
public struct DeliveryOffer: Hashable, Sendable {
    public let id: String
    public let title: String
    public let details: String
    public let kind: DeliveryOption.Kind
    /// In minor units of the store's currency.
    public let priceMinorUnits: Int64
    /// Nil for methods with windows, and where nothing is known.
    public let estimate: DeliveryEstimate?
    /// Where it is fetched.
    public let location: PickupLocation?
    /// Whether the buyer has to choose one of the method's windows.
    public let needsWindow: Bool

    public init(
        id: String, title: String, details: String = "", kind: DeliveryOption.Kind, priceMinorUnits: Int64,
        estimate: DeliveryEstimate? = nil, location: PickupLocation? = nil, needsWindow: Bool = false
    ) {
        self.id = id
        self.title = title
        self.details = details
        self.kind = kind
        self.priceMinorUnits = priceMinorUnits
        self.estimate = estimate
        self.location = location
        self.needsWindow = needsWindow
    }
}

/// A method that a basket cannot be delivered by, or not yet, and why.
public struct WithheldDelivery: Hashable, Sendable {
    /// What would have to change.
    public enum Reason: String, Sendable, CaseIterable {
        /// It depends on the address, which is not known yet.
        case addressNeeded = "address_needed"
        /// The method does not serve the address.
        case outsideArea = "outside_area"
        /// It depends on where the address lies, which nothing says.
        case positionUnknown = "position_unknown"
        /// The basket is worth too little.
        case belowMinimum = "below_minimum"
        /// The table of prices has none for this weight, value or number.
        case outsideTable = "outside_table"
        /// No window can be chosen at the moment.
        case noWindow = "no_window"
    }

    public let id: String
    public let title: String
    public let reason: Reason
    /// What the basket has to be worth, where that is the reason; in minor units.
    public let minimumMinorUnits: Int64?

    public init(id: String, title: String, reason: Reason, minimumMinorUnits: Int64? = nil) {
        self.id = id
        self.title = title
        self.reason = reason
        self.minimumMinorUnits = minimumMinorUnits
    }
}

/// How a basket can be delivered, and how it cannot.
public struct DeliveryOffers: Hashable, Sendable {
    public var possible: [DeliveryOffer] = []
    public var withheld: [WithheldDelivery] = []

    public init(possible: [DeliveryOffer] = [], withheld: [WithheldDelivery] = []) {
        self.possible = possible
        self.withheld = withheld
    }
}

extension DeliverySettings {
    /// Prices every method for a basket.
    /// - Parameter destination: nil while the address is not known.
    /// - Throws: `money.out_of_range`.
    public func offers(
        for basket: DeliveryBasket, to destination: DeliveryDestination?, at now: Instant
    ) throws(Problem) -> DeliveryOffers {
        var offers = DeliveryOffers()
        let zone = destination.flatMap(zone(of:))
        for option in options {
            if let reason = obstacle(option, zone: zone, destination: destination) {
                offers.withheld.append(WithheldDelivery(id: option.id, title: option.title, reason: reason))
            } else if let minimum = option.minimumOrder, basket.valueMinorUnits < minimum {
                offers.withheld.append(
                    WithheldDelivery(
                        id: option.id, title: option.title, reason: .belowMinimum, minimumMinorUnits: minimum))
            } else if option.schedule != nil, windows(of: option.id, at: now, limit: 1).isEmpty {
                offers.withheld.append(WithheldDelivery(id: option.id, title: option.title, reason: .noWindow))
            } else if let price = try option.rate.price(of: basket) {
                let isFree = option.freeFrom.map { basket.valueMinorUnits >= $0 } ?? false
                offers.possible.append(
                    DeliveryOffer(
                        id: option.id, title: option.title, details: option.details, kind: option.kind,
                        priceMinorUnits: isFree ? 0 : price, estimate: estimate(option, at: now),
                        location: option.kind == .pickup ? locations.first { $0.id == option.location } : nil,
                        needsWindow: option.schedule != nil))
            } else {
                offers.withheld.append(WithheldDelivery(id: option.id, title: option.title, reason: .outsideTable))
            }
        }
        return offers
    }

    /// The zone that an address belongs to.
    func zone(of destination: DeliveryDestination) -> DeliveryZone? {
        zones.first { zone in !zone.isEverywhereElse && zone.areas.contains { $0.contains(destination) } }
            ?? zones.first(where: \.isEverywhereElse)
    }

    private func obstacle(
        _ option: DeliveryOption, zone: DeliveryZone?, destination: DeliveryDestination?
    ) -> WithheldDelivery.Reason? {
        switch option.kind {
        case .pickup: return nil
        case .shipping:
            guard destination != nil else { return servesEverywhere(option) ? nil : .addressNeeded }
            return zone.map { option.zones.contains($0.id) } == true ? nil : .outsideArea
        case .local:
            guard let destination else { return .addressNeeded }
            guard let isWithin = option.area?.contains(destination) else { return .positionUnknown }
            return isWithin ? nil : .outsideArea
        }
    }

    /// Whether a method of shipping serves every address there is.
    private func servesEverywhere(_ option: DeliveryOption) -> Bool {
        zones.contains(where: \.isEverywhereElse) && zones.allSatisfy { option.zones.contains($0.id) }
    }
}
