public import Persistence
public import Primitives

/// Stores an event as it was sent, once by its id.
public struct ReceiveEvent: Sendable {
    private let connection: ProviderConnection
    private let head: ProviderEventHead
    private let payload: [UInt8]

    public init(_ head: ProviderEventHead, payload: [UInt8], connection: ProviderConnection) {
        self.head = head
        self.payload = payload
        self.connection = connection
    }

    /// Whether it is new.
    public func run(in tx: borrowing Transaction) throws -> Bool {
        try ProviderEventTable.insert(head, payload: payload, connection: connection, in: tx)
    }
}

/// Writes down what an event led to.
public struct SettleEvent: Sendable {
    private let store: StoreID
    private let connection: ConnectionID
    private let event: String
    private let outcome: String

    /// - Parameter outcome: stable, lower-case words.
    public init(store: StoreID, connection: ConnectionID, event: String, outcome: String) {
        self.store = store
        self.connection = connection
        self.event = event
        self.outcome = outcome
    }

    public func run(in tx: borrowing Transaction) throws {
        try ProviderEventTable.settle(event, outcome: outcome, connection: connection, store: store, in: tx)
    }
}

/// Removes events that were processed long ago.
public struct PruneEvents: Sendable {
    private let limit: Int

    public init(limit: Int) {
        self.limit = limit
    }

    /// How many were removed.
    public func run(in tx: borrowing Transaction) throws -> Int {
        try ProviderEventTable.prune(
            before: tx.now.adding(seconds: -Payments.eventRetentionSeconds), limit: limit, in: tx)
    }
}
