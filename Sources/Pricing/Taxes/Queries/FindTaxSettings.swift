public import Persistence
public import Primitives

/// A store's settings with their version, which a change has to name.
public struct StoredTaxSettings: Hashable, Sendable {
    public let settings: TaxSettings
    /// 0 while nothing was ever set.
    public let version: Int
    public let updatedAt: Instant?

    public init(settings: TaxSettings, version: Int, updatedAt: Instant?) {
        self.settings = settings
        self.version = version
        self.updatedAt = updatedAt
    }
}

extension Pricing {
    /// The tax settings of a store, no row when there are none. Submitted now, read later.
    public static func laterTaxSettings(
        of store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<StoredTaxSettings> {
        try TaxSettingsTable.find(store, in: tx)
    }

    /// The tax settings of a store: those of one that charges nothing when there are none.
    public static func taxSettings(of store: StoreID, in tx: borrowing Transaction) throws -> StoredTaxSettings {
        try TaxSettingsTable.find(store, in: tx).rows().first
            ?? StoredTaxSettings(settings: .none, version: 0, updatedAt: nil)
    }

    /// The stores that were told anything about taxes, even that there are none.
    public static func storesWithTaxSettings(in tx: borrowing Transaction) throws -> Set<StoreID> {
        Set(try TaxSettingsTable.stores(in: tx))
    }
}
