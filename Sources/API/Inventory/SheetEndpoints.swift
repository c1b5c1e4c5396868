import HTTPServer
import Inventory
import Persistence
import Primitives
import UseCases

extension ShopAPI {
    var sheetEndpoints: [Endpoint] { [listLevels, setLevels] }

    private var listLevels: Endpoint {
        Endpoint(
            .get, "/api/v1/stock-levels", "listStockLevels",
            summary: "How many units of each variant there are, and where, by variant",
            policy: Policy(.secretKey("stock:read"), rateLimit: .backOffice),
            takes: .query(
                QueryShape(
                    .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", .identifier(IdentifierKinds.Variant.self))
                ) { (limit: $0, after: $1) }),
            answers: .ok(.page("StockLevelPage", of: SpreadView.shape))
        ) { call in
            let (store, query) = (try call.store, call.query)
            let found = try await database.read("inventory.levels") { tx in
                try Inventory.spread(of: store, after: query.after, limit: query.limit + 1, in: tx)
                    .map { SpreadView(level: $0.level, units: $0.units) }
            }
            return .value(Page(found, limit: query.limit) { $0.level.variant.description })
        }
    }

    private var setLevels: Endpoint {
        Endpoint(
            .put, "/api/v1/stock-levels", "setStockLevels",
            summary: "Sets many levels by SKU and location; rows that are wrong are told, the others are set",
            policy: Policy(.secretKey("stock:write"), rateLimit: .backOffice),
            takes: .body(NewSheet.shape), answers: .ok(SheetReport.shape)
        ) { call in
            let store = try call.store
            let sheet = StockSheet(store: store, rows: call.body.rows, actor: call.actor, requestID: call.requestID)
            let report = try await database.write("inventory.sheet") { tx in try sheet.run(in: tx) }
            forgetProducts(of: store)
            return .value(SheetReport(report: report))
        }
    }
}

/// A variant's stock and where it is.
struct SpreadView: Sendable {
    let level: StockLevel
    let units: [LocationLevel]

    static let shape = OutputShape<SpreadView>.object(
        "SpreadStock",
        .field("stock", StockView.shape, { StockView(variant: $0.level.variant, level: $0.level) }),
        .field(
            "locations", .array(of: LocationStockView.shape),
            { $0.units.map { LocationStockView(location: $0.location.id, onHand: $0.onHand) } }))
}

/// Levels that are set together.
struct NewSheet: Sendable {
    let rows: [StockSheet.Row]

    static let shape = InputShape<NewSheet>.object(
        "NewStockLevels", .required("rows", .array(of: row, least: 1, most: StockSheet.mostRows))
    ) { rows in
        NewSheet(
            rows: rows.enumerated().map { index, row in
                StockSheet.Row(
                    number: index + 1, sku: row.sku, location: row.location, onHand: String(row.onHand))
            })
    }

    private static let row = InputShape<(sku: String, location: String, onHand: Int)>.object(
        "NewStockLevelRow",
        .required("sku", .text(1...100)),
        .optional("location", .text(0...100).described("A location's name; the main one when absent."), default: ""),
        .required("on_hand", .integer(0...1_000_000_000))
    ) { (sku: $0, location: $1, onHand: $2) }
}

/// What became of them.
struct SheetReport: Sendable {
    let report: StockSheet.Report

    static let shape = OutputShape<SheetReport>.object(
        "StockLevelReport",
        .field("changed", .integer, \.report.changed),
        .field("unchanged", .integer, \.report.unchanged),
        .field("refused", .array(of: refusal), \.report.refused))

    private static let refusal = OutputShape<StockSheet.Refusal>.object(
        "StockLevelRefusal",
        .field("row", .integer, \.row), .field("column", .text, \.column), .field("reason", .text, \.reason))
}
