import DesignSystem
import Exchange
import HTTPServer
import Markup
import Primitives

extension ImportKind {
    var words: String {
        switch self {
        case .products: "Products"
        case .stock: "Stock levels"
        case .customers: "Customers"
        case .orders: "Orders"
        }
    }

    /// What an import of such a file does.
    fileprivate var meaning: String {
        switch self {
        case .products:
            "Products that the store has are told by their handle and changed; what the file has no column for stays."
        case .stock:
            "Shopify's inventory file. “On hand (new)” is what is set; locations are told by their names, variants by"
                + " handle and options or by SKU."
        case .customers:
            "Shopify's customer file. Customers are told by their e-mail address, or by their number where they have"
                + " none; nobody is sent anything."
        case .orders:
            "Shopify's order file, for orders from another shop. They keep their numbers, take no stock and send no"
                + " mail; one whose amounts do not add up is refused, and one that is here already stays as it is."
        }
    }
}

extension ImportState {
    var words: String {
        switch self {
        case .receiving: "Waiting for its file"
        case .running: "Running"
        case .done: "Done"
        case .failed: "Not imported"
        case .canceled: "Stopped"
        }
    }

    var tone: Tone {
        switch self {
        case .done: .ok
        case .failed: .danger
        case .receiving, .canceled: .neutral
        case .running: .warn
        }
    }
}

extension Import {
    /// How much of the file was read, in percent.
    var percent: Int { bytes == 0 ? 0 : state == .done ? 100 : min(100, place.offset * 100 / bytes) }

    /// What came of it, in a line.
    var summary: String {
        var parts = [
            "\(counts.created) new", "\(counts.updated) changed", "\(counts.unchanged) unchanged",
            "\(counts.refused) refused",
        ]
        if isDryRun { parts.append("tried only") }
        return parts.joined(separator: ", ")
    }
}

/// Imports of a store, and the forms that begin one.
struct ImportListPage: Sendable {
    let imports: [Import]
    let isBeginning: Bool
    let next: ImportID?
    let faults: Faults

    var html: HTML {
        group {
            UI.breadcrumbs([
                (title: "Products", address: "/dashboard/products"), (title: "Import and export", address: nil),
            ])
            div(.class("page-head")) { h1 { "Import and export" } }
            faults.summary
            UI.card("Import") {
                form(
                    .method(.post), .action("/dashboard/imports"), .class("stack"), .novalidate(),
                    .enctype("multipart/form-data")
                ) {
                    Field(
                        "kind", "What the file holds",
                        .select(ImportKind.allCases.map { .init($0.rawValue, $0.words) }),
                        value: ImportKind.products.rawValue, error: faults["kind"], isRequired: true
                    ).html
                    Field(
                        "file", "CSV file", .line(type: "file"), hint: "In Shopify's format, in UTF-8, at most 8 MiB.",
                        error: faults["file"], isRequired: true, attributes: [.accept(".csv,text/csv")]
                    ).html
                    Field(
                        "dry_run", "What to do",
                        .select([.init("no", "Import"), .init("yes", "Only say what would be done")]), value: "no",
                        isRequired: true
                    ).html
                    div { UI.button("Upload", .primary) }
                }
                UI.facts(ImportKind.allCases.map { (name: $0.words, value: .text($0.meaning)) })
            }
            UI.card("Export") {
                p { "All that the store has, as a CSV file in the same format. Imported again, it changes nothing." }
                div(.class("row")) {
                    for kind in ImportKind.allCases {
                        UI.linkButton("Download \(kind.rawValue).csv", "/dashboard/exports/\(kind.rawValue)")
                    }
                }
            }
            section(.class("card flush")) {
                if imports.isEmpty {
                    UI.empty("No imports yet", "Imports are kept for 30 days with their reports.")
                } else {
                    table
                    if next != nil || !isBeginning {
                        div(.class("table-foot")) {
                            UI.pagination(
                                first: isBeginning ? nil : "/dashboard/imports",
                                next: next.map { "/dashboard/imports?before=\($0)" }, more: "Earlier imports")
                        }
                    }
                }
            }
        }
    }

    private var table: HTML {
        UI.table(
            "Imports", imports,
            [
                .init("File") { entry in
                    a(.class("primary-link"), .href("/dashboard/imports/\(entry.id)")) {
                        entry.fileName.isEmpty ? "Without a name" : entry.fileName
                    }
                },
                .init("State") { entry in UI.badge(entry.state.words, entry.state.tone) },
                .init("Rows", isNumber: true) { entry in entry.counts.rows },
                .init("Holds") { entry in entry.kind.words },
                .init("Outcome") { entry in entry.summary },
                .init("Begun") { entry in UI.time(entry.createdAt) },
            ])
    }
}

/// One import with its report.
struct ImportPage: Sendable {
    let state: Import
    let problems: [ImportProblem]
    let isBeginning: Bool
    let next: Int?

    var title: String { state.fileName.isEmpty ? "Import" : state.fileName }
    private var address: WebAddress { "/dashboard/imports/\(state.id)" }

    var html: HTML {
        div(
            .id("import"), .class("stack"), .hx("get", address), .hx("select", "#import"), .hx("target", "this"),
            .hx("swap", "outerMorph"), .when(state.state == .running, .hx("trigger", "every 1s"))
        ) {
            UI.breadcrumbs([
                (title: "Products", address: "/dashboard/products"),
                (title: "Import and export", address: "/dashboard/imports"), (title: title, address: nil),
            ])
            div(.class("page-head")) {
                h1 { title }
                UI.badge(state.state.words, state.state.tone)
            }
            if !state.failure.isEmpty { UI.alert(.danger, "The file was not imported.") { p { state.failure } } }
            if state.isDryRun { UI.alert(.warn, "Nothing is changed: this only says what would be done.") }
            UI.card("Progress") {
                label(.for("share")) { "\(state.percent) % of the file" }
                progress(.id("share"), .max("100"), .value("\(state.percent)")) { "\(state.percent) %" }
                UI.facts([
                    (name: "Rows", value: .text("\(state.counts.rows)")),
                    (name: "Holds", value: .text(state.kind.words)),
                    (name: "Outcome", value: .text(state.summary)),
                    (name: "Begun", value: UI.time(state.createdAt)),
                    (name: "Ended", value: state.finishedAt.map { UI.time($0) } ?? .text("Not yet")),
                ])
                if state.state == .running || state.state == .receiving {
                    form(.method(.post), .action("\(address)/cancellation")) { UI.button("Stop", .danger) }
                }
            }
            report
        }
    }

    private var report: HTML {
        section(.class("card flush")) {
            if problems.isEmpty {
                UI.empty(
                    "Nothing was refused",
                    state.state.isOver ? "Every row was read." : "What is refused is listed here.")
            } else {
                UI.table(
                    "Report", problems,
                    [
                        .init("Line", isNumber: true) { entry in entry.line },
                        .init("Column") { entry in entry.column.isEmpty ? "The whole row" : entry.column },
                        .init("What is wrong") { entry in
                            entry.detail
                            div(.class("hint")) { entry.code }
                        },
                        .init("Outcome") { entry in
                            entry.severity == .refused
                                ? UI.badge("Refused", .danger) : UI.badge("Imported otherwise", .warn)
                        },
                    ])
                if next != nil || !isBeginning {
                    div(.class("table-foot")) {
                        UI.pagination(
                            first: isBeginning ? nil : address, next: next.map { "\(address)?after=\($0)" },
                            more: "More of the report")
                    }
                }
            }
        }
    }
}
