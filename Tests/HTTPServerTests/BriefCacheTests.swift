import HTTPServer
import Primitives
import Synchronization
import TestSupport
import Testing

/// What is kept for a moment: how often it is loaded, how old it gets and how much there is of it.
@Suite struct BriefCacheTests {
    /// Counts what is loaded; each load of a key gives the number of loads so far.
    private final class Source: Sendable {
        let loads = Observations<String>()
        /// Loads wait for it once there is one.
        let gate = Mutex<Gate?>(nil)
        let failure = Mutex<Problem?>(nil)

        func load(_ key: String) async throws -> Int {
            // Before others are told that the load has begun, and change them.
            let (gate, failure) = (gate.withLock { $0 }, failure.withLock { $0 })
            let number = loads.values.count + 1
            loads.add(key)
            if let gate { await gate.wait() }
            if let failure { throw failure }
            return number
        }
    }

    private let clock = ManualClock()
    private let source = Source()

    private func cache(capacity: Int = 10, renewsEarly: Bool = false) -> BriefCache<String, Int> {
        BriefCache(lifetimeSeconds: 10, capacity: capacity, renewsEarly: renewsEarly, clock: clock)
    }

    private func value(_ key: String, in cache: BriefCache<String, Int>) async throws -> Int {
        try await cache.value(for: key) { [source] in try await source.load(key) }
    }

    @Test func `many who ask at once are answered by one load, and later ones until it is too old`() async throws {
        let cache = cache()
        let gate = Gate()
        source.gate.withLock { $0 = gate }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await value("a", in: cache) } }
            await source.loads.wait(for: 1)
            gate.open()
            for try await number in group { #expect(number == 1) }
        }
        clock.advance(seconds: 9.9)
        #expect(try await value("a", in: cache) == 1)
        clock.advance(seconds: 0.1)
        #expect(try await value("a", in: cache) == 2)
        clock.advance(seconds: -20)
        #expect(try await value("a", in: cache) == 3)
    }

    @Test func `a load that fails is told to those who wait, and made again for the next`() async throws {
        let cache = cache()
        source.failure.withLock { $0 = .notFound("thing") }
        await #expect(throws: Problem.self) { try await value("a", in: cache) }
        source.failure.withLock { $0 = nil }
        #expect(try await value("a", in: cache) == 2)
    }

    @Test func `no more is kept than fits, and the oldest goes first`() async throws {
        let cache = cache(capacity: 3)
        for key in ["a", "b", "c", "d"] { _ = try await value(key, in: cache) }
        for key in ["b", "c", "d"] { _ = try await value(key, in: cache) }
        #expect(source.loads.values == ["a", "b", "c", "d"])
        _ = try await value("a", in: cache)
        #expect(source.loads.values == ["a", "b", "c", "d", "a"])
        _ = try await value("b", in: cache)
        #expect(source.loads.values.last == "b")
        // However much comes and goes.
        for number in 0..<5000 {
            _ = try await value("\(number)", in: cache)
            clock.advance(seconds: number % 7 == 0 ? 4 : 0)
        }
        #expect(source.loads.values.count == 5006)
        for number in 4998..<5000 { _ = try await value("\(number)", in: cache) }
        #expect(source.loads.values.count == 5006)
    }

    @Test func `what was forgotten is loaded again, also when it was just being loaded`() async throws {
        let cache = cache()
        #expect(try await value("a", in: cache) == 1)
        #expect(try await value("b", in: cache) == 2)
        cache.remove { $0 == "a" }
        #expect(try await value("a", in: cache) == 3)
        #expect(try await value("b", in: cache) == 2)
        let gate = Gate()
        source.gate.withLock { $0 = gate }
        async let waiting = value("c", in: cache)
        await source.loads.wait(for: 4)
        cache.remove { _ in true }
        gate.open()
        #expect(try await waiting == 4)
        #expect(try await value("c", in: cache) == 5)
    }

    @Test func `what is asked for all the time is renewed before it is too old, and nobody waits`() async throws {
        let cache = cache(renewsEarly: true)
        #expect(try await value("a", in: cache) == 1)
        clock.advance(seconds: 4.9)
        #expect(try await value("a", in: cache) == 1)
        #expect(source.loads.values.count == 1)
        clock.advance(seconds: 0.1)
        let gate = Gate()
        source.gate.withLock { $0 = gate }
        for _ in 0..<5 { #expect(try await value("a", in: cache) == 1) }
        await source.loads.wait(for: 2)
        gate.open()
        // Its age counts from when its load began.
        while try await value("a", in: cache) == 1 { await Task.yield() }
        clock.advance(seconds: 9.9)
        #expect(try await value("a", in: cache) == 2)
        #expect(source.loads.values.count <= 3)
    }

    @Test func `a renewal that fails or comes too late changes nothing`() async throws {
        let cache = cache(renewsEarly: true)
        #expect(try await value("a", in: cache) == 1)
        clock.advance(seconds: 6)
        source.failure.withLock { $0 = .notFound("thing") }
        #expect(try await value("a", in: cache) == 1)
        await source.loads.wait(for: 2)
        #expect(try await value("a", in: cache) == 1)
        source.failure.withLock { $0 = nil }
        clock.advance(seconds: 4)
        #expect(try await value("a", in: cache) == 3)
        clock.advance(seconds: 6)
        let gate = Gate()
        source.gate.withLock { $0 = gate }
        #expect(try await value("a", in: cache) == 3)
        await source.loads.wait(for: 4)
        cache.remove { _ in true }
        source.gate.withLock { $0 = nil }
        #expect(try await value("a", in: cache) == 5)
        gate.open()
        for _ in 0..<100 {
            await Task.yield()
            #expect(try await value("a", in: cache) == 5)
        }
    }
}
