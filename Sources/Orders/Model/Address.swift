public import Primitives

/// Where something is delivered, in the parts that forms of all countries share.
public struct Address: Hashable, Sendable {
    public var name: String
    public var line1: String
    public var line2: String
    public var city: String
    /// State, province, county or prefecture.
    public var region: String
    public var postalCode: String
    /// ISO 3166-1 alpha-2.
    public var country: String
    /// Where it lies, when whoever took the address looked it up.
    public var coordinates: Coordinates?

    /// Degrees north and east.
    public struct Coordinates: Hashable, Sendable {
        public var latitude: Double
        public var longitude: Double

        public init(latitude: Double, longitude: Double) {
            self.latitude = latitude
            self.longitude = longitude
        }
    }

    public init(
        name: String, line1: String, line2: String = "", city: String, region: String = "", postalCode: String = "",
        country: String, coordinates: Coordinates? = nil
    ) {
        self.name = name
        self.line1 = line1
        self.line2 = line2
        self.city = city
        self.region = region
        self.postalCode = postalCode
        self.country = country
        self.coordinates = coordinates
    }

    var json: JSON {
        var object: JSONObject = [
            "name": .string(name), "line1": .string(line1), "line2": .string(line2), "city": .string(city),
            "region": .string(region), "postal_code": .string(postalCode), "country": .string(country),
        ]
        if let coordinates {
            object["coordinates"] = [.number(coordinates.latitude), .number(coordinates.longitude)]
        }
        return .object(object)
    }

    init?(json: JSON) {
        guard let name = json["name"]?.string, let line1 = json["line1"]?.string, let city = json["city"]?.string,
            let country = json["country"]?.string
        else { return nil }
        self.init(
            name: name, line1: line1, line2: json["line2"]?.string ?? "", city: city,
            region: json["region"]?.string ?? "", postalCode: json["postal_code"]?.string ?? "", country: country)
        let degrees = (json["coordinates"]?.array ?? []).compactMap(Self.number)
        if degrees.count == 2 { coordinates = Coordinates(latitude: degrees[0], longitude: degrees[1]) }
    }

    private static func number(_ json: JSON) -> Double? {
        switch json {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }
}

/// Who buys and where it goes.
public struct Contact: Hashable, Sendable {
    public var email: EmailAddress?
    public var phone: PhoneNumber?
    public var shippingAddress: Address?
    /// The buyer's own words; may be empty.
    public var note: String

    public init(
        email: EmailAddress? = nil, phone: PhoneNumber? = nil, shippingAddress: Address? = nil, note: String = ""
    ) {
        self.email = email
        self.phone = phone
        self.shippingAddress = shippingAddress
        self.note = note
    }
}
