import Primitives

/// Jobs that one handler call works on: a single one, or several of a transactional kind.
struct Assignment: Hashable, Sendable {
    let number: Int
    let queue: QueueName
    let kind: String
    let jobs: [ClaimedJob]
    let startedAt: Instant
    /// When it is cancelled.
    let deadline: Instant
}

/// Everything a runner holds, and what to do about it. Decides; others act.
///
/// A job is held from its claim until its end is written. While it is held its lease is prolonged, except past its
/// timeout: a handler that cannot be stopped loses its lease in the end, and its end is refused then.
struct Workload {
    private struct Lease {
        let attempt: Int
        let queue: QueueName
        var until: Instant
        var assignment: Int?
    }

    /// Jobs of a transactional kind in one transaction.
    static let largestAssignment = 64

    private let settings: JobRunnerSettings
    private let kinds: [String: JobHandler]
    private var queues: [QueueLoad]
    private var leases: [JobID: Lease] = [:]
    private var assignments: [Int: Assignment] = [:]
    private var timedOut: Set<Int> = []
    private var lastNumber = 0
    private(set) var isDraining = false

    init(queues: [QueueSettings], kinds: [String: JobHandler], settings: JobRunnerSettings) {
        self.settings = settings
        self.kinds = kinds
        self.queues = queues.map { QueueLoad($0, largestClaim: settings.largestClaim) }
    }

    var isEmpty: Bool { leases.isEmpty && assignments.isEmpty }
    var heldCount: Int { leases.count }

    // MARK: Taking work

    /// There may be jobs.
    mutating func woken() {
        for index in queues.indices { queues[index].mayHaveMore = true }
    }

    /// What to claim now.
    mutating func claims(at now: Instant) -> [ClaimRequest] {
        guard !isDraining else { return [] }
        return queues.indices.compactMap { queues[$0].claim(at: now) }
    }

    /// - Returns: leases to give back at once: a drain began while they were claimed.
    mutating func claimed(
        _ jobs: [ClaimedJob], of request: ClaimRequest, until lease: Instant, at now: Instant
    ) -> [Held] {
        guard let index = index(of: request.queue) else { return jobs.map(\.held) }
        for job in jobs {
            // Our own lease may have run out just before: the new one replaces it.
            if let old = leases[job.id] { forget(Held(id: job.id, attempt: old.attempt)) }
            leases[job.id] = Lease(attempt: job.attempt, queue: request.queue, until: lease)
        }
        queues[index].claimed(jobs, of: request, at: now)
        return isDraining ? takeBuffers() : []
    }

    /// What to start now.
    mutating func starts(at now: Instant) -> [Assignment] {
        var starts: [Assignment] = []
        for index in queues.indices {
            while queues[index].running < queues[index].settings.concurrency, let job = queues[index].buffer.first {
                let jobs = takeFromBuffer(of: index, with: job)
                lastNumber += 1
                let timeout = kinds[job.kind]?.kind.timeoutSeconds ?? 30
                let assignment = Assignment(
                    number: lastNumber, queue: queues[index].settings.name, kind: job.kind, jobs: jobs, startedAt: now,
                    deadline: now.adding(seconds: Double(timeout)))
                for job in jobs { leases[job.id]?.assignment = lastNumber }
                assignments[lastNumber] = assignment
                queues[index].running += 1
                starts.append(assignment)
            }
        }
        return starts
    }

    /// The first job, and with it those behind it that can share its transaction.
    private mutating func takeFromBuffer(of index: Int, with first: ClaimedJob) -> [ClaimedJob] {
        guard kinds[first.kind]?.isTransactional == true else { return [queues[index].buffer.removeFirst()] }
        var taken: [ClaimedJob] = []
        var rest: [ClaimedJob] = []
        for job in queues[index].buffer {
            if job.kind == first.kind, taken.count < Self.largestAssignment {
                taken.append(job)
            } else {
                rest.append(job)
            }
        }
        queues[index].buffer = rest
        return taken
    }

    // MARK: Ends

    /// A handler call returned.
    /// - Returns: whether it timed out; nil when the assignment was abandoned and its end is nobody's business.
    mutating func ended(_ number: Int, at now: Instant) -> Bool? {
        guard let assignment = assignments.removeValue(forKey: number) else { return nil }
        if let index = index(of: assignment.queue) {
            queues[index].running -= 1
            queues[index].measured(seconds: now.seconds(since: assignment.startedAt), jobs: assignment.jobs.count)
        }
        return timedOut.remove(number) != nil
    }

    /// The ends of these attempts are written, or found to be refused.
    mutating func settled(_ held: some Sequence<Held>) {
        for held in held { forget(held) }
    }

    // MARK: Leases

    /// The leases to prolong: those past a third of their time.
    func heartbeats(at now: Instant) -> [Held] {
        let latest = now.adding(seconds: settings.leaseSeconds * 2 / 3)
        return leases.compactMap { id, lease in
            if let number = lease.assignment, timedOut.contains(number) { return nil }
            return lease.until <= latest ? Held(id: id, attempt: lease.attempt) : nil
        }
    }

    mutating func extended(_ held: some Sequence<Held>, until lease: Instant) {
        for held in held where leases[held.id]?.attempt == held.attempt { leases[held.id]?.until = lease }
    }

    /// Leases turn out to be somebody else's.
    /// - Returns: the assignments to cancel.
    mutating func lost(_ held: some Sequence<Held>) -> Set<Int> {
        var cancelled: Set<Int> = []
        for held in held {
            if let number = leases[held.id]?.assignment { cancelled.insert(number) }
            forget(held)
        }
        return cancelled
    }

    /// Looks at the time.
    /// - Returns: the assignments to cancel: past their deadlines, or with a lease that ran out because it could not
    ///   be prolonged. Jobs of the latter kind that were not started are dropped.
    mutating func overdue(at now: Instant) -> Set<Int> {
        var cancelled: Set<Int> = []
        for assignment in assignments.values where now >= assignment.deadline {
            if timedOut.insert(assignment.number).inserted { cancelled.insert(assignment.number) }
        }
        let expired = leases.compactMap { id, lease in
            lease.until <= now ? Held(id: id, attempt: lease.attempt) : nil
        }
        return cancelled.union(lost(expired))
    }

    // MARK: Draining

    /// Takes no more work.
    /// - Returns: the leases of jobs that were not started, to be given back.
    mutating func drain() -> [Held] {
        isDraining = true
        return takeBuffers()
    }

    /// Gives up what still runs.
    /// - Returns: its leases, to be given back, and the assignments to cancel.
    mutating func abandon() -> (leases: [Held], assignments: Set<Int>) {
        let running = leases.filter { $0.value.assignment.map { assignments[$0] != nil } ?? false }
        let numbers = Set(assignments.keys)
        assignments.removeAll()
        return (running.map { Held(id: $0.key, attempt: $0.value.attempt) }, numbers)
    }

    private mutating func takeBuffers() -> [Held] {
        var taken: [Held] = []
        for index in queues.indices {
            taken += queues[index].buffer.map(\.held)
            queues[index].buffer.removeAll()
        }
        return taken
    }

    private mutating func forget(_ held: Held) {
        guard let lease = leases[held.id], lease.attempt == held.attempt else { return }
        leases[held.id] = nil
        guard let index = index(of: lease.queue) else { return }
        queues[index].held -= 1
        if lease.assignment == nil { queues[index].buffer.removeAll { $0.id == held.id } }
    }

    private func index(of queue: QueueName) -> Int? {
        queues.firstIndex { $0.settings.name == queue }
    }
}

extension ClaimedJob {
    var held: Held { Held(id: id, attempt: attempt) }
}
