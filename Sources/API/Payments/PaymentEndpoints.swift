import HTTPServer
import Orders
import Payments
import Persistence
import Primitives
import Stores
import UseCases

extension ShopAPI {
    var paymentEndpoints: [Endpoint] { [retryPayment, receiveWebhook] }

    private static let order = PathShape("order", .identifier(IdentifierKinds.Order.self))
    private static let connection = PathShape("provider", .text(1...50), "connection", .text(1...64))

    private var retryPayment: Endpoint {
        Endpoint(
            .post, "/api/v1/orders/{order}/payments", "retryPayment",
            summary: "Another attempt to pay an order while its stock is kept",
            policy: Policy(
                .orderHolderOrSecretKey("orders:write"), rateLimit: .payment, idempotencyKey: .required),
            takes: .path(Self.order, body: Completion.shape), answers: .created(PaymentView.shape),
            problems: [
                .gone: "payment.too_late", .conflict: "payment.not_needed", .invalid: "payment_method.unavailable",
            ]
        ) { call in
            let store = try await store(try call.store)
            let request = try call.idempotency
            let (order, body, requestID) = (call.path, call.body, call.requestID)
            let standing = try await database.write("payments.claim_key") { tx in
                try IdempotencyKeys.claim(request, store: store.id, in: tx).standing(in: tx)
            }
            if case .answered(let earlier) = standing { return .stored(earlier) }
            do {
                let payment = try await desk.again(
                    order: order, store: store, method: body.method, returnURL: body.returnURL ?? "",
                    requestID: requestID)
                let answer = StoredAnswer(
                    status: 201, body: PaymentView.shape.encode(PaymentView(payment: payment)),
                    resource: payment.id.uuid)
                return .stored(try await keep(answer, under: request, store: store.id))
            } catch let problem as Problem {
                throw try await released(problem, request, store: store.id)
            }
        }
    }

    private var receiveWebhook: Endpoint {
        Endpoint(
            .post, "/api/v1/webhooks/{provider}/{connection}", "receiveWebhook",
            summary: "What a payment provider tells", policy: Policy(.anyone, rateLimit: .webhook),
            takes: .raw(Self.connection), answers: .ok(Self.received),
            problems: [.malformed: "signature.invalid", .unavailable: "webhook.not_stored"]
        ) { call in
            let (provider, connection) = call.path
            try await PaymentInbox(desk).receive(
                call.body.bytes, from: provider, connection: connection, header: { call.header($0) },
                at: clock.now(), requestID: call.requestID)
            return .value(())
        }
    }

    private static let received = OutputShape<Void>.object("Received", .field("received", .bool) { _ in true })

    /// Completes a checkout whose order is paid on a provider's page. The key is claimed with the order, the page is
    /// opened between transactions, and the answer is kept last. A request that was interrupted on the way goes on
    /// when it is sent again: the checkout says which order it became, and the payment's lease says who opens the page.
    func completeByCard(
        _ checkout: CheckoutID, _ body: Completion, of store: Store, under request: IdempotentRequest,
        requestID: String
    ) async throws -> Answer<PlacedOrderView> {
        let offered = try await desk.methods(of: store.id)
        let known = try await knownDelivery(of: store.id)
        let book = try await priceBook(of: store)
        let number = try await numbers.take(for: store.id)
        let (standing, placed): (IdempotencyStanding, OrderPlacement.Placed?)
        do {
            let placement = OrderPlacement(
                store: store, checkout: checkout, method: .card, offered: offered, expectedTotal: body.expectedTotal,
                book: book, number: number, knownDelivery: known, requestID: requestID)
            (standing, placed) = try await database.write("order.place_by_card") { tx in
                let claim = try IdempotencyKeys.claim(request, store: store.id, in: tx)
                let begun = try placement.begin(in: tx)
                let standing = try claim.standing(in: tx)
                if case .answered = standing { return (standing, nil as OrderPlacement.Placed?) }
                return (standing, try placement.run(begun, in: tx))
            }
        } catch let problem as Problem {
            await numbers.giveBack(number, to: store.id)
            throw problem
        }
        if placed?.isRepeated != false { await numbers.giveBack(number, to: store.id) }
        guard let placed else {
            guard case .answered(let earlier) = standing else { throw IdempotencyClaim.inProgress }
            return .stored(earlier.revealing { tokens.token(for: OrderID($0), of: store.id) })
        }
        do {
            let payment = try await desk.begin(
                placed.payment, of: placed.order, store: store, returnURL: body.returnURL ?? "", requestID: requestID)
            let answer = Self.answer(
                placed.order, payment, isNew: !placed.isRepeated || standing == .unanswered,
                token: tokens.token(for: placed.order.id, of: store.id))
            return .stored(try await keep(answer, under: request, store: store.id))
        } catch let problem as Problem {
            throw Self.retryable(problem)
        }
    }

    private func keep(
        _ answer: StoredAnswer, under request: IdempotentRequest, store: StoreID
    ) async throws -> StoredAnswer {
        try await database.write("payments.answer") { tx in
            try IdempotencyKeys.keep(answer, under: request, store: store, in: tx)
        }
    }

    /// A key whose request was refused is free again; one whose payment page is being opened stays taken.
    private func released(
        _ problem: Problem, _ request: IdempotentRequest, store: StoreID
    ) async throws -> Problem {
        guard problem.code != "payment.in_progress" else { return Self.retryable(problem) }
        try await database.write("payments.release_key") { tx in
            try IdempotencyKeys.release(request, store: store, in: tx)
        }
        return problem
    }

    /// Under an idempotency key, what another request is doing is being done under it.
    private static func retryable(_ problem: Problem) -> Problem {
        problem.code == "payment.in_progress" ? IdempotencyClaim.inProgress : problem
    }
}
