import EventLog
public import Persistence
public import Primitives

/// Replaces how a store delivers, when nobody else did meanwhile. Orders that were placed keep what they agreed to.
public struct SaveDeliverySettings: Sendable {
    private let store: StoreID
    private let settings: DeliverySettings
    private let actor: Actor
    private let requestID: String?

    /// - Parameter settings: with the version that they are made from.
    /// - Throws: `validation.failed`.
    public init(
        store: StoreID, settings: DeliverySettings, actor: Actor, requestID: String?
    ) throws(Problem) {
        self.store = store
        self.settings = try settings.checked()
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `delivery_settings.changed`.
    public func run(in tx: borrowing Transaction) throws -> DeliverySettings {
        let saved = try DeliverySettingsTable.save(
            DeliveryDocument.encode(settings), expecting: settings.version, store: store, in: tx)
        guard let version = saved else {
            let sentence = "Somebody changed these settings meanwhile: read them again and repeat your change."
            throw Problem(
                .conflict, "delivery_settings.changed", sentence,
                errors: [.init(pointer: "/version", code: "changed", detail: sentence)])
        }
        var settings = settings
        settings.version = version
        try EventLog.append(
            [
                NewEvent(
                    store: store, aggregate: Aggregate(kind: "delivery_settings", id: store.uuid), version: version,
                    type: "delivery_settings.changed", actor: actor, data: ["version": JSON(version)],
                    requestID: requestID)
            ], in: tx)
        return settings
    }
}
