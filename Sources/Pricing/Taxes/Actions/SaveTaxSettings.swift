import EventLog
public import Persistence
public import Primitives

/// Replaces a store's tax settings as a whole.
public struct SaveTaxSettings: Sendable {
    private let store: StoreID
    private let settings: TaxSettings
    private let version: Int
    private let actor: Actor
    private let requestID: String?

    /// - Parameter version: of the settings that were changed; 0 when there were none. Whoever changed others is told.
    /// - Throws: `validation.failed` with the places.
    public init(
        store: StoreID, settings: TaxSettings, version: Int, actor: Actor, requestID: String?
    ) throws(Problem) {
        self.store = store
        self.settings = try settings.validated()
        self.version = version
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `settings.changed` when somebody else changed them meanwhile.
    public func run(in tx: borrowing Transaction) throws -> StoredTaxSettings {
        guard try TaxSettingsTable.replace(settings, version: version, store: store, in: tx) else {
            let now = try Pricing.taxSettings(of: store, in: tx).version
            throw Problem(
                .conflict, "settings.changed",
                "The tax settings have changed meanwhile: they are now version \(now), not \(version).",
                errors: [
                    .init(
                        pointer: "/version", code: "changed", detail: "Read them again and make your change to those.")
                ])
        }
        try EventLog.append(
            [
                NewEvent(
                    store: store, aggregate: Aggregate(kind: "tax_settings", id: store), version: version + 1,
                    type: "tax_settings.changed", actor: actor,
                    data: [
                        "zones": JSON(settings.zones.count), "prices_include_tax": .bool(settings.pricesIncludeTax),
                    ], requestID: requestID)
            ], in: tx)
        return StoredTaxSettings(settings: settings, version: version + 1, updatedAt: tx.now)
    }
}
