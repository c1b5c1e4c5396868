import Orders
public import Persistence
public import Pricing
public import Primitives

/// How a checkout can be delivered, and what its buyer has chosen of it.
public struct DeliveryQuote: Hashable, Sendable {
    /// The methods that are possible, with their prices.
    public let offers: [DeliveryOffer]
    /// The methods that are not, or not yet.
    public let withheld: [WithheldDelivery]
    /// The method that applies: the chosen one; until one is, the only one or the first that ships without more to
    /// choose. Nil while that is not decided.
    public let offer: DeliveryOffer?
    /// The chosen window of that method.
    public let window: DeliveryWindow?
    /// What has to be chosen before the checkout can become an order, and what is no longer possible.
    public private(set) var faults: [Problem.FieldError]
    /// The next windows of each method that has any; read by `withWindows`.
    public private(set) var windows: [String: [OfferedWindow]] = [:]
    /// The time zone of all days and windows.
    public let timeZone: String
    private let settings: DeliverySettings?
    private let now: Instant

    /// A window and how many places are left in it.
    public struct OfferedWindow: Hashable, Sendable {
        public let window: DeliveryWindow
        public let available: Int

        public init(_ window: DeliveryWindow, taken: Int) {
            self.window = window
            available = max(0, window.capacity - taken)
        }
    }

    /// Windows of a method that a checkout lists; the others are asked for.
    public static let listedWindows = 24

    /// - Parameter settings: how the store delivers; nil while it was told nothing.
    init(
        of checkout: Checkout, basket: DeliveryBasket, needsShipping: Bool, settings: DeliverySettings?,
        at now: Instant
    ) throws(Problem) {
        let offers = try Self.offers(
            for: basket, needsShipping: needsShipping, to: checkout.contact.shippingAddress?.destination, settings, now)
        self.offers = offers.possible
        withheld = offers.withheld
        timeZone = settings?.timeZone ?? DeliverySettings.initial.timeZone
        self.settings = settings
        self.now = now
        let isFree = settings != nil && !needsShipping
        let chosen = isFree ? nil : checkout.deliveryMethod
        offer = chosen == nil ? Self.unasked(offers.possible) : offers.possible.first { $0.id == chosen }
        let key = checkout.deliveryWindow.flatMap { WindowKey($0) }
        if let offer, offer.needsWindow, let key, key.method == offer.id {
            window = settings?.window(key, at: now)
        } else {
            window = nil
        }
        faults = Self.methodFaults(offers, chosen: chosen, applies: offer != nil)
        if let offer, offer.needsWindow, window == nil {
            let isGone = key?.method == offer.id || (key == nil && checkout.deliveryWindow != nil)
            faults.append(
                isGone
                    ? .init(
                        pointer: "/delivery_window", code: "unavailable",
                        detail: "This delivery window cannot be chosen any more.")
                    : .init(pointer: "/delivery_window", code: "required", detail: "Choose a delivery window."))
        }
    }

    /// What applies while nobody has chosen: never one of several that the buyer has to do something for.
    private static func unasked(_ offers: [DeliveryOffer]) -> DeliveryOffer? {
        offers.count == 1 ? offers.first : offers.first { $0.kind == .shipping && !$0.needsWindow }
    }

    private static func offers(
        for basket: DeliveryBasket, needsShipping: Bool, to destination: DeliveryDestination?,
        _ settings: DeliverySettings?, _ now: Instant
    ) throws(Problem) -> DeliveryOffers {
        guard let settings else {
            let standard = DeliveryMethod.standard
            return DeliveryOffers(possible: [
                DeliveryOffer(id: standard.id, title: standard.title, kind: .shipping, priceMinorUnits: 0)
            ])
        }
        guard needsShipping else {
            return DeliveryOffers(possible: [
                DeliveryOffer(
                    id: DeliverySettings.nothing, title: "Nothing to deliver", kind: .shipping, priceMinorUnits: 0)
            ])
        }
        return try settings.offers(for: basket, to: destination, at: now)
    }

    private static func methodFaults(
        _ offers: DeliveryOffers, chosen: String?, applies: Bool
    ) -> [Problem.FieldError] {
        if applies { return [] }
        func fault(_ code: String, _ detail: String) -> [Problem.FieldError] {
            [.init(pointer: "/delivery_method", code: code, detail: detail)]
        }
        if let chosen {
            guard let withheld = offers.withheld.first(where: { $0.id == chosen }) else {
                return fault("unavailable", "There is no such delivery method.")
            }
            return fault(
                withheld.reason == .addressNeeded ? "address_needed" : "unavailable", sentence(withheld.reason))
        }
        if !offers.possible.isEmpty { return fault("required", "Choose one of the delivery methods.") }
        if offers.withheld.contains(where: { $0.reason == .addressNeeded }) {
            return fault("address_needed", sentence(.addressNeeded))
        }
        let reasons = Set(offers.withheld.map(\.reason))
        return fault(
            "unavailable",
            reasons.count == 1
                ? sentence(reasons.first ?? .outsideArea) : "There is no way to deliver this order there.")
    }

    /// Why a method is not possible, as a sentence for the buyer.
    public static func sentence(_ reason: WithheldDelivery.Reason) -> String {
        switch reason {
        case .addressNeeded: "Whether this is possible depends on the address."
        case .outsideArea: "This is not possible at this address."
        case .positionUnknown: "It is not known whether this address is near enough; give its postal code in full."
        case .belowMinimum: "The order is not large enough for this."
        case .outsideTable: "This is not possible for an order of this size."
        case .noWindow: "No delivery window is open at the moment."
        }
    }

    /// The method in the words of orders.
    var method: DeliveryMethod? {
        offer.map { DeliveryMethod(id: $0.id, title: $0.title, priceMinorUnits: $0.priceMinorUnits) }
    }

    /// Whether the store was told how to deliver, so that methods may depend on what the buyer says.
    public var isConfigured: Bool { settings != nil }

    /// Whether the goods are fetched, so that no address is needed.
    public var isPickup: Bool { offer?.kind == .pickup }

    /// What the order keeps of it.
    var agreement: OrderDelivery {
        var kept = OrderDelivery(title: offer?.title ?? "", timeZone: timeZone)
        kept.window = window.map(\.agreed)
        kept.earliest = offer?.estimate?.earliest.description
        kept.latest = offer?.estimate?.latest.description
        kept.pickup = offer?.location.map { .init(title: $0.title, address: $0.address, note: $0.note) }
        return kept
    }

    /// Refuses a choice that was just made and is not possible.
    /// - Parameter pointers: of the fields that were set.
    /// - Throws: `validation.failed`, `delivery_window.full`.
    public func requirePossible(_ pointers: Set<String>) throws(Problem) {
        let found = faults.filter { pointers.contains($0.pointer) && $0.code == "unavailable" }
        guard found.isEmpty else { throw .validation(found) }
        guard pointers.contains("/delivery_window"), let window else { return }
        let offered = windows[window.method]?.first { $0.window.key == window.key }
        if offered?.available == 0 { throw .windowFull }
    }

    /// Adds the next windows of every method that can be chosen, and the chosen one, with the places that are left.
    func withWindows(of store: StoreID, in tx: borrowing Transaction) throws -> DeliveryQuote {
        guard let settings else { return self }
        var listed: [String: [DeliveryWindow]] = [:]
        for offer in offers where offer.needsWindow {
            var next = settings.windows(of: offer.id, at: now, limit: Self.listedWindows)
            if let window, window.method == offer.id, !next.contains(window) { next.append(window) }
            listed[offer.id] = next
        }
        let all = listed.values.flatMap { $0 }.map(\.startsAt)
        guard let first = all.min(), let last = all.max() else { return self }
        let taken = try Pricing.takenWindows(of: store, from: first, through: last, in: tx).rows()
        let counts = Dictionary(taken, uniquingKeysWith: { first, _ in first })
        var quote = self
        quote.windows = listed.mapValues { $0.map { OfferedWindow($0, taken: counts[$0.key] ?? 0) } }
        return quote
    }

    /// More windows of a method that can be chosen.
    /// - Parameter after: those that begin later.
    /// - Throws: `validation.failed` when the method cannot be chosen, or has no windows.
    public func windows(
        of method: String, after: Instant?, limit: Int, store: StoreID, in tx: borrowing Transaction
    ) throws -> [OfferedWindow] {
        guard let settings, offers.contains(where: { $0.id == method && $0.needsWindow }) else {
            throw Problem.validation("?method", "unavailable", "This is no method of the checkout that has windows.")
        }
        let next = settings.windows(of: method, at: now, after: after, limit: limit)
        guard let first = next.first, let last = next.last else { return [] }
        let taken = try Pricing.takenWindows(of: store, from: first.startsAt, through: last.startsAt, in: tx).rows()
        let counts = Dictionary(taken, uniquingKeysWith: { first, _ in first })
        return next.map { OfferedWindow($0, taken: counts[$0.key] ?? 0) }
    }
}

extension DeliveryMethod {
    /// Counts as nothing in the totals of a checkout whose buyer has still to choose.
    static let undecided = DeliveryMethod(id: "", title: "", priceMinorUnits: 0)
}

extension DeliveryWindow {
    /// The window as orders keep it.
    var agreed: OrderDelivery.Window { .init(id: id, startsAt: startsAt, endsAt: endsAt) }
}

extension Address {
    /// As far as it decides how things get there.
    var destination: DeliveryDestination {
        DeliveryDestination(
            country: country, region: region, postalCode: postalCode,
            position: coordinates.flatMap { GeoPoint(latitude: $0.latitude, longitude: $0.longitude) })
    }
}
