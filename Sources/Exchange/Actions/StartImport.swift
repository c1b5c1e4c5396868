public import Persistence
public import Primitives

/// Says that an import's file is complete. Said again, it changes nothing.
public struct StartImport: Sendable {
    private let store: StoreID
    private let id: ImportID

    public init(store: StoreID, id: ImportID) {
        self.store = store
        self.id = id
    }

    /// - Returns: the import, and whether this is what started it: then the caller owes the work.
    /// - Throws: `not_found`, `import.incomplete` when parts are missing, `import.over` when it has ended.
    public func run(in tx: borrowing Transaction) throws -> (started: Import, isNew: Bool) {
        // Touched first, so that no part comes in behind the list of parts.
        let isReceiving = try ImportTable.touch(id, store: store, state: .receiving, in: tx)
        guard let found = try ImportTable.find(id, store: store, in: tx) else { throw Problem.notFound("import") }
        guard isReceiving else {
            if found.state == .running || found.state == .done { return (found, false) }
            throw Problem(.conflict, "import.over", "The import has ended: begin another.")
        }
        let parts = try PartTable.list(of: id, store: store, in: tx)
        guard let last = parts.last else {
            throw Problem(.conflict, "import.incomplete", "No part of the file has come yet.")
        }
        guard last.number == parts.count else {
            let known = Set(parts.map(\.number))
            let missing = (1...last.number).filter { !known.contains($0) }.prefix(10).map(String.init)
            throw Problem(
                .conflict, "import.incomplete", "Parts of the file are missing: \(missing.joined(separator: ", ")).")
        }
        _ = try ImportTable.begin(id, store: store, bytes: parts.reduce(0) { $0 + $1.size }, in: tx)
        guard let begun = try ImportTable.find(id, store: store, in: tx) else { throw Problem.notFound("import") }
        return (begun, true)
    }
}
