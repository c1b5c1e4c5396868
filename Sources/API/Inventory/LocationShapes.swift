import HTTPServer
import Inventory
import Primitives

/// A location as it is answered.
struct LocationView: Sendable {
    let location: Location
    let isMain: Bool

    init(_ location: Location, of store: StoreID) {
        self.location = location
        isMain = location.id == LocationID(main: store)
    }

    static let shape = OutputShape<LocationView>.object(
        "Location",
        .field("id", .identifier(), \.location.id),
        .field("name", .text, \.location.name),
        .field("address", address, \.location.address),
        .field("active", .bool, \.location.isActive),
        .field(
            "priority", .integer.described("Units leave from the lowest number that has them."), \.location.priority),
        .field("main", .bool.described("Whether it holds what is nowhere else; it cannot be closed."), \.isMain))

    private static let address = OutputShape<LocationAddress>.object(
        "LocationAddress",
        .field("line1", .text, \.line1),
        .field("line2", .text, \.line2),
        .field("city", .text, \.city),
        .field("region", .text, \.region),
        .field("postal_code", .text, \.postalCode),
        .nullable("country", .text, { $0.country.isEmpty ? nil : $0.country }))
}

extension LocationAddress {
    static let input = InputShape<LocationAddress>.object(
        "NewLocationAddress",
        .optional("line1", .text(0...200), default: ""),
        .optional("line2", .text(0...200), default: ""),
        .optional("city", .text(0...200), default: ""),
        .optional("region", .text(0...100), default: ""),
        .optional("postal_code", .text(0...20), default: ""),
        .optional("country", .country)
    ) {
        LocationAddress(line1: $0, line2: $1, city: $2, region: $3, postalCode: $4, country: $5 ?? "")
    }
}

/// What is said of a location: nil leaves a part as it is.
struct LocationPatch: Sendable {
    let name: String?
    let address: LocationAddress?
    let isActive: Bool?
    let priority: Int?

    static let shape = InputShape<LocationPatch>.object(
        "LocationPatch",
        .optional("name", .text(1...100)),
        .optional("address", LocationAddress.input),
        .optional("active", .bool),
        .optional("priority", .integer(0...1000))
    ) { LocationPatch(name: $0, address: $1, isActive: $2, priority: $3) }

    static let newShape = InputShape<LocationPatch>.object(
        "NewLocation",
        .required("name", .text(1...100)),
        .optional("address", LocationAddress.input),
        .optional("active", .bool),
        .optional("priority", .integer(0...1000))
    ) { LocationPatch(name: $0, address: $1, isActive: $2, priority: $3) }

    func apply(to location: inout Location) {
        if let name { location.name = name }
        if let address { location.address = address }
        if let isActive { location.isActive = isActive }
        if let priority { location.priority = priority }
    }
}
