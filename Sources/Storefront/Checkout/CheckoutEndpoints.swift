import DesignSystem
import HTTPServer
import Markup
import Orders
import Payments
import Persistence
import Pricing
import Primitives
import Stores
import UseCases

extension Storefront {
    var checkoutEndpoints: [Endpoint] { [showCheckout, placeOrder] }

    private static let policy = Policy(
        .anyone, rateLimit: .checkout, bodyLimitBytes: 64 << 10, timeoutSeconds: 30)

    private var showCheckout: Endpoint {
        Endpoint(
            .get, "/checkout", "showCheckout", summary: "The form that turns the basket into an order",
            policy: Self.policy, takes: .page, answers: .web
        ) { call in
            let shop = try await shop(in: call.cookie(Self.currencyCookie))
            switch try await standing(call.cookie(Basket.cookie), of: shop) {
            case .none: return .value(.redirect(to: "/basket"))
            case .ordered(let order): return .value(leave(for: order, of: shop.store.id))
            case .open(let basket):
                let methods = try await payments.methods(of: shop.store.id)
                let form = CheckoutForm(basket.checkout, country: shop.store.country)
                return .value(page(CheckoutPage(basket: basket, form: form, paymentMethods: methods), of: shop))
            }
        }
    }

    private var placeOrder: Endpoint {
        Endpoint(
            .post, "/checkout", "placeOrder", summary: "Places the order, or shows the form again with what is wrong",
            policy: Self.policy, takes: .form, answers: .web
        ) { call in
            let shop = try await shop(in: call.cookie(Self.currencyCookie))
            let basket: Basket
            switch try await standing(call.cookie(Basket.cookie), of: shop) {
            case .none: return .value(.redirect(to: "/basket"))
            // Sent twice: the first made the order.
            case .ordered(let order): return .value(leave(for: order, of: shop.store.id))
            case .open(let open): basket = open
            }
            let methods = try await payments.methods(of: shop.store.id)
            let form = CheckoutForm(call.body, country: shop.store.country)
            var view = CheckoutPage(basket: basket, form: form, paymentMethods: methods)
            if call.body["action"] == "country" { return .value(page(view, of: shop)) }
            let delivery = basket.quote.delivery
            let isFetched = delivery.offers.contains { $0.id == form.delivery && $0.kind == .pickup }
            let needsAddress = basket.quote.needsShipping && !isFetched
            let faults = form.faults(needsAddress: needsAddress, payment: methods)
            var changed = form.change(
                of: basket.checkout.id, store: shop.store.id, needsAddress: needsAddress,
                methods: delivery.offers.map(\.id) + delivery.withheld.map(\.id), faults: faults)
            changed.currency = .set(basket.checkout.currency)
            let change = changed
            // What is acceptable is kept even when the rest is not: another page, another day.
            let kept = try await database.write("storefront.keep") { tx in
                // Only where the ways to deliver depend on what was typed are they asked for again.
                let checkout = try change.run(in: tx)
                return delivery.isConfigured ? try Basket(checkout, of: shop, in: tx) : nil
            }
            if let kept {
                view = CheckoutPage(basket: kept, form: form, paymentMethods: methods)
            }
            if call.body["action"] == "delivery" {
                view.faults = faults.filter { CheckoutForm.addressFields.contains($0.field) }
                return .value(page(view, of: shop, status: view.faults.isEmpty ? 200 : 422))
            }
            view.faults = faults + form.deliveryFaults(of: view.basket.quote.delivery, besides: faults)
            guard view.faults.isEmpty, let method = methods.first(where: { $0.rawValue == form.payment }) else {
                return .value(page(view, of: shop, status: 422))
            }
            guard let expected = basket.agreedTotal(form.expectedTotal) else {
                view.notice = .changedTotal
                return .value(page(view, of: shop, status: 409))
            }
            do {
                let placed = try await place(
                    basket.checkout.id, of: shop, method: method, offered: methods, expected: expected,
                    requestID: call.requestID)
                return .value(try await proceed(with: placed, of: shop, requestID: call.requestID))
            } catch let problem as Problem {
                guard let shown = try await explain(problem, view, of: shop) else { throw problem }
                return .value(shown)
            }
        }
    }

    /// What became of the basket.
    private enum Standing {
        case none
        case open(Basket)
        case ordered(OrderID)
    }

    private func standing(_ cookie: String?, of shop: Shop) async throws -> Standing {
        guard let id = basketID(cookie) else { return .none }
        return try await database.read("storefront.checkout") { tx in
            guard let basket = try Basket.load(id, of: shop, in: tx) else { return .none }
            switch basket.checkout.status(at: tx.now) {
            case .open: return .open(basket)
            case .completed: return basket.checkout.order.map(Standing.ordered) ?? .none
            case .expired: return .none
            }
        }
    }

    private func page(_ view: CheckoutPage, of shop: Shop, status: Int = 200) -> WebAnswer {
        let frame = Frame(shop: shop, basketCount: view.basket.count)
        var answer = WebAnswer.shop(EncodedBody(view.render(frame)), status: status, targets: payingTargets)
        answer.cookies = cookies(for: view.basket.checkout)
        return answer
    }

    /// The order's page, and no basket any more.
    private func leave(for order: OrderID, of store: StoreID) -> WebAnswer {
        var answer = WebAnswer.redirect(to: orderAddress(order, of: store).description)
        answer.cookies = noBasket
        return answer
    }

    private func place(
        _ checkout: CheckoutID, of shop: Shop, method: PaymentMethod, offered: [PaymentMethod], expected: Money,
        requestID: String
    ) async throws -> OrderPlacement.Placed {
        let number = try await numbers.take(for: shop.store.id)
        let placement = OrderPlacement(
            store: shop.store, checkout: checkout, method: method, offered: offered, expectedTotal: expected,
            book: shop.book, number: number, requestID: requestID)
        do {
            let placed = try await database.write("order.place") { tx in
                try placement.run(placement.begin(in: tx), in: tx)
            }
            if placed.isRepeated { await numbers.giveBack(number, to: shop.store.id) }
            return placed
        } catch let problem as Problem {
            await numbers.giveBack(number, to: shop.store.id)
            throw problem
        }
    }

    /// To the provider's page when the payment has one, otherwise to the order's.
    private func proceed(
        with placed: OrderPlacement.Placed, of shop: Shop, requestID: String
    ) async throws -> WebAnswer {
        guard placed.payment.method == .card, !placed.isRepeated else {
            return leave(for: placed.order.id, of: shop.store.id)
        }
        let address = orderAddress(placed.order.id, of: shop.store.id)
        var answer = leave(for: placed.order.id, of: shop.store.id)
        do {
            let payment = try await payments.begin(
                placed.payment, of: placed.order, store: shop.store, returnURL: "\(origin())\(address)/return",
                requestID: requestID)
            guard let page = payment.redirectURL else { return answer }
            answer = .redirect(to: page)
            answer.cookies = noBasket
            return answer
        } catch is Problem {
            // The order stands; its page offers to pay again.
            return answer
        }
    }

    /// The checkout again, with what changed meanwhile; nil for problems that it cannot explain.
    private func explain(_ problem: Problem, _ view: CheckoutPage, of shop: Shop) async throws -> WebAnswer? {
        guard let basket = try await basket(view.basket.checkout.id.description, of: shop) else { return nil }
        var view = CheckoutPage(basket: basket, form: view.form, paymentMethods: view.paymentMethods)
        switch problem.code {
        case "stock.insufficient": view.notice = .shortage
        case "checkout.changed": view.notice = .changedTotal
        case "variant.unavailable": view.notice = .unavailableLines
        case "delivery_window.full":
            let field = CheckoutForm.windowField(view.form.delivery)
            view.faults = [.init(field: field, sentence: "This window is full now: choose another.")]
        case "validation.failed" where problem.errors.allSatisfy({ $0.pointer.hasPrefix("/delivery") }):
            view.faults = view.form.faults(of: basket.quote.delivery)
            guard !view.faults.isEmpty else { return nil }
        case "payment_method.unavailable":
            view.faults = [.init(field: "payment", sentence: "This is not possible at the moment: choose another way.")]
        default: return nil
        }
        return page(view, of: shop, status: problem.kind == .conflict ? 409 : 422)
    }
}
