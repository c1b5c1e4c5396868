import HTTPServer
import Orders
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
        .required("country", .country)
    ) { name, line1, line2, city, region, postalCode, country throws(Problem) in
        Address(
            name: name, line1: line1, line2: line2, city: city, region: region, postalCode: postalCode,
            country: country)
    }

    static let output = OutputShape<Address>.object(
        "Address",
        .field("name", .text, \.name),
        .field("line1", .text, \.line1),
        .field("line2", .text, \.line2),
        .field("city", .text, \.city),
        .field("region", .text, \.region),
        .field("postal_code", .text, \.postalCode),
        .field("country", .text, \.country))
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
