public import Exchange
import FoundationEssentials
public import Persistence
public import Primitives
import Stores
import Tabular

/// Reads the file of an import and brings its content in, some things with each transaction.
///
/// The place in the file moves on in the transaction that brings in what stands before it: after a crash whoever goes
/// on finds the place, and nothing is done twice or left out. While others write, the import stands back: it waits
/// three times as long as its transactions take, so that orders keep most of the database's time.
public struct ImportDrive: Sendable {
    private let database: any Database
    private let clock: any Clock
    private let requestID: String

    public init(database: any Database, clock: any Clock, requestID: String) {
        self.database = database
        self.clock = clock
        self.requestID = requestID
    }

    /// How many times as many things as at least go into one transaction: few while others write, who wait for it.
    private static let batchSizes = 1...8
    /// Bytes of the file that are read at once.
    private static let slice = 32_768
    /// How many times as long as a transaction takes is waited for those who write besides.
    private static let patience = 3.0

    /// Goes on until the file ends or the moment has come.
    /// - Parameter report: told how far it is after each transaction.
    /// - Returns: the import as it is then; `isOver` when there is nothing left to do.
    /// - Throws: `not_found`, `import.moved` when somebody else goes on with it, and the database's errors.
    public func run(
        _ id: ImportID, of storeID: StoreID, until deadline: Instant? = nil,
        report: @escaping @Sendable (Import) -> Void = { _ in }
    ) async throws -> Import {
        let (found, store, parts) = try await database.read("exchange.open") { tx in
            (
                try Exchange.find(id, of: storeID, in: tx), try Stores.store(storeID, in: tx),
                try Exchange.parts(of: id, store: storeID, in: tx)
            )
        }
        guard let found, let store else { throw Problem.notFound("import") }
        guard found.state == .running else { return found }
        var progress = ImportProgress(store: store, state: found, requestID: requestID)
        do {
            var begin = 0
            for part in parts {
                defer { begin += part.size }
                guard begin + part.size > found.place.offset else { continue }
                let content = try await database.read("exchange.part") { tx in
                    try Exchange.content(ofPart: part.number, of: id, store: storeID, in: tx) ?? []
                }
                // Nothing is left of a file whose import was stopped meanwhile: the next transaction finds out.
                var rest = content.dropFirst(max(0, found.place.offset - begin))
                if begin == 0, found.place.offset == 0, let objection = CSVEncoding.objection(toBeginning: rest) {
                    throw Problem(.invalid, "import.encoding", objection)
                }
                while !rest.isEmpty {
                    try progress.read(rest.prefix(Self.slice))
                    rest = rest.dropFirst(Self.slice)
                    while progress.isFull {
                        try await commit(&progress, report: report)
                        if let deadline, clock.now() >= deadline { return progress.state }
                    }
                }
            }
            try progress.finish()
            while progress.hasMore { try await commit(&progress, report: report) }
            return try await finish(progress, failure: nil)
        } catch let problem as Problem where problem.kind == .invalid {
            // The file as a whole is wrong; trying again would not help.
            return try await finish(progress, failure: problem.detail)
        }
    }

    private func commit(
        _ progress: inout ImportProgress, report: @Sendable (Import) -> Void
    ) async throws {
        try Task.checkCancellation()
        let before = database.statistics()
        let start = ContinuousClock.now
        let batch = progress.next()
        let former = progress.state
        let now = try await database.write("exchange.batch") { tx in
            let move = MoveImport(former, to: batch.end, header: batch.header)
            try move.run(in: tx)
            let outcome = try batch.things.run(in: tx)
            return try move.record(outcome.counts, problems: outcome.problems, in: tx)
        }
        progress.state = now
        report(now)
        let took = ContinuousClock.now - start
        let after = database.statistics()
        // Somebody else wrote meanwhile, or waits for it.
        if after.commits - before.commits > 1 || after.waiting > 0 {
            progress.batchSize = Self.batchSizes.lowerBound
            try await Task.sleep(for: took * Self.patience)
        } else {
            progress.batchSize = min(progress.batchSize * 2, Self.batchSizes.upperBound)
            await Task.yield()
        }
    }

    private func finish(_ progress: ImportProgress, failure: String?) async throws -> Import {
        let (id, store) = (progress.state.id, progress.state.store)
        return try await database.write("exchange.finish") { tx in
            try FinishImport(store: store, id: id, failure: failure).run(in: tx)
        }
    }
}
