import Catalog
import Customers
import HTTPServer
import Persistence
import Primitives
import Stores
import UseCases

extension Dashboard {
    var priceListEndpoints: [Endpoint] {
        [priceLists, addPriceList, priceListPage, savePriceList, savePrices, removePriceList]
    }

    private static let path = PathShape("list", .identifier(IdentifierKinds.PriceList.self))
    private static let reading = Access.reading("prices:read")
    private static let changing = Access.changing("prices:write")
    /// Products of a page: each may have a hundred variants, and a form two thousand fields.
    private static let productsOfPage = 10

    private var priceLists: Endpoint {
        Endpoint(
            .get, "/dashboard/price-lists", "showPriceLists", summary: "The price lists of the store",
            policy: Self.reading, takes: .page, answers: .web
        ) { call in
            try await showLists(of: try call.store, notice: Notice(call.query))
        }
    }

    private var addPriceList: Endpoint {
        Endpoint(
            .post, "/dashboard/price-lists", "addPriceList", summary: "Makes a price list", policy: Self.changing,
            takes: .form, answers: .web
        ) { call in
            let store = try await store(try call.store)
            let entry = PriceListEntry(call.body)
            guard let terms = entry.terms else {
                return try await showLists(of: store.id, typed: call.body, faults: entry.faults)
            }
            let add = AddPriceList(store: store.id, terms: terms, actor: call.actor, requestID: call.requestID)
            do {
                let list = try await database.write("catalog.create_price_list") { tx in
                    try PriceListGroups.require(terms.group, of: store.id, in: tx)
                    return try add.run(in: tx)
                }
                return .value(.redirect(to: "/dashboard/price-lists/\(list.id)?done=\(Notice.kept.rawValue)"))
            } catch let problem as Problem where Faults.canBeShown(problem) {
                let faults = Faults(problem, field: PriceListEntry.field)
                return try await showLists(of: store.id, typed: call.body, faults: faults)
            }
        }
    }

    private var priceListPage: Endpoint {
        Endpoint(
            .get, "/dashboard/price-lists/{list}", "showPriceList", summary: "A price list with its prices",
            policy: Self.reading, takes: .page(Self.path), answers: .web
        ) { call in
            try await showList(call.path, of: try call.store, query: call.query, notice: Notice(call.query))
        }
    }

    private var savePriceList: Endpoint {
        Endpoint(
            .post, "/dashboard/price-lists/{list}", "savePriceList", summary: "Changes what a price list is about",
            policy: Self.changing, takes: .form(Self.path), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            let entry = PriceListEntry(call.body)
            guard let terms = entry.terms else {
                return try await showList(id, of: store, typed: call.body, faults: entry.faults)
            }
            let change = ChangePriceList(store: store, id: id, actor: call.actor, requestID: call.requestID)
            do {
                _ = try await database.write("catalog.update_price_list") { tx in
                    try PriceListGroups.require(terms.group, of: store, in: tx)
                    return try change.run(in: tx) { $0 = terms }
                }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                let faults = Faults(problem, field: PriceListEntry.field)
                return try await showList(id, of: store, typed: call.body, faults: faults)
            }
            return .value(.redirect(to: "/dashboard/price-lists/\(id)?done=\(Notice.kept.rawValue)"))
        }
    }

    /// Sets the prices that were typed, and takes off the list what was left empty: all of it or nothing.
    private var savePrices: Endpoint {
        Endpoint(
            .post, "/dashboard/price-lists/{list}/prices", "savePrices", summary: "Sets prices of variants",
            policy: Self.changing, takes: .form(Self.path), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            let list = try await database.read("catalog.price_list") { tx in
                try Catalog.priceList(id, of: store, in: tx)
            }
            guard let list else { throw Problem.notFound("price list") }
            let entry = PricesEntry(call.body, currency: list.terms.currency)
            guard entry.faults.isEmpty else {
                return try await showList(id, of: store, query: call.body, typed: call.body, faults: entry.faults)
            }
            let change = ChangePriceList(store: store, id: id, actor: call.actor, requestID: call.requestID)
            do {
                try await database.write("catalog.set_prices") { tx in
                    let known = try Catalog.prices(of: id, for: entry.empty, store: store, in: tx)
                    for price in known { try change.unset(price.variant, in: tx) }
                    if !entry.prices.isEmpty { _ = try change.set(entry.prices, in: tx) }
                }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                return try await showList(id, of: store, query: call.body, typed: call.body, faults: Faults(problem))
            }
            let after = call.body["after"].flatMap { ProductID($0) }.map { "&after=\($0)" } ?? ""
            return .value(.redirect(to: "/dashboard/price-lists/\(id)?done=\(Notice.kept.rawValue)\(after)"))
        }
    }

    private var removePriceList: Endpoint {
        Endpoint(
            .post, "/dashboard/price-lists/{list}/removal", "removePriceList", summary: "Removes a price list",
            policy: Self.changing, takes: .form(Self.path), answers: .web
        ) { call in
            let change = ChangePriceList(
                store: try call.store, id: call.path, actor: call.actor, requestID: call.requestID)
            try await database.write("catalog.delete_price_list") { tx in try change.remove(in: tx) }
            return .value(.redirect(to: "/dashboard/price-lists?done=\(Notice.removed.rawValue)"))
        }
    }

    private func showLists(
        of id: StoreID, typed: Form? = nil, faults: Faults = Faults(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let store = try await store(id)
        let now = clock.now()
        let view = try await database.read("catalog.price_lists") { tx in
            PriceListsPage(
                book: try Catalog.priceBook(of: id, base: store.currency, in: tx),
                groups: try Customers.groups(of: id, in: tx), counts: try Catalog.priceCounts(of: id, in: tx),
                now: now, typed: typed, faults: faults)
        }
        var page = try await page(.prices, "Price lists", of: id)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }

    private func showList(
        _ id: PriceListID, of storeID: StoreID, query: Form = Form(), typed: Form? = nil, faults: Faults = Faults(),
        notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let store = try await store(storeID)
        let text = String((query["q"] ?? "").prefix(200)).trimmed
        let after = query["after"].flatMap { ProductID($0) }
        let filter = ProductFilter(query: text.isEmpty ? nil : text, publishedOnly: false)
        let view = try await database.read("catalog.price_list") { tx in
            guard let list = try Catalog.priceList(id, of: store.id, in: tx) else {
                throw Problem.notFound("price list")
            }
            let found = try Catalog.products(
                filter, of: store.id, after: after, limit: Self.productsOfPage + 1, in: tx)
            let shown = Array(found.prefix(Self.productsOfPage))
            return PriceListPage(
                list: list, book: try Catalog.priceBook(of: store.id, base: store.currency, in: tx),
                groups: try Customers.groups(of: store.id, in: tx), products: shown,
                prices: try Catalog.prices(
                    of: id, for: shown.flatMap { $0.variants.map(\.id) }, store: store.id, in: tx),
                text: text, after: after, next: found.count > shown.count ? shown.last?.id : nil, typed: typed,
                faults: faults)
        }
        var page = try await page(.prices, view.list.terms.name, of: storeID)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}
