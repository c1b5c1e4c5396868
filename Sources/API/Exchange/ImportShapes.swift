import Exchange
import FoundationEssentials
import HTTPServer
import Primitives
import UseCases

/// What begins an import.
struct NewImport: Sendable {
    let kind: ImportKind
    let isDryRun: Bool
    let fileName: String

    static let shape = InputShape<NewImport>.object(
        "NewImport",
        .required("kind", .oneOf(ImportKind.self)),
        .optional("dry_run", .bool, default: false),
        .optional("file_name", .text(0...255), default: "")
    ) { NewImport(kind: $0, isDryRun: $1, fileName: $2) }
}

/// An import as it is answered.
enum ImportView {
    static let shape = OutputShape<Import>.object(
        "Import",
        .field("id", .identifier(), \.id),
        .field("kind", .oneOf(), \.kind),
        .field("file_name", .text, \.fileName),
        .field("dry_run", .bool, \.isDryRun),
        .field("state", .oneOf(), \.state),
        .field("bytes", OutputShape<Int>.integer.described("Of the whole file; 0 until it is started."), \.bytes),
        .field("bytes_done", .integer) { min($0.place.offset, $0.bytes) },
        .field("rows", OutputShape<Int>.integer.described("Records read, without the header."), \.counts.rows),
        .field("created", .integer, \.counts.created),
        .field("updated", .integer, \.counts.updated),
        .field("unchanged", .integer, \.counts.unchanged),
        .field("refused", .integer, \.counts.refused),
        .field("problems", OutputShape<Int>.integer.described("Entries of the report."), \.counts.problems),
        .nullable("failure", OutputShape<String>.text.described("Why the file as a whole was refused.")) {
            $0.failure.isEmpty ? nil : $0.failure
        },
        .field("created_at", .instant, \.createdAt),
        .nullable("finished_at", .instant, \.finishedAt))

    static let part = OutputShape<ImportPart>.object(
        "ImportPart", .field("part", .integer, \.number), .field("size", .integer, \.size))

    static let problem = OutputShape<NumberedProblem>.object(
        "ImportProblem",
        .field(
            "row", OutputShape<Int>.integer.described("The line on which the record begins, from 1."), \.problem.line),
        .field(
            "column", OutputShape<String>.text.described("Empty when the record is wrong as a whole."),
            \.problem.column),
        .field("code", .text, \.problem.code),
        .field("detail", .text, \.problem.detail),
        .field("severity", .oneOf(), \.problem.severity))
}

/// An entry of a report and its place there.
struct NumberedProblem: Sendable {
    let number: Int
    let problem: ImportProblem
}

/// Where the rest of an exported file begins. The columns were settled with the first piece.
struct ExportPlace: Sendable {
    let after: String
    /// Nil where they were too many to be carried along.
    let columns: [String]?

    /// Longer lists of columns are looked up again instead.
    private static let mostBytes = 2000

    init(after: String, columns: [String]) {
        self.after = after
        self.columns = columns.joined().utf8.count <= Self.mostBytes ? columns : nil
    }

    var text: String {
        guard let columns else { return after }
        let names = JSON.array(columns.map { .string($0) }).bytes
        let base64 = Data(names).base64EncodedString().map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        return "\(after).\(String(base64))"
    }

    /// Nil when it is no place.
    init?(text: String) {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard let first = parts.first else { return nil }
        after = String(first)
        guard parts.count == 2 else {
            columns = nil
            return
        }
        let base64 = String(parts[1].map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        // ignored: what is no list of names is no place
        guard let data = Data(base64Encoded: base64), let names = try? JSON(parsing: Array(data)).array else {
            return nil
        }
        columns = names.compactMap(\.string)
    }
}

/// A piece of an exported file.
struct ExportedPiece: Sendable {
    let csv: String
    let rest: String?

    static let shape = OutputShape<ExportedPiece>.object(
        "ExportedPiece",
        .field(
            "csv",
            OutputShape<String>.text.described("Lines of the file; the first piece begins with the header."), \.csv),
        .nullable("next_cursor", .text, \.rest))
}
