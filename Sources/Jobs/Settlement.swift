import Persistence
import Primitives

/// How an attempt ended.
enum Outcome: Hashable, Sendable {
    case finish
    case postpone(until: Instant, error: ErrorSummary)
    case bury(error: ErrorSummary)
    case release(until: Instant)
}

/// How an attempt of a job ended, to be written under the fence of its number.
struct Settlement: Hashable, Sendable {
    let id: JobID
    let attempt: Int
    let outcome: Outcome
}

/// Decides what an error means for a job.
struct FailurePolicy: Sendable {
    /// The longest wait that a handler may ask for: a week.
    static let longestRetrySeconds = 604_800.0
    /// How long to leave a job alone when the database itself could not be used.
    static let unavailableSeconds = 5.0

    let backoff: Backoff

    func outcome(
        of error: any Error, failuresBefore: Int, maxAttempts: Int, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) -> Outcome {
        let failures = failuresBefore + 1
        let summary = Self.summary(of: error)
        switch error {
        case is JobRefusal:
            return .bury(error: summary)
        case DatabaseError.queueFull, DatabaseError.unavailable:
            // The job has not failed: there was nothing to run it on.
            return .release(until: now.adding(seconds: Self.unavailableSeconds))
        case _ where failures >= maxAttempts:
            return .bury(error: summary)
        case let retry as JobRetry:
            let seconds = retry.after.isFinite ? min(max(0, retry.after), Self.longestRetrySeconds) : 0
            return .postpone(until: now.adding(seconds: seconds), error: summary)
        default:
            let seconds = backoff.seconds(afterFailures: failures, using: &random)
            return .postpone(until: now.adding(seconds: seconds), error: summary)
        }
    }

    private static func summary(of error: any Error) -> ErrorSummary {
        (error as? any ExplainedFailure).map { ErrorSummary(sentence: $0.sentence) } ?? ErrorSummary(error)
    }
}

/// An effect was cancelled at its kind's timeout.
struct JobTimeout: ExplainedFailure {
    let seconds: Int

    var sentence: String { "It took longer than \(seconds) s." }
}

/// A job whose runners died or hung as often as it may fail.
struct JobLost: ExplainedFailure {
    let times: Int

    var sentence: String { "It failed or its runner died \(times) times; the last one died." }
}

/// A stored payload is not JSON.
struct UnreadablePayload: ExplainedFailure {
    let error: JSONError

    var sentence: String { "Its payload is not JSON: \(error)." }
}
