public import Persistence
import Primitives

/// Takes an import further, in the transaction that brings in what stands between two places of its file.
///
/// The place is the fence: of two processes that read the same file, one finds that the place has moved and throws, so
/// that nothing is brought in or counted twice.
public struct MoveImport: Sendable {
    private let former: Import
    private let place: ImportPlace
    private let header: [String]

    /// - Parameters:
    ///   - former: the import as it was when the part of the file was read.
    ///   - place: where the rest begins.
    public init(_ former: Import, to place: ImportPlace, header: [String]) {
        self.former = former
        self.place = place
        self.header = header
    }

    /// First in the transaction.
    /// - Throws: `import.moved` when another process was faster, or somebody stopped it.
    public func run(in tx: borrowing Transaction) throws {
        guard
            try ImportTable.move(
                former.id, store: former.store, from: former.place, to: place, header: header, in: tx)
        else { throw Problem(.conflict, Self.moved, "Somebody else goes on with this import, or stopped it.") }
    }

    /// The code of the refusal.
    public static let moved = "import.moved"

    /// Last in the transaction: what came of it.
    /// - Returns: the import as it is now.
    public func record(
        _ counts: ImportCounts, problems: [ImportProblem], in tx: borrowing Transaction
    ) throws -> Import {
        var counts = counts
        counts.problems = problems.count
        try ImportTable.count(counts, of: former.id, store: former.store, in: tx)
        let room = max(0, Exchange.mostProblems - former.counts.problems)
        try ProblemTable.insert(
            Array(problems.prefix(room)), from: former.counts.problems + 1, of: former.id, store: former.store, in: tx)
        guard let found = try ImportTable.find(former.id, store: former.store, in: tx) else {
            throw Problem.notFound("import")
        }
        return found
    }
}
