import Catalog
import Customers
import HTTPServer
import Orders
import Payments
import Persistence
import Pricing
import Primitives
import Stores
import UseCases

extension ShopAPI {
    var checkoutEndpoints: [Endpoint] { [startCheckout, getCheckout, changeCheckout, completeCheckout] }

    private static let holder = Policy(.checkoutHolder, rateLimit: .checkout)
    private static let path = PathShape("checkout", .identifier(IdentifierKinds.Checkout.self))

    private var startCheckout: Endpoint {
        Endpoint(
            .post, "/api/v1/checkouts", "startCheckout",
            summary: "Opens a checkout; its id is the secret that opens it",
            policy: Policy(.publishableOrSecretKey("checkouts:write"), rateLimit: .checkout),
            takes: .body(NewCheckout.shape), answers: .created(CheckoutView.shape),
            problems: [.invalid: "checkout.empty", .conflict: "delivery_window.full"]
        ) { call in
            let store = try await store(try call.store)
            let body = call.body
            if body.customer != nil, !call.caller.isStaff {
                throw Problem.validation("/customer_id", "unexpected", "Only a secret key names a customer.")
            }
            let book = try await priceBook(of: store)
            if let currency = body.currency { try book.require(currency, at: "/currency") }
            var random = SystemRandomNumberGenerator()
            let start = try StartCheckout(
                store: store.id, id: CheckoutID(.random128(using: &random)), lines: body.lines, contact: body.contact,
                deliveryMethod: body.deliveryMethod, deliveryWindow: body.deliveryWindow?.id, taxNumber: body.taxNumber,
                currency: body.currency, customer: body.customer)
            return .value(
                try await database.write("checkout.start") { tx in
                    if let customer = body.customer,
                        try Customers.customer(customer, of: store.id, in: tx) == nil
                    {
                        throw Problem.validation("/customer_id", "unknown", "There is no such customer.")
                    }
                    let quote = try CheckoutQuote.load(start.run(in: tx), store: store, book: book, in: tx)
                    try quote.requireAvailable()
                    try quote.delivery.requirePossible(body.choices)
                    return CheckoutView(quote, at: tx.now)
                })
        }
    }

    private var getCheckout: Endpoint {
        Endpoint(
            .get, "/api/v1/checkouts/{checkout}", "getCheckout", summary: "The checkout at today's prices",
            policy: Self.holder, takes: .path(Self.path), answers: .ok(CheckoutView.shape)
        ) { call in
            let store = try await store(try call.store)
            let id = call.path
            let book = try await priceBook(of: store)
            return .value(
                try await database.read("checkout.find") { tx in
                    guard let checkout = try Orders.checkout(id, of: store.id, in: tx) else {
                        throw Problem.notFound("checkout")
                    }
                    return CheckoutView(
                        try CheckoutQuote.load(checkout, store: store, book: book, in: tx), at: tx.now)
                })
        }
    }

    private var changeCheckout: Endpoint {
        Endpoint(
            .patch, "/api/v1/checkouts/{checkout}", "changeCheckout",
            summary: "Changes parts of an open checkout; lines are replaced whole", policy: Self.holder,
            takes: .path(Self.path, body: CheckoutPatch.shape), answers: .ok(CheckoutView.shape),
            problems: [
                .gone: "checkout.expired", .conflict: "checkout.completed", .invalid: "checkout.empty",
                .conflict: "delivery_window.full",
            ]
        ) { call in
            let store = try await store(try call.store)
            let change = call.body.change(of: call.path, store: store.id)
            let changesLines = call.body.lines != nil
            let choices = call.body.choices
            let book = try await priceBook(of: store)
            if let currency = call.body.currency { try book.require(currency, at: "/currency") }
            return .value(
                try await database.write("checkout.change") { tx in
                    let quote = try CheckoutQuote.load(change.run(in: tx), store: store, book: book, in: tx)
                    if changesLines { try quote.requireAvailable() }
                    try quote.delivery.requirePossible(choices)
                    return CheckoutView(quote, at: tx.now)
                })
        }
    }

    private var completeCheckout: Endpoint {
        Endpoint(
            .post, "/api/v1/checkouts/{checkout}/order", "completeCheckout",
            summary: "Turns the checkout into an order: one, however often it is asked for",
            policy: Policy(.checkoutHolder, rateLimit: .checkout, idempotencyKey: .required),
            takes: .path(Self.path, body: Completion.shape), answers: .created(PlacedOrderView.shape, orOK: true),
            problems: [
                .gone: "checkout.expired", .conflict: "stock.insufficient", .conflict: "checkout.changed",
                .conflict: "variant.unavailable", .conflict: "delivery_window.full",
                .invalid: "payment_method.unavailable",
            ]
        ) { call in
            let store = try await store(try call.store)
            let request = try call.idempotency
            let (id, body, requestID) = (call.path, call.body, call.requestID)
            if body.method == .card {
                return try await completeByCard(id, body, of: store, under: request, requestID: requestID)
            }
            let known = try await knownDelivery(of: store.id)
            let book = try await priceBook(of: store)
            return try await withOrderNumber(for: store.id) { number in
                let placement = OrderPlacement(
                    store: store, checkout: id, method: body.method, expectedTotal: body.expectedTotal, book: book,
                    number: number, knownDelivery: known, requestID: requestID)
                return try await database.write("order.place") { [tokens] tx in
                    let claim = try IdempotencyKeys.claim(request, store: store.id, in: tx)
                    let begun = try placement.begin(in: tx)
                    if let earlier = try claim.earlierAnswer(in: tx) {
                        return (earlier.revealing { tokens.token(for: OrderID($0), of: store.id) }, false)
                    }
                    let placed = try placement.run(begun, in: tx)
                    let answer = Self.answer(placed, token: tokens.token(for: placed.order.id, of: store.id))
                    return (try claim.keep(answer, in: tx), !placed.isRepeated)
                }
            }
        }
    }

    private static func answer(_ placed: OrderPlacement.Placed, token: String) -> StoredAnswer {
        answer(placed.order, placed.payment, isNew: !placed.isRepeated, token: token)
    }

    static func answer(_ order: Order, _ payment: Payment, isNew: Bool, token: String) -> StoredAnswer {
        let view = PlacedOrderView(order: order, token: token, payment: payment)
        return StoredAnswer(
            status: isNew ? 201 : 200, body: PlacedOrderView.shape.encode(view), resource: order.id.uuid, hiding: token)
    }

    /// Takes an order number for the closure, and gives it back unless an order has it or may have it.
    /// - Parameter make: returns the answer and whether the number was used.
    func withOrderNumber<Value>(
        for store: StoreID, make: (Int) async throws -> (StoredAnswer, isNumberUsed: Bool)
    ) async throws -> Answer<Value> {
        let number = try await numbers.take(for: store)
        do {
            let (answer, isNumberUsed) = try await make(number)
            if !isNumberUsed { await numbers.giveBack(number, to: store) }
            return .stored(answer)
        } catch let problem as Problem {
            await numbers.giveBack(number, to: store)
            throw problem
        }
    }
}
