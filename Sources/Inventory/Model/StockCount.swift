public import Primitives

/// Where a count stands.
public enum CountStatus: String, CaseIterable, Sendable {
    case open, applied, canceled

    public static let transitions = TransitionTable<CountStatus>(
        initial: [.open], targets: [.open: [.applied, .canceled], .applied: [], .canceled: []])
}

/// A count of what is at a location, made while the shop goes on selling.
///
/// Each line remembers what the books had when it was counted. What is applied is the difference, so that units that
/// leave or come between counting and applying are not lost or found.
public struct StockCount: Hashable, Sendable {
    /// What was counted of a variant.
    public struct Line: Hashable, Sendable {
        public let variant: VariantID
        /// What the books had at that moment.
        public let expected: Int
        public let counted: Int
        public let at: Instant

        public var difference: Int { counted - expected }
    }

    public let id: StockCountID
    public let location: LocationID
    public var status: CountStatus
    public let note: String
    public let createdAt: Instant
    public var changedAt: Instant
    /// By the ids of the variants; left out of lists.
    public var lines: [Line]

    /// The most variants of a count.
    public static let mostLines = 1000
}
