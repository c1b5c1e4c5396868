import HTTPServer
import Orders
import Pricing
import Primitives

extension Address {
    static let input = InputShape<Address>.object(
        "NewAddress",
        .required("name", .text(1...200)),
        .required("line1", .text(1...200)),
        .optional("line2", .text(0...200), default: ""),
        .required("city", .text(1...200)),
        .optional("region", .text(0...100), default: ""),
        .optional("postal_code", .text(0...20), default: ""),
        .required("country", .country),
        .optional("coordinates", Coordinates.input)
    ) {
        Address(
            name: $0, line1: $1, line2: $2, city: $3, region: $4, postalCode: $5, country: $6, coordinates: $7)
    }

    static let output = OutputShape<Address>.object(
        "Address",
        .field("name", .text, \.name),
        .field("line1", .text, \.line1),
        .field("line2", .text, \.line2),
        .field("city", .text, \.city),
        .field("region", .text, \.region),
        .field("postal_code", .text, \.postalCode),
        .field("country", .text, \.country),
        .nullable("coordinates", Coordinates.output, \.coordinates))
}

extension Address.Coordinates {
    static let input = InputShape<Address.Coordinates>.object(
        "NewCoordinates", .required("latitude", .number(-90...90)), .required("longitude", .number(-180...180))
    ) { Address.Coordinates(latitude: $0, longitude: $1) }

    static let output = OutputShape<Address.Coordinates>.object(
        "Coordinates", .field("latitude", .number, \.latitude), .field("longitude", .number, \.longitude))
}

extension TaxLine {
    static let output = OutputShape<TaxLine>.object(
        "TaxLine", .field("title", .text, \.title), .field("rate_ppm", .integer, \.partsPerMillion),
        .field("rate", .text) { TaxRate.percent($0.partsPerMillion) }, .field("amount", .money, \.amount))
}

extension OrderTaxes {
    /// How the buyer was taxed, in the engine's words.
    var way: TaxTreatment { TaxTreatment(rawValue: treatment) ?? .taxed }
}

extension InputShape where Value == String {
    /// The tax number of a business with its country's prefix, in its plain form; nothing takes it away.
    static var taxNumber: InputShape<String> {
        let prefixes = TaxNumber.prefixes.joined(separator: "|")
        return InputShape<String>.text(
            0...40, pattern: "^(?:|(?:\(prefixes))[0-9A-Za-z+*./ -]{2,38})$",
            expected: "A tax number such as DE136695976 is expected, with the country before it.",
            isAccepted: { $0.isEmpty || TaxNumber($0) != nil }
        ).map { text throws(Problem) in TaxNumber(text)?.description ?? "" }
    }
}

extension Totals {
    static let output = OutputShape<Totals>.object(
        "Totals",
        .field("subtotal", .money, \.subtotal),
        .field("discount", .money, \.discount),
        .field("shipping", .money, \.shipping),
        .field("tax", .money, \.tax),
        .field("total", .money, \.total))
}

/// The longest note on a checkout or an order, in Unicode scalars.
let longestNote = 5000
/// The most lines of an order.
let mostLines = 1000
/// How many units a line may ask for.
let lineQuantity = 1...1_000_000

extension InputShape where Value == Money {
    /// An amount that is not negative.
    static var price: InputShape<Money> {
        let amounts: ClosedRange<Int64> = 0...Money.limit
        return .money(amounts)
    }
}
