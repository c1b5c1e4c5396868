import Catalog
import DesignSystem
import HTTPServer
import Inventory
import Markup
import Persistence
import Primitives

/// The pages about stock.
enum StockPart: CaseIterable {
    case levels, history, incoming, transfers, counts, locations

    var title: String {
        switch self {
        case .levels: "Levels"
        case .history: "History"
        case .incoming: "Incoming"
        case .transfers: "Transfers"
        case .counts: "Counts"
        case .locations: "Locations"
        }
    }

    var address: WebAddress {
        switch self {
        case .levels: "/dashboard/stock"
        case .history: "/dashboard/stock/history"
        case .incoming: "/dashboard/stock/incoming"
        case .transfers: "/dashboard/stock/transfers"
        case .counts: "/dashboard/stock/counts"
        case .locations: "/dashboard/stock/locations"
        }
    }

    /// The way from one to the other.
    static func links(_ current: StockPart?) -> HTML {
        nav(.class("row"), .aria("label", "Stock")) {
            for part in allCases {
                a(
                    .href(part.address), .class("button", part == current ? nil : "quiet", "small"),
                    .aria("current", part == current ? "page" : nil)
                ) { part.title }
            }
        }
    }
}

/// What pages about stock call things.
struct StockNames: Sendable {
    private let variants: [VariantID: SellableVariant]
    let locations: [Location]

    init(_ variants: some Sequence<VariantID>, of store: StoreID, in tx: borrowing Transaction) throws {
        let found = try Catalog.sellableVariants(Set(variants).sorted(), of: store, in: tx)
        locations = try Inventory.locations(of: store, in: tx)
        self.variants = Dictionary(uniqueKeysWithValues: try found.rows().map { ($0.id, $0) })
    }

    func title(_ variant: VariantID) -> String { variants[variant]?.title ?? "No longer in the catalogue" }

    func location(_ id: LocationID) -> String { locations.first { $0.id == id }?.name ?? "Unknown" }

    /// The variant's name, which leads to its stock, and its SKU.
    func html(_ variant: VariantID) -> HTML {
        group {
            a(.href("/dashboard/stock/items/\(variant)")) { strong { title(variant) } }
            if let sku = variants[variant]?.sku, !sku.isEmpty { div(.class("hint")) { sku } }
        }
    }

    /// A choice among the open locations.
    func field(_ name: String, _ label: String, _ form: Form?, error: String?) -> HTML {
        let open = locations.filter(\.isActive)
        return Field(
            name, label, .select(open.map { .init($0.id.description, $0.name) }),
            value: form?[name] ?? open.first?.id.description ?? "", error: error, isRequired: true
        ).html
    }
}

extension MovementReason {
    var words: String {
        switch self {
        case .received: "Received"
        case .sold: "Sent to a customer"
        case .returned: "Returned"
        case .damaged: "Damaged"
        case .lost: "Lost"
        case .counted: "Counted"
        case .transferred: "Transferred"
        case .correction: "Correction"
        case .imported: "Imported"
        }
    }
}

/// The history of stock as a table.
func movementTable(_ movements: [StockMovement], _ names: StockNames, showsVariant: Bool) -> HTML {
    var columns: [UI.Column<StockMovement>] = [.init("When") { UI.time($0.at) }]
    if showsVariant { columns.append(.init("Variant") { names.html($0.variant) }) }
    columns += [
        .init("Location") { names.location($0.location) },
        .init("Units", isNumber: true) { $0.delta > 0 ? "+\($0.delta)" : "−\($0.delta.magnitude)" },
        .init("There afterwards", isNumber: true) { $0.left },
        .init("Why") { movement in
            movement.reason.words
            if let order = movement.order {
                div(.class("hint")) { a(.href("/dashboard/orders/\(order)")) { "The order" } }
            }
            if !movement.note.isEmpty { div(.class("hint")) { movement.note } }
        },
        .init("By") { $0.actor },
    ]
    return UI.table("History of stock", movements, columns)
}

/// Lines that people type: an SKU and a number on each.
struct StockLines: Sendable {
    private(set) var lines: [(variant: VariantID, quantity: Int)] = []
    private(set) var faults: [String] = []

    /// - Parameters:
    ///   - least: the least number on a line.
    ///   - most: the most lines.
    init(
        _ text: String, least: Int, most: Int, of store: StoreID, in tx: borrowing Transaction
    ) throws {
        var wanted: [(number: Int, sku: String, quantity: Int)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let parts = line.split { $0 == " " || $0 == "\t" || $0 == ";" || $0 == "," || $0 == "\r" }
            guard !parts.isEmpty else { continue }
            guard parts.count >= 2, let last = parts.last, let quantity = WholeNumber.read(String(last)),
                quantity >= least
            else {
                faults.append("Line \(index + 1): give an SKU and a whole number from \(least).")
                continue
            }
            wanted.append((index + 1, parts.dropLast().joined(separator: " "), quantity))
        }
        if wanted.isEmpty, faults.isEmpty { faults.append("Give at least one line.") }
        if wanted.count > most { faults.append("At most \(most) lines are accepted.") }
        guard faults.isEmpty else { return }
        let found = try Catalog.sellableVariants(skus: wanted.map(\.sku), of: store, in: tx).rows()
        let bySKU = Dictionary(grouping: found, by: { Array($0.sku.utf8) })
        var seen: Set<VariantID> = []
        for line in wanted {
            let variants = bySKU[Array(line.sku.utf8)] ?? []
            guard variants.count == 1, let variant = variants.first else {
                faults.append(
                    "Line \(line.number): \(variants.isEmpty ? "no variant has" : "several variants have") "
                        + "the SKU \(line.sku).")
                continue
            }
            guard seen.insert(variant.id).inserted else {
                faults.append("Line \(line.number): \(line.sku) is in another line too.")
                continue
            }
            lines.append((variant.id, line.quantity))
        }
    }

    /// One sentence for a field; nil when all is well.
    var sentence: String? { faults.isEmpty ? nil : faults.prefix(10).joined(separator: " ") }
}
