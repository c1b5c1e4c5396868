import Dispatch
public import Testing

/// Holds threads back until it is opened: for closures that have to be under way while something else happens.
public final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    public init() {}

    /// Blocks the thread, at most for 30 seconds, so that a failing test ends.
    public func wait() {
        if semaphore.wait(timeout: .now() + 30) == .success { semaphore.signal() }
    }

    /// Lets everyone through, also those who come later.
    public func open() {
        semaphore.signal()
    }
}

/// Waits until a condition holds that nothing signals, such as the length of a queue; records an issue after 30 seconds.
public func until(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("It did not happen: \(what)", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(1))
    }
}
