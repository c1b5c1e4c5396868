public import Primitives

/// A tenant: one shop with one currency.
public struct Store: Hashable, Sendable {
    public let id: StoreID
    public let name: String
    public let currency: Currency
    /// ISO 3166-1 alpha-2.
    public let country: String
    public let createdAt: Instant

    public init(id: StoreID, name: String, currency: Currency, country: String, createdAt: Instant) {
        self.id = id
        self.name = name
        self.currency = currency
        self.country = country
        self.createdAt = createdAt
    }
}
