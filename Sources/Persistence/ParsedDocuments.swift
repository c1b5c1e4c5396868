public import Primitives
import Synchronization

/// What was parsed from documents of stores: one that is read again and again is parsed once.
///
/// An answer is always what the given text says: only the same text, byte for byte, is answered from memory. So nothing
/// has to be told when a document changes, in this process or another.
public final class ParsedDocuments<Value: Sendable>: Sendable {
    // Safe: a mutex around a dictionary, held for its operations only and never while something is parsed.
    private let entries = Mutex<[StoreID: (text: String, value: Value)]>([:])
    private let capacity: Int

    /// - Parameter capacity: documents kept at most; the memory bound.
    public init(capacity: Int) {
        self.capacity = capacity
    }

    /// What the text says, parsed unless the store's text was the same before.
    public func value(of text: String, store: StoreID, parse: (String) throws -> Value) rethrows -> Value {
        let known = entries.withLock { $0[store] }
        if let known, known.text.utf8.elementsEqual(text.utf8) { return known.value }
        let value = try parse(text)
        entries.withLock { entries in
            // Start over rather than search for the least useful at every miss.
            if entries[store] == nil, entries.count >= capacity { entries.removeAll(keepingCapacity: true) }
            entries[store] = (text, value)
        }
        return value
    }
}
