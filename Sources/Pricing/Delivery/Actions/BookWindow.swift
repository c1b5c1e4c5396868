public import Persistence
public import Primitives

/// Takes a place in a window for an order.
///
/// The statement that counts the order in is the guard: it changes the row only where a place is left. It can travel
/// before anybody knows what the settings say of the window; `settle` compares afterwards.
public struct BookWindow: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let key: WindowKey

    public init(store: StoreID, order: OrderID, key: WindowKey) {
        self.store = store
        self.order = order
        self.key = key
    }

    /// Takes the place. The statement travels with the next one that is waited for; then `settle` it.
    public func submit(in tx: borrowing Transaction) throws -> PendingBooking {
        PendingBooking(
            store: store, order: order, key: key, taken: try DeliveryWindowTable.take(key, store: store, in: tx))
    }
}

/// A place that is being taken.
public struct PendingBooking {
    let store: StoreID
    let order: OrderID
    let key: WindowKey
    let taken: Later<Int>

    /// Keeps the place when the window has it; otherwise the caller's transaction must not commit.
    /// - Parameter window: as the settings have it; nil when the order needs none after all.
    /// - Throws: `delivery_window.full`.
    public func settle(_ window: DeliveryWindow?, in tx: borrowing Transaction) throws {
        var count = try taken.rows().first
        guard let window, window.key == key else {
            if count != nil { try DeliveryWindowTable.release(key, store: store, in: tx) }
            return
        }
        // The first order of a window makes its row; a row may also not know yet that the window has grown.
        if count == nil { count = try DeliveryWindowTable.take(key, capacity: window.capacity, store: store, in: tx) }
        guard let count, count <= window.capacity else { throw Problem.windowFull }
        try DeliveryBookingTable.insert(key, order: order, store: store, in: tx)
    }
}

/// Gives an order's place back. Each booking ends once: its row is deleted here.
public struct ReleaseWindow: Sendable {
    private let store: StoreID
    private let order: OrderID

    public init(store: StoreID, order: OrderID) {
        self.store = store
        self.order = order
    }

    public func run(in tx: borrowing Transaction) throws {
        guard let key = try DeliveryBookingTable.delete(order: order, store: store, in: tx) else { return }
        try DeliveryWindowTable.release(key, store: store, in: tx)
    }
}

/// Moves an order from its window to another. The caller holds the order's lock.
public struct MoveBooking: Sendable {
    private let store: StoreID
    private let order: OrderID
    private let window: DeliveryWindow

    public init(store: StoreID, order: OrderID, window: DeliveryWindow) {
        self.store = store
        self.order = order
        self.window = window
    }

    /// - Throws: `delivery_window.full`.
    public func run(in tx: borrowing Transaction) throws {
        let former = try DeliveryBookingTable.delete(order: order, store: store, in: tx)
        guard former != window.key else {
            return try DeliveryBookingTable.insert(window.key, order: order, store: store, in: tx)
        }
        // In the order of their keys, so that two that change places do not wait for each other.
        if let former, former < window.key { try DeliveryWindowTable.release(former, store: store, in: tx) }
        let taken = try DeliveryWindowTable.take(window.key, capacity: window.capacity, store: store, in: tx)
        guard taken != nil else { throw Problem.windowFull }
        if let former, former > window.key { try DeliveryWindowTable.release(former, store: store, in: tx) }
        try DeliveryBookingTable.insert(window.key, order: order, store: store, in: tx)
    }
}

extension Problem {
    /// Of the places in a window, none is left.
    public static var windowFull: Problem {
        Problem(
            .conflict, "delivery_window.full", "This delivery window is full: choose another.",
            errors: [.init(pointer: "/delivery_window", code: "full", detail: "No place is left.", available: 0)])
    }
}
