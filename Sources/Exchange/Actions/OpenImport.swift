public import Persistence
public import Primitives

/// Begins an import: its file comes in parts.
public struct OpenImport: Sendable {
    private let store: StoreID
    private let kind: ImportKind
    private let fileName: String
    private let isDryRun: Bool
    private let actor: Actor

    /// - Parameter fileName: for people; at most 255 characters of it are kept.
    public init(store: StoreID, kind: ImportKind, fileName: String, isDryRun: Bool, actor: Actor) {
        self.store = store
        self.kind = kind
        self.fileName = String(
            fileName.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }.prefix(255).map(Character.init))
        self.isDryRun = isDryRun
        self.actor = actor
    }

    public func run(in tx: borrowing Transaction) throws -> Import {
        let id: ImportID = tx.newIdentifier()
        try ImportTable.insert(
            id, store: store, kind: kind, fileName: fileName, isDryRun: isDryRun, actor: actor, in: tx)
        guard let made = try ImportTable.find(id, store: store, in: tx) else { throw Problem.notFound("import") }
        return made
    }
}

/// Keeps a part of an import's file. A part that comes again takes the place of the former.
public struct KeepPart: Sendable {
    private let store: StoreID
    private let id: ImportID
    private let number: Int
    private let content: [UInt8]

    /// - Parameter number: from 1, without gaps by the time the import is started.
    public init(store: StoreID, id: ImportID, number: Int, content: [UInt8]) {
        self.store = store
        self.id = id
        self.number = number
        self.content = content
    }

    /// - Throws: `not_found`, `import.started` once it runs, `validation.failed`.
    public func run(in tx: borrowing Transaction) throws {
        // Touched first: on PostgreSQL a start that happens meanwhile waits for the part, or the part finds it started.
        guard try ImportTable.touch(id, store: store, state: .receiving, in: tx) else {
            guard try ImportTable.find(id, store: store, in: tx) != nil else { throw Problem.notFound("import") }
            throw Problem(.conflict, "import.started", "The import was started: its file cannot change any more.")
        }
        guard (1...Exchange.mostParts).contains(number) else {
            throw Problem.validation("/part", "out_of_range", "A file has 1 to \(Exchange.mostParts) parts.")
        }
        guard !content.isEmpty, content.count <= Exchange.longestPart else {
            throw Problem.validation("", "size", "A part has 1 to \(Exchange.longestPart) bytes.")
        }
        try PartTable.keep(content, as: number, of: id, store: store, in: tx)
    }
}
