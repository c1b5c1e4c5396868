public import Persistence
public import Primitives

extension Exchange {
    /// An import by its id.
    public static func find(_ id: ImportID, of store: StoreID, in tx: borrowing Transaction) throws -> Import? {
        try ImportTable.find(id, store: store, in: tx)
    }

    /// A page of imports, the newest first.
    /// - Parameter before: the last of the page before.
    public static func imports(
        of store: StoreID, before: ImportID? = nil, limit: Int, in tx: borrowing Transaction
    ) throws -> [Import] {
        try ImportTable.page(of: store, before: before, limit: limit, in: tx)
    }

    /// A page of an import's report, in the order of the file.
    /// - Parameter after: the number of the last entry of the page before; 0 for the first page.
    public static func problems(
        of id: ImportID, store: StoreID, after: Int = 0, limit: Int, in tx: borrowing Transaction
    ) throws -> [(number: Int, problem: ImportProblem)] {
        try ProblemTable.page(of: id, store: store, after: after, limit: limit, in: tx)
    }

    /// The parts of a file in their order.
    public static func parts(of id: ImportID, store: StoreID, in tx: borrowing Transaction) throws -> [ImportPart] {
        try PartTable.list(of: id, store: store, in: tx)
    }

    /// What a part holds.
    public static func content(
        ofPart number: Int, of id: ImportID, store: StoreID, in tx: borrowing Transaction
    ) throws -> [UInt8]? {
        try PartTable.content(number, of: id, store: store, in: tx)
    }

    /// Removes what nobody needs any more: the files of imports that have ended, and imports that are old. What a
    /// transaction removes is held in memory until it ends: a few parts at a time.
    /// - Returns: how much was removed; less than `limit` when nothing is left.
    static func prune(limit: Int, in tx: borrowing Transaction) throws -> Int {
        var removed = try PartTable.deleteEnded(limit: limit, in: tx)
        let moment = tx.now.adding(seconds: -Double(keptDays) * 86_400)
        for (store, id) in try ImportTable.old(before: moment, limit: limit, in: tx) where removed < limit {
            removed += try PartTable.delete(of: id, store: store, limit: limit - removed, in: tx)
            guard removed < limit else { break }
            try ProblemTable.delete(of: id, store: store, in: tx)
            try ImportTable.delete(id, store: store, in: tx)
            removed += 1
        }
        return removed
    }
}
