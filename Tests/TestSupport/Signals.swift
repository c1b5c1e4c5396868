import Dispatch
import Synchronization

/// What was observed so far; tests wait for it instead of sleeping.
public final class Observations<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    public init() {}

    public var values: [Value] { state.withLock { $0.values } }

    public func add(_ value: Value) {
        let met = state.withLock { state in
            state.values.append(value)
            let met = state.waiting.filter { $0.count <= state.values.count }
            state.waiting.removeAll { $0.count <= state.values.count }
            return met
        }
        for entry in met { entry.continuation.resume() }
    }

    /// Waits until so many were observed.
    @discardableResult
    public func wait(for count: Int) async -> [Value] {
        await withCheckedContinuation { continuation in
            let isMet = state.withLock { state in
                if state.values.count >= count { return true }
                state.waiting.append((count, continuation))
                return false
            }
            if isMet { continuation.resume() }
        }
        return values
    }
}

/// Closed until opened; holds a transaction's closure, which cannot await, or a task, which should not block.
public final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let opened = Observations<Void>()

    public init() {}

    public var isOpen: Bool { !opened.values.isEmpty }

    public func open() {
        opened.add(())
        semaphore.signal()
    }

    /// Blocks the thread: for closures on threads of the engine's own. Gives up after 30 seconds.
    public func block() {
        if semaphore.wait(timeout: .now() + 30) == .success { semaphore.signal() }
    }

    /// Suspends the task, whether it is cancelled or not.
    public func wait() async {
        await opened.wait(for: 1)
    }
}
