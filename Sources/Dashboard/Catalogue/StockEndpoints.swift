import Catalog
import EventLog
import HTTPServer
import Inventory
import Persistence
import Primitives

extension Dashboard {
    var stockEndpoints: [Endpoint] { [stockPage, setStock] }

    private var stockPage: Endpoint {
        Endpoint(
            .get, "/dashboard/stock", "showStock", summary: "What is in the house, the least first",
            policy: Access.reading("stock:read"), takes: .page, answers: .web
        ) { call in
            try await show(
                of: try call.store, after: call.query["after"].flatMap(StockPosition.init(text:)),
                notice: Notice(call.query))
        }
    }

    private var setStock: Endpoint {
        Endpoint(
            .post, "/dashboard/stock", "saveStock", summary: "Sets the stock of a variant",
            policy: Access.changing("stock:write"), takes: .form, answers: .web
        ) { call in
            let store = try call.store
            guard let variant = call.body["variant"].flatMap({ VariantID($0) }) else {
                throw Problem.notFound("variant")
            }
            let found = try await database.read("catalog.variants") { tx in
                try Catalog.sellableVariants([variant], of: store, in: tx).rows().first
            }
            guard let found else { throw Problem.notFound("variant") }
            let entry = StockEntry(call.body, of: [(id: variant, title: found.title)])
            let after = call.body["after"].flatMap(StockPosition.init(text:))
            guard entry.faults.isEmpty else {
                return try await show(of: store, after: after, typed: call.body, faults: entry.faults)
            }
            let (actor, requestID) = (call.actor, call.requestID)
            do {
                try await database.write("inventory.set") { tx in
                    try entry.run(store: store, actor: actor, requestID: requestID, in: tx)
                }
            } catch let fault as StockEntry.Fault {
                var faults = Faults()
                faults.add(StockEntry.field(variant), fault.sentence)
                return try await show(of: store, after: after, typed: call.body, faults: faults)
            }
            let place = after.map { "&after=\($0.text)" } ?? ""
            return .value(.redirect(to: "/dashboard/stock?done=\(Notice.stocked.rawValue)\(place)"))
        }
    }

    private func show(
        of store: StoreID, after: StockPosition?, typed: Form? = nil, faults: Faults = Faults(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("inventory.page") { tx in
            let position = try EventLog.head(in: tx)
            let levels = try Inventory.levels(of: store, after: after, limit: Self.pageSize + 1, in: tx)
            let shown = Array(levels.prefix(Self.pageSize))
            let variants = try Catalog.sellableVariants(shown.map(\.variant), of: store, in: tx).rows()
            return StockPage(
                levels: shown, variants: variants, after: after,
                next: levels.count > shown.count ? shown.last.map(StockPosition.init) : nil, typed: typed,
                faults: faults, position: position)
        }
        var page = try await page(.stock, "Stock", of: store)
        page.following = .store(after: view.position)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}

extension StockPosition {
    var text: String { "\(balance).\(variant)" }

    init?(text: String) {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let balance = Int(parts[0]), let variant = VariantID(String(parts[1])) else {
            return nil
        }
        self.init(balance: balance, variant: variant)
    }
}
