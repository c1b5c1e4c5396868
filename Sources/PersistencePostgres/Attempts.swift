import Persistence

/// Decides whether a closure runs again after a failure; acts on nothing itself.
struct Attempts {
    enum Decision {
        /// Run again after so many seconds, on the same connection.
        case again(afterSeconds: Double)
        /// Run again on a new connection after so many seconds.
        case reconnect(afterSeconds: Double)
        case fail(any Error)
    }

    static let maxRuns = 10
    /// A closure that loses its connection so often may be what brings the server down.
    static let maxLosses = 3

    private let unavailableAfterSeconds: Double
    private var runs = 0
    private var losses = 0
    private var stalePlans = 0
    private var failedConnects = 0
    private var unreachableSince: UInt64?

    init(unavailableAfterSeconds: Double) {
        self.unavailableAfterSeconds = unavailableAfterSeconds
    }

    /// - Parameters:
    ///   - now: of the monotonic clock, in nanoseconds.
    ///   - jitter: 0 to 1, spreads those that failed together.
    mutating func decide(after failure: Failure, isCancelled: Bool, now: UInt64, jitter: Double) -> Decision {
        switch failure {
        case .commitUnknown, .refused: return .fail(failure.publicError)
        case .cancelled: return .fail(CancellationError())
        case _ where isCancelled: return .fail(CancellationError())
        case .statementEnded: return .fail(failure.publicError)
        case .conflict:
            runs += 1
            guard runs < Self.maxRuns else { return .fail(failure.publicError) }
            return .again(afterSeconds: Self.delay(0.001, doublings: runs - 1, limit: 0.2, jitter: jitter))
        case .stalePlan:
            stalePlans += 1
            return stalePlans > 1 ? .fail(failure.publicError) : .reconnect(afterSeconds: 0)
        case .connectionLost:
            runs += 1
            losses += 1
            guard losses < Self.maxLosses, runs < Self.maxRuns else { return .fail(failure.publicError) }
            return .reconnect(afterSeconds: losses == 1 ? 0 : 0.1 * jitter)
        case .unreachable:
            let since = unreachableSince ?? now
            unreachableSince = since
            failedConnects += 1
            let delay = Self.delay(0.05, doublings: failedConnects - 1, limit: 0.5, jitter: jitter)
            guard Double(now - since) / 1e9 + delay < unavailableAfterSeconds else { return .fail(failure.publicError) }
            return .reconnect(afterSeconds: delay)
        }
    }

    /// The server answered: a later loss of it has its own patience.
    mutating func connected() {
        unreachableSince = nil
        failedConnects = 0
    }

    private static func delay(_ first: Double, doublings: Int, limit: Double, jitter: Double) -> Double {
        min(limit, first * Double(1 << min(doublings, 16))) * (0.5 + jitter)
    }
}
