import Dispatch
import Synchronization

/// A bounded queue, first in first out, and the threads that work it off.
///
/// Threads start when they are needed. The one that became idle last is woken first, so that little work keeps few
/// threads, and the connections they own, warm. A thread that has just finished may take what another was woken for.
public final class WorkQueue<Work: AnyObject & Sendable>: Sendable {
    private let limit: Int
    private let threadLimit: Int
    private let usual: Int
    private let patience: UInt64
    private let thread: @Sendable (Worker) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - limit: how many may wait beyond those that a free thread takes at once.
    ///   - threads: how many there are at most.
    ///   - usual: how many are busy at once as long as they get on; all of them when nil.
    ///   - patienceSeconds: when work waits and none was taken for so long, those at work are held up: one more may be
    ///     busy until one of them has ended.
    ///   - thread: what each thread does: takes work until there is none, then returns.
    public init(
        limit: Int, threads: Int, usual: Int? = nil, patienceSeconds: Double = 0.05,
        thread: @escaping @Sendable (Worker) -> Void
    ) {
        self.limit = limit
        threadLimit = threads
        self.usual = min(usual ?? threads, threads)
        state = Mutex(State(allowed: self.usual))
        patience = UInt64(patienceSeconds * 1e9)
        self.thread = thread
    }

    /// A thread's place at the queue. Used by that thread alone.
    public final class Worker: Sendable {
        private let queue: WorkQueue
        fileprivate let signal = DispatchSemaphore(value: 0)
        // Both change under the queue's lock only.
        fileprivate let isBusy = Atomic(false)
        fileprivate let tookAt = Atomic<UInt64>(0)

        fileprivate init(_ queue: WorkQueue) {
            self.queue = queue
        }

        /// The next work, waiting for it; nil once the queue is closed and empty.
        public func next() -> Work? {
            queue.next(for: self, idleSeconds: .infinity, onIdle: {})
        }

        /// As `next`; calls a closure once when there has been no work for so long, to give back what it keeps.
        public func next(idleSeconds: Double, onIdle: () -> Void) -> Work? {
            queue.next(for: self, idleSeconds: idleSeconds, onIdle: onIdle)
        }

        /// Puts work back at the head of the queue, for a thread that can do it.
        public func giveBack(_ work: Work) {
            queue.giveBack(work, by: self)
        }

        /// The next work if some waits now, in addition to what the thread has already.
        public func nextNow() -> Work? {
            queue.state.withLock { state in
                guard let work = state.pop() else { return nil }
                if !isBusy.exchange(true, ordering: .relaxed) { state.busy += 1 }
                return work
            }
        }

        /// As `nextNow`, waiting a little for it.
        public func next(withinSeconds seconds: Double) -> Work? {
            queue.next(for: self, until: .now() + seconds)
        }
    }

    /// Adds work at the end.
    /// - Throws: `DatabaseError.queueFull`; `unavailable` once the queue is closed or no thread can be had.
    public func submit(_ work: Work) throws(DatabaseError) {
        let now = monotonicNanoseconds()
        let admission = state.withLock { state -> Admission in
            if state.isClosed { return .closed }
            guard state.count < limit + threadLimit - state.busy else {
                state.refusals += 1
                return .full
            }
            if state.count == 0 { state.movedAt = now }
            state.push(Entry(work: work, submitted: now))
            return .admitted(wake(in: &state))
        }
        switch admission {
        case .closed: throw .unavailable("the database is closed")
        case .full: throw .queueFull
        case .admitted(let wake): try call(wake, for: work)
        }
    }

    /// Takes back work that no thread has taken yet.
    /// - Returns: false when it is no longer there.
    public func withdraw(_ work: Work) -> Bool {
        state.withLock { $0.remove(work) }
    }

    /// Refuses further work, lets the threads finish what waits, and returns when they have ended.
    public func close() async {
        await withCheckedContinuation { continuation in
            let idle = state.withLock { state -> [Worker]? in
                state.isClosed = true
                if state.threads == 0 { return nil }
                state.closers.append(continuation)
                defer { state.idle.removeAll() }
                return state.idle
            }
            guard let idle else { return continuation.resume() }
            for worker in idle { worker.signal.signal() }
        }
    }

    /// Adds the queue's counters to an engine's.
    public func count(into statistics: inout DatabaseStatistics) {
        state.withLock { state in
            statistics.refusals += state.refusals
            statistics.waiting += state.count
            statistics.longestWaitSeconds = max(
                statistics.longestWaitSeconds, Double(state.longestWaitNanoseconds) / 1e9)
        }
    }

    /// Whom to call for what waits: a thread that takes it, or that watches while all that may be are busy.
    private func wake(in state: inout State) -> Wake {
        if state.busy >= state.allowed, state.isWatched { return .nobody }
        if let idle = state.idle.popLast() { return .idle(idle) }
        guard state.threads < threadLimit else { return .nobody }
        state.threads += 1
        return .new
    }

    private func call(_ wake: Wake, for work: Work?) throws(DatabaseError) {
        switch wake {
        case .idle(let worker): worker.signal.signal()
        case .new: try startThread(for: work)
        case .nobody: break
        }
    }

    private func startThread(for work: Work?) throws(DatabaseError) {
        do {
            try OwnThread.start { [self] in
                thread(Worker(self))
                let closers = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                    state.threads -= 1
                    guard state.threads == 0 else { return [] }
                    defer { state.closers.removeAll() }
                    return state.closers
                }
                for closer in closers { closer.resume() }
            }
        } catch {
            let isStuck = state.withLock { state in
                state.threads -= 1
                guard let work else { return false }
                return state.threads == 0 && state.remove(work)
            }
            if isStuck { throw error }
        }
    }

    private func giveBack(_ work: Work, by worker: Worker) {
        let now = monotonicNanoseconds()
        let idle = state.withLock { state in
            free(worker, at: now, in: &state)
            state.pushFront(Entry(work: work, submitted: now))
            return state.idle.popLast()
        }
        idle?.signal.signal()
    }

    private func free(_ worker: Worker, at now: UInt64, in state: inout State) {
        guard worker.isBusy.exchange(false, ordering: .relaxed) else { return }
        state.busy -= 1
        // Each that was held up has let one more in.
        if now - worker.tookAt.load(ordering: .relaxed) >= patience {
            state.allowed = max(usual, state.allowed - 1)
        }
    }

    private func next(for worker: Worker, idleSeconds: Double, onIdle: () -> Void) -> Work? {
        var hasIdled = idleSeconds == .infinity
        var isWatching = false
        while true {
            let (step, wake) = state.withLock { state -> (Step, Wake) in
                let now = monotonicNanoseconds()
                free(worker, at: now, in: &state)
                if isWatching { state.isWatched = false }
                isWatching = false
                if state.busy >= state.allowed, state.count > 0, !state.isClosed {
                    let end = state.movedAt + patience
                    if now < end {
                        state.rest(worker)
                        if state.isWatched { return (.wait, .nobody) }
                        state.isWatched = true
                        isWatching = true
                        return (.watch(nanoseconds: Int(end - now)), .nobody)
                    }
                    state.allowed += 1
                }
                if let work = state.pop() {
                    state.take(worker, at: now)
                    let isHeld = state.busy >= state.allowed && state.count > 0 && usual < threadLimit
                    return (.work(work), isHeld ? self.wake(in: &state) : .nobody)
                }
                if state.isClosed { return (.end, .nobody) }
                state.rest(worker)
                return (.wait, .nobody)
            }
            // ignored: without another thread those at work do what waits
            try? call(wake, for: nil)
            switch step {
            case .work(let work): return work
            case .end: return nil
            case .watch(let nanoseconds): _ = worker.signal.wait(timeout: .now() + .nanoseconds(nanoseconds))
            case .wait where hasIdled: worker.signal.wait()
            case .wait:
                if worker.signal.wait(timeout: .now() + idleSeconds) == .timedOut {
                    hasIdled = true
                    onIdle()
                }
            }
        }
    }

    private func next(for worker: Worker, until deadline: DispatchTime) -> Work? {
        var isLast = false
        while true {
            let step = state.withLock { state -> Step in
                if let work = state.pop() { return .work(work) }
                if state.isClosed || isLast {
                    state.idle.removeAll { $0 === worker }
                    return .end
                }
                state.rest(worker)
                return .wait
            }
            switch step {
            case .work(let work): return work
            case .end: return nil
            case .wait, .watch: isLast = worker.signal.wait(timeout: deadline) == .timedOut
            }
        }
    }

    private enum Admission {
        case closed, full, admitted(Wake)
    }

    private enum Wake {
        case nobody, idle(Worker), new
    }

    private enum Step {
        case work(Work), end, wait
        /// Until those at work are held up, unless work is taken meanwhile.
        case watch(nanoseconds: Int)
    }

    private struct Entry {
        let work: Work
        let submitted: UInt64
    }

    private struct State {
        /// From `head` on; work that was withdrawn leaves a gap.
        private var entries: [Entry?] = []
        private var head = 0
        private(set) var count = 0
        /// The last one became idle last. A worker woken by a late signal may still be in here.
        var idle: [Worker] = []
        var threads = 0
        var busy = 0
        /// How many may be.
        var allowed: Int
        /// When work was taken last, or began to wait.
        var movedAt: UInt64 = 0
        /// Whether a thread looks whether those at work are held up.
        var isWatched = false
        var isClosed = false
        var refusals = 0
        var longestWaitNanoseconds: UInt64 = 0
        var closers: [CheckedContinuation<Void, Never>] = []

        init(allowed: Int) {
            self.allowed = allowed
        }

        mutating func rest(_ worker: Worker) {
            if !idle.contains(where: { $0 === worker }) { idle.append(worker) }
        }

        mutating func take(_ worker: Worker, at now: UInt64) {
            worker.isBusy.store(true, ordering: .relaxed)
            worker.tookAt.store(now, ordering: .relaxed)
            busy += 1
            movedAt = now
            idle.removeAll { $0 === worker }
        }

        mutating func push(_ entry: Entry) {
            entries.append(entry)
            count += 1
        }

        mutating func pushFront(_ entry: Entry) {
            if head > 0 {
                head -= 1
                entries[head] = entry
            } else {
                entries.insert(entry, at: 0)
            }
            count += 1
        }

        mutating func pop() -> Work? {
            while head < entries.count {
                let entry = entries[head]
                entries[head] = nil
                head += 1
                if head == entries.count {
                    entries.removeAll(keepingCapacity: true)
                    head = 0
                } else if head >= 256, head * 2 > entries.count {
                    entries.removeFirst(head)
                    head = 0
                }
                guard let entry else { continue }
                count -= 1
                longestWaitNanoseconds = max(longestWaitNanoseconds, monotonicNanoseconds() - entry.submitted)
                return entry.work
            }
            return nil
        }

        mutating func remove(_ work: Work) -> Bool {
            guard let index = entries.firstIndex(where: { $0?.work === work }) else { return false }
            entries[index] = nil
            count -= 1
            return true
        }
    }
}
