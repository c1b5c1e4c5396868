import DesignSystem
import HTTPServer
import Inventory
import Markup
import Persistence
import Primitives
import UseCases

/// What suppliers are expected to bring.
struct IncomingPage: Sendable {
    let incoming: [IncomingStock]
    let next: IncomingStockID?
    let isFirst: Bool
    let showsAll: Bool
    let names: StockNames
    /// The delivery whose form was sent, and what was typed.
    var changed: IncomingStockID?
    var typed: Form?
    var faults = Faults()

    private var address: WebAddress {
        showsAll ? "/dashboard/stock/incoming?show=all" : "/dashboard/stock/incoming"
    }

    var html: HTML {
        div(.class("stack")) {
            div(.class("page-head")) { h1 { "Incoming stock" } }
            StockPart.links(.incoming)
            faults.summary
            div(.class("row")) {
                if showsAll {
                    UI.linkButton("Only what is still expected", "/dashboard/stock/incoming", .quiet, size: "small")
                } else {
                    UI.linkButton("All deliveries", "/dashboard/stock/incoming?show=all", .quiet, size: "small")
                }
            }
            if incoming.isEmpty {
                UI.empty("Nothing is expected", "Note a delivery on the page of a variant's stock.") {
                    UI.linkButton("To the stock", "/dashboard/stock")
                }
            } else {
                div(.class("card flush")) {
                    table
                    div(.class("table-foot")) {
                        UI.pagination(first: isFirst ? nil : address, next: next.map(page), more: "Older")
                    }
                }
            }
        }
    }

    private func page(_ after: IncomingStockID) -> WebAddress {
        showsAll ? "/dashboard/stock/incoming?show=all&after=\(after)" : "/dashboard/stock/incoming?after=\(after)"
    }

    private var table: HTML {
        UI.table(
            "Incoming stock", incoming,
            [
                .init("Variant") { names.html($0.variant) },
                .init("Arrives at") { names.location($0.location) },
                .init("Expected on") { $0.expectedAt?.dayText ?? "Unknown" },
                .init("Supplier") { $0.supplier },
                .init("Received", isNumber: true) { "\($0.received) of \($0.quantity)" },
                .init("Take in") { delivery in
                    switch delivery.status {
                    case .expected: entry(delivery)
                    case .received: UI.badge("Received", .ok)
                    case .canceled: UI.badge("Canceled")
                    }
                },
            ])
    }

    private func entry(_ delivery: IncomingStock) -> HTML {
        let field = "received.\(delivery.id)"
        let error = faults[field]
        let title = names.title(delivery.variant)
        return group {
            form(.method(.post), .action("/dashboard/stock/incoming"), .class("row inline-form"), .novalidate()) {
                input(.type("hidden"), .name("delivery"), .value(delivery.id.description))
                input(
                    .type("text"), .id(field), .name(field), .class("input"),
                    .value(changed == delivery.id ? typed?[field] ?? "" : String(delivery.outstanding)),
                    .inputmode("numeric"), .autocomplete("off"), .required(),
                    .aria("label", "Units of \(title) that have come"),
                    .aria("invalid", error == nil ? nil : "true"),
                    .aria("describedby", error == nil ? nil : "\(field)-error"))
                UI.button(
                    "Receive", size: "small", .name("action"), .value("receive"),
                    .aria("label", "Receive \(title)"))
                UI.button(
                    "Will not come", .quiet, size: "small", .name("action"), .value("cancel"),
                    .aria("label", "\(title) will not come"))
                if let error { p(.class("error"), .id("\(field)-error")) { error } }
            }
        }
    }
}

extension Dashboard {
    var incomingEndpoints: [Endpoint] { [incomingPage, saveIncoming] }

    private var incomingPage: Endpoint {
        Endpoint(
            .get, "/dashboard/stock/incoming", "showIncomingStock", summary: "What suppliers are expected to bring",
            policy: Access.reading("stock:read"), takes: .page, answers: .web
        ) { call in
            try await showIncoming(
                of: try call.store, showsAll: call.query["show"] == "all",
                after: call.query["after"].flatMap { IncomingStockID($0) }, notice: Notice(call.query))
        }
    }

    private var saveIncoming: Endpoint {
        Endpoint(
            .post, "/dashboard/stock/incoming", "saveIncomingStock", summary: "Takes a delivery in, or gives it up",
            policy: Access.changing("stock:write"), takes: .form, answers: .web
        ) { call in
            let (store, form) = (try call.store, call.body)
            guard let id = IncomingStockID(form["delivery"] ?? "") else { throw Problem.notFound("delivery") }
            let field = "received.\(id)"
            var faults = Faults()
            var change = ChangeIncoming.Change.cancel
            if form["action"] != "cancel" {
                if let units = WholeNumber.read(form[field] ?? ""), units > 0 {
                    change = .receive(units)
                } else {
                    faults.add(field, "Give a whole number of units, at least 1.")
                }
            }
            guard faults.isEmpty else {
                return try await showIncoming(of: store, changed: id, typed: form, faults: faults)
            }
            let action = ChangeIncoming(store: store, id: id, change, actor: call.actor, requestID: call.requestID)
            do {
                try await database.write("inventory.receive") { tx in
                    let incoming = try action.run(in: tx)
                    try ShelfAvailability.review(variants: [incoming.variant], store: store, in: tx)
                }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                let faults = Faults(problem) { $0 == "/quantity" ? field : "" }
                return try await showIncoming(of: store, changed: id, typed: form, faults: faults)
            }
            return .value(.redirect(to: "/dashboard/stock/incoming?done=\(Notice.stocked.rawValue)"))
        }
    }

    private func showIncoming(
        of store: StoreID, showsAll: Bool = false, after: IncomingStockID? = nil, changed: IncomingStockID? = nil,
        typed: Form? = nil, faults: Faults = Faults(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("inventory.incoming") { tx in
            let found = try Inventory.incoming(
                showsAll ? nil : .expected, of: store, after: after, limit: Self.pageSize + 1, in: tx)
            let shown = Array(found.prefix(Self.pageSize))
            return IncomingPage(
                incoming: shown, next: found.count > shown.count ? shown.last?.id : nil, isFirst: after == nil,
                showsAll: showsAll, names: try StockNames(shown.map(\.variant), of: store, in: tx), changed: changed,
                typed: typed, faults: faults)
        }
        var page = try await page(.stock, "Incoming stock", of: store)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}
