public import Persistence
public import Primitives

extension Pricing {
    /// How a store delivers. Submitted now, read later.
    /// - Parameter known: what a cache holds; when it is still right, its document is neither sent nor read again.
    public static func deliverySettings(
        of store: StoreID, known: DeliverySettings? = nil, in tx: borrowing Transaction
    ) throws -> PendingDeliverySettings {
        PendingDeliverySettings(
            store: store, known: known,
            row: try DeliverySettingsTable.find(store: store, known: known?.version ?? 0, in: tx))
    }

    /// How many orders the windows of a time have; those without any are absent. Submitted now, read later.
    public static func takenWindows(
        of store: StoreID, from: Instant, through: Instant, in tx: borrowing Transaction
    ) throws -> Later<(WindowKey, Int)> {
        try DeliveryWindowTable.taken(of: store, from: from, through: through, in: tx)
    }

    /// The orders that have a window in a time, in the order of the windows.
    public static func bookings(
        of store: StoreID, from: Instant, through: Instant, limit: Int, in tx: borrowing Transaction
    ) throws -> [(WindowKey, OrderID)] {
        try DeliveryBookingTable.page(of: store, from: from, through: through, limit: limit, in: tx)
    }

    /// Windows whose count is not that of their orders; empty in a sound database.
    public static func contradictions(in tx: borrowing Transaction) throws -> [String] {
        try DeliveryWindowTable.contradictions(in: tx)
    }
}

/// Settings that are on their way.
public struct PendingDeliverySettings {
    // Checkouts, pages and orders read the settings each time, of which most never change.
    private static let parsed = ParsedDocuments<DeliverySettings>(capacity: 1000)

    let store: StoreID
    let known: DeliverySettings?
    let row: Later<(version: Int, document: String)>

    /// The settings; nil while the store has none of its own, and delivers as `DeliverySettings.initial` says.
    public func settings() throws -> DeliverySettings? {
        guard let row = try row.rows().first else { return nil }
        if let known, known.version == row.version { return known }
        var settings = try Self.parsed.value(of: row.document, store: store) { document in
            try DeliveryDocument.decode(document, version: row.version)
        }
        // Settings that were changed there and back are the same, under another version.
        settings.version = row.version
        return settings
    }
}
