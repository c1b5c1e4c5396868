import Exchange
import Primitives
import Tabular

/// The columns that a kind of file may have, by their names there.
protocol SheetColumn: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// By the name in lower case, further spellings included.
    static var byName: [String: Self] { get }
    /// One of each must be there, or the file is another one.
    static var required: [[Self]] { get }
    /// What such a file is called, such as `a product file`.
    static var fileTitle: String { get }
}

extension SheetColumn {
    static func names(_ others: [String: Self] = [:]) -> [String: Self] {
        var names = others
        for column in allCases { names[column.rawValue.lowercased()] = column }
        return names
    }
}

/// The header of a file: which column stands where.
struct Sheet<Column: SheetColumn>: Sendable {
    let header: [String]
    private let places: [Column: Int]
    /// Columns of no meaning of their own.
    let others: [(index: Int, name: String)]

    /// - Throws: `import.header` with a sentence.
    init(header cells: [String]) throws(Problem) {
        header = cells
        var places: [Column: Int] = [:]
        var others: [(index: Int, name: String)] = []
        var seen: Set<String> = []
        for (index, name) in cells.enumerated() {
            let key = MetadataColumn.key(name)
            guard !key.isEmpty else { continue }
            let column = Column.byName[key]
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
        for choice in Column.required where !choice.contains(where: { places[$0] != nil }) {
            if cells.count == 1, let cell = cells.first, cell.contains(where: { ";\t|".contains($0) }) {
                throw Self.fault("The columns are not separated by commas: save the file as “CSV (comma separated)”.")
            }
            let names = choice.map { "“\($0.rawValue)”" }.joined(separator: " or ")
            throw Self.fault("The first line has no column \(names): is it the header of \(Column.fileTitle)?")
        }
        self.places = places
        self.others = others
    }

    private static func fault(_ detail: String) -> Problem { Problem(.invalid, "import.header", detail) }

    func has(_ column: Column) -> Bool { places[column] != nil }

    /// The text of a cell; nil when the file has no such column, and empty when the cell is.
    func text(_ column: Column, in record: CSVRecord) -> String? {
        places[column].map { CSVText.unprotected(record.cells[$0]) }
    }

    /// What the file calls a column.
    func name(of column: Column) -> String { places[column].map { header[$0] } ?? column.rawValue }

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

typealias ProductSheet = Sheet<ProductColumn>

/// Reads the cells of one record and notes what is wrong with them.
struct CellReading<Column: SheetColumn> {
    let sheet: Sheet<Column>
    let record: CSVRecord
    var problems: [ImportProblem] = []

    init(_ record: CSVRecord, of sheet: Sheet<Column>) {
        self.sheet = sheet
        self.record = record
    }

    var isRefused: Bool { problems.contains { $0.severity == .refused } }

    /// The cell without blanks around it, empty where there is none.
    func plain(_ column: Column) -> String { sheet.text(column, in: record)?.trimmed ?? "" }

    mutating func refuse(_ column: Column, _ code: String, _ detail: String) {
        problems.append(
            ImportProblem(line: record.line, column: sheet.name(of: column), code: code, detail: detail))
    }

    mutating func adjust(_ column: Column, _ code: String, _ detail: String) {
        problems.append(
            ImportProblem(
                line: record.line, column: sheet.name(of: column), code: code, detail: detail, severity: .adjusted))
    }

    /// A text of one line; nil where the file says nothing of it, or something wrong.
    mutating func line(_ column: Column, most: Int) -> String? {
        guard let text = sheet.text(column, in: record)?.trimmed else { return nil }
        guard text.isOneLine else {
            refuse(column, "control_character", "The text has a line break or another control character.")
            return nil
        }
        return bounded(text, column, most: most)
    }

    /// A text that may have line breaks.
    mutating func text(_ column: Column, most: Int) -> String? {
        guard let text = sheet.text(column, in: record) else { return nil }
        guard text.isText else {
            refuse(column, "control_character", "The text has a control character.")
            return nil
        }
        return bounded(text, column, most: most)
    }

    private mutating func bounded(_ text: String, _ column: Column, most: Int) -> String? {
        guard text.utf8.count <= most || text.unicodeScalars.count <= most else {
            refuse(column, "too_long", "At most \(most) characters are accepted.")
            return nil
        }
        return text
    }

    /// Labels between commas, each once, as many and as long as the API takes them; nil where the file says nothing of
    /// them, or something wrong.
    mutating func tags(_ column: Column) -> [String]? {
        guard let text = line(column, most: 10_200) else { return nil }
        var found: [String] = []
        for part in text.split(separator: ",") {
            let tag = String(part).trimmed
            if !tag.isEmpty, !found.contains(tag) { found.append(tag) }
        }
        guard found.count <= 100, found.allSatisfy({ $0.unicodeScalars.count <= 100 }) else {
            refuse(column, "too_long", "At most 100 tags of at most 100 characters are accepted.")
            return nil
        }
        return found
    }

    /// Nil where the cell is empty or wrong.
    mutating func bool(_ column: Column) -> Bool? {
        let text = plain(column).lowercased()
        switch text {
        case "": return nil
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default:
            refuse(column, "boolean", "yes or no is expected.")
            return nil
        }
    }
}
