import FoundationEssentials
import Primitives
import TestSupport
import Testing

@testable import Jobs

@Suite struct WorkloadTests {
    static let start = Instant.ofTests
    static let effect = JobKind("effect", timeoutSeconds: 10)
    static let shared = JobKind("shared")

    static func workload(_ queue: QueueSettings = QueueSettings(.standard, concurrency: 2)) -> Workload {
        let handlers = [
            JobHandler.effect(effect) { _, _ in }, JobHandler.transactional(shared) { _, _ in },
        ]
        return Workload(
            queues: [queue], kinds: Dictionary(uniqueKeysWithValues: handlers.map { ($0.kind.name, $0) }),
            settings: JobRunnerSettings())
    }

    static func job(_ number: Int, _ kind: JobKind = effect, attempt: Int = 1) -> ClaimedJob {
        ClaimedJob(
            id: JobID(UUID(high: 0, low: UInt64(number))), kind: kind.name, store: nil, key: nil, payload: "{}",
            attempt: attempt, failures: 0, maxAttempts: 20, enqueuedAt: start, requestID: nil)
    }

    static func at(_ seconds: Double) -> Instant { start.adding(seconds: seconds) }

    /// Claims what is asked for, as if that many were due.
    static func take(_ jobs: [ClaimedJob], into workload: inout Workload, at now: Instant = start) throws {
        let requests = workload.claims(at: now)
        let request = try #require(requests.first)
        #expect(jobs.count <= request.limit)
        #expect(workload.claimed(jobs, of: request, until: now.adding(seconds: 60), at: now) == [])
    }

    @Test func `it claims for its free handlers, and no more while nothing is known of the jobs`() throws {
        var workload = Self.workload()
        let requests = workload.claims(at: Self.start)
        #expect(requests == [ClaimRequest(queue: .standard, limit: 2)])
        workload.woken()
        try Self.take([Self.job(1), Self.job(2)], into: &workload)
        #expect(workload.starts(at: Self.start).map { $0.jobs.map(\.id) } == [[Self.job(1).id], [Self.job(2).id]])
        #expect(workload.claims(at: Self.start) == [])
    }

    @Test func `a claim that found too little is not repeated before a wake-up`() throws {
        var workload = Self.workload()
        try Self.take([Self.job(1)], into: &workload)
        #expect(workload.starts(at: Self.start).count == 1)
        #expect(workload.claims(at: Self.start) == [])
        workload.woken()
        #expect(workload.claims(at: Self.start) == [ClaimRequest(queue: .standard, limit: 1)])
    }

    @Test func `it holds half a second's work: many quick jobs, few slow ones`() throws {
        for (seconds, target) in [(0.001, 500), (0.01, 100), (0.25, 4), (10, 2)] {
            var load = QueueLoad(QueueSettings(.standard, concurrency: 2), largestClaim: 500)
            load.measured(seconds: seconds * 10, jobs: 10)
            #expect(load.target == target, "\(seconds) s")
        }
    }

    @Test func `what ended and is not written yet still counts, so that memory stays bounded`() throws {
        var load = QueueLoad(QueueSettings(.standard, concurrency: 2), largestClaim: 500)
        load.measured(seconds: 0.001, jobs: 1)
        for (held, limit) in [(999, 1), (1000, nil)] {
            load.held = held
            load.mayHaveMore = true
            let request = load.claim(at: Self.start)
            #expect(request?.limit == limit)
        }
    }

    @Test func `a rate limits what is claimed`() throws {
        var load = QueueLoad(QueueSettings(.standard, concurrency: 8, ratePerSecond: 5), largestClaim: 500)
        var limits: [Int?] = []
        for (seconds, taken) in [(0.0, 5), (0.1, 0), (0.4, 0), (60, 0)] {
            load.mayHaveMore = true
            load.held = 0
            load.buffer = []
            let request = load.claim(at: Self.at(seconds))
            limits.append(request?.limit)
            if let request, taken > 0 {
                load.claimed((1...taken).map { Self.job($0) }, of: request, at: Self.at(seconds))
            }
        }
        #expect(limits == [5, nil, 2, 5])
    }

    @Test func `a wake-up that comes while a claim is under way is not lost`() throws {
        var workload = Self.workload()
        let request = ClaimRequest(queue: .standard, limit: 2)
        #expect(workload.claims(at: Self.start) == [request])
        workload.woken()
        #expect(workload.claimed([], of: request, until: Self.at(60), at: Self.start) == [])
        #expect(workload.claims(at: Self.start) == [request])
        #expect(workload.claimed([], of: request, until: Self.at(60), at: Self.start) == [])
        #expect(workload.claims(at: Self.start) == [])
    }

    @Test func `jobs of a transactional kind share an assignment, effects have their own`() throws {
        var workload = Self.workload(QueueSettings(.standard, concurrency: 4))
        let jobs = [Self.job(1, Self.shared), Self.job(2), Self.job(3, Self.shared), Self.job(4)]
        try Self.take(jobs, into: &workload)
        let starts = workload.starts(at: Self.start)
        #expect(starts.map { $0.jobs.map(\.id) } == [[jobs[0].id, jobs[2].id], [jobs[1].id], [jobs[3].id]])
        #expect(starts.map(\.deadline) == [Self.at(30), Self.at(10), Self.at(10)])
    }

    @Test func `leases are prolonged after a third of their time, except past the timeout`() throws {
        var workload = Self.workload()
        try Self.take([Self.job(1), Self.job(2, Self.shared)], into: &workload)
        _ = workload.starts(at: Self.start)
        #expect(workload.heartbeats(at: Self.at(19)) == [])
        #expect(workload.overdue(at: Self.at(19)) == [1])
        #expect(workload.heartbeats(at: Self.at(20)) == [Self.job(2).held])
        workload.extended([Self.job(2).held], until: Self.at(80))
        #expect(workload.heartbeats(at: Self.at(39)) == [])
        #expect(workload.overdue(at: Self.at(20)) == [], "it is told once")
    }

    @Test func `a job whose handler does not stop loses its lease, and its late end is the fence's business`() throws {
        var workload = Self.workload()
        try Self.take([Self.job(1)], into: &workload)
        _ = workload.starts(at: Self.start)
        #expect(workload.overdue(at: Self.at(10)) == [1])
        #expect(workload.overdue(at: Self.at(60)) == [1])
        #expect(workload.heldCount == 0)
        #expect(workload.ended(1, at: Self.at(61)) == true)
        #expect(workload.isEmpty)
    }

    @Test func `leases that cannot be prolonged are given up: buffered jobs dropped, running ones cancelled`() throws {
        var workload = Self.workload(QueueSettings(.standard, concurrency: 3))
        try Self.take([Self.job(1, Self.shared), Self.job(2), Self.job(3)], into: &workload)
        _ = workload.starts(at: Self.start)
        #expect(workload.overdue(at: Self.at(61)).count == 3)
        #expect(workload.heldCount == 0)
        workload.woken()
        #expect(workload.claims(at: Self.at(61)) == [], "the handlers still run")
        for number in 1...3 { _ = workload.ended(number, at: Self.at(62)) }
        #expect(workload.claims(at: Self.at(62)).count == 1)
    }

    @Test func `a lease that turns out to be another's cancels its job`() throws {
        var workload = Self.workload()
        try Self.take([Self.job(1), Self.job(2)], into: &workload)
        _ = workload.starts(at: Self.start)
        #expect(workload.lost([Self.job(1, attempt: 2).held]) == [1])
        #expect(workload.heldCount == 2, "another attempt's fence frees nothing")
        #expect(workload.lost([Self.job(1).held]) == [1])
        #expect(workload.heldCount == 1)
    }

    @Test func `a job that comes back to the same runner is held under its new attempt alone`() throws {
        var workload = Self.workload()
        try Self.take([Self.job(1)], into: &workload)
        _ = workload.starts(at: Self.start)
        workload.woken()
        try Self.take([Self.job(1, attempt: 2)], into: &workload, at: Self.at(60))
        #expect(workload.heldCount == 1)
        workload.settled([Self.job(1).held])
        #expect(workload.heldCount == 1)
        workload.settled([Self.job(1, attempt: 2).held])
        #expect(workload.heldCount == 0)
    }

    @Test func `a drain gives back what was not started, waits, and then gives back the rest`() throws {
        var workload = Self.workload(QueueSettings(.standard, concurrency: 1))
        let request = ClaimRequest(queue: .standard, limit: 3)
        _ = workload.claimed([Self.job(1), Self.job(2), Self.job(3)], of: request, until: Self.at(60), at: Self.start)
        _ = workload.starts(at: Self.start)
        #expect(Set(workload.drain().map(\.id)) == [Self.job(2).id, Self.job(3).id])
        workload.settled([Self.job(2).held, Self.job(3).held])
        workload.woken()
        #expect(workload.claims(at: Self.at(1)) == [])
        #expect(workload.claimed([Self.job(4)], of: request, until: Self.at(60), at: Self.start) == [Self.job(4).held])
        workload.settled([Self.job(4).held])
        #expect(!workload.isEmpty)
        let rest = workload.abandon()
        #expect(rest.leases == [Self.job(1).held] && rest.assignments == [1])
        #expect(workload.ended(1, at: Self.at(31)) == nil)
        workload.settled(rest.leases)
        #expect(workload.isEmpty)
    }
}
