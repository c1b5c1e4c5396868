import EventLog
public import Persistence
public import Primitives

/// Sells in a further currency from now on, or at another rate, or changes how the store's own currency is rounded.
public struct KeepCurrency: Sendable {
    private let store: StoreID
    private let base: Currency
    private let currency: Currency
    private let rate: ExchangeRate?
    private let ratedAt: Instant?
    private let rounding: PriceRounding?
    private let actor: Actor
    private let requestID: String?

    /// - Parameters:
    ///   - base: the store's own currency.
    ///   - rate: none for the store's own.
    ///   - ratedAt: now when nil.
    ///   - rounding: what is usual for the currency when nil.
    public init(
        store: StoreID, base: Currency, currency: Currency, rate: ExchangeRate?, ratedAt: Instant?,
        rounding: PriceRounding?, actor: Actor, requestID: String? = nil
    ) {
        self.store = store
        self.base = base
        self.currency = currency
        self.rate = rate
        self.ratedAt = ratedAt
        self.rounding = rounding
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `validation.failed`, `currency.too_many`.
    public func run(in tx: borrowing Transaction) throws -> PriceBook {
        let rounding = rounding ?? .usual(for: currency)
        let version = try CurrencyTable.raiseVersion(of: store, in: tx)
        if currency == base {
            guard rate == nil else {
                throw Problem.validation("/rate", "unexpected", "The store's own currency has no rate.")
            }
            try CurrencyTable.setBaseRounding(rounding, store: store, in: tx)
        } else {
            guard let rate else {
                throw Problem.validation("/rate", "required", "How much of it is one \(base)?")
            }
            let known = try CurrencyTable.all(of: store, in: tx).rows()
            guard known.count < Catalog.mostCurrencies || known.contains(where: { $0.currency == currency }) else {
                throw Problem(
                    .conflict, "currency.too_many", "A store sells in at most \(Catalog.mostCurrencies) currencies.")
            }
            try CurrencyTable.save(
                CurrencyTerms(currency: currency, rate: rate, ratedAt: ratedAt ?? tx.now, rounding: rounding),
                store: store, in: tx)
        }
        var data: JSONObject = [
            "currency": .string(currency.code), "rounding_step": .integer(rounding.step),
            "rounding_offset": .integer(rounding.offset),
        ]
        if let rate { data["rate"] = .string(rate.description) }
        try EventLog.append(
            [PriceBookEvent.make("price_book.currency_kept", version, of: store, data, actor, requestID)], in: tx)
        return try Catalog.priceBook(of: store, base: base, in: tx)
    }
}

/// Sells in a currency no more. Checkouts in it cannot be completed; price lists in it wait until it comes back.
public struct DropCurrency: Sendable {
    private let store: StoreID
    private let currency: Currency
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, currency: Currency, actor: Actor, requestID: String?) {
        self.store = store
        self.currency = currency
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`, for the store's own currency too.
    public func run(in tx: borrowing Transaction) throws {
        guard try CurrencyTable.delete(currency, store: store, in: tx) else { throw Problem.notFound("currency") }
        let version = try CurrencyTable.raiseVersion(of: store, in: tx)
        let data: JSONObject = ["currency": .string(currency.code)]
        try EventLog.append(
            [PriceBookEvent.make("price_book.currency_dropped", version, of: store, data, actor, requestID)], in: tx)
    }
}

enum PriceBookEvent {
    static func make(
        _ type: EventType, _ version: Int, of store: StoreID, _ data: JSONObject, _ actor: Actor, _ requestID: String?
    ) -> NewEvent {
        NewEvent(
            store: store, aggregate: Aggregate(kind: "price_book", id: store.uuid), version: version, type: type,
            actor: actor, data: .object(data), requestID: requestID)
    }
}
