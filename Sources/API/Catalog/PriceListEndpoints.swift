import Catalog
import HTTPServer
import Persistence
import Primitives
import Stores
import UseCases

extension ShopAPI {
    var priceListEndpoints: [Endpoint] {
        [
            listPriceLists, getPriceList, createPriceList, updatePriceList, deletePriceList, listPrices, setPrices,
            unsetPrice,
        ]
    }

    private static let read = Policy(.secretKey("prices:read"), rateLimit: .backOffice)
    private static let write = Policy(.secretKey("prices:write"), rateLimit: .backOffice)
    private static let path = PathShape("list", .identifier(IdentifierKinds.PriceList.self))

    private var listPriceLists: Endpoint {
        Endpoint(
            .get, "/api/v1/price_lists", "listPriceLists",
            summary: "All price lists of the store, the oldest first; there are at most \(Catalog.mostPriceLists)",
            policy: Self.read, takes: .nothing, answers: .ok(.page("PriceListPage", of: PriceListView.shape))
        ) { call in
            let store = try await store(try call.store)
            return .value(
                try await database.read("catalog.price_lists") { tx in
                    let book = try Catalog.priceBook(of: store.id, base: store.currency, in: tx)
                    let counts = try Catalog.priceCounts(of: store.id, in: tx)
                    return Page(
                        book.lists.map { PriceListView(list: $0, priceCount: counts[$0.id] ?? 0) }, nextCursor: nil)
                })
        }
    }

    private var getPriceList: Endpoint {
        Endpoint(
            .get, "/api/v1/price_lists/{list}", "getPriceList", summary: "A price list without its prices",
            policy: Self.read, takes: .path(Self.path), answers: .ok(PriceListView.shape)
        ) { call in
            let store = try call.store
            let id = call.path
            return .value(
                try await database.read("catalog.price_list") { tx in
                    guard let list = try Catalog.priceList(id, of: store, in: tx) else {
                        throw Problem.notFound("price list")
                    }
                    return try Self.view(of: list, store: store, in: tx)
                })
        }
    }

    private var createPriceList: Endpoint {
        Endpoint(
            .post, "/api/v1/price_lists", "createPriceList",
            summary: "Makes a price list: for everybody or a group, always or for a time",
            policy: Policy(.secretKey("prices:write"), rateLimit: .backOffice, idempotencyKey: .optional),
            takes: .body(PriceListTerms.shape), answers: .created(PriceListView.shape),
            problems: [.conflict: "price_list.too_many"]
        ) { call in
            let store = try call.store
            let terms = call.body
            let add = AddPriceList(store: store, terms: terms, actor: call.actor, requestID: call.requestID)
            let request = call.optionalIdempotency
            let answer = try await database.write("catalog.create_price_list") { tx in
                try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                    try PriceListGroups.require(terms.group, of: store, in: tx)
                    let list = try add.run(in: tx)
                    let view = PriceListView(list: list, priceCount: 0)
                    return StoredAnswer(
                        status: 201, body: PriceListView.shape.encode(view), resource: list.id.uuid)
                }
            }
            forgetPrices(of: store)
            return .stored(answer)
        }
    }

    private var updatePriceList: Endpoint {
        Endpoint(
            .patch, "/api/v1/price_lists/{list}", "updatePriceList",
            summary: "Changes parts of a price list; an empty text takes its group, an end or its percentage away",
            policy: Self.write, takes: .path(Self.path, body: PriceListPatch.shape),
            answers: .ok(PriceListView.shape)
        ) { call in
            let store = try call.store
            let patch = call.body
            let change = ChangePriceList(
                store: store, id: call.path, actor: call.actor, requestID: call.requestID)
            let view = try await database.write("catalog.update_price_list") { tx in
                if case .set(let group) = patch.group { try PriceListGroups.require(group, of: store, in: tx) }
                return try Self.view(
                    of: change.run(in: tx) { patch.apply(to: &$0) }, store: store, in: tx)
            }
            forgetPrices(of: store)
            return .value(view)
        }
    }

    private var deletePriceList: Endpoint {
        Endpoint(
            .delete, "/api/v1/price_lists/{list}", "deletePriceList", summary: "Removes a price list and its prices",
            policy: Self.write, takes: .path(Self.path), answers: .noContent
        ) { call in
            let store = try call.store
            let change = ChangePriceList(
                store: store, id: call.path, actor: call.actor, requestID: call.requestID)
            try await database.write("catalog.delete_price_list") { tx in try change.remove(in: tx) }
            forgetPrices(of: store)
            return .empty
        }
    }

    private var listPrices: Endpoint {
        Endpoint(
            .get, "/api/v1/price_lists/{list}/prices", "listPrices",
            summary: "What a price list says, by the ids of the variants", policy: Self.read,
            takes: .path(
                Self.path,
                query: QueryShape(
                    .optional("limit", .integer(1...100), default: 100),
                    .optional("cursor", .identifier(IdentifierKinds.Variant.self))
                ) { (limit: $0, after: $1) }),
            answers: .ok(.page("ListedPricePage", of: ListedPriceView.shape))
        ) { call in
            let store = try call.store
            let (id, query) = (call.path, call.query)
            let views = try await database.read("catalog.prices") { tx in
                guard let list = try Catalog.priceList(id, of: store, in: tx) else {
                    throw Problem.notFound("price list")
                }
                return try Catalog.prices(
                    of: id, store: store, after: query.after, limit: query.limit + 1, in: tx
                ).map { ListedPriceView(price: $0, currency: list.terms.currency) }
            }
            return .value(Page(views, limit: query.limit) { $0.price.variant.description })
        }
    }

    private var setPrices: Endpoint {
        Endpoint(
            .put, "/api/v1/price_lists/{list}/prices", "setPrices",
            summary: "Sets prices of variants: all of them or none; those that are not named keep theirs",
            policy: Self.write, takes: .path(Self.path, body: ListedPricesInput.shape),
            answers: .ok(PriceListView.shape)
        ) { call in
            let store = try call.store
            let prices = call.body.prices
            let change = ChangePriceList(
                store: store, id: call.path, actor: call.actor, requestID: call.requestID)
            let view = try await database.write("catalog.set_prices") { tx in
                try Self.view(of: change.set(prices, in: tx), store: store, in: tx)
            }
            forgetPrices(of: store)
            return .value(view)
        }
    }

    private var unsetPrice: Endpoint {
        Endpoint(
            .delete, "/api/v1/price_lists/{list}/prices/{variant}", "unsetPrice",
            summary: "Takes a variant off a price list", policy: Self.write,
            takes: .path(
                PathShape(
                    "list", .identifier(IdentifierKinds.PriceList.self), "variant",
                    .identifier(IdentifierKinds.Variant.self))),
            answers: .noContent
        ) { call in
            let store = try call.store
            let (id, variant) = call.path
            let change = ChangePriceList(store: store, id: id, actor: call.actor, requestID: call.requestID)
            try await database.write("catalog.unset_price") { tx in try change.unset(variant, in: tx) }
            forgetPrices(of: store)
            return .empty
        }
    }

    private static func view(
        of list: PriceList, store: StoreID, in tx: borrowing Transaction
    ) throws -> PriceListView {
        PriceListView(list: list, priceCount: try Catalog.priceCounts(of: store, in: tx)[list.id] ?? 0)
    }
}
