import Catalog
import DesignSystem
import HTTPServer
import Orders
import Persistence
import Primitives
import Stores
import UseCases

extension Storefront {
    var basketEndpoints: [Endpoint] { [showBasket, addToBasket, changeBasketLine] }

    private static let buying = Policy(.anyone, rateLimit: .checkout, bodyLimitBytes: 64 << 10)

    private var showBasket: Endpoint {
        Endpoint(
            .get, "/basket", "showBasket", summary: "What is in the basket, at today's prices", policy: Self.buying,
            takes: .page, answers: .web
        ) { call in
            let shop = try await shop(in: call.cookie(Self.currencyCookie))
            guard let basket = try await basket(call.cookie(Basket.cookie), of: shop) else {
                return .value(emptyBasket(of: shop))
            }
            var answer = WebAnswer.shop(
                EncodedBody(BasketPage(basket: basket).render(Frame(shop: shop, basketCount: basket.count))))
            answer.cookies = cookies(for: basket.checkout)
            return .value(answer)
        }
    }

    private var addToBasket: Endpoint {
        Endpoint(
            .post, "/basket", "addToBasket", summary: "Puts units of a variant into the basket", policy: Self.buying,
            takes: .form, answers: .web
        ) { call in
            let shop = try await shop(in: call.cookie(Self.currencyCookie))
            let shown = try await shownProduct(Catalog.normalHandle(call.body["product"] ?? ""), of: shop)
            let choice = Choice(call.body, shown.card)
            guard let variant = choice.variant, let quantity = choice.quantity, choice.error == nil else {
                let frame = Frame(shop: shop, basketCount: Basket.count(call.cookie(Basket.countCookie)))
                let page = ProductPage(
                    shop: shop, origin: origin(), shown: shown, chosen: choice.values, quantity: choice.typedQuantity,
                    error: choice.error)
                return .value(.shop(EncodedBody(page.render(frame)), status: 422))
            }
            let checkout = try await put(quantity, of: variant, into: basketID(call.cookie(Basket.cookie)), of: shop)
            var answer = WebAnswer.redirect(to: "/basket")
            answer.cookies = cookies(for: checkout)
            return .value(answer)
        }
    }

    private var changeBasketLine: Endpoint {
        Endpoint(
            .post, "/basket/lines/{line}", "changeBasketLine", summary: "Changes how many units, or removes the line",
            policy: Self.buying, takes: .form(PathShape("line", .identifier(IdentifierKinds.Line.self))), answers: .web
        ) { call in
            let shop = try await shop(in: call.cookie(Self.currencyCookie))
            let isRemoval = call.body["action"] == "remove"
            guard let basket = try await basket(call.cookie(Basket.cookie), of: shop),
                let index = basket.checkout.lines.firstIndex(where: { $0.id == call.path })
            else { return .value(.redirect(to: "/basket")) }
            let typed = call.body["quantity"] ?? ""
            guard let quantity = isRemoval ? 0 : Choice.quantity(typed, least: 0) else {
                let page = BasketPage(
                    basket: basket, faultyLine: call.path, typedQuantity: typed)
                return .value(
                    .shop(EncodedBody(page.render(Frame(shop: shop, basketCount: basket.count))), status: 422))
            }
            if quantity == 0, basket.checkout.lines.count == 1 {
                // A checkout is never empty: the browser forgets it, and it expires.
                var answer = WebAnswer.redirect(to: "/basket")
                answer.cookies = noBasket
                return .value(answer)
            }
            let variant = basket.checkout.lines[index].variant
            let changed = try await change(basket.checkout.id, of: shop) { lines in
                lines.compactMap { line in
                    guard line.variant == variant else { return line }
                    return quantity == 0 ? nil : WantedLine(variant: variant, quantity: quantity)
                }
            }
            var answer = WebAnswer.redirect(to: "/basket")
            answer.cookies = changed.map(cookies(for:)) ?? noBasket
            return .value(answer)
        }
    }

    /// The open checkout behind the cookie.
    func basket(_ cookie: String?, of shop: Shop) async throws -> Basket? {
        guard let id = basketID(cookie) else { return nil }
        return try await database.read("storefront.basket") { tx in
            guard let basket = try Basket.load(id, of: shop, in: tx),
                basket.checkout.status(at: tx.now) == .open
            else { return nil }
            return basket
        }
    }

    func emptyBasket(of shop: Shop) -> WebAnswer {
        var answer = WebAnswer.shop(EncodedBody(BasketPage.empty(Frame(shop: shop))))
        answer.cookies = noBasket
        return answer
    }

    /// Adds to the basket that the browser has, or opens one.
    private func put(
        _ quantity: Int, of variant: VariantID, into basket: CheckoutID?, of shop: Shop
    ) async throws -> Checkout {
        if let basket {
            let changed = try await change(basket, of: shop) { lines in
                var lines = lines
                if let index = lines.firstIndex(where: { $0.variant == variant }) {
                    let sum = min(Basket.mostOfALine, lines[index].quantity + quantity)
                    lines[index] = WantedLine(variant: variant, quantity: sum)
                } else if lines.count < Basket.mostLines {
                    lines.append(WantedLine(variant: variant, quantity: quantity))
                } else {
                    throw Problem(.conflict, "basket.full", "The basket is full: order what is in it first.")
                }
                return lines
            }
            if let changed { return changed }
        }
        var random = SystemRandomNumberGenerator()
        let start = try StartCheckout(
            store: shop.store.id, id: CheckoutID(.random128(using: &random)),
            lines: [WantedLine(variant: variant, quantity: quantity)], contact: Contact(), deliveryMethod: nil,
            currency: shop.currency == shop.store.currency ? nil : shop.currency)
        return try await database.write("storefront.start") { tx in try start.run(in: tx) }
    }

    /// Changes the lines of an open checkout; nil when it is not open or has no line left.
    private func change(
        _ basket: CheckoutID, of shop: Shop,
        lines revise: @escaping @Sendable ([WantedLine]) throws -> [WantedLine]
    ) async throws -> Checkout? {
        do {
            return try await database.write("storefront.change") { tx in
                var change = ChangeCheckout(store: shop.store.id, id: basket)
                change.revisesLines = revise
                return try change.run(in: tx)
            }
        } catch let problem as Problem
            where ["checkout.expired", "checkout.completed", "checkout.empty", "not_found"].contains(problem.code)
        {
            return nil
        }
    }
}

/// What the form of a product's page asks for.
struct Choice {
    /// The variant, if there is such a one and some of it left.
    private(set) var variant: VariantID?
    /// One value for each option, as chosen.
    let values: [String]
    let typedQuantity: String
    let quantity: Int?
    /// A sentence for the buyer.
    private(set) var error: String?

    init(_ form: Form, _ card: ProductCard) {
        let product = card.product
        values = product.optionNames.indices.map { form["option-\($0)"] ?? "" }
        typedQuantity = form["quantity"] ?? "1"
        quantity = Self.quantity(typedQuantity, least: 1)
        let values = values
        guard let found = product.variants.first(where: { $0.optionValues == values }) else {
            error =
                values.contains("")
                ? "Choose one of each option." : "This is not made in that combination: choose another."
            return
        }
        if quantity == nil { error = "The quantity has to be a whole number from 1 to \(Basket.mostOfALine)." }
        if card.available(found) == 0 { error = "This is sold out." }
        variant = found.id
    }

    static func quantity(_ text: String, least: Int) -> Int? {
        let digits = text.filter { !$0.isWhitespace }
        guard digits.utf8.count <= 4, digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits)
        else { return nil }
        return number >= least && number <= Basket.mostOfALine ? number : nil
    }
}
