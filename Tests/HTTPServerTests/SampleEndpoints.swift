import HTTPServer
import Persistence
import Primitives

struct NewLine: Sendable, Equatable {
    var variant: VariantID
    var quantity: Int
}

struct NewCheckout: Sendable, Equatable {
    var lines: [NewLine]
    var email: EmailAddress?
    var note: String?
}

struct CheckoutChange: Sendable {
    var email: Patch<EmailAddress>
    var note: Patch<String>
}

enum Mood: String, CaseIterable, Sendable {
    case calm, busy
}

struct ListQuery: Sendable {
    var mood: Mood?
    var limit: Int
    var cursor: String?
}

struct Made: Sendable {
    var id: CheckoutID
    var total: Money
    var email: EmailAddress?
    var token: String
}

enum Samples {
    static let line = InputShape<NewLine>.object(
        "NewLine",
        .required("variant_id", .identifier(IdentifierKinds.Variant.self)),
        .optional("quantity", .integer(1...1_000_000), default: 1)
    ) { NewLine(variant: $0, quantity: $1) }

    static let newCheckout = InputShape<NewCheckout>.object(
        "NewCheckout",
        .required("lines", .array(of: line, least: 1, most: 1000)),
        .optional("email", .email),
        .optional("note", .multilineText(0...2000))
    ) { NewCheckout(lines: $0, email: $1, note: $2) }

    static let change = InputShape<CheckoutChange>.object(
        "CheckoutChange", .patch("email", .email), .patch("note", .multilineText(1...2000), emptiedBy: "")
    ) { CheckoutChange(email: $0, note: $1) }

    static let query = QueryShape<ListQuery>(
        .optional("mood", .oneOf(Mood.self)),
        .optional("limit", .integer(1...100), default: 20),
        .optional("cursor", .text(1...500))
    ) { ListQuery(mood: $0, limit: $1, cursor: $2) }

    static let made = OutputShape<Made>.object(
        "Checkout",
        .field("id", .identifier(), \.id),
        .field("total", .money, \.total),
        .nullable("email", .email, \.email),
        .field("token", .text, \.token))
}
