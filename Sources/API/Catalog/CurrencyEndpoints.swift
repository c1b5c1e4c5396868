import Catalog
import HTTPServer
import Persistence
import Primitives
import Stores

extension ShopAPI {
    var currencyEndpoints: [Endpoint] { [listCurrencies, keepCurrency, dropCurrency] }

    private static let write = Policy(.secretKey("prices:write"), rateLimit: .backOffice)
    private static let path = PathShape("currency", .currency)

    private var listCurrencies: Endpoint {
        Endpoint(
            .get, "/api/v1/currencies", "listCurrencies",
            summary: "What the store sells in, its own currency first; a checkout is in one of these",
            policy: Policy(.publishableOrSecretKey("prices:read"), rateLimit: .browse), takes: .nothing,
            answers: .ok(CurrencyView.list)
        ) { call in
            let store = try await store(try call.store)
            return .value(CurrencyView.all(try await priceBook(of: store)))
        }
    }

    private var keepCurrency: Endpoint {
        Endpoint(
            .put, "/api/v1/currencies/{currency}", "keepCurrency",
            summary: "Sells in a currency, at a rate and with a rounding; the store's own has no rate",
            policy: Self.write, takes: .path(Self.path, body: CurrencyInput.shape),
            answers: .ok(CurrencyView.shape), problems: [.conflict: "currency.too_many"]
        ) { call in
            let store = try await store(try call.store)
            let currency = call.path
            let keep = KeepCurrency(
                store: store.id, base: store.currency, currency: currency, rate: call.body.rate,
                ratedAt: call.body.ratedAt, rounding: call.body.rounding, actor: call.actor,
                requestID: call.requestID)
            let book = try await database.write("catalog.keep_currency") { tx in try keep.run(in: tx) }
            forgetPrices(of: store.id)
            guard let view = CurrencyView.all(book).first(where: { $0.currency == currency }) else {
                throw Problem.notFound("currency")
            }
            return .value(view)
        }
    }

    private var dropCurrency: Endpoint {
        Endpoint(
            .delete, "/api/v1/currencies/{currency}", "dropCurrency",
            summary: "Sells in a currency no more; orders in it stay as they are", policy: Self.write,
            takes: .path(Self.path), answers: .noContent
        ) { call in
            let store = try call.store
            let drop = DropCurrency(
                store: store, currency: call.path, actor: call.actor, requestID: call.requestID)
            try await database.write("catalog.drop_currency") { tx in try drop.run(in: tx) }
            forgetPrices(of: store)
            return .empty
        }
    }

    /// What this process has cached of a store's prices is out of date.
    func forgetPrices(of store: StoreID) {
        books.remove { $0 == store }
        forgetProducts(of: store)
    }
}
