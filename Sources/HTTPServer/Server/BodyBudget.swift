import Synchronization

/// Bytes of request bodies that may be in memory at one time, whoever sends them.
final class BodyBudget: Sendable {
    private let limit: Int
    private let reserved = Atomic<Int>(0)

    init(_ limit: Int) {
        self.limit = limit
    }

    /// False when there is no room for them.
    func reserve(_ bytes: Int) -> Bool {
        let sum = reserved.wrappingAdd(bytes, ordering: .relaxed).newValue
        guard sum > limit else { return true }
        reserved.wrappingSubtract(bytes, ordering: .relaxed)
        return false
    }

    func release(_ bytes: Int) {
        guard bytes > 0 else { return }
        reserved.wrappingSubtract(bytes, ordering: .relaxed)
    }
}
