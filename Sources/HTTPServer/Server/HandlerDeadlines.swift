import Synchronization

/// Ends the wait for handlers that take too long. A handler that answers without waiting costs no timer.
final class HandlerDeadlines: Sendable {
    private struct Waiting {
        let deadline: ContinuousClock.Instant
        let race: HandlerRace
        let task: Task<Void, Never>
    }

    private struct State {
        var next: UInt64 = 0
        var waiting: [UInt64: Waiting] = [:]
    }

    /// How late a deadline may be noticed.
    private static let tick = Duration.milliseconds(100)

    private let state = Mutex(State())

    /// Runs a handler; when it takes longer, cancels it and throws the timeout without waiting for it to end.
    func run(
        within seconds: Double, _ handler: @escaping @Sendable () async throws -> Outgoing
    ) async throws -> Outgoing {
        let race = HandlerRace()
        let task = Task.immediate {
            do {
                race.finish(.success(try await handler()))
            } catch {
                race.finish(.failure(error))
            }
        }
        if let result = race.result { return try result.get() }
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        let ticket = state.withLock { state in
            state.next += 1
            state.waiting[state.next] = Waiting(deadline: deadline, race: race, task: task)
            return state.next
        }
        defer { _ = state.withLock { $0.waiting.removeValue(forKey: ticket) } }
        return try await race.value()
    }

    /// Looks for deadlines that have passed until the task is cancelled.
    func watch() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: Self.tick)
            } catch {
                return
            }
            let now = ContinuousClock.now
            let late = state.withLock { state in state.waiting.values.filter { $0.deadline <= now } }
            for waiting in late {
                waiting.race.finish(.failure(HandlerTimeout()))
                waiting.task.cancel()
            }
        }
    }
}

/// A handler took longer than its endpoint's policy allows.
struct HandlerTimeout: Error {}

/// The first of two results: the handler's or the timeout.
private final class HandlerRace: Sendable {
    private enum State {
        case running
        case awaited(CheckedContinuation<Outgoing, any Error>)
        case finished(Result<Outgoing, any Error>)
    }

    private let state = Mutex(State.running)

    /// The result, when there is one already.
    var result: Result<Outgoing, any Error>? {
        state.withLock { state in
            guard case .finished(let result) = state else { return nil }
            return result
        }
    }

    func value() async throws -> Outgoing {
        try await withCheckedThrowingContinuation { continuation in
            let result: Result<Outgoing, any Error>? = state.withLock { state in
                if case .finished(let result) = state { return result }
                state = .awaited(continuation)
                return nil
            }
            if let result { continuation.resume(with: result) }
        }
    }

    func finish(_ result: Result<Outgoing, any Error>) {
        let continuation: CheckedContinuation<Outgoing, any Error>? = state.withLock { state in
            switch state {
            case .running:
                state = .finished(result)
                return nil
            case .awaited(let continuation):
                state = .finished(result)
                return continuation
            case .finished: return nil
            }
        }
        continuation?.resume(with: result)
    }
}
