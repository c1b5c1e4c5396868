/// Where something goes, as far as it decides how it gets there.
public struct DeliveryDestination: Hashable, Sendable {
    /// ISO 3166-1 alpha-2.
    public var country: String
    public var region: String
    public var postalCode: String
    /// Known when whoever took the address looked it up.
    public var position: GeoPoint?

    public init(country: String, region: String = "", postalCode: String = "", position: GeoPoint? = nil) {
        self.country = country
        self.region = region
        self.postalCode = postalCode
        self.position = position
    }
}

/// A part of the world that methods of shipping serve. An address belongs to the first zone that has it, in the
/// order of the settings; the zone for everywhere else comes last wherever it stands.
public struct DeliveryZone: Hashable, Sendable {
    /// A country, or some of its regions or postal codes; no regions or codes for all of them.
    public struct Area: Hashable, Sendable {
        public var country: String
        /// As people write them in addresses; case does not matter.
        public var regions: [String]
        /// In the forms of `PostalPattern`.
        public var postalCodes: [String]

        public init(country: String, regions: [String] = [], postalCodes: [String] = []) {
            self.country = country
            self.regions = regions
            self.postalCodes = postalCodes
        }

        func contains(_ destination: DeliveryDestination) -> Bool {
            guard destination.country == country else { return false }
            let region = destination.region.lowercased()
            guard regions.isEmpty || regions.contains(where: { $0.lowercased() == region }) else { return false }
            return postalCodes.isEmpty
                || postalCodes.contains { PostalPattern($0)?.matches(destination.postalCode) == true }
        }
    }

    public var id: String
    public var title: String
    public var areas: [Area]
    /// Whether it takes every address that is in no other zone.
    public var isEverywhereElse: Bool

    public init(id: String, title: String, areas: [Area] = [], isEverywhereElse: Bool = false) {
        self.id = id
        self.title = title
        self.areas = areas
        self.isEverywhereElse = isEverywhereElse
    }
}

/// Around what a merchant delivers with a vehicle of their own: listed postal codes, a circle, or both.
public struct LocalArea: Hashable, Sendable {
    /// A postal code and where it lies.
    public struct PostalPoint: Hashable, Sendable {
        public var postalCode: String
        public var position: GeoPoint

        public init(postalCode: String, position: GeoPoint) {
            self.postalCode = postalCode
            self.position = position
        }
    }

    public var country: String
    /// In the forms of `PostalPattern`.
    public var postalCodes: [String]
    public var center: GeoPoint?
    public var radiusMeters: Int?
    /// Where the postal codes around lie, for addresses of which nobody looked up the position.
    public var points: [PostalPoint]

    public init(
        country: String, postalCodes: [String] = [], center: GeoPoint? = nil, radiusMeters: Int? = nil,
        points: [PostalPoint] = []
    ) {
        self.country = country
        self.postalCodes = postalCodes
        self.center = center
        self.radiusMeters = radiusMeters
        self.points = points
    }

    /// Whether an address is within; nil when there is a circle and nothing says where the address lies.
    func contains(_ destination: DeliveryDestination) -> Bool? {
        guard destination.country == country else { return false }
        if postalCodes.contains(where: { PostalPattern($0)?.matches(destination.postalCode) == true }) { return true }
        guard let center, let radiusMeters else { return false }
        let code = PostalPattern.compact(destination.postalCode)
        let listed = points.first { PostalPattern.compact($0.postalCode) == code }?.position
        guard let position = destination.position ?? listed else { return nil }
        return center.meters(to: position) <= Double(radiusMeters)
    }
}
