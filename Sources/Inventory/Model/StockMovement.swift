public import Primitives

/// Why units came or went.
public enum MovementReason: String, CaseIterable, Sendable {
    case received, sold, returned, damaged, lost, counted, transferred, correction
    /// A file said how many there are.
    case imported = "import"

    /// Whether staff may give it for an adjustment; the others are the words of what they do elsewhere.
    public var isForAdjustments: Bool {
        switch self {
        case .received, .returned, .damaged, .lost, .correction: true
        case .sold, .counted, .transferred, .imported: false
        }
    }

    /// Whether it goes with so many units more or less.
    public func allows(_ delta: Int) -> Bool {
        switch self {
        case .received, .returned: delta > 0
        case .sold, .damaged, .lost: delta < 0
        case .counted, .transferred, .correction, .imported: delta != 0
        }
    }
}

/// One line of the history of stock: units of a variant that came to a location or left it. Never changed.
public struct StockMovement: Hashable, Sendable {
    public let id: StockMovementID
    public let variant: VariantID
    public let location: LocationID
    /// Units that came, or went when negative.
    public let delta: Int
    /// Units at the location afterwards.
    public let left: Int
    public let reason: MovementReason
    /// `Actor.description` of who did it.
    public let actor: String
    public let note: String
    public let order: OrderID?
    /// The id of the transfer, count or delivery that it belongs to, or empty.
    public let cause: String
    public let at: Instant
}

/// Which movements are wanted.
public struct MovementFilter: Hashable, Sendable {
    public var variant: VariantID?
    public var location: LocationID?

    public init(variant: VariantID? = nil, location: LocationID? = nil) {
        self.variant = variant
        self.location = location
    }
}
