public import Primitives

/// A place where units are kept, such as a shop or a warehouse.
///
/// Every store has a main location from the first day: it holds what is not elsewhere and cannot be closed.
public struct Location: Hashable, Sendable {
    public let id: LocationID
    public var name: String
    public var address: LocationAddress
    /// Whether units may come here and leave from here.
    public var isActive: Bool
    /// Units leave from the active location with the lowest number that has them; then by id.
    public var priority: Int

    public init(
        id: LocationID, name: String, address: LocationAddress = LocationAddress(), isActive: Bool = true,
        priority: Int
    ) {
        self.id = id
        self.name = name
        self.address = address
        self.isActive = isActive
        self.priority = priority
    }

    /// The most locations of a store: all of them are read where one is chosen.
    public static let most = 100

    /// The location that every store has, as long as nobody has described it.
    public static func main(of store: StoreID) -> Location {
        Location(id: LocationID(main: store), name: "Main location", priority: 0)
    }
}

extension Identifier where Kind == IdentifierKinds.Location {
    /// The main location of a store.
    public init(main store: StoreID) {
        self.init(store.uuid)
    }
}

/// Where a location is; every part may be empty.
public struct LocationAddress: Hashable, Sendable {
    public var line1: String
    public var line2: String
    public var city: String
    public var region: String
    public var postalCode: String
    /// ISO 3166-1 alpha-2, or empty.
    public var country: String

    public init(
        line1: String = "", line2: String = "", city: String = "", region: String = "", postalCode: String = "",
        country: String = ""
    ) {
        self.line1 = line1
        self.line2 = line2
        self.city = city
        self.region = region
        self.postalCode = postalCode
        self.country = country
    }
}

/// A variant at a location.
struct StockSpot: Hashable {
    let variant: VariantID
    let location: LocationID
}

/// How many units of a variant are at a location.
public struct LocationLevel: Hashable, Sendable {
    public let location: Location
    public let onHand: Int
}
