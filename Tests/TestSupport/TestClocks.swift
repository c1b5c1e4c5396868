public import Primitives
import Synchronization

/// A clock that stands still.
public struct FixedClock: Clock {
    private let instant: Instant

    /// 2026-01-15T09:30:00Z unless told otherwise.
    public init(_ instant: Instant = .ofTests) {
        self.instant = instant
    }

    public func now() -> Instant { instant }
}

/// A clock that moves when a test says so. Who sleeps by it wakes when it has moved far enough.
public final class ManualClock: Clock {
    private struct Sleeper {
        let moment: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var instant: Instant
        var sleepers: [Int: Sleeper] = [:]
        var lastNumber = 0
    }

    private let state: Mutex<State>

    /// Begins at 2026-01-15T09:30:00Z unless told otherwise.
    public init(_ instant: Instant = .ofTests) {
        state = Mutex(State(instant: instant))
    }

    public func now() -> Instant {
        state.withLock { $0.instant }
    }

    /// Moves the time on.
    public func advance(seconds: Double) {
        set(now().adding(seconds: seconds))
    }

    /// Sets the time.
    public func set(_ instant: Instant) {
        let woken = state.withLock { state in
            state.instant = instant
            let woken = state.sleepers.filter { $0.value.moment <= instant }
            for number in woken.keys { state.sleepers[number] = nil }
            return woken.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    public func sleep(until moment: Instant) async throws {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if moment <= state.instant { return .success(()) }
                    state.sleepers[number] = Sleeper(moment: moment, continuation: continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.continuation
                .resume(throwing: CancellationError())
        }
    }
}

extension Instant {
    /// The moment at which tests begin: 2026-01-15T09:30:00Z.
    public static let ofTests = Instant(microseconds: 1_768_469_400_000_000)
}
