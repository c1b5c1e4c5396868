public import Primitives

/// Where an expected delivery stands.
public enum IncomingStatus: String, CaseIterable, Sendable {
    case expected, received, canceled

    public static let transitions = TransitionTable<IncomingStatus>(
        initial: [.expected], targets: [.expected: [.received, .canceled], .received: [], .canceled: []])
}

/// Units of a variant that a supplier is expected to bring.
public struct IncomingStock: Hashable, Sendable {
    public let id: IncomingStockID
    public let variant: VariantID
    /// Where they are to arrive.
    public let location: LocationID
    public let quantity: Int
    public var received: Int
    public var status: IncomingStatus
    /// Nil where no day is known.
    public var expectedAt: Instant?
    public var supplier: String
    public var note: String
    public let createdAt: Instant

    /// Units that are still to come.
    public var outstanding: Int { status == .expected ? quantity - received : 0 }
}
