import HTTPServer
import Orders
import Persistence
import Primitives
import Stores

extension Storefront {
    var currencyEndpoints: [Endpoint] { [chooseCurrency] }

    /// What the browser wants prices in.
    static let currencyCookie = "shipshape_currency"
    private static let rememberedSeconds = 365 * 24 * 3600

    /// Remembered by the browser; what is in the basket changes its currency too.
    private var chooseCurrency: Endpoint {
        Endpoint(
            .post, "/currency", "chooseCurrency", summary: "Shows prices in another currency",
            policy: Policy(.anyone, rateLimit: .checkout, bodyLimitBytes: 4 << 10), takes: .form, answers: .web
        ) { call in
            let shop = try await shop(in: call.body["currency"])
            var answer = WebAnswer.redirect(to: Self.path(of: call.header("Referer")))
            answer.cookies = [
                Cookie(Self.currencyCookie, shop.currency.code, maxAgeSeconds: Self.rememberedSeconds)
            ]
            guard let basket = basketID(call.cookie(Basket.cookie)) else { return .value(answer) }
            var change = ChangeCheckout(store: shop.store.id, id: basket)
            change.currency = .set(shop.currency == shop.store.currency ? nil : shop.currency)
            let changing = change
            do {
                _ = try await database.write("storefront.currency") { tx in try changing.run(in: tx) }
            } catch let problem as Problem
                where ["checkout.expired", "checkout.completed", "not_found"].contains(problem.code)
            {
                // The next page finds out what became of the basket.
            }
            return .value(answer)
        }
    }

    /// The page that the form was on, as a place of this shop, whatever else the address says.
    static func path(of referrer: String?) -> String {
        guard let referrer, let scheme = referrer.firstRange(of: "://") else { return "/" }
        let rest = referrer[scheme.upperBound...]
        guard let slash = rest.firstIndex(of: "/") else { return "/" }
        let path = String(rest[slash...].prefix { $0 != "#" })
        let isPlain = path.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
        guard isPlain, !path.hasPrefix("//"), path.utf8.count <= 2000 else { return "/" }
        // These addresses only take forms; the page that shows what they did is above them.
        if path.hasPrefix("/basket") { return "/basket" }
        if path.hasSuffix("/payment") { return String(path.dropLast("/payment".count)) }
        return path
    }
}
