import Dispatch
import Synchronization

/// What was observed so far; tests wait for it instead of sleeping.
public actor Observations<Value: Sendable> {
    public private(set) var values: [Value] = []
    private var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    public init() {}

    public func add(_ value: Value) {
        values.append(value)
        let met = waiting.filter { $0.count <= values.count }
        waiting.removeAll { $0.count <= values.count }
        for entry in met { entry.continuation.resume() }
    }

    /// Waits until so many were observed.
    @discardableResult
    public func wait(for count: Int) async -> [Value] {
        if values.count < count {
            await withCheckedContinuation { waiting.append((count, $0)) }
        }
        return values
    }
}

/// Closed until opened; holds a transaction's closure, which cannot await, or a task, which should not block.
public final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let signal = Observations<Void>()
    private let opened = Atomic(false)

    public init() {}

    public var isOpen: Bool { opened.load(ordering: .acquiring) }

    public func open() async {
        opened.store(true, ordering: .releasing)
        semaphore.signal()
        await signal.add(())
    }

    /// Blocks the thread: for closures on threads of the engine's own. Gives up after 30 seconds.
    public func block() {
        if semaphore.wait(timeout: .now() + 30) == .success { semaphore.signal() }
    }

    /// Suspends the task, whether it is cancelled or not.
    public func wait() async {
        await signal.wait(for: 1)
    }
}
