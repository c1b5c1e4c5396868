public import Primitives
import Synchronization

/// Keeps what was loaded for a moment, so that what is asked for often is loaded seldom: once a lifetime and key,
/// however many ask at once. What it returns is never older than its lifetime, counted from before the load.
public final class BriefCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private enum Content {
        case loading(Task<Value, any Error>)
        case loaded(Value)
    }

    private struct Entry {
        /// Counts loads.
        let number: Int
        let startedAt: Instant
        var content: Content
        /// Whether its successor is being loaded.
        var isRenewed = false
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// The entries in the order in which they came, from `head` on. The keys of some have been loaded anew since.
        var order: [(key: Key, number: Int)] = []
        var head = 0
        var next = 0
    }

    // Only held for operations on its collections, never across a load.
    private let state = Mutex(State())
    private let clock: any Clock
    private let lifetimeSeconds: Double
    private let capacity: Int
    private let renewsEarly: Bool

    /// - Parameters:
    ///   - lifetimeSeconds: the greatest age of what is returned.
    ///   - capacity: entries kept at most; the memory bound.
    ///   - renewsEarly: what is asked for in the second half of its life is loaded anew meanwhile, so that nobody waits
    ///     for what is asked for all the time. It is loaded twice a lifetime then.
    public init(lifetimeSeconds: Double, capacity: Int, renewsEarly: Bool = false, clock: any Clock) {
        self.lifetimeSeconds = lifetimeSeconds
        self.capacity = capacity
        self.renewsEarly = renewsEarly
        self.clock = clock
    }

    /// The value of a key, loaded when there is none that is young enough. A load that fails is not kept.
    public func value(for key: Key, load: @escaping @Sendable () async throws -> Value) async throws -> Value {
        // What made room is let go of after the lock.
        let (entry, _) = state.withLock { state -> (Entry, [Entry]) in
            // Not before: it would seem to be earlier than what came meanwhile.
            let now = clock.now()
            if let entry = state.entries[key], age(of: entry, at: now) != nil {
                if isRipe(entry, at: now) {
                    state.entries[key]?.isRenewed = true
                    Task { await renew(key, after: entry.number, startedAt: now, load: load) }
                }
                return (entry, [])
            }
            // Not the caller's task: others wait for it too, and a caller that leaves must not take them along.
            return insert(.loading(Task { try await load() }), for: key, startedAt: now, in: &state)
        }
        switch entry.content {
        case .loaded(let value): return value
        case .loading(let load):
            do {
                let value = try await load.value
                state.withLock { state in
                    if state.entries[key]?.number == entry.number { state.entries[key]?.content = .loaded(value) }
                }
                return value
            } catch {
                state.withLock { state in
                    if state.entries[key]?.number == entry.number { state.entries[key] = nil }
                }
                throw error
            }
        }
    }

    /// Forgets entries, after this process changed what they were loaded from.
    public func remove(where isStale: (Key) -> Bool) {
        state.withLock { state in
            for key in state.entries.keys where isStale(key) { state.entries[key] = nil }
        }
    }

    private func renew(
        _ key: Key, after former: Int, startedAt: Instant, load: @Sendable () async throws -> Value
    ) async {
        // ignored: who asks when the former value is too old loads it himself and hears of the error
        guard let value = try? await load() else { return }
        _ = state.withLock { state -> [Entry] in
            // Another may have been loaded, or all forgotten since.
            guard state.entries[key]?.number == former else { return [] }
            return insert(.loaded(value), for: key, startedAt: startedAt, in: &state).removed
        }
    }

    private func insert(
        _ content: Content, for key: Key, startedAt: Instant, in state: inout State
    ) -> (Entry, removed: [Entry]) {
        let entry = Entry(number: state.next, startedAt: startedAt, content: content)
        state.next += 1
        let former = state.entries.updateValue(entry, forKey: key)
        state.order.append((key, entry.number))
        return (entry, makeRoom(in: &state, at: clock.now()) + (former.map { [$0] } ?? []))
    }

    /// In seconds; nil when it is too old. A clock that was set back makes an entry seem to come from the future: that
    /// is too old as well.
    private func age(of entry: Entry, at now: Instant) -> Double? {
        let age = now.seconds(since: entry.startedAt)
        return age >= 0 && age < lifetimeSeconds ? age : nil
    }

    private func isRipe(_ entry: Entry, at now: Instant) -> Bool {
        guard renewsEarly, !entry.isRenewed, case .loaded = entry.content, let age = age(of: entry, at: now) else {
            return false
        }
        return age >= lifetimeSeconds / 2
    }

    /// Removes what is too old, and the oldest when there are too many: a few at a time, so that nobody who comes while
    /// there is much to remove waits for all of it.
    private func makeRoom(in state: inout State, at now: Instant) -> [Entry] {
        var removed: [Entry] = []
        for _ in 0..<4 {
            guard state.head < state.order.count else { break }
            let (key, number) = state.order[state.head]
            if let entry = state.entries[key], entry.number == number {
                if state.order.count - state.head <= capacity, age(of: entry, at: now) != nil { break }
                state.entries[key] = nil
                removed.append(entry)
            }
            state.head += 1
        }
        if state.head > capacity {
            state.order.removeFirst(state.head)
            state.head = 0
        }
        return removed
    }
}
