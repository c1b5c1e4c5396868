public import Logging
public import Persistence
public import Primitives
public import ServiceLifecycle
import Synchronization

/// Hands what is appended to those who look on at the moment, in every process: live pages, event streams.
///
/// One reader follows the log for all of them. Whoever comes again after a while first gets what it missed, straight
/// from the log; the position that it saw last is all that is needed for it, so any process will do.
public final class EventFeed: Service, Sendable {
    private struct Onlooker {
        let store: StoreID
        let aggregate: Aggregate?
        let arrivals: AsyncStream<RecordedEvent>.Continuation

        func wants(_ event: RecordedEvent) -> Bool {
            event.store == store && (aggregate == nil || event.aggregate == aggregate)
        }
    }

    private struct State {
        var onlookers: [Int: Onlooker] = [:]
        var lastNumber = 0
        /// What was handed out last; nil while nobody looks on.
        var position: Int64?
    }

    /// Events that wait for a slow onlooker at most; then its stream ends.
    static let mostWaiting = 1000
    static let pageSize = 200
    /// Onlookers hear of a change this much after whoever made it: hundreds of them would otherwise be served first.
    private static let pauseSeconds = 0.02

    private let database: any Database
    private let clock: any Clock
    private let logger: Logger
    // Held for dictionary operations only, never across a read.
    private let state = Mutex(State())

    public init(database: any Database, clock: any Clock = SystemClock(), logger: Logger) {
        self.database = database
        self.clock = clock
        self.logger = logger
    }

    /// The events of a store from now on, by position, each once.
    ///
    /// The stream ends when its reader is too slow; then the reader comes again with the last position it saw.
    /// - Parameters:
    ///   - aggregate: only what happens to this; nil for everything.
    ///   - position: begins after it; nil for what happens from now on.
    public func events(
        of store: StoreID, about aggregate: Aggregate? = nil, after position: Int64? = nil
    ) async throws -> AsyncStream<RecordedEvent> {
        let (arrivals, continuation) = AsyncStream.makeStream(
            of: RecordedEvent.self, bufferingPolicy: .bufferingOldest(Self.mostWaiting))
        let onlooker = Onlooker(store: store, aggregate: aggregate, arrivals: continuation)
        let (number, isFirst) = state.withLock { state in
            state.lastNumber += 1
            state.onlookers[state.lastNumber] = onlooker
            return (state.lastNumber, state.position == nil)
        }
        continuation.onTermination = { [weak self] _ in self?.remove(number) }
        do {
            if isFirst {
                let head = try await database.read("event_log.head") { tx in try EventLog.head(in: tx) }
                state.withLock { state in if state.position == nil { state.position = head } }
            }
        } catch {
            continuation.finish()
            throw error
        }
        let replay = FeedReplay(
            database: database, store: store, aggregate: aggregate, after: position, live: arrivals)
        return AsyncStream(unfolding: { await replay.next() }, onCancel: { continuation.finish() })
    }

    /// Follows the log until a graceful shutdown, then ends all streams.
    public func run() async throws {
        let wakes = database.wakes(for: .positions, orEverySeconds: 1, clock: clock).cancelOnGracefulShutdown()
        for await _ in wakes {
            do {
                try await Task.sleep(for: .seconds(Self.pauseSeconds))
                while try await handOut() == Self.pageSize {}
            } catch is CancellationError {
                break
            } catch {
                // The next wake-up or poll tries again: onlookers only wait.
                logger.warning("events could not be read", metadata: ["error": "\(ErrorSummary(error))"])
            }
        }
        let onlookers = state.withLock { state in Array(state.onlookers.values) }
        for onlooker in onlookers { onlooker.arrivals.finish() }
    }

    /// Hands out the next events.
    /// - Returns: how many there were, whoever they were for.
    func handOut() async throws -> Int {
        guard let position = state.withLock({ $0.position }) else { return 0 }
        let events = try await database.read("event_log.feed") { tx in
            try EventLog.read(after: position, limit: Self.pageSize, in: tx)
        }
        guard let last = events.last?.position else { return 0 }
        let onlookers = state.withLock { state in
            if state.position != nil { state.position = last }
            return Array(state.onlookers.values)
        }
        for event in events {
            for onlooker in onlookers where onlooker.wants(event) {
                if case .dropped = onlooker.arrivals.yield(event) { onlooker.arrivals.finish() }
            }
        }
        return events.count
    }

    private func remove(_ number: Int) {
        state.withLock { state in
            state.onlookers[number] = nil
            if state.onlookers.isEmpty { state.position = nil }
        }
    }
}

/// What one onlooker missed, and then what arrives.
private actor FeedReplay {
    private let database: any Database
    private let store: StoreID
    private let aggregate: Aggregate?
    private var position: Int64
    private var isReplaying: Bool
    private var page: ArraySlice<RecordedEvent> = []
    private var live: AsyncStream<RecordedEvent>.Iterator

    init(
        database: any Database, store: StoreID, aggregate: Aggregate?, after position: Int64?,
        live: AsyncStream<RecordedEvent>
    ) {
        self.database = database
        self.store = store
        self.aggregate = aggregate
        self.position = position ?? 0
        isReplaying = position != nil
        self.live = live.makeAsyncIterator()
    }

    func next() async -> RecordedEvent? {
        while isReplaying || !page.isEmpty {
            if let event = page.popFirst() {
                position = event.position ?? position
                if aggregate == nil || event.aggregate == aggregate { return event }
                continue
            }
            do {
                let (store, position) = (store, position)
                page = try await database.read("event_log.replay") { tx in
                    try EventLog.read(of: store, after: position, limit: EventFeed.pageSize, in: tx)
                }[...]
                isReplaying = page.count == EventFeed.pageSize
            } catch {
                // The onlooker comes again with the last position it saw.
                return nil
            }
        }
        // What arrived while the past was read may be part of it.
        while let event = await nextLive() {
            guard let place = event.position, place > position else { continue }
            position = place
            return event
        }
        return nil
    }

    private func nextLive() async -> RecordedEvent? {
        var iterator = live
        defer { live = iterator }
        return await iterator.next(isolation: self)
    }
}
