import Persistence
import TestSupport
import Testing

/// Waiters are woken by commits and by nothing else.
@Suite struct WakeTests {
    struct Refusal: Error {}

    @Test(arguments: TestEngine.available)
    func `a wake comes after its commit`(engine: TestEngine) async throws {
        let topic = Topic("notes")
        try await withNotes(engine) { database async throws in
            var wakes = database.wakes(for: topic).makeAsyncIterator()
            let seen = Task {
                for await _ in database.wakes(for: topic) {
                    return try await Notes.ids(database)
                }
                return []
            }
            // The second stream may begin late: wake until it has seen one.
            var id = 0
            let isDone = Tally()
            let watch = Task {
                _ = try await seen.value
                isDone.add()
            }
            repeat {
                id += 1
                let number = id
                try await database.write("wake") { tx in
                    try Notes.add(number, "note \(number)", in: tx)
                    tx.wake(topic)
                }
                await wakes.next()
            } while isDone.count == 0
            try await watch.value
            #expect(try await seen.value.contains(1))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a closure that fails wakes nobody`(engine: TestEngine) async throws {
        let failing = Topic("failing")
        let working = Topic("working")
        try await withNotes(engine) { database async throws in
            var first = database.wakes(for: working).makeAsyncIterator()
            let woken = Tally()
            let watch = Task {
                for await _ in database.wakes(for: failing) { woken.add() }
            }
            // The engine may need a moment until it hears of wakes at all.
            try await database.write("working") { tx in tx.wake(working) }
            await first.next()
            for _ in 0..<10 {
                await #expect(throws: Refusal.self) {
                    try await database.write("failing") { tx in
                        tx.wake(failing)
                        throw Refusal()
                    }
                }
            }
            try await database.write("working") { tx in tx.wake(working) }
            await first.next()
            #expect(woken.count == 0)
            watch.cancel()
        }
    }

    @Test(arguments: TestEngine.available)
    func `a run that met a conflict wakes only for what its last run did`(engine: TestEngine) async throws {
        let abandoned = Topic("abandoned")
        let kept = Topic("kept")
        try await withNotes(engine) { database async throws in
            var first = database.wakes(for: kept).makeAsyncIterator()
            let woken = Tally()
            let watch = Task {
                for await _ in database.wakes(for: abandoned) { woken.add() }
            }
            let runs = Tally()
            for _ in 0..<2 {
                try await database.write("again") { tx in
                    runs.add()
                    tx.wake(runs.count == 1 ? abandoned : kept)
                    if runs.count == 1 { try Notes.conflict(in: tx) }
                }
                await first.next()
            }
            #expect(runs.count == 3)
            #expect(woken.count == 0)
            watch.cancel()
        }
    }

    @Test(arguments: TestEngine.available)
    func `streams end when the database is closed`(engine: TestEngine) async throws {
        try await withNotes(engine) { database async throws in
            let stream = database.wakes(for: Topic("notes"))
            let counted = Task {
                var count = 0
                for await _ in stream { count += 1 }
                return count
            }
            await database.close()
            _ = await counted.value
            for await _ in database.wakes(for: Topic("notes")) { Issue.record("a closed database woke someone") }
        }
    }
}
