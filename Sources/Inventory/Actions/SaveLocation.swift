public import Persistence
public import Primitives

/// Opens a location, or changes one.
public struct SaveLocation: Sendable {
    private let store: StoreID
    private let id: LocationID?
    private let change: @Sendable (inout Location) -> Void

    /// - Parameters:
    ///   - id: nil for a new one.
    ///   - change: given the location as it is; a new one is empty.
    public init(store: StoreID, id: LocationID? = nil, change: @escaping @Sendable (inout Location) -> Void) {
        self.store = store
        self.id = id
        self.change = change
    }

    /// - Throws: `not_found`, `location.name_taken`, `location.too_many`, `location.main` and `location.not_empty` for
    ///   one that cannot be closed.
    public func run(in tx: borrowing Transaction) throws -> Location {
        // Names and the number of locations are compared with those of all others.
        try tx.lock("inventory.locations.\(store)")
        let locations = try Inventory.locations(of: store, in: tx)
        var location: Location
        if let id {
            guard let found = locations.first(where: { $0.id == id }) else { throw Problem.notFound("location") }
            location = found
            // Whoever brings units here looks at this row first, and then they are seen below.
            _ = try LocationTable.lockActive(id, store: store, in: tx)
        } else {
            guard locations.count < Location.most else {
                throw Problem(.conflict, "location.too_many", "A store has at most \(Location.most) locations.")
            }
            location = Location(id: tx.newIdentifier(), name: "", priority: 100)
        }
        let wasActive = location.isActive
        change(&location)
        let saved = location
        guard !locations.contains(where: { $0.id != saved.id && $0.name.utf8.elementsEqual(saved.name.utf8) }) else {
            throw Problem(
                .conflict, "location.name_taken", "Another location has this name.",
                errors: [.init(pointer: "/name", code: "taken", detail: "Choose another name.")])
        }
        if wasActive, !location.isActive { try requireClosable(location.id, in: tx) }
        try LocationTable.save(location, store: store, in: tx)
        return location
    }

    private func requireClosable(_ id: LocationID, in tx: borrowing Transaction) throws {
        guard id != LocationID(main: store) else {
            throw Problem(
                .conflict, "location.main", "The main location cannot be closed; give it another name if it moves.",
                errors: [.init(pointer: "/active", code: "main", detail: "This is the main location.")])
        }
        guard try !StockLevelTable.holdsUnits(id, store: store, in: tx) else {
            throw Problem(
                .conflict, "location.not_empty", "Units are still there: transfer or write them off first.",
                errors: [.init(pointer: "/active", code: "not_empty", detail: "Units are still there.")])
        }
    }
}
