import EventLog
public import Persistence
public import Primitives

/// Makes a price list. It names no variant yet.
public struct AddPriceList: Sendable {
    private let store: StoreID
    private let terms: PriceListTerms
    private let actor: Actor
    private let requestID: String?

    /// - Parameter terms: its group exists; that is another domain's to know.
    public init(store: StoreID, terms: PriceListTerms, actor: Actor, requestID: String? = nil) {
        self.store = store
        self.terms = terms
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `validation.failed`, `price_list.too_many`.
    public func run(in tx: borrowing Transaction) throws -> PriceList {
        try terms.requireOrder()
        // They are made seldom: one after the other, so that their number is known.
        try tx.lock("catalog.price_lists.\(store)")
        guard try PriceListTable.all(of: store, in: tx).rows().count < Catalog.mostPriceLists else {
            throw Problem(
                .conflict, "price_list.too_many", "A store has at most \(Catalog.mostPriceLists) price lists.")
        }
        let list = PriceList(
            id: tx.newIdentifier(), terms: terms, version: 1, createdAt: tx.now, updatedAt: tx.now)
        try PriceListTable.insert(list, store: store, in: tx)
        _ = try CurrencyTable.raiseVersion(of: store, in: tx)
        try EventLog.append([list.event("price_list.created", of: store, actor, requestID)], in: tx)
        return list
    }
}

/// Changes what a price list is about, or removes it.
public struct ChangePriceList: Sendable {
    private let store: StoreID
    private let id: PriceListID
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, id: PriceListID, actor: Actor, requestID: String?) {
        self.store = store
        self.id = id
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`, `validation.failed`.
    public func run(
        in tx: borrowing Transaction, change: (inout PriceListTerms) -> Void
    ) throws -> PriceList {
        var list = try locked(in: tx)
        let former = list.terms
        change(&list.terms)
        try list.terms.requireOrder()
        if list.terms == former { return list }
        let names = try ListedPriceTable.page(of: id, store: store, after: nil, limit: 1, in: tx)
        guard list.terms.currency == former.currency || names.isEmpty else {
            throw Problem.validation(
                "/currency", "fixed",
                "The list has prices in \(former.currency): make another for \(list.terms.currency).")
        }
        _ = try CurrencyTable.raiseVersion(of: store, in: tx)
        try save(&list, "price_list.updated", in: tx)
        return list
    }

    /// - Throws: `not_found`.
    public func remove(in tx: borrowing Transaction) throws {
        var list = try locked(in: tx)
        try PriceListTable.delete(id, store: store, in: tx)
        _ = try CurrencyTable.raiseVersion(of: store, in: tx)
        list.version += 1
        try EventLog.append([list.event("price_list.deleted", of: store, actor, requestID)], in: tx)
    }

    /// Sets prices of variants; those that are not named keep theirs.
    /// - Throws: `not_found`, `validation.failed` naming what is wrong by its place in the list.
    public func set(
        _ prices: [(variant: VariantID, price: Money, compareAt: Money?)], in tx: borrowing Transaction
    ) throws -> PriceList {
        var list = try locked(in: tx)
        var errors: [Problem.FieldError] = []
        for (index, entry) in prices.enumerated() {
            for (field, money) in [("price", entry.price), ("compare_at_price", entry.compareAt)] {
                guard let money, money.currency != list.terms.currency else { continue }
                errors.append(
                    .init(
                        pointer: "/prices/\(index)/\(field)/currency", code: "currency_mismatch",
                        detail: "The list is in \(list.terms.currency)."))
            }
        }
        guard errors.isEmpty else { throw Problem.validation(Array(errors.prefix(100))) }
        let saved = try prices.map { entry in
            try ListedPriceTable.save(
                ListedPrice(
                    list: id, variant: entry.variant, amount: entry.price.amount, compareAt: entry.compareAt?.amount),
                store: store, in: tx)
        }
        for (index, later) in saved.enumerated() where try later.rows().isEmpty {
            errors.append(
                .init(
                    pointer: "/prices/\(index)/variant_id", code: "unknown", detail: "There is no such variant."))
        }
        guard errors.isEmpty else { throw Problem.validation(Array(errors.prefix(100))) }
        try save(&list, "price_list.prices_changed", in: tx)
        return list
    }

    /// Leaves a variant to the list's percentage, or to other lists.
    /// - Throws: `not_found`.
    public func unset(_ variant: VariantID, in tx: borrowing Transaction) throws {
        var list = try locked(in: tx)
        guard try ListedPriceTable.delete(variant, of: id, store: store, in: tx) else {
            throw Problem.notFound("price")
        }
        try save(&list, "price_list.prices_changed", in: tx)
    }

    private func locked(in tx: borrowing Transaction) throws -> PriceList {
        guard let list = try PriceListTable.find(id, locking: true, store: store, in: tx) else {
            throw Problem.notFound("price list")
        }
        return list
    }

    private func save(_ list: inout PriceList, _ type: EventType, in tx: borrowing Transaction) throws {
        list.version += 1
        list.updatedAt = tx.now
        try PriceListTable.update(list, store: store, in: tx)
        try EventLog.append([list.event(type, of: store, actor, requestID)], in: tx)
    }
}

extension PriceList {
    fileprivate func event(
        _ type: EventType, of store: StoreID, _ actor: Actor, _ requestID: String?
    ) -> NewEvent {
        NewEvent(
            store: store, aggregate: Aggregate(kind: "price_list", id: id.uuid), version: version, type: type,
            actor: actor,
            data: .object([
                "price_list_id": JSON(id), "name": .string(terms.name), "currency": .string(terms.currency.code),
            ]), requestID: requestID)
    }
}
