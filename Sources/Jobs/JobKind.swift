/// The queue that jobs wait in; each has its own concurrency and rate.
public struct QueueName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// Lower-case words.
    public let description: String

    public init(_ name: String) {
        description = name
    }

    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// Where a kind's jobs wait unless it says otherwise.
    public static let standard: QueueName = "default"
    /// The product's own housekeeping.
    public static let maintenance: QueueName = "maintenance"
}

/// A kind of work, such as `orders.expire_checkouts`. Declared once, beside its handler.
public struct JobKind: Hashable, Sendable {
    /// Lower-case, the owner, a dot and a verb. Stored with each job: it never changes its meaning.
    public let name: String
    public let queue: QueueName
    /// Failures after which a job becomes a dead letter.
    public let maxAttempts: Int
    /// Seconds after which an effect is cancelled and counts as failed.
    public let timeoutSeconds: Int
    /// How long to wait after a failure.
    public let backoff: Backoff

    public init(
        _ name: String, queue: QueueName = .standard, maxAttempts: Int = 20, timeoutSeconds: Int = 30,
        backoff: Backoff = Backoff()
    ) {
        self.name = name
        self.queue = queue
        self.maxAttempts = max(1, maxAttempts)
        self.timeoutSeconds = max(1, timeoutSeconds)
        self.backoff = backoff
    }
}

/// The wait between attempts: exponential with full jitter
/// (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
public struct Backoff: Hashable, Sendable {
    /// The most to wait after the first failure; doubles with each that follows.
    public let firstSeconds: Double
    /// The most to wait at all.
    public let longestSeconds: Double

    public init(firstSeconds: Double = 5, longestSeconds: Double = 3600) {
        self.firstSeconds = firstSeconds
        self.longestSeconds = longestSeconds
    }

    /// The upper end of the wait after so many failures, from 1.
    public func ceilingSeconds(afterFailures failures: Int) -> Double {
        var seconds = firstSeconds
        var doublings = failures - 1
        while doublings > 0, seconds < longestSeconds {
            seconds *= 2
            doublings -= 1
        }
        return min(seconds, longestSeconds)
    }

    /// A wait between nothing and the ceiling.
    public func seconds(afterFailures failures: Int, using random: inout some RandomNumberGenerator) -> Double {
        Double.random(in: 0...ceilingSeconds(afterFailures: failures), using: &random)
    }
}
