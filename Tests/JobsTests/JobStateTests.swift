import Persistence
import Primitives
import TestSupport
import Testing

@testable import Jobs

@Suite struct JobStateTests {
    @Test func `the table of states has every state, reaches each, and says where each ends`() {
        #expect(Set(JobState.transitions.keys) == Set(JobState.allCases))
        var reached: Set<JobState> = [.waiting]
        var border = reached
        while !border.isEmpty {
            border = Set(border.flatMap { JobState.transitions[$0]?.values.map { $0 } ?? [] }).subtracting(reached)
            reached.formUnion(border)
        }
        #expect(reached == Set(JobState.allCases))
        let ends = JobState.allCases.filter { JobState.transitions[$0]?.isEmpty ?? true }
        #expect(ends == [.done, .discarded])
        let inputs = Set(JobState.transitions.values.flatMap(\.keys))
        #expect(inputs == Set(JobInput.allCases))
    }

    @Test(arguments: TestEngine.available)
    func `every pair of state and input does in the database what the table says`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Jobs.migrations, clock: clock) { database in
            for state in JobState.allCases {
                for input in JobInput.allCases {
                    let name = "\(state)-\(input)"
                    try await database.enqueue(Samples.job(name))
                    let job = try await Self.bring(name, to: state, in: database)
                    let before = try await Self.look(name, in: database)
                    try await Self.apply(input, to: job, clock, in: database)
                    let after = try await Self.look(name, in: database)
                    let expected = JobState.transitions[state]?[input]
                    #expect(Self.state(of: after) == expected ?? state, "\(name)")
                    if expected == nil { #expect(after == before, "\(name) changed nothing") }
                    try await database.write("test") { try $0.execute("DELETE FROM jobs") }
                }
            }
        }
    }

    private static func bring(
        _ name: String, to state: JobState, in database: any Database
    ) async throws -> ClaimedJob {
        let job = try #require(try await database.claim().first)
        let error = ErrorSummary(sentence: "no")
        switch state {
        case .waiting: _ = try await database.settle(job, .release(until: .ofTests))
        case .running: break
        case .done: _ = try await database.settle(job, .finish)
        case .dead: _ = try await database.settle(job, .bury(error: error))
        case .discarded:
            _ = try await database.settle(job, .bury(error: error))
            _ = try await database.write("test") { try Jobs.discard(job.id, in: $0) }
        }
        return job
    }

    private static func apply(
        _ input: JobInput, to job: ClaimedJob, _ clock: ManualClock, in database: any Database
    ) async throws {
        let error = ErrorSummary(sentence: "no")
        let now = clock.now()
        switch input {
        case .claim:
            clock.advance(seconds: 60)
            _ = try await database.claim()
            clock.set(now)
        case .finish: _ = try await database.settle(job, .finish)
        case .postpone: _ = try await database.settle(job, .postpone(until: now, error: error))
        case .release: _ = try await database.settle(job, .release(until: now))
        case .bury: _ = try await database.settle(job, .bury(error: error))
        case .retry: _ = try await database.write("test") { try Jobs.retry(job.id, in: $0) }
        case .discard: _ = try await database.write("test") { try Jobs.discard(job.id, in: $0) }
        }
    }

    private static func look(_ name: String, in database: any Database) async throws -> Stored {
        try #require(try await database.stored().first { $0.name == name })
    }

    private static func state(of stored: Stored) -> JobState? {
        stored.state == "active" ? (stored.isRunning ? .running : .waiting) : JobState(rawValue: stored.state)
    }
}
