public import Primitives
import Synchronization

/// Keeps what was loaded for a moment, so that what is asked for often is loaded seldom: at most once a lifetime and
/// key, however many ask at once. What it returns is never older than its lifetime, counted from before the load.
public final class BriefCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        let load: Task<Value, any Error>
        let value: Value?
        let startedAt: Instant
    }

    // Only held for dictionary operations, never across a load.
    private let entries = Mutex<[Key: Entry]>([:])
    private let clock: any Clock
    private let lifetimeSeconds: Double
    private let capacity: Int

    /// - Parameters:
    ///   - lifetimeSeconds: the greatest age of what is returned.
    ///   - capacity: entries kept at most; the memory bound.
    public init(lifetimeSeconds: Double, capacity: Int, clock: any Clock) {
        self.lifetimeSeconds = lifetimeSeconds
        self.capacity = capacity
        self.clock = clock
    }

    /// The value of a key, loaded when there is none that is young enough. A load that fails is not kept.
    public func value(for key: Key, load: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let now = clock.now()
        let entry = entries.withLock { entries -> Entry in
            if let entry = entries[key], isYoung(entry, at: now) { return entry }
            if entries.count >= capacity { makeRoom(in: &entries, at: now) }
            // Not the caller's task: others wait for it too, and a caller that leaves must not take them along.
            let entry = Entry(load: Task { try await load() }, value: nil, startedAt: now)
            entries[key] = entry
            return entry
        }
        if let value = entry.value { return value }
        do {
            let value = try await entry.load.value
            entries.withLock { entries in
                guard let current = entries[key], current.load == entry.load, current.value == nil else { return }
                entries[key] = Entry(load: entry.load, value: value, startedAt: entry.startedAt)
            }
            return value
        } catch {
            entries.withLock { entries in
                if entries[key]?.load == entry.load { entries[key] = nil }
            }
            throw error
        }
    }

    /// Forgets entries, after this process changed what they were loaded from.
    public func remove(where isStale: (Key) -> Bool) {
        entries.withLock { entries in
            for key in entries.keys where isStale(key) { entries[key] = nil }
        }
    }

    // A clock that was set back makes an entry seem to come from the future: that is not young either.
    private func isYoung(_ entry: Entry, at now: Instant) -> Bool {
        let age = now.seconds(since: entry.startedAt)
        return age >= 0 && age < lifetimeSeconds
    }

    private func makeRoom(in entries: inout [Key: Entry], at now: Instant) {
        entries = entries.filter { isYoung($0.value, at: now) }
        // All of them young: start over rather than search for the least useful at every miss.
        if entries.count >= capacity { entries.removeAll(keepingCapacity: true) }
    }
}
