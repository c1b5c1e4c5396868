/// Where a job stands. A waiting and a running one are both `active` in the table; a running one has a runner.
public enum JobState: String, Sendable, CaseIterable {
    case waiting, running, done, dead, discarded
}

/// What happens to jobs.
public enum JobInput: String, Sendable, CaseIterable {
    /// A runner takes it under a lease.
    case claim
    /// Its handler succeeded.
    case finish
    /// Its handler failed and may try again.
    case postpone
    /// Its runner gives it back unfinished.
    case release
    /// Its handler failed for the last time, or refused it.
    case bury
    /// An operator gives a dead letter another chance.
    case retry
    /// An operator gives a dead letter up.
    case discard
}

extension JobState {
    /// Every legal move; all others change nothing. A claim of a running job is legal once its lease has run out.
    public static let transitions: [JobState: [JobInput: JobState]] = [
        .waiting: [.claim: .running],
        .running: [.claim: .running, .finish: .done, .postpone: .waiting, .release: .waiting, .bury: .dead],
        .dead: [.retry: .waiting, .discard: .discarded],
        .done: [:],
        .discarded: [:],
    ]
}
