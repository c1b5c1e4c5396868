public import Persistence
public import Primitives

extension Inventory {
    /// The locations of a store by their priorities; the main one is always there.
    public static func locations(of store: StoreID, in tx: borrowing Transaction) throws -> [Location] {
        let described = try LocationTable.all(of: store, in: tx).rows()
        guard !described.contains(where: { $0.id == LocationID(main: store) }) else { return described }
        return (described + [.main(of: store)]).sorted { ($0.priority, $0.id) < ($1.priority, $1.id) }
    }

    /// How many units of a variant are at each location: the main one, and those that have some.
    public static func units(
        of level: StockLevel, store: StoreID, in tx: borrowing Transaction
    ) throws -> [LocationLevel] {
        let parts = try StockLevelTable.all(of: [level.variant], store: store, in: tx)
        let locations = try locations(of: store, in: tx)
        let there = Dictionary(uniqueKeysWithValues: try parts.rows().map { ($0.spot.location, $0.onHand) })
        return locations.compactMap { location in
            if location.id == LocationID(main: store) {
                return LocationLevel(location: location, onHand: level.onHand - level.elsewhere)
            }
            return there[location.id].flatMap { $0 > 0 ? LocationLevel(location: location, onHand: $0) : nil }
        }
    }

    /// A page of all levels by variant, with where the units are.
    public static func spread(
        of store: StoreID, after: VariantID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [(level: StockLevel, units: [LocationLevel])] {
        try spread(of: StockTable.page(of: store, afterVariant: after, limit: limit, in: tx), store: store, in: tx)
    }

    /// The levels of those of the variants that are tracked, with where the units are.
    public static func spread(
        of variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [(level: StockLevel, units: [LocationLevel])] {
        try spread(of: StockTable.levels(of: variants, store: store, in: tx).rows(), store: store, in: tx)
    }

    private static func spread(
        of levels: [StockLevel], store: StoreID, in tx: borrowing Transaction
    ) throws -> [(level: StockLevel, units: [LocationLevel])] {
        let parts = try StockLevelTable.all(of: levels.map(\.variant), store: store, in: tx)
        let locations = try locations(of: store, in: tx)
        let there = Dictionary(uniqueKeysWithValues: try parts.rows().map { ($0.spot, $0.onHand) })
        return levels.map { level in
            let units = locations.compactMap { location -> LocationLevel? in
                if location.id == LocationID(main: store) {
                    return LocationLevel(location: location, onHand: level.atMain)
                }
                return there[StockSpot(variant: level.variant, location: location.id)].map {
                    LocationLevel(location: location, onHand: $0)
                }
            }
            return (level, units)
        }
    }

    /// A page of the history of stock, the newest first.
    public static func movements(
        _ filter: MovementFilter, of store: StoreID, after: StockMovementID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [StockMovement] {
        try MovementTable.page(filter, store: store, after: after, limit: limit, in: tx)
    }

    /// The units that lines of orders wait for.
    public static func backorders(
        of orders: [OrderID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [LineID: Int] {
        Dictionary(
            try ReservationTable.owed(to: orders, store: store, in: tx).map { ($0.claim.line, $0.claim.owed) },
            uniquingKeysWith: +)
    }

    /// - Throws: `not_found`.
    static func requireLocation(
        _ location: LocationID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> Location {
        guard let found = try locations(of: store, in: tx).first(where: { $0.id == location }) else {
            throw Problem.validation("/location_id", "unknown", "There is no such location.")
        }
        return found
    }

    /// Units may come to the location, and it stays open until the transaction ends. Ask before stock is locked.
    /// - Throws: `not_found`, `location.closed`.
    static func requireOpen(_ location: LocationID, of store: StoreID, in tx: borrowing Transaction) throws {
        guard location != LocationID(main: store) else { return }
        guard let isActive = try LocationTable.lockActive(location, store: store, in: tx) else {
            throw Problem.validation("/location_id", "unknown", "There is no such location.")
        }
        guard isActive else {
            throw Problem(
                .conflict, "location.closed", "This location is closed.",
                errors: [.init(pointer: "/location_id", code: "closed", detail: "Open it first.")])
        }
    }

    /// Where units leave from, by the locations' priorities. Nothing is asked where everything is at the main one.
    static func sources(for book: StockBook, in tx: borrowing Transaction) throws -> [LocationID] {
        guard book.isSpread else { return [LocationID(main: book.store)] }
        return try locations(of: book.store, in: tx).filter(\.isActive).map(\.id)
    }
}
