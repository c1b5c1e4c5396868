import Primitives
import Tabular

/// The header of a product file: which column stands where.
struct ProductSheet: Sendable {
    let header: [String]
    private let places: [ProductColumn: Int]
    /// Columns of no meaning of their own, which are kept as metadata.
    let others: [(index: Int, name: String)]

    /// - Throws: `import.header` with a sentence.
    init(header cells: [String]) throws(Problem) {
        header = cells
        var places: [ProductColumn: Int] = [:]
        var others: [(index: Int, name: String)] = []
        var seen: Set<String> = []
        for (index, name) in cells.enumerated() {
            let key = MetadataColumn.key(name)
            guard !key.isEmpty else { continue }
            let column = ProductColumn.byName[key]
            guard seen.insert(column == nil ? name : key).inserted else {
                throw Self.fault("The column “\(name)” is there twice.")
            }
            if let column {
                guard places.updateValue(index, forKey: column) == nil else {
                    throw Self.fault("The columns “\(name)” and “\(column.rawValue)” mean the same.")
                }
            } else {
                others.append((index, name))
            }
        }
        if places[.handle] == nil, cells.count == 1, let cell = cells.first,
            cell.contains(where: { ";\t|".contains($0) })
        {
            throw Self.fault("The columns are not separated by commas: save the file as “CSV (comma separated)”.")
        }
        guard places[.handle] != nil else {
            throw Self.fault("The first line has no column “Handle”: is it the header of a product file?")
        }
        self.places = places
        self.others = others
    }

    private static func fault(_ detail: String) -> Problem { Problem(.invalid, "import.header", detail) }

    func has(_ column: ProductColumn) -> Bool { places[column] != nil }

    /// The text of a cell; nil when the file has no such column, and empty when the cell is.
    func text(_ column: ProductColumn, in record: CSVRecord) -> String? {
        places[column].map { CSVText.unprotected(record.cells[$0]) }
    }

    /// What the file calls a column.
    func name(of column: ProductColumn) -> String { places[column].map { header[$0] } ?? column.rawValue }

    /// The handle of a record in its normal spelling; records of one product follow each other.
    func handle(of record: CSVRecord) -> String { text(.handle, in: record) ?? "" }

    /// What is wrong with the record's form.
    func fault(in record: CSVRecord) -> (code: String, detail: String)? {
        if record.cells.count < header.count {
            return ("cells", "The record has \(record.cells.count) cells and the header \(header.count).")
        }
        if record.cells.dropFirst(header.count).contains(where: { !$0.isEmpty }) {
            return ("cells", "The record has more cells than the header: is a comma or a quote missing?")
        }
        return nil
    }
}
