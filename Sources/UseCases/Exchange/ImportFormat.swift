import Catalog
import Exchange
import Persistence
import Primitives
import Stores
import Tabular

/// Records of a file that belong together, such as those of one product.
struct RecordGroup: Sendable {
    /// What they share; empty when a record stands alone.
    let key: String
    var records: [CSVRecord] = []
    /// Records of it that were too many to keep.
    var dropped = 0
    /// A record between these could not be read and may have been one of them.
    var isBroken = false

    /// Records of one thing at most.
    static let most = 1000
}

/// How files of a kind are read: which records belong together, and what is done with them.
protocol ImportFormat: Sendable {
    var header: [String] { get }
    /// Groups of records in one transaction at least, while there are so many.
    var groupsOfBatch: Int { get }
    /// What is wrong with the record's form.
    func fault(in record: CSVRecord) -> (code: String, detail: String)?
    /// Records of one thing follow each other and have the same; empty for one that stands alone.
    func key(of record: CSVRecord) -> String
    /// What a transaction has at most one group of; nil where groups with the same key do not disturb each other.
    func identity(of key: String) -> String?
    func batch(_ groups: [RecordGroup], _ context: ImportContext) -> any ImportBatch
}

extension ImportFormat {
    func identity(of key: String) -> String? { nil }
}

/// What every batch of an import knows.
struct ImportContext: Sendable {
    let store: Store
    /// Records that could not be read and belong to nothing.
    let strays: [ImportProblem]
    let isDryRun: Bool
    let actor: Actor
    let requestID: String
    let fileName: String
    let id: ImportID
}

/// Some things of a file, brought in with one transaction.
protocol ImportBatch: Sendable {
    func run(in tx: borrowing Transaction) throws -> ImportOutcome
}

/// What came of some things of a file.
struct ImportOutcome {
    var counts = ImportCounts()
    var problems: [ImportProblem] = []

    init() {}

    /// Before anything is done with the groups.
    init(_ groups: [RecordGroup], _ context: ImportContext) {
        problems = context.strays
        counts.rows = context.strays.count + groups.reduce(0) { $0 + $1.records.count + $1.dropped }
        counts.refused = context.strays.count
    }

    mutating func refuse(_ problem: ImportProblem) {
        problems.append(problem)
        counts.refused += 1
    }
}

extension ImportKind {
    /// How its files are read.
    /// - Throws: `import.header` when the file is another one.
    func format(header: [String]) throws -> any ImportFormat {
        switch self {
        case .products: ProductFormat(sheet: try Sheet(header: header))
        case .stock: StockFormat(sheet: try Sheet(header: header))
        case .customers: CustomerFormat(sheet: try Sheet(header: header))
        case .orders: OrderFormat(sheet: try Sheet(header: header))
        }
    }
}

/// Products: records that have the same handle.
private struct ProductFormat: ImportFormat {
    let sheet: ProductSheet
    var header: [String] { sheet.header }
    var groupsOfBatch: Int { 64 }

    func fault(in record: CSVRecord) -> (code: String, detail: String)? { sheet.fault(in: record) }

    func key(of record: CSVRecord) -> String { Catalog.normalHandle(sheet.text(.handle, in: record) ?? "") }

    /// A handle that comes again further down changes the product that was made of it before.
    func identity(of key: String) -> String? { key.isEmpty ? nil : key }

    func batch(_ groups: [RecordGroup], _ context: ImportContext) -> any ImportBatch {
        ProductBatch(
            store: context.store, sheet: sheet,
            products: groups.map { ProductReading.product($0, sheet: sheet, currency: context.store.currency) },
            strays: context.strays, isDryRun: context.isDryRun, actor: context.actor, requestID: context.requestID)
    }
}
