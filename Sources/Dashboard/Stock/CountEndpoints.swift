import HTTPServer
import Inventory
import Persistence
import Primitives
import UseCases

extension Dashboard {
    var countEndpoints: [Endpoint] { [countList, startCount, countPage, saveCount] }

    private static let path = PathShape("count", .identifier(IdentifierKinds.StockCount.self))

    private var countList: Endpoint {
        Endpoint(
            .get, "/dashboard/stock/counts", "showCounts", summary: "Counts of what is there",
            policy: Access.reading("stock:read"), takes: .page, answers: .web
        ) { call in
            try await showCounts(of: try call.store, after: call.query["after"].flatMap { StockCountID($0) })
        }
    }

    private var startCount: Endpoint {
        Endpoint(
            .post, "/dashboard/stock/counts", "startCountByHand", summary: "Begins a count",
            policy: Access.changing("stock:write"), takes: .form, answers: .web
        ) { call in
            let (store, form) = (try call.store, call.body)
            var faults = Faults()
            let location = LocationID(form["location"] ?? "")
            if location == nil { faults.add("location", "Choose a location.") }
            let note = (form["note"] ?? "").trimmed
            if note.unicodeScalars.count > 1000 { faults.add("note", "A note has at most 1000 characters.") }
            guard faults.isEmpty else { return try await showCounts(of: store, typed: form, faults: faults) }
            let start = StartCount(store: store, location: location, note: note)
            do {
                let count = try await database.write("inventory.count") { tx in try start.run(in: tx) }
                return Self.done(count.id)
            } catch let problem as Problem where Faults.canBeShown(problem) {
                let faults = Faults(problem) { $0 == "/location_id" ? "location" : "" }
                return try await showCounts(of: store, typed: form, faults: faults)
            }
        }
    }

    private var countPage: Endpoint {
        Endpoint(
            .get, "/dashboard/stock/counts/{count}", "showCount", summary: "A count",
            policy: Access.reading("stock:read"), takes: .page(Self.path), answers: .web
        ) { call in
            try await showCount(call.path, of: try call.store, notice: Notice(call.query))
        }
    }

    private var saveCount: Endpoint {
        Endpoint(
            .post, "/dashboard/stock/counts/{count}", "saveCount", summary: "Writes down what was counted, or ends it",
            policy: Access.changing("stock:write"), takes: .form(Self.path), answers: .web
        ) { call in
            let (store, id, form) = (try call.store, call.path, call.body)
            let (actor, requestID) = (call.actor, call.requestID)
            do {
                switch form["action"] {
                case "apply":
                    let apply = CountApplication(store: store, count: id, actor: actor, requestID: requestID)
                    _ = try await database.write("inventory.count") { tx in try apply.run(in: tx) }
                case "cancel":
                    let close = CloseCount(store: store, id: id, .cancel, actor: actor, requestID: requestID)
                    _ = try await database.write("inventory.count") { tx in try close.run(in: tx) }
                default:
                    let text = form["lines"] ?? ""
                    let lines = try await database.read("inventory.skus") { tx in
                        try StockLines(text, least: 0, most: StockCount.mostLines, of: store, in: tx)
                    }
                    if let sentence = lines.sentence {
                        var faults = Faults()
                        faults.add("lines", sentence)
                        return try await showCount(id, of: store, typed: form, faults: faults)
                    }
                    let enter = EnterCount(
                        store: store, id: id,
                        counted: Dictionary(uniqueKeysWithValues: lines.lines.map { ($0.variant, $0.quantity) }))
                    _ = try await database.write("inventory.count") { tx in try enter.run(in: tx) }
                }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                return try await showCount(id, of: store, typed: form, faults: Faults(problem))
            }
            return Self.done(id)
        }
    }

    private static func done(_ id: StockCountID) -> Answer<WebAnswer> {
        .value(.redirect(to: "/dashboard/stock/counts/\(id)?done=\(Notice.stocked.rawValue)"))
    }

    private func showCounts(
        of store: StoreID, after: StockCountID? = nil, typed: Form? = nil, faults: Faults = Faults()
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("inventory.counts") { tx in
            let found = try Inventory.counts(nil, of: store, after: after, limit: Self.pageSize + 1, in: tx)
            let shown = Array(found.prefix(Self.pageSize))
            return CountListPage(
                counts: shown, next: found.count > shown.count ? shown.last?.id : nil, isFirst: after == nil,
                names: try StockNames([], of: store, in: tx), typed: typed, faults: faults)
        }
        var page = try await page(.stock, "Counts", of: store)
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }

    private func showCount(
        _ id: StockCountID, of store: StoreID, typed: Form? = nil, faults: Faults = Faults(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("inventory.count") { tx -> CountPage in
            guard let count = try Inventory.count(id, of: store, in: tx) else { throw Problem.notFound("count") }
            return CountPage(
                count: count, names: try StockNames(count.lines.map(\.variant), of: store, in: tx), typed: typed,
                faults: faults)
        }
        var page = try await page(.stock, "Count", of: store)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}
