import Catalog
import HTTPServer
import Inventory
import Orders
import Persistence
import Primitives
import Stores
import UseCases

/// What somebody has put into the basket: a checkout at today's prices, and what is left of each variant.
struct Basket: Sendable {
    static let cookie = "shipshape_basket"
    /// How many units are in it, for pages that are ready before anybody asks.
    static let countCookie = "shipshape_basket_count"
    static let mostOfALine = 9999
    /// Lines of a basket; more belong into an order by other means.
    static let mostLines = 100

    let quote: CheckoutQuote
    let displays: [VariantID: VariantDisplay]
    private let levels: [VariantID: StockLevel]

    var checkout: Checkout { quote.checkout }

    /// Units in it.
    var count: Int { checkout.lines.reduce(0) { $0 + $1.quantity } }

    /// Loads an open checkout; nil when there is none.
    static func load(_ id: CheckoutID, of shop: Shop, in tx: borrowing Transaction) throws -> Basket? {
        guard var checkout = try Orders.checkout(id, of: shop.store.id, in: tx) else { return nil }
        // In a currency that is not sold in any more nothing has a price; whoever orders agrees to this one.
        if let currency = checkout.currency, !shop.book.sells(in: currency) { checkout.currency = nil }
        return try Basket(checkout, of: shop, in: tx)
    }

    init(_ checkout: Checkout, of shop: Shop, in tx: borrowing Transaction) throws {
        let variants = checkout.lines.map(\.variant)
        let displays = try Catalog.displays(of: variants, of: shop.store.id, in: tx)
        let levels = try Inventory.levels(of: variants, store: shop.store.id, in: tx)
        quote = try CheckoutQuote.load(checkout, store: shop.store, book: shop.book, in: tx)
        self.displays = Dictionary(
            try displays.rows().map { ($0.variant, $0) }, uniquingKeysWith: { first, _ in first })
        self.levels = Dictionary(try levels.rows().map { ($0.variant, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What keeps a line from being ordered as it is, as a sentence for its buyer.
    func obstacle(_ index: Int) -> String? {
        let pointer = "/lines/\(index)/variant_id"
        if quote.unavailable.contains(where: { $0.pointer == pointer }) { return "This is no longer for sale." }
        let variant = checkout.lines[index].variant
        guard let available = levels[variant]?.orderable else { return nil }
        guard wanted(variant) > available else { return nil }
        return available == 0 ? "This is sold out." : "Only \(available) left."
    }

    /// What its buyer should know of a line: that some of it has to come first.
    func backorder(_ index: Int) -> String? {
        let variant = checkout.lines[index].variant
        guard obstacle(index) == nil, let level = levels[variant] else { return nil }
        let lacking = wanted(variant) - level.available
        guard lacking > 0 else { return nil }
        let words = Backorder.words(expectedAt: level.expectedAt)
        return level.available == 0 ? "\(words)." : "\(lacking) of these: \(words)."
    }

    private func wanted(_ variant: VariantID) -> Int {
        checkout.lines.filter { $0.variant == variant }.reduce(0) { $0 + $1.quantity }
    }

    var hasObstacles: Bool { checkout.lines.indices.contains { obstacle($0) != nil } }

    /// The total as a form carries it, in minor units and with its currency: `1000 EUR`.
    var totalToAgree: String { "\(quote.totals.total.amount) \(quote.totals.currency.code)" }

    /// The total that a form agrees to; nil when it says none in the basket's currency. The currency may have been
    /// changed on another page since, and as many units of another one are another total.
    func agreedTotal(_ text: String) -> Money? {
        let currency = quote.totals.currency
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1] == currency.code else { return nil }
        // ignored: an amount beyond the limits is none that was shown
        return Int64(parts[0]).flatMap { try? Money($0, currency) }
    }

    /// The number in the cookie, as far as it is one.
    static func count(_ cookie: String?) -> Int {
        min(100, max(0, cookie.flatMap { Int($0) } ?? 0))
    }
}

extension Storefront {
    /// The basket's id that the browser sent.
    func basketID(_ cookie: String?) -> CheckoutID? { cookie.flatMap { CheckoutID($0) } }

    /// The cookies that remember a basket for as long as its checkout lives.
    func cookies(for basket: Checkout) -> [Cookie] {
        let seconds = Int(Orders.checkoutLifetimeSeconds)
        let count = basket.lines.reduce(0) { $0 + $1.quantity }
        return [
            Cookie(Basket.cookie, basket.id.description, maxAgeSeconds: seconds),
            Cookie(Basket.countCookie, String(count), maxAgeSeconds: seconds),
        ]
    }

    /// The cookies that forget it.
    var noBasket: [Cookie] {
        [Basket.cookie, Basket.countCookie].map { Cookie($0, "", maxAgeSeconds: 0) }
    }
}
