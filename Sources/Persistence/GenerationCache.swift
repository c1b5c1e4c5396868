import Synchronization

/// Keeps what was read from a database for as long as its owner stays the same: every change of what is kept gives the
/// owner another generation, which the reader learns in its own snapshot. So nothing stale is ever returned, in any
/// process, and nobody has to be told of changes.
public final class GenerationCache<Owner: Hashable & Sendable, Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Shelf {
        var generation: Int64
        var values: [Key: Value] = [:]
        var bytes = 0
    }

    private struct Shelves {
        var byOwner: [Owner: Shelf] = [:]
        var bytes = 0
    }

    // Safe: everything is behind this lock, which is held for operations on dictionaries only.
    private let shelves = Mutex(Shelves())
    private let capacity: Int

    /// - Parameter capacityBytes: the memory bound, by what the values are said to take.
    public init(capacityBytes: Int) {
        capacity = capacityBytes
    }

    /// Those of the keys that are kept of this generation.
    public func values(_ keys: some Sequence<Key>, of owner: Owner, generation: Int64) -> [Key: Value] {
        shelves.withLock { shelves in
            guard let shelf = shelves.byOwner[owner], shelf.generation == generation else { return [:] }
            var found: [Key: Value] = [:]
            for key in keys {
                if let value = shelf.values[key] { found[key] = value }
            }
            return found
        }
    }

    /// Keeps values that were read of this generation. A reader of an older one keeps nothing.
    /// - Parameter bytes: what a value takes, about.
    public func keep(_ values: [Key: Value], of owner: Owner, generation: Int64, bytes: (Value) -> Int) {
        shelves.withLock { shelves in
            var shelf = shelves.byOwner[owner] ?? Shelf(generation: generation)
            guard shelf.generation <= generation else { return }
            if shelf.generation < generation {
                shelves.bytes -= shelf.bytes
                shelf = Shelf(generation: generation)
            }
            for (key, value) in values where shelf.values.updateValue(value, forKey: key) == nil {
                // What a dictionary takes for an entry beside the value.
                let size = bytes(value) + 100
                shelf.bytes += size
                shelves.bytes += size
            }
            shelves.byOwner[owner] = shelf
            // Starting over costs some reads; finding what is needed least would cost at every one.
            if shelves.bytes > capacity { shelves = Shelves() }
        }
    }
}
