import Jobs
public import Persistence
public import Primitives

/// Ends an import. A job lets go of its file; the report stays.
public struct FinishImport: Sendable {
    private let store: StoreID
    private let id: ImportID
    private let state: ImportState
    private let failure: String

    /// - Parameter failure: a sentence when the file as a whole cannot be read.
    public init(store: StoreID, id: ImportID, failure: String? = nil) {
        self.store = store
        self.id = id
        state = failure == nil ? .done : .failed
        self.failure = failure ?? ""
    }

    private init(canceling id: ImportID, of store: StoreID) {
        self.store = store
        self.id = id
        state = .canceled
        failure = ""
    }

    /// Stops an import where it is. What was brought in stays.
    public static func canceling(_ id: ImportID, of store: StoreID) -> FinishImport {
        FinishImport(canceling: id, of: store)
    }

    /// - Returns: the import as it is now; one that had ended is left as it was.
    /// - Throws: `not_found`.
    public func run(in tx: borrowing Transaction) throws -> Import {
        if try ImportTable.finish(id, store: store, as: state, failure: failure, in: tx) {
            try Jobs.enqueue([NewJob(Exchange.pruning)], in: tx)
        }
        guard let found = try ImportTable.find(id, store: store, in: tx) else { throw Problem.notFound("import") }
        return found
    }
}
