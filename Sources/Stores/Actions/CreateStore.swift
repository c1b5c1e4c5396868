public import Persistence
public import Primitives

/// Opens a store: it delivers everywhere, free, charges no tax, until told otherwise.
public struct CreateStore: Sendable {
    private let name: String
    private let currency: Currency
    private let country: String

    /// - Parameter country: ISO 3166-1 alpha-2, upper case.
    /// - Throws: `validation.failed`.
    public init(name: String, currency: String, country: String) throws(Problem) {
        guard !name.isEmpty, name.utf8.count <= 200, !name.unicodeScalars.contains(where: { $0.value < 32 }) else {
            throw .validation("/name", "length", "A store's name has 1 to 200 bytes and no control characters.")
        }
        guard let known = Currency(currency) else {
            throw .validation("/currency", "currency", "\(currency.prefix(16)) is no ISO 4217 currency.")
        }
        guard Country.isKnown(country) else {
            throw .validation("/country", "country", "\(country.prefix(16)) is no ISO 3166 country.")
        }
        self.name = name
        self.currency = known
        self.country = country
    }

    public func run(in tx: borrowing Transaction) throws -> Store {
        let store = Store(
            id: tx.newIdentifier(), name: name, currency: currency, country: country, createdAt: tx.now)
        try StoreTable.insert(store, in: tx)
        return store
    }
}
