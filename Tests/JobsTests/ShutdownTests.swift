import Logging
import Persistence
import Primitives
import ServiceLifecycle
import TestSupport
import Testing

@testable import Jobs

@Suite struct ShutdownTests {
    @Test(arguments: TestEngine.available)
    func `a drain lets running jobs finish and makes the others runnable at once`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            let started = Observations<String>()
            let gate = Gate()
            let runner = database.startRunner(
                .effect(Samples.kind) { job, _ in
                    started.add(job.name)
                    await gate.wait()
                }, queues: [QueueSettings(.standard, concurrency: 1)], clock: clock)
            try await database.enqueue(Samples.job("running"))
            await started.wait(for: 1)
            try await database.enqueue(Samples.job("waiting"))
            runner.desk.drain()
            gate.open()
            await runner.task.value
            let stored = try await database.stored()
            #expect(stored.map(\.state) == ["done", "active"])
            #expect(stored.last?.isRunning == false && stored.last?.dueIn == 0 && stored.last?.failures == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what does not finish in the drain's time is cancelled and runnable at once`(
        _ engine: TestEngine
    ) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            let started = Observations<String>()
            let cancelled = Observations<Void>()
            let gate = Gate()
            let kind = JobKind("long.work", timeoutSeconds: 600)
            let runner = database.startRunner(
                .effect(kind) { job, _ in
                    started.add(job.name)
                    await withTaskCancellationHandler {
                        await gate.wait()
                    } onCancel: {
                        cancelled.add(())
                    }
                }, clock: clock)
            try await database.enqueue(Samples.job("a", kind))
            await started.wait(for: 1)
            runner.desk.drain()
            // The time counts from when the drain has begun to wait.
            while cancelled.values.isEmpty {
                clock.advance(seconds: 1)
                await Task.yield()
            }
            await runner.task.value
            let stored = try #require(try await database.stored().first)
            #expect(stored.state == "active" && !stored.isRunning && stored.failures == 0)
            #expect(stored.dueIn <= 0)
            gate.open()
        }
    }

    @Test(arguments: TestEngine.available)
    func `a runner that dies leaves its job to another after the lease, and cannot finish it late`(
        _ engine: TestEngine
    ) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            let started = Observations<Int>()
            let gate = Gate()
            let handler = JobHandler.effect(Samples.kind) { job, _ in
                started.add(job.attempt)
                if job.attempt == 1 { await gate.wait() }
            }
            let dying = database.startRunner(handler, clock: clock)
            try await database.enqueue(Samples.job("a"))
            await started.wait(for: 1)
            await dying.abandon()
            let other = database.startRunner(handler, clock: clock)
            clock.advance(seconds: 59)
            #expect(try await database.claim() == [])
            clock.advance(seconds: 1)
            await started.wait(for: 2)
            gate.open()
            try await database.waitUntil { $0.first?.state == "done" }
            await other.shutDown()
            let stored = try #require(try await database.stored().first)
            #expect(started.values == [1, 2])
            #expect(stored.attempt == 2 && stored.failures == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a transactional job whose lease passed on has no second effect`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            try await database.enqueue(Samples.job("a"))
            let late = try #require(try await database.claim().first)
            clock.advance(seconds: 60)
            let handler = JobHandler.transactional(Samples.kind) { job, transaction in
                try RunnerTests.mark(job, transaction)
            }
            let runner = database.startRunner(handler, clock: clock)
            try await database.waitUntil { $0.first?.state == "done" }
            let lost = Assignment(
                number: 99, queue: .standard, kind: Samples.kind.name, jobs: [late], startedAt: clock.now(),
                deadline: clock.now())
            await runner.desk.perform(lost)
            await runner.shutDown()
            #expect(try await database.marks() == ["a"])
            #expect(try await database.stored().first?.attempt == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a job that kills its runner each time becomes a dead letter`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            try await database.enqueue(Samples.job("a"))
            for attempt in 1...3 {
                #expect(try await database.claim().map(\.attempt) == [attempt])
                clock.advance(seconds: 60)
            }
            let started = Observations<Int>()
            let runner = database.startRunner(
                .effect(Samples.kind) { job, _ in started.add(job.attempt) }, clock: clock)
            try await database.waitUntil { $0.first?.state == "dead" }
            await runner.shutDown()
            #expect(started.values == [])
            let error = try await database.stored().first?.error
            #expect(error == "It failed or its runner died 3 times; the last one died.")
        }
    }

    @Test(arguments: TestEngine.available)
    func `a long job keeps its lease by its heartbeat`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            let started = Observations<Int>()
            let gate = Gate()
            let kind = JobKind("long.work", timeoutSeconds: 600)
            let runner = database.startRunner(
                .effect(kind) { job, _ in
                    started.add(job.attempt)
                    await gate.wait()
                }, clock: clock)
            try await database.enqueue(Samples.job("a", kind))
            await started.wait(for: 1)
            for _ in 1...6 {
                clock.advance(seconds: 25)
                try await database.waitUntil { $0.first?.dueIn == 60 }
                #expect(try await database.claim(kinds: [kind]) == [])
            }
            gate.open()
            try await database.waitUntil { $0.first?.state == "done" }
            await runner.shutDown()
            #expect(started.values == [1])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a job whose lease was taken is cancelled at the next heartbeat`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Samples.migrations, clock: clock) { database in
            let started = Observations<Int>()
            let ended = Observations<Bool>()
            let kind = JobKind("long.work", timeoutSeconds: 600)
            let runner = database.startRunner(
                .effect(kind) { job, _ in
                    started.add(job.attempt)
                    do {
                        try await clock.sleep(until: .ofTests.adding(seconds: 1e6))
                    } catch {
                        ended.add(Task.isCancelled)
                        throw error
                    }
                }, clock: clock)
            try await database.enqueue(Samples.job("a", kind))
            await started.wait(for: 1)
            try await database.write("test") { transaction in
                try transaction.execute("UPDATE jobs SET attempt = 2, due_at = due_at + 1000000000")
            }
            clock.advance(seconds: 25)
            #expect(await ended.wait(for: 1) == [true])
            await runner.shutDown()
            let stored = try #require(try await database.stored().first)
            #expect(stored.state == "active" && stored.isRunning && stored.attempt == 2 && stored.failures == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `in a service group it drains when the group shuts down`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Samples.migrations, clock: SystemClock()) { database in
            let started = Observations<String>()
            let handler = JobHandler.effect(Samples.kind) { job, _ in started.add(job.name) }
            let runner = JobRunner(database: database, handlers: [handler], logger: Samples.quiet)
            let group = ServiceGroup(services: [runner], logger: Samples.quiet)
            let running = Task { try await group.run() }
            try await database.enqueue(Samples.job("a"))
            await started.wait(for: 1)
            await group.triggerGracefulShutdown()
            try await running.value
            #expect(try await database.stored().map(\.state) == ["done"])
        }
    }
}
