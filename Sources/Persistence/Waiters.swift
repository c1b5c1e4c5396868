import Synchronization

/// Who waits for topics in this process; for engines.
public final class Waiters: Sendable {
    private struct State {
        var continuations: [Topic: [Int: AsyncStream<Void>.Continuation]] = [:]
        var lastNumber = 0
        var isFinished = false
    }

    private let state = Mutex(State())

    public init() {}

    /// A stream that yields after each wake; those that come before the last was consumed become one.
    public func wakes(for topic: Topic) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state -> Int? in
            guard !state.isFinished else { return nil }
            state.lastNumber += 1
            state.continuations[topic, default: [:]][state.lastNumber] = continuation
            return state.lastNumber
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.continuations[topic]?.removeValue(forKey: number) }
        }
        return stream
    }

    /// Wakes those who wait for one of these topics.
    public func wake(_ topics: some Collection<Topic>) {
        guard !topics.isEmpty else { return }
        let woken = state.withLock { state in
            topics.flatMap { topic in state.continuations[topic].map { Array($0.values) } ?? [] }
        }
        for continuation in woken { continuation.yield() }
    }

    /// Wakes everyone, after wakes may have been missed.
    public func wakeAll() {
        for continuation in state.withLock({ $0.continuations.values.flatMap(\.values) }) { continuation.yield() }
    }

    /// Ends all streams, and those asked for later at once.
    public func finish() {
        let all = state.withLock { state in
            state.isFinished = true
            defer { state.continuations.removeAll() }
            return state.continuations.values.flatMap(\.values)
        }
        for continuation in all { continuation.finish() }
    }
}
