/// One record of a CSV file (RFC 4180).
public struct CSVRecord: Hashable, Sendable {
    /// The line of the file on which it begins, from 1. A record with line breaks in its cells has several.
    public let line: Int
    /// Bytes of the file before it.
    public let offset: Int
    public let cells: [String]

    public init(line: Int, offset: Int, cells: [String]) {
        self.line = line
        self.offset = offset
        self.cells = cells
    }
}

/// A record that could not be read. The reader has skipped it and goes on with the next.
public struct CSVFault: Error, Hashable, Sendable {
    /// What can be wrong with a record.
    public enum Code: String, Sendable, CaseIterable {
        case encoding
        case nullCharacter = "null_character"
        case quote
        case unclosedQuote = "unclosed_quote"
        case recordTooLong = "record_too_long"
        case cellTooLong = "cell_too_long"
        case tooManyCells = "too_many_cells"
    }

    /// The line on which the record begins, from 1.
    public let line: Int
    /// Bytes of the file before the record.
    public let offset: Int
    public let code: Code
    /// A sentence for whoever made the file.
    public let detail: String
}

/// What a reader finds.
public enum CSVItem: Hashable, Sendable {
    case record(CSVRecord)
    case fault(CSVFault)

    /// Bytes of the file before it.
    public var offset: Int {
        switch self {
        case .record(let record): record.offset
        case .fault(let fault): fault.offset
        }
    }

    /// The line on which it begins, from 1.
    public var line: Int {
        switch self {
        case .record(let record): record.line
        case .fault(let fault): fault.line
        }
    }
}

/// The most that a reader keeps in memory.
public struct CSVLimits: Hashable, Sendable {
    public var recordBytes: Int
    public var cellBytes: Int
    public var cells: Int

    public init(recordBytes: Int = 1 << 20, cellBytes: Int = 512 << 10, cells: Int = 1000) {
        self.recordBytes = recordBytes
        self.cellBytes = cellBytes
        self.cells = cells
    }
}
