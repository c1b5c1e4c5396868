public import Primitives

/// A file that is brought in: what it holds, how far it has come, and what came of it.
public struct Import: Hashable, Sendable {
    public let id: ImportID
    public let store: StoreID
    public let kind: ImportKind
    public let fileName: String
    /// Whether it only says what it would do.
    public let isDryRun: Bool
    public let state: ImportState
    /// Of the whole file; 0 while it is received.
    public let bytes: Int
    /// The names of the columns; empty until they were read.
    public let header: [String]
    public let place: ImportPlace
    public let counts: ImportCounts
    /// Why it ended early; empty otherwise.
    public let failure: String
    /// Who asked for it.
    public let actor: String
    public let createdAt: Instant
    /// When it last came further.
    public let movedAt: Instant
    /// Nil until it ended.
    public let finishedAt: Instant?
}

/// What a file holds.
public enum ImportKind: String, Sendable, CaseIterable {
    case products
    /// How many units of variants are where.
    case stock
    /// Who buys.
    case customers
    /// What was ordered elsewhere.
    case orders
}

/// How far an import is.
public enum ImportState: String, Sendable, CaseIterable {
    /// Parts of the file are coming in.
    case receiving
    /// The file is complete and nothing was read yet, or some of it.
    case running
    /// To the end of the file.
    case done
    /// The file as a whole cannot be read.
    case failed
    /// Somebody stopped it; what was done stays.
    case canceled

    public var isOver: Bool { self == .done || self == .failed || self == .canceled }
}

/// Where the part of a file begins that is still to be read.
public struct ImportPlace: Hashable, Sendable {
    /// Bytes of the file before it.
    public var offset: Int
    /// From 1.
    public var line: Int

    public init(offset: Int = 0, line: Int = 1) {
        self.offset = offset
        self.line = line
    }
}

/// What came of the records that were read.
public struct ImportCounts: Hashable, Sendable {
    /// Records of the file, without the header.
    public var rows = 0
    public var created = 0
    public var updated = 0
    public var unchanged = 0
    /// Things that were not brought in because something is wrong with a record of theirs.
    public var refused = 0
    /// Entries of the report.
    public var problems = 0

    public init() {}

    public static func + (left: ImportCounts, right: ImportCounts) -> ImportCounts {
        var sum = left
        sum.rows += right.rows
        sum.created += right.created
        sum.updated += right.updated
        sum.unchanged += right.unchanged
        sum.refused += right.refused
        sum.problems += right.problems
        return sum
    }
}

/// An entry of an import's report.
public struct ImportProblem: Hashable, Sendable {
    /// What became of the record.
    public enum Severity: String, Sendable, CaseIterable {
        /// What it belongs to was left as it is.
        case refused
        /// It was brought in, otherwise than it says.
        case adjusted
    }

    /// The line of the file on which the record begins, from 1.
    public var line: Int
    /// The column's name; empty when the record is wrong as a whole.
    public var column: String
    public var code: String
    /// A sentence.
    public var detail: String
    public var severity: Severity

    public init(line: Int, column: String, code: String, detail: String, severity: Severity = .refused) {
        self.line = line
        self.column = column
        self.code = code
        self.detail = detail
        self.severity = severity
    }
}

/// A part of an import's file.
public struct ImportPart: Hashable, Sendable {
    /// From 1.
    public let number: Int
    /// In bytes.
    public let size: Int

    public init(number: Int, size: Int) {
        self.number = number
        self.size = size
    }
}
