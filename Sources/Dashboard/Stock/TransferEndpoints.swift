import HTTPServer
import Inventory
import Persistence
import Primitives
import UseCases

extension Dashboard {
    var transferEndpoints: [Endpoint] { [transferList, draftTransfer, transferPage, advanceTransfer] }

    private static let path = PathShape("transfer", .identifier(IdentifierKinds.StockTransfer.self))

    private var transferList: Endpoint {
        Endpoint(
            .get, "/dashboard/stock/transfers", "showTransfers", summary: "Transfers between locations",
            policy: Access.reading("stock:read"), takes: .page, answers: .web
        ) { call in
            try await showTransfers(of: try call.store, after: call.query["after"].flatMap { StockTransferID($0) })
        }
    }

    private var draftTransfer: Endpoint {
        Endpoint(
            .post, "/dashboard/stock/transfers", "draftTransferByHand", summary: "Writes a transfer down",
            policy: Access.changing("stock:write"), takes: .form, answers: .web
        ) { call in
            let (store, form) = (try call.store, call.body)
            var faults = Faults()
            let (from, to) = (LocationID(form["from"] ?? ""), LocationID(form["to"] ?? ""))
            if from == nil { faults.add("from", "Choose a location.") }
            if to == nil { faults.add("to", "Choose a location.") }
            let text = form["lines"] ?? ""
            let note = (form["note"] ?? "").trimmed
            if note.unicodeScalars.count > 1000 { faults.add("note", "A note has at most 1000 characters.") }
            let lines = try await database.read("inventory.skus") { tx in
                try StockLines(text, least: 1, most: StockTransfer.mostLines, of: store, in: tx)
            }
            if let sentence = lines.sentence { faults.add("lines", sentence) }
            guard faults.isEmpty, let from, let to else {
                return try await showTransfers(of: store, typed: form, faults: faults)
            }
            let draft = DraftTransfer(store: store, from: from, to: to, lines: lines.lines, note: note)
            do {
                let transfer = try await database.write("inventory.transfer") { tx in try draft.run(in: tx) }
                return Self.done(transfer.id)
            } catch let problem as Problem where Faults.canBeShown(problem) {
                let faults = Faults(problem) { pointer in
                    ["/from_location_id": "from", "/to_location_id": "to"][pointer] ?? "lines"
                }
                return try await showTransfers(of: store, typed: form, faults: faults)
            }
        }
    }

    private var transferPage: Endpoint {
        Endpoint(
            .get, "/dashboard/stock/transfers/{transfer}", "showTransfer", summary: "A transfer",
            policy: Access.reading("stock:read"), takes: .page(Self.path), answers: .web
        ) { call in
            try await showTransfer(call.path, of: try call.store, notice: Notice(call.query))
        }
    }

    private var advanceTransfer: Endpoint {
        Endpoint(
            .post, "/dashboard/stock/transfers/{transfer}", "advanceTransfer", summary: "Brings a transfer on",
            policy: Access.changing("stock:write"), takes: .form(Self.path), answers: .web
        ) { call in
            let (store, id, form) = (try call.store, call.path, call.body)
            let step: AdvanceTransfer.Step
            switch form["action"] {
            case "send": step = .send
            case "cancel": step = .cancel
            case "receive":
                var faults = Faults()
                var arrived: [VariantID: Int] = [:]
                for field in form.fields where field.name.hasPrefix("arrived.") {
                    guard let variant = VariantID(String(field.name.dropFirst("arrived.".count))) else { continue }
                    if let units = WholeNumber.read(field.value) {
                        arrived[variant] = units
                    } else {
                        faults.add(field.name, "Give a whole number of units.")
                    }
                }
                guard faults.isEmpty else {
                    return try await showTransfer(id, of: store, typed: form, faults: faults)
                }
                step = .receive(arrived)
            default: throw Problem.validation("action", "unknown", "Choose what is to be done.")
            }
            let advance = AdvanceTransfer(
                store: store, id: id, step, actor: call.actor, requestID: call.requestID)
            do {
                try await database.write("inventory.transfer") { tx in
                    let transfer = try advance.run(in: tx)
                    try ShelfAvailability.review(variants: transfer.lines.map(\.variant), store: store, in: tx)
                }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                return try await showTransfer(id, of: store, typed: form, faults: Faults(problem))
            }
            return Self.done(id)
        }
    }

    private static func done(_ id: StockTransferID) -> Answer<WebAnswer> {
        .value(.redirect(to: "/dashboard/stock/transfers/\(id)?done=\(Notice.stocked.rawValue)"))
    }

    private func showTransfers(
        of store: StoreID, after: StockTransferID? = nil, typed: Form? = nil, faults: Faults = Faults()
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("inventory.transfers") { tx in
            let found = try Inventory.transfers(nil, of: store, after: after, limit: Self.pageSize + 1, in: tx)
            let shown = Array(found.prefix(Self.pageSize))
            return TransferListPage(
                transfers: shown, next: found.count > shown.count ? shown.last?.id : nil, isFirst: after == nil,
                names: try StockNames([], of: store, in: tx), typed: typed, faults: faults)
        }
        var page = try await page(.stock, "Transfers", of: store)
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }

    private func showTransfer(
        _ id: StockTransferID, of store: StoreID, typed: Form? = nil, faults: Faults = Faults(),
        notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("inventory.transfer") { tx -> TransferPage in
            guard let transfer = try Inventory.transfer(id, of: store, in: tx) else {
                throw Problem.notFound("transfer")
            }
            return TransferPage(
                transfer: transfer, names: try StockNames(transfer.lines.map(\.variant), of: store, in: tx),
                typed: typed, faults: faults)
        }
        var page = try await page(.stock, "Transfer", of: store)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}
