import Primitives

/// What a runner wants from a queue.
struct ClaimRequest: Hashable, Sendable {
    let queue: QueueName
    let limit: Int
}

/// One queue's share of a runner: what waits in it, what runs, and how much to claim.
///
/// It holds only what it can work on within half a second, by the time that jobs took lately, and always enough for
/// its free handlers: then batches are large where jobs are quick, and a process that dies leaves little behind.
struct QueueLoad {
    /// How much work to hold, in seconds.
    static let horizonSeconds = 0.5

    let settings: QueueSettings
    let largestClaim: Int
    /// Claimed and not started, in order.
    var buffer: [ClaimedJob] = []
    /// Assignments under way.
    var running = 0
    /// Jobs held: buffered, running, or ended and not settled.
    var held = 0
    /// Set by a wake-up, a poll, and a claim that found all it asked for. A claim unsets it when it begins, so that a
    /// wake-up that comes while it is under way is not lost.
    var mayHaveMore = true
    private var secondsPerJob: Double?
    private var rate: TokenBucket?

    init(_ settings: QueueSettings, largestClaim: Int) {
        self.settings = settings
        self.largestClaim = largestClaim
        rate = settings.ratePerSecond.map { TokenBucket(ratePerSecond: $0) }
    }

    /// How many jobs to hold.
    var target: Int {
        guard let secondsPerJob else { return min(settings.concurrency, largestClaim) }
        let each = max(1, Self.horizonSeconds / max(secondsPerJob, 1e-6))
        return min(largestClaim, settings.concurrency * Int(min(each, Double(largestClaim))))
    }

    /// How many to claim now; nil for none.
    mutating func claim(at now: Instant) -> ClaimRequest? {
        guard mayHaveMore else { return nil }
        let isIdle = buffer.isEmpty && running < settings.concurrency
        // Handlers whose leases are lost are busy all the same.
        let occupied = max(held, running)
        guard isIdle || occupied <= target / 2 else { return nil }
        var limit = max(target - occupied, isIdle ? settings.concurrency - running : 0)
        // What ended and could not be written yet counts: a database that is away must not fill the memory.
        limit = min(limit, 2 * largestClaim - occupied)
        if let available = rate?.available(at: now) { limit = min(limit, available) }
        guard limit > 0 else { return nil }
        mayHaveMore = false
        return ClaimRequest(queue: settings.name, limit: limit)
    }

    mutating func claimed(_ jobs: [ClaimedJob], of request: ClaimRequest, at now: Instant) {
        buffer.append(contentsOf: jobs)
        held += jobs.count
        if jobs.count == request.limit { mayHaveMore = true }
        rate?.take(jobs.count, at: now)
    }

    /// Learns how long jobs take, a little from each assignment.
    mutating func measured(seconds: Double, jobs: Int) {
        let measure = max(0, seconds) / Double(max(1, jobs))
        secondsPerJob = secondsPerJob.map { 0.8 * $0 + 0.2 * measure } ?? measure
    }
}

/// So many a second, with a burst of one second's worth.
struct TokenBucket {
    let ratePerSecond: Double
    private var tokens: Double
    private var countedAt: Instant?

    init(ratePerSecond: Double) {
        self.ratePerSecond = max(0.001, ratePerSecond)
        tokens = max(1, ratePerSecond)
    }

    func available(at now: Instant) -> Int { Int(level(at: now)) }

    mutating func take(_ count: Int, at now: Instant) {
        tokens = level(at: now) - Double(count)
        countedAt = now
    }

    private func level(at now: Instant) -> Double {
        guard let countedAt else { return tokens }
        return min(max(1, ratePerSecond), tokens + max(0, now.seconds(since: countedAt)) * ratePerSecond)
    }
}
