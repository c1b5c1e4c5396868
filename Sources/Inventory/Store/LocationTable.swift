import Persistence
import Primitives

/// The SQL of `locations`. A main location has a row only once somebody described it.
enum LocationTable {
    static func all(of store: StoreID, in tx: borrowing Transaction) throws -> Later<Location> {
        try tx.later(
            """
            SELECT id, name, line1, line2, city, region, postal_code, country, priority, is_active
            FROM locations WHERE store_id = \(store) ORDER BY priority, id
            """
        ) { row in
            Location(
                id: try row[0], name: try row[1],
                address: LocationAddress(
                    line1: try row[2], line2: try row[3], city: try row[4], region: try row[5],
                    postalCode: try row[6], country: try row[7]), isActive: try row[9], priority: try row[8])
        }
    }

    static func save(_ location: Location, store: StoreID, in tx: borrowing Transaction) throws {
        let address = location.address
        try tx.execute(
            """
            INSERT INTO locations (store_id, id, name, line1, line2, city, region, postal_code, country, priority,
                is_active)
            VALUES (\(store), \(location.id), \(location.name), \(address.line1), \(address.line2), \(address.city),
                \(address.region), \(address.postalCode), \(address.country), \(location.priority),
                \(location.isActive))
            ON CONFLICT (store_id, id) DO UPDATE SET name = excluded.name, line1 = excluded.line1,
                line2 = excluded.line2, city = excluded.city, region = excluded.region,
                postal_code = excluded.postal_code, country = excluded.country, priority = excluded.priority,
                is_active = excluded.is_active
            """)
    }

    /// Whether units may come there, which stays so until the transaction ends.
    static func lockActive(_ location: LocationID, store: StoreID, in tx: borrowing Transaction) throws -> Bool? {
        try tx.first(
            """
            SELECT is_active FROM locations WHERE store_id = \(store) AND id = \(location)\(tx.forUpdate)
            """
        ) { try $0[0] }
    }
}
