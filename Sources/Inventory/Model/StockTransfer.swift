public import Primitives

/// Where a transfer stands.
public enum TransferStatus: String, CaseIterable, Sendable {
    case draft
    case inTransit = "in_transit"
    case received, canceled

    public static let transitions = TransitionTable<TransferStatus>(
        initial: [.draft],
        targets: [.draft: [.inTransit, .canceled], .inTransit: [.received, .canceled], .received: [], .canceled: []])
}

/// Units on their way from one location to another. While they are on their way they are nowhere and not for sale.
public struct StockTransfer: Hashable, Sendable {
    /// Units of one variant.
    public struct Line: Hashable, Sendable {
        public let variant: VariantID
        public let quantity: Int
        /// Units that arrived; what differs from those that left is written off, or taken in.
        public var received: Int

        public init(variant: VariantID, quantity: Int, received: Int = 0) {
            self.variant = variant
            self.quantity = quantity
            self.received = received
        }
    }

    public let id: StockTransferID
    public let from: LocationID
    public let to: LocationID
    public var status: TransferStatus
    public let note: String
    public let createdAt: Instant
    public var changedAt: Instant
    /// By the ids of the variants.
    public var lines: [Line]

    /// The most variants of a transfer.
    public static let mostLines = 500
}
