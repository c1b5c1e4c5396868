import FoundationEssentials
import HTTPServer
import Persistence
import Primitives
import Testing

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

    /// An endpoint as the API target declares them.
    static func placeOrder(_ database: any Database, token: @escaping @Sendable (UUID) -> String) -> Endpoint {
        Endpoint(
            .post, "/api/v1/checkouts/{checkout}/order", "placeOrder",
            summary: "Complete a checkout: make its order",
            policy: Policy(
                .checkoutHolder, rateLimit: RateLimitClass("ordering", requests: 60, perSeconds: 60),
                idempotencyKey: .required),
            takes: .path(PathShape("checkout", .identifier(IdentifierKinds.Checkout.self)), body: newCheckout),
            answers: .created(made, orOK: true),
            problems: [.conflict: "stock.insufficient", .gone: "checkout.expired"]
        ) { call in
            let store = try call.store
            let request = try call.idempotency
            let answer = try await database.write("place order") { tx in
                // The claim travels with the first read.
                let claim = try IdempotencyKeys.claim(request, store: store, in: tx)
                if let earlier = try claim.earlierAnswer(in: tx) { return earlier }
                let value = Made(
                    id: call.path, total: try Money(Int64(call.body.lines.count), .pounds), email: call.body.email,
                    token: token(call.path.uuid))
                return try claim.keep(
                    StoredAnswer(status: 201, body: made.encode(value), resource: value.id.uuid, hiding: value.token),
                    in: tx)
            }
            return .stored(answer.revealing(token))
        }
    }
}

extension Currency {
    static var pounds: Currency { get throws { try #require(Currency("GBP")) } }
}
