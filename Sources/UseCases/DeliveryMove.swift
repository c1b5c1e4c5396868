public import Orders
public import Persistence
public import Pricing
public import Primitives

/// Moves an order to another window of its method: the order first, whose lock decides between two that move it, then
/// the places. Staff may choose windows whose cut-off has passed, and not more than there are places.
public struct DeliveryMove: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let window: WindowKey
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, order: OrderID, window: WindowKey, actor: Actor, requestID: String?) {
        self.store = store
        self.order = order
        self.window = window
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`, `order.not_movable`, `delivery_window.full`, `validation.failed`.
    public func run(in tx: borrowing Transaction) throws -> Order {
        let settings = try Pricing.deliverySettings(of: store, in: tx).settings()
        var moved: DeliveryWindow?
        let now = tx.now
        let changed = try MoveDelivery(store: store, order: order, actor: actor, requestID: requestID).run(in: tx) {
            order in
            guard let settings, window.method == order.deliveryMethod, window.startsAt > now,
                let date = StoreClock(settings.timeZone)?.date(window.startsAt),
                let next = settings.windows(on: date, of: window.method).first(where: { $0.key == window })
            else {
                throw Problem.validation(
                    "/delivery_window", "unavailable", "This is no coming window of the order's method.")
            }
            moved = next
            return next.agreed
        }
        if let moved { try MoveBooking(store: store, order: changed.id, window: moved).run(in: tx) }
        return changed
    }
}

/// The windows that an order may move to.
public struct ComingWindows: Sendable {
    public let windows: [DeliveryQuote.OfferedWindow]
    public let timeZone: String

    /// Those of the next two weeks, full ones too; none for an order without a window.
    public static func of(_ order: Order, store: StoreID, in tx: borrowing Transaction) throws -> ComingWindows {
        guard order.status == .open, order.delivery.window != nil,
            let settings = try Pricing.deliverySettings(of: store, in: tx).settings(),
            let today = StoreClock(settings.timeZone)?.date(tx.now)
        else { return ComingWindows(windows: [], timeZone: order.delivery.timeZone) }
        let now = tx.now
        let coming = (0...14).flatMap { days in
            settings.windows(on: today.adding(days: days), of: order.deliveryMethod).filter { $0.startsAt > now }
        }
        guard let first = coming.first, let last = coming.last else {
            return ComingWindows(windows: [], timeZone: settings.timeZone)
        }
        let taken = try Pricing.takenWindows(of: store, from: first.startsAt, through: last.startsAt, in: tx).rows()
        let counts = Dictionary(taken, uniquingKeysWith: { first, _ in first })
        return ComingWindows(
            windows: coming.map { .init($0, taken: counts[$0.key] ?? 0) }, timeZone: settings.timeZone)
    }
}
