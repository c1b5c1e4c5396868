import HTTPServer
import Inventory
import Primitives

/// How many units a change of stock may name.
let stockQuantity = 1...1_000_000_000

extension IncomingStock {
    static let output = OutputShape<IncomingStock>.object(
        "IncomingStock",
        .field("id", .identifier(), \.id),
        .field("variant_id", .identifier(), \.variant),
        .field("location_id", .identifier(), \.location),
        .field("quantity", .integer, \.quantity),
        .field("received", .integer, \.received),
        .field("outstanding", .integer, \.outstanding),
        .field("status", .oneOf(), \.status),
        .nullable("expected_at", .instant, \.expectedAt),
        .field("supplier", .text, \.supplier),
        .field("note", .text, \.note),
        .field("created_at", .instant, \.createdAt))
}

/// Units that are expected.
struct NewIncoming: Sendable {
    let variant: VariantID
    let quantity: Int
    let location: LocationID?
    let expectedAt: Instant?
    let supplier: String
    let note: String

    static let shape = InputShape<NewIncoming>.object(
        "NewIncomingStock",
        .required("variant_id", .identifier(IdentifierKinds.Variant.self)),
        .required("quantity", .integer(stockQuantity)),
        .optional("location_id", .identifier(IdentifierKinds.Location.self)),
        .optional("expected_at", .instant),
        .optional("supplier", .text(0...200), default: ""),
        .optional("note", .multilineText(0...1000), default: "")
    ) {
        NewIncoming(variant: $0, quantity: $1, location: $2, expectedAt: $3, supplier: $4, note: $5)
    }
}

/// What is known better of a delivery; nil leaves a part as it is.
struct IncomingPatch: Sendable {
    let expectedAt: Instant?
    let supplier: String?
    let note: String?

    static let shape = InputShape<IncomingPatch>.object(
        "IncomingStockPatch",
        .optional("expected_at", .instant), .optional("supplier", .text(0...200)),
        .optional("note", .multilineText(0...1000))
    ) { IncomingPatch(expectedAt: $0, supplier: $1, note: $2) }
}

extension StockTransfer {
    static let output = OutputShape<StockTransfer>.object(
        "StockTransfer",
        .field("id", .identifier(), \.id),
        .field("from_location_id", .identifier(), \.from),
        .field("to_location_id", .identifier(), \.to),
        .field("status", .oneOf(), \.status),
        .field("note", .text, \.note),
        .field("lines", .array(of: line), { transfer in transfer.lines.map { ($0, transfer.status) } }),
        .field("created_at", .instant, \.createdAt),
        .field("changed_at", .instant, \.changedAt))

    private static let line = OutputShape<(StockTransfer.Line, TransferStatus)>.object(
        "StockTransferLine",
        .field("variant_id", .identifier(), \.0.variant),
        .field("quantity", .integer, \.0.quantity),
        .nullable("received", .integer, { $0.1 == .received ? $0.0.received : nil }))
}

/// What is to go where.
struct NewTransfer: Sendable {
    let from: LocationID
    let to: LocationID
    let lines: [(variant: VariantID, quantity: Int)]
    let note: String

    static let shape = InputShape<NewTransfer>.object(
        "NewStockTransfer",
        .required("from_location_id", .identifier(IdentifierKinds.Location.self)),
        .required("to_location_id", .identifier(IdentifierKinds.Location.self)),
        .required("lines", .array(of: line, least: 1, most: StockTransfer.mostLines)),
        .optional("note", .multilineText(0...1000), default: "")
    ) { NewTransfer(from: $0, to: $1, lines: $2, note: $3) }

    private static let line = InputShape<(variant: VariantID, quantity: Int)>.object(
        "NewStockTransferLine",
        .required("variant_id", .identifier(IdentifierKinds.Variant.self)),
        .required("quantity", .integer(stockQuantity))
    ) { (variant: $0, quantity: $1) }
}

/// What arrived of a transfer; what is not named arrived as it was sent.
struct TransferArrival: Sendable {
    let arrived: [VariantID: Int]

    static let shape = InputShape<TransferArrival>.object(
        "StockTransferArrival", .optional("lines", .array(of: line, most: StockTransfer.mostLines), default: [])
    ) { lines throws(Problem) in TransferArrival(arrived: try unique(lines)) }

    private static let line = InputShape<(variant: VariantID, quantity: Int)>.object(
        "StockTransferArrivalLine",
        .required("variant_id", .identifier(IdentifierKinds.Variant.self)),
        .required("received", .integer(0...1_000_000_000))
    ) { (variant: $0, quantity: $1) }
}

/// - Throws: `validation.failed` for a variant that is there twice.
func unique(_ lines: [(variant: VariantID, quantity: Int)]) throws(Problem) -> [VariantID: Int] {
    var quantities: [VariantID: Int] = [:]
    var errors: [Problem.FieldError] = []
    for (index, line) in lines.enumerated() where quantities.updateValue(line.quantity, forKey: line.variant) != nil {
        errors.append(
            .init(pointer: "/lines/\(index)/variant_id", code: "duplicate", detail: "It is in another line."))
    }
    guard errors.isEmpty else { throw .validation(Array(errors.prefix(100))) }
    return quantities
}

extension StockCount {
    static let output = OutputShape<StockCount>.object(
        "StockCount",
        .field("id", .identifier(), \.id),
        .field("location_id", .identifier(), \.location),
        .field("status", .oneOf(), \.status),
        .field("note", .text, \.note),
        .field("lines", .array(of: line), \.lines),
        .field("created_at", .instant, \.createdAt),
        .field("changed_at", .instant, \.changedAt))

    /// Without the lines, for lists.
    static let summary = OutputShape<StockCount>.object(
        "StockCountSummary",
        .field("id", .identifier(), \.id),
        .field("location_id", .identifier(), \.location),
        .field("status", .oneOf(), \.status),
        .field("note", .text, \.note),
        .field("created_at", .instant, \.createdAt),
        .field("changed_at", .instant, \.changedAt))

    private static let line = OutputShape<StockCount.Line>.object(
        "StockCountLine",
        .field("variant_id", .identifier(), \.variant),
        .field("expected", .integer, \.expected),
        .field("counted", .integer, \.counted),
        .field("difference", .integer, \.difference),
        .field("counted_at", .instant, \.at))
}

/// A count that is begun.
struct NewCount: Sendable {
    let location: LocationID?
    let note: String

    static let shape = InputShape<NewCount>.object(
        "NewStockCount",
        .optional("location_id", .identifier(IdentifierKinds.Location.self)),
        .optional("note", .multilineText(0...1000), default: "")
    ) { NewCount(location: $0, note: $1) }
}

/// What was counted.
struct CountedLines: Sendable {
    /// In the order sent.
    let variants: [VariantID]
    let counted: [VariantID: Int]

    static let shape = InputShape<CountedLines>.object(
        "CountedLines", .required("lines", .array(of: line, least: 1, most: StockCount.mostLines))
    ) { lines throws(Problem) in
        CountedLines(variants: lines.map(\.variant), counted: try unique(lines))
    }

    private static let line = InputShape<(variant: VariantID, quantity: Int)>.object(
        "CountedLine",
        .required("variant_id", .identifier(IdentifierKinds.Variant.self)),
        .required("counted", .integer(0...1_000_000_000))
    ) { (variant: $0, quantity: $1) }
}
