import Persistence
import Synchronization
import TestSupport
import Testing

/// The queue that both engines' threads work off.
@Suite struct WorkQueueTests {
    private final class Item: Sendable {
        let number: Int
        /// Its thread begins and ends it when these are open.
        let hasBegun = Gate()
        let mayEnd = Gate()

        init(_ number: Int) {
            self.number = number
        }

        /// One that nothing holds up.
        static func ready(_ number: Int) -> Item {
            let item = Item(number)
            item.mayEnd.open()
            return item
        }

        func work() {
            hasBegun.open()
            mayEnd.block()
        }
    }

    private func statistics(_ queue: WorkQueue<Item>) -> DatabaseStatistics {
        var statistics = DatabaseStatistics()
        queue.count(into: &statistics)
        return statistics
    }

    @Test func `work beyond the free threads and the limit is refused, and the rest is done in order`() async throws {
        let done = Observations<Int>()
        let queue = WorkQueue<Item>(limit: 2, threads: 1) { worker in
            while let item = worker.next() {
                item.work()
                done.add(item.number)
            }
        }
        let items = (1...4).map { Item($0) }
        for item in items.prefix(3) { try queue.submit(item) }
        await items[0].hasBegun.wait()
        #expect(throws: DatabaseError.queueFull) { try queue.submit(items[3]) }
        #expect(statistics(queue).waiting == 2)
        #expect(statistics(queue).refusals == 1)
        for item in items { item.mayEnd.open() }
        await queue.close()
        #expect(done.values == [1, 2, 3])
        #expect(statistics(queue).longestWaitSeconds > 0)
    }

    @Test func `work that was withdrawn is not done and leaves its place`() async throws {
        let done = Observations<Int>()
        let queue = WorkQueue<Item>(limit: 1, threads: 1) { worker in
            while let item = worker.next() {
                item.work()
                done.add(item.number)
            }
        }
        let items = (1...3).map { Item($0) }
        try queue.submit(items[0])
        await items[0].hasBegun.wait()
        try queue.submit(items[1])
        #expect(queue.withdraw(items[1]))
        #expect(!queue.withdraw(items[1]))
        #expect(!queue.withdraw(items[0]))
        try queue.submit(items[2])
        for item in items { item.mayEnd.open() }
        await queue.close()
        #expect(done.values == [1, 3])
    }

    @Test func `the thread that became idle last is woken first`() async throws {
        let idled = Observations<Void>()
        let done = Observations<[Int]>()
        let threads = Atomic(0)
        let queue = WorkQueue<Item>(limit: 8, threads: 8) { worker in
            let thread = threads.add(1, ordering: .relaxed).newValue
            while let item = worker.next(idleSeconds: 0.01, onIdle: { idled.add(()) }) {
                item.work()
                done.add([item.number, thread])
            }
        }
        let items = (1...20).map { Item($0) }
        try queue.submit(items[0])
        await items[0].hasBegun.wait()
        try queue.submit(items[1])
        await items[1].hasBegun.wait()
        for (count, item) in zip(1..., items) {
            if count > 2 { try queue.submit(item) }
            item.mayEnd.open()
            await idled.wait(for: count)
        }
        await queue.close()
        let last = done.values[1][1]
        #expect(done.values.dropFirst().allSatisfy { $0[1] == last })
        #expect(threads.load(ordering: .relaxed) == 2)
    }

    @Test func `work given back is done by another thread, before what came later`() async throws {
        let done = Observations<Int>()
        let isFirst = Mutex(true)
        let hasLeft = Gate()
        let queue = WorkQueue<Item>(limit: 8, threads: 1) { worker in
            while let item = worker.next() {
                if isFirst.withLock({ isFirst in
                    defer { isFirst = false }; return isFirst
                }) {
                    item.work()
                    worker.giveBack(item)
                    hasLeft.block()
                } else {
                    done.add(item.number)
                }
            }
        }
        let items = (1...3).map { Item($0) }
        for item in items { try queue.submit(item) }
        items[0].mayEnd.open()
        hasLeft.open()
        await queue.close()
        #expect(done.values == [1, 2, 3])
    }

    @Test func `a thread without work for long is told once, and works on`() async throws {
        let idled = Observations<Void>()
        let done = Observations<Int>()
        let queue = WorkQueue<Item>(limit: 8, threads: 1) { worker in
            while let item = worker.next(idleSeconds: 0.01, onIdle: { idled.add(()) }) { done.add(item.number) }
        }
        try queue.submit(Item(1))
        await idled.wait(for: 1)
        try queue.submit(Item(2))
        await idled.wait(for: 2)
        await queue.close()
        #expect(done.values == [1, 2])
        #expect(idled.values.count == 2)
    }

    @Test func `a thread takes more work than one, and waits a little for it`() async throws {
        let batches = Observations<[Int]>()
        let queue = WorkQueue<Item>(limit: 8, threads: 1) { worker in
            while let first = worker.next() {
                first.work()
                var batch = [first.number]
                while let more = worker.nextNow() { batch.append(more.number) }
                while let more = worker.next(withinSeconds: 0.01) { batch.append(more.number) }
                batches.add(batch)
            }
        }
        let first = Item(1)
        for item in [first, Item(2), Item(3)] { try queue.submit(item) }
        first.mayEnd.open()
        await batches.wait(for: 1)
        await queue.close()
        #expect(batches.values == [[1, 2, 3]])
    }

    @Test func `no more than the usual threads work while nothing waits for long`() async throws {
        let working = Mutex((now: 0, most: 0))
        let done = Observations<Int>()
        let queue = WorkQueue<Item>(limit: 100, threads: 8, usual: 2, patienceSeconds: 3600) { worker in
            while let item = worker.next() {
                working.withLock { working in
                    working.now += 1
                    working.most = max(working.most, working.now)
                }
                item.work()
                working.withLock { $0.now -= 1 }
                done.add(item.number)
            }
        }
        let items = (1...50).map { Item($0) }
        for item in items.prefix(25) { try queue.submit(item) }
        for item in items.prefix(2) { await item.hasBegun.wait() }
        for item in items.prefix(10) { item.mayEnd.open() }
        await done.wait(for: 10)
        for item in items.dropFirst(25) { try queue.submit(item) }
        for item in items.dropFirst(10) { item.mayEnd.open() }
        await done.wait(for: 50)
        #expect(working.withLock { $0.most } == 2)
        await queue.close()
        #expect(done.values.sorted() == Array(1...50))
    }

    @Test func `what waits while all usual threads are held up is done by others`() async throws {
        let done = Observations<Int>()
        let queue = WorkQueue<Item>(limit: 100, threads: 4, usual: 2, patienceSeconds: 0.01) { worker in
            while let item = worker.next() {
                item.work()
                done.add(item.number)
            }
        }
        let items = (1...20).map { Item($0) }
        for item in items { try queue.submit(item) }
        for item in items.dropFirst(2) { item.mayEnd.open() }
        // The first two are at work all the time.
        await done.wait(for: 18)
        try queue.submit(Item.ready(21))
        await done.wait(for: 19)
        for item in items.prefix(2) { item.mayEnd.open() }
        await queue.close()
        #expect(done.values.sorted() == Array(1...21))
        #expect(done.values.suffix(2).sorted() == [1, 2])
    }

    @Test func `each that is held up lets one more in, until all threads are`() async throws {
        let done = Observations<Int>()
        let queue = WorkQueue<Item>(limit: 100, threads: 4, usual: 1, patienceSeconds: 0.01) { worker in
            while let item = worker.next() {
                item.work()
                done.add(item.number)
            }
        }
        for round in 0..<3 {
            let items = (1...5).map { Item(round * 10 + $0) }
            for item in items { try queue.submit(item) }
            for item in items.prefix(4) { await item.hasBegun.wait() }
            #expect(!items[4].hasBegun.isOpen)
            for item in items { item.mayEnd.open() }
            await done.wait(for: round * 5 + 5)
        }
        await queue.close()
    }

    @Test func `a queue that is closed lets no work wait for the usual threads`() async throws {
        let done = Observations<Int>()
        let queue = WorkQueue<Item>(limit: 100, threads: 2, usual: 1, patienceSeconds: 3600) { worker in
            while let item = worker.next() {
                item.work()
                done.add(item.number)
            }
        }
        let held = Item(1)
        try queue.submit(held)
        await held.hasBegun.wait()
        for number in 2...5 { try queue.submit(Item.ready(number)) }
        async let closed: Void = queue.close()
        await done.wait(for: 4)
        held.mayEnd.open()
        await closed
        #expect(done.values == [2, 3, 4, 5, 1])
    }

    @Test func `a closed queue refuses, also when it is closed again`() async throws {
        let queue = WorkQueue<Item>(limit: 8, threads: 1) { worker in while worker.next() != nil {} }
        await queue.close()
        await queue.close()
        #expect(throws: DatabaseError.unavailable("the database is closed")) { try queue.submit(Item(1)) }
    }
}
