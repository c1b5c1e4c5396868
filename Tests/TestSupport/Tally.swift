import Synchronization

/// A number that closures on several threads may count up.
public final class Tally: Sendable {
    private let number = Atomic(0)

    public init() {}

    public var count: Int { number.load(ordering: .sequentiallyConsistent) }

    public func add() {
        number.add(1, ordering: .sequentiallyConsistent)
    }
}
