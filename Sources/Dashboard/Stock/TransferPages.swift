import DesignSystem
import HTTPServer
import Inventory
import Markup
import Primitives

/// Transfers between locations, and the form of a new one.
struct TransferListPage: Sendable {
    let transfers: [StockTransfer]
    let next: StockTransferID?
    let isFirst: Bool
    let names: StockNames
    var typed: Form?
    var faults = Faults()

    var html: HTML {
        div(.class("stack")) {
            div(.class("page-head")) { h1 { "Transfers" } }
            StockPart.links(.transfers)
            faults.summary
            if !transfers.isEmpty {
                div(.class("card flush")) {
                    UI.table(
                        "Transfers", transfers,
                        [
                            .init("Begun") { transfer in
                                a(.href("/dashboard/stock/transfers/\(transfer.id)")) { UI.time(transfer.createdAt) }
                            },
                            .init("From") { names.location($0.from) },
                            .init("To") { names.location($0.to) },
                            .init("Units", isNumber: true) { $0.lines.reduce(0) { $0 + $1.quantity } },
                            .init("State") { UI.badge($0.status.words, $0.status.tone) },
                        ])
                    div(.class("table-foot")) {
                        UI.pagination(
                            first: isFirst ? nil : "/dashboard/stock/transfers",
                            next: next.map { "/dashboard/stock/transfers?after=\($0)" }, more: "Older")
                    }
                }
            }
            UI.card("New transfer") {
                if names.locations.filter(\.isActive).count < 2 {
                    p { "There is one location only." }
                    UI.linkButton("Open a location", "/dashboard/stock/locations")
                } else {
                    draft
                }
            }
        }
    }

    private var draft: HTML {
        form(.method(.post), .action("/dashboard/stock/transfers"), .class("stack"), .novalidate()) {
            names.field("from", "From", typed, error: faults["from"])
            names.field("to", "To", typed, error: faults["to"])
            Field(
                "lines", "What goes", .area, value: typed?["lines"] ?? "",
                hint: "An SKU and a number of units on each line.", error: faults["lines"], isRequired: true
            ).html
            Field("note", "Note", value: typed?["note"] ?? "", error: faults["note"]).html
            div { UI.button("Write the transfer down", .primary) }
        }
    }
}

/// One transfer, and what can be done with it.
struct TransferPage: Sendable {
    let transfer: StockTransfer
    let names: StockNames
    var typed: Form?
    var faults = Faults()

    private var address: WebAddress { "/dashboard/stock/transfers/\(transfer.id)" }

    static func field(_ variant: VariantID) -> String { "arrived.\(variant)" }

    var html: HTML {
        div(.class("stack")) {
            UI.breadcrumbs([("Transfers", "/dashboard/stock/transfers"), ("Transfer", nil)])
            div(.class("page-head")) {
                h1 { "\(names.location(transfer.from)) to \(names.location(transfer.to))" }
                UI.badge(transfer.status.words, transfer.status.tone)
            }
            faults.summary
            p(.class("muted")) {
                "Begun "
                UI.time(transfer.createdAt)
                if !transfer.note.isEmpty { " · \(transfer.note)" }
            }
            form(.method(.post), .action(address), .class("stack"), .novalidate()) {
                div(.class("card flush")) { table }
                div(.class("row")) { actions }
            }
        }
    }

    private var table: HTML {
        UI.table(
            "What goes", transfer.lines,
            [
                .init("Variant") { names.html($0.variant) },
                .init("Units", isNumber: true) { $0.quantity },
                .init("Arrived") { line in
                    switch transfer.status {
                    case .inTransit: arrival(line)
                    case .received where line.received != line.quantity:
                        UI.badge("\(line.received)", .warn)
                    case .received: String(line.received)
                    case .draft, .canceled: "–"
                    }
                },
            ])
    }

    private func arrival(_ line: StockTransfer.Line) -> HTML {
        let field = Self.field(line.variant)
        let error = faults[field]
        return group {
            input(
                .type("text"), .id(field), .name(field), .class("input"),
                .value(typed?[field] ?? String(line.quantity)), .inputmode("numeric"), .autocomplete("off"),
                .required(), .aria("label", "Units of \(names.title(line.variant)) that arrived"),
                .aria("invalid", error == nil ? nil : "true"),
                .aria("describedby", error == nil ? nil : "\(field)-error"))
            if let error { p(.class("error"), .id("\(field)-error")) { error } }
        }
    }

    private var actions: HTML {
        group {
            if transfer.status == .draft {
                UI.button("The units leave", .primary, .name("action"), .value("send"))
                UI.button("Give it up", .quiet, .name("action"), .value("cancel"))
            } else if transfer.status == .inTransit {
                UI.button("The units have come", .primary, .name("action"), .value("receive"))
                UI.button("They go back", .quiet, .name("action"), .value("cancel"))
            }
        }
    }
}

extension TransferStatus {
    var words: String {
        switch self {
        case .draft: "Draft"
        case .inTransit: "On its way"
        case .received: "Received"
        case .canceled: "Canceled"
        }
    }

    var tone: Tone {
        switch self {
        case .draft, .canceled: .neutral
        case .inTransit: .warn
        case .received: .ok
        }
    }
}
