import DesignSystem
import HTTPServer
import Inventory
import Markup
import Primitives

/// Counts of what is there, and the form of a new one.
struct CountListPage: Sendable {
    let counts: [StockCount]
    let next: StockCountID?
    let isFirst: Bool
    let names: StockNames
    var typed: Form?
    var faults = Faults()

    var html: HTML {
        div(.class("stack")) {
            div(.class("page-head")) { h1 { "Counts" } }
            StockPart.links(.counts)
            faults.summary
            if !counts.isEmpty {
                div(.class("card flush")) {
                    UI.table(
                        "Counts", counts,
                        [
                            .init("Begun") { count in
                                a(.href("/dashboard/stock/counts/\(count.id)")) { UI.time(count.createdAt) }
                            },
                            .init("Location") { names.location($0.location) },
                            .init("Note") { $0.note },
                            .init("State") { UI.badge($0.status.words, $0.status.tone) },
                        ])
                    div(.class("table-foot")) {
                        UI.pagination(
                            first: isFirst ? nil : "/dashboard/stock/counts",
                            next: next.map { "/dashboard/stock/counts?after=\($0)" }, more: "Older")
                    }
                }
            }
            UI.card("New count") {
                form(.method(.post), .action("/dashboard/stock/counts"), .class("stack"), .novalidate()) {
                    names.field("location", "Location", typed, error: faults["location"])
                    Field("note", "Note", value: typed?["note"] ?? "", error: faults["note"]).html
                    div { UI.button("Begin counting", .primary) }
                }
            }
        }
    }
}

/// One count: what the books had, what was there, and the form for more.
struct CountPage: Sendable {
    let count: StockCount
    let names: StockNames
    var typed: Form?
    var faults = Faults()

    private var address: WebAddress { "/dashboard/stock/counts/\(count.id)" }

    var html: HTML {
        div(.class("stack")) {
            UI.breadcrumbs([("Counts", "/dashboard/stock/counts"), ("Count", nil)])
            div(.class("page-head")) {
                h1 { "Count at \(names.location(count.location))" }
                UI.badge(count.status.words, count.status.tone)
            }
            faults.summary
            p(.class("muted")) {
                "Begun "
                UI.time(count.createdAt)
                if !count.note.isEmpty { " · \(count.note)" }
            }
            if count.status == .open { entry }
            if !count.lines.isEmpty { div(.class("card flush")) { table } }
            if count.status == .open { closing }
        }
    }

    private var entry: HTML {
        UI.card("Counted") {
            form(.method(.post), .action(address), .class("stack"), .novalidate()) {
                Field(
                    "lines", "What is there", .area, value: typed?["lines"] ?? "",
                    hint: "An SKU and the number of units on each line. Sales go on meanwhile.",
                    error: faults["lines"], isRequired: true
                ).html
                div { UI.button("Write it down", .primary, .name("action"), .value("enter")) }
            }
        }
    }

    private var table: HTML {
        UI.table(
            "What was counted", count.lines,
            [
                .init("Variant") { names.html($0.variant) },
                .init("In the books", isNumber: true) { $0.expected },
                .init("Counted", isNumber: true) { $0.counted },
                .init("Difference", isNumber: true) { line in
                    if line.difference == 0 {
                        "0"
                    } else {
                        UI.badge(
                            line.difference > 0 ? "+\(line.difference)" : "−\(line.difference.magnitude)",
                            line.difference > 0 ? .ok : .warn)
                    }
                },
                .init("When") { UI.time($0.at) },
            ])
    }

    private var closing: HTML {
        form(.method(.post), .action(address), .class("row")) {
            if !count.lines.isEmpty {
                UI.button("Bring the books to this", .primary, .name("action"), .value("apply"))
            }
            UI.button("Give it up", .quiet, .name("action"), .value("cancel"))
        }
    }
}

extension CountStatus {
    var words: String {
        switch self {
        case .open: "Open"
        case .applied: "Applied"
        case .canceled: "Canceled"
        }
    }

    var tone: Tone {
        switch self {
        case .open: .warn
        case .applied: .ok
        case .canceled: .neutral
        }
    }
}
