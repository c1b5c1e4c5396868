import Catalog
import DesignSystem
import Inventory
import Markup
import Persistence
import Primitives
import Stores

/// A product as lists show it.
struct ProductCard: Sendable {
    let product: Product
    let levels: [VariantID: StockLevel]

    /// The products at the prices of the currency that is shown, with what is left of each variant.
    static func cards(
        of products: [Product], shop: Shop, in tx: borrowing Transaction
    ) throws -> [ProductCard] {
        let variants = products.flatMap { $0.variants.map(\.id) }
        let levels = try Inventory.levels(of: variants, store: shop.store.id, in: tx)
        let priced = try Catalog.priced(products, in: shop.currency, by: shop.book, store: shop.store.id, in: tx)
        let byVariant = Dictionary(
            try levels.rows().map { ($0.variant, $0) }, uniquingKeysWith: { first, _ in first })
        return priced.map { ProductCard(product: $0, levels: byVariant) }
    }

    /// Units of a variant that can be bought; nil when more can be ordered than are there.
    func available(_ variant: Variant) -> Int? {
        levels[variant.id].flatMap { $0.orderableBeyond > 0 ? nil : $0.available }
    }

    /// What buyers are told of a variant that has to come first; nil when some are there, or none are sold.
    func backorder(_ variant: Variant) -> String? {
        guard let level = levels[variant.id], level.isBackordered else { return nil }
        return Backorder.words(expectedAt: level.expectedAt)
    }

    var isSoldOut: Bool { product.variants.allSatisfy { available($0) == 0 } }

    /// The cheapest variant.
    var cheapest: Variant? { product.variants.min { $0.priceMinorUnits < $1.priceMinorUnits } }

    var hasSeveralPrices: Bool { Set(product.variants.map(\.priceMinorUnits)).count > 1 }

    /// - Parameter isBelowHeading: whether a heading of the second order is above the list.
    func html(in shop: Shop, isFirst: Bool, isBelowHeading: Bool) -> HTML {
        let name = a(.href("/products/\(product.handle)")) { product.title }
        return li(.class("product-card")) {
            div(.class("picture")) { Self.picture(product.images.first, isLazy: !isFirst) }
            if isSoldOut {
                UI.badge("Sold out")
            } else if product.variants.contains(where: { ($0.compareAtPriceMinorUnits ?? 0) > $0.priceMinorUnits }) {
                UI.badge("Reduced", .danger)
            }
            if isBelowHeading { h3 { name } } else { h2 { name } }
            if !product.vendor.isEmpty { span(.class("vendor")) { product.vendor } }
            if let cheapest {
                span {
                    if hasSeveralPrices { span(.class("muted")) { "from " } }
                    UI.price(
                        shop.money(cheapest.priceMinorUnits),
                        was: hasSeveralPrices ? nil : cheapest.compareAtPriceMinorUnits.map(shop.money))
                }
            }
        }
    }

    /// A picture that takes its room before it has come. Beside a title it says nothing of its own.
    static func picture(_ image: ProductImage?, alt: String = "", isLazy: Bool, side: Int = 480) -> HTML {
        guard let image, let address = WebAddress(checking: image.copy?.path ?? image.url) else {
            return div(.class("no-picture"), .aria("hidden", "true")) { "·" }
        }
        return img(
            .src(address), .alt(alt), .width(String(image.copy?.width ?? side)),
            .height(String(image.copy?.height ?? side)),
            isLazy ? .loading("lazy") : .fetchpriority("high"), .decoding("async"))
    }
}

/// Cards in as many columns as there is room for.
func productGrid(_ cards: [ProductCard], in shop: Shop, isBelowHeading: Bool) -> HTML {
    div(.class("grid-frame")) {
        ul(.class("grid"), .role("list")) {
            for (index, card) in cards.enumerated() {
                card.html(in: shop, isFirst: index < 4, isBelowHeading: isBelowHeading)
            }
        }
    }
}

/// A product as its own page shows it.
struct ShownProduct: Sendable {
    let card: ProductCard
    /// The way to it: its first category, after those above.
    let trail: [Category]
    /// What is shown beside it.
    let related: [ProductCard]

    init(_ product: Product, shop: Shop, in tx: borrowing Transaction) throws {
        let store = shop.store.id
        let beside = try Catalog.related(to: product, of: store, limit: 4, in: tx)
        let cards = try ProductCard.cards(of: [product] + beside, shop: shop, in: tx)
        card = cards[0]
        related = Array(cards.dropFirst())
        guard let first = product.categories.first else {
            trail = []
            return
        }
        trail = try Catalog.ancestors(of: first.id, store: store, in: tx) + [first]
    }
}
