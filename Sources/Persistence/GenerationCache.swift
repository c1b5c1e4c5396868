public import Synchronization

/// Keeps what was read from a database for as long as its owner stays the same: every change of what is kept gives the
/// owner another generation, which the reader learns in its own snapshot. So nothing stale is ever returned, in any
/// process, and nobody has to be told of changes.
public final class GenerationCache<Owner: Hashable & Sendable, Key: Hashable & Sendable, Value: Sendable>: Sendable {
    @usableFromInline
    struct Shelf {
        @usableFromInline var generation: Int64
        @usableFromInline var values: [Key: Value] = [:]
        @usableFromInline var bytes = 0

        @inlinable
        init(generation: Int64) {
            self.generation = generation
        }
    }

    @usableFromInline
    struct Shelves {
        @usableFromInline var byOwner: [Owner: Shelf] = [:]
        @usableFromInline var bytes = 0

        @inlinable
        init() {}
    }

    // Safe: everything is behind this lock, which is held for operations on dictionaries only.
    @usableFromInline let shelves = Mutex(Shelves())
    @usableFromInline let capacity: Int

    /// - Parameter capacityBytes: the memory bound, by what the values are said to take.
    public init(capacityBytes: Int) {
        capacity = capacityBytes
    }

    /// Those of the keys that are kept of this generation.
    @inlinable
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
    /// - Parameter bytes: what a value takes with its key, about; asked under the lock.
    @inlinable
    public func keep(_ values: [Key: Value], of owner: Owner, generation: Int64, bytes: (Key, Value) -> Int) {
        shelves.withLock { shelves in
            // Taken out, so that it is changed in its place.
            var shelf = shelves.byOwner.removeValue(forKey: owner) ?? Shelf(generation: generation)
            defer { shelves.byOwner[owner] = shelf }
            guard shelf.generation <= generation else { return }
            if shelf.generation < generation {
                shelves.bytes -= shelf.bytes
                shelf = Shelf(generation: generation)
            }
            for (key, value) in values {
                // What a dictionary takes for an entry beside the value.
                let former = shelf.values.updateValue(value, forKey: key).map { bytes(key, $0) + 100 } ?? 0
                let growth = bytes(key, value) + 100 - former
                shelf.bytes += growth
                shelves.bytes += growth
            }
            guard shelves.bytes > capacity else { return }
            // Starting over costs some reads; finding what is needed least would cost at every one.
            shelves = Shelves()
            shelf = Shelf(generation: generation)
        }
    }
}
