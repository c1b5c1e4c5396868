import Exchange
import Persistence
import Primitives
import Stores
import Tabular

/// What was read of a file and is not brought in yet: the records of a few products, however long the file is.
struct ImportProgress {
    /// The import as the last transaction left it.
    var state: Import
    /// How many products the next transaction brings in.
    var batchProducts: Int
    private let store: Store
    private let requestID: String
    private var reader: CSVReader
    private var sheet: ProductSheet?
    /// Complete products, and records that cannot be read, in the order of the file.
    private var pending: [Piece] = []
    private var pendingRows = 0
    /// The product whose records are coming in.
    private var open: ProductRows?
    private var openPlace = ImportPlace()
    private var isFaultBefore = false
    private var isFinished = false

    private enum Piece {
        case product(ProductRows, ImportPlace)
        case stray(ImportProblem, ImportPlace)

        var place: ImportPlace {
            switch self {
            case .product(_, let place), .stray(_, let place): place
            }
        }

        var rows: Int {
            switch self {
            case .product(let rows, _): rows.records.count + rows.dropped
            case .stray: 1
            }
        }
    }

    init(store: Store, state: Import, requestID: String, batchProducts: Int) {
        self.state = state
        self.batchProducts = batchProducts
        self.store = store
        self.requestID = requestID
        reader = CSVReader(line: state.place.line, offset: state.place.offset)
        // ignored: it was accepted when it was read first
        if !state.header.isEmpty { sheet = try? ProductSheet(header: state.header) }
    }

    /// Takes in a piece of the file.
    /// - Throws: `import.header`.
    mutating func read(_ bytes: ArraySlice<UInt8>) throws {
        var items: [CSVItem] = []
        reader.feed(bytes) { items.append($0) }
        for item in items { try take(item) }
    }

    /// The file has ended.
    /// - Throws: `import.header` when there was not even a header.
    mutating func finish() throws {
        var items: [CSVItem] = []
        reader.finish { items.append($0) }
        for item in items { try take(item) }
        closeProduct()
        guard sheet != nil else { throw Problem(.invalid, "import.header", "The file is empty.") }
        isFinished = true
    }

    /// Whether there is enough for a transaction.
    var isFull: Bool {
        guard let first = pending.first else { return false }
        return pending.count > batchProducts || pendingRows > batchRows
            || reader.place.offset - first.place.offset > batchBytes
    }

    private var batchRows: Int { 4 * batchProducts }
    private var batchBytes: Int { 8192 * batchProducts }

    var hasMore: Bool { !pending.isEmpty }

    private mutating func take(_ item: CSVItem) throws {
        guard let sheet else {
            switch item {
            case .record(let record):
                sheet = try ProductSheet(header: record.cells.map { $0 })
            case .fault(let fault):
                throw Problem(.invalid, "import.header", "The header cannot be read: \(fault.detail)")
            }
            return
        }
        let place = ImportPlace(offset: item.offset, line: item.line)
        switch item {
        case .fault(let fault):
            note(
                ImportProblem(line: fault.line, column: "", code: fault.code.rawValue, detail: fault.detail), at: place)
        case .record(let record):
            if let fault = sheet.fault(in: record) {
                note(ImportProblem(line: record.line, column: "", code: fault.code, detail: fault.detail), at: place)
                return
            }
            take(record, of: sheet, at: place)
        }
    }

    /// Records that cannot be read, behind the product that may still go on.
    private var strays: [Piece] = []

    private mutating func note(_ problem: ImportProblem, at place: ImportPlace) {
        isFaultBefore = true
        strays.append(.stray(problem, place))
        if open == nil { settleStrays() }
        // A file of nothing else would fill the memory.
        if strays.count > Self.mostStrays { closeProduct() }
    }

    private static let mostStrays = 200

    private mutating func take(_ record: CSVRecord, of sheet: ProductSheet, at place: ImportPlace) {
        let handle = sheet.handle(of: record)
        if open?.handle != handle || handle.isEmpty {
            closeProduct()
            open = ProductRows(handle: handle)
            openPlace = place
        } else if isFaultBefore {
            open?.isBroken = true
        }
        isFaultBefore = false
        if (open?.records.count ?? 0) < ProductRows.most {
            open?.records.append(record)
        } else {
            open?.dropped += 1
        }
    }

    private mutating func closeProduct() {
        if let rows = open {
            let piece = Piece.product(rows, openPlace)
            pending.append(piece)
            pendingRows += piece.rows
            open = nil
        }
        settleStrays()
    }

    private mutating func settleStrays() {
        pending += strays
        pendingRows += strays.count
        strays = []
    }

    /// What a transaction brings in, and where the rest of the file begins then.
    struct Batch: Sendable {
        let products: ProductBatch
        let header: [String]
        let end: ImportPlace
    }

    /// The next few products.
    mutating func next() -> Batch {
        guard let sheet else { preconditionFailure("nothing is pending before the header was read") }
        var count = 0
        var rows = 0
        let start = pending.first?.place.offset ?? 0
        while count < pending.count, count < batchProducts,
            count == 0
                || (rows + pending[count].rows <= batchRows && pending[count].place.offset - start <= batchBytes)
        {
            rows += pending[count].rows
            count += 1
        }
        let taken = pending.prefix(count)
        pending.removeFirst(count)
        pendingRows -= rows
        var parsed: [ParsedProduct] = []
        var problems: [ImportProblem] = []
        for piece in taken {
            switch piece {
            case .product(let rows, _):
                parsed.append(ProductReading.product(rows, sheet: sheet, currency: store.currency))
            case .stray(let problem, _): problems.append(problem)
            }
        }
        return Batch(
            products: ProductBatch(
                store: store, sheet: sheet, products: parsed, strays: problems, isDryRun: state.isDryRun,
                actor: .system, requestID: requestID),
            header: sheet.header, end: restPlace)
    }

    private var restPlace: ImportPlace {
        if let first = pending.first { return first.place }
        if open != nil { return openPlace }
        if let first = strays.first { return first.place }
        return isFinished ? ImportPlace(offset: state.bytes, line: reader.place.line) : ImportPlace(reader.place)
    }
}

extension ImportPlace {
    fileprivate init(_ place: (line: Int, offset: Int)) { self.init(offset: place.offset, line: place.line) }
}
