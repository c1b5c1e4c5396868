import Catalog
import DesignSystem
import Markup
import Stores

/// The shop's first page: what it has, at a glance.
struct HomePage: Sendable {
    let shop: Shop
    /// The first products of each category.
    let shelves: [[ProductCard]]
    /// Those that staff want to be seen here.
    var collections: [CollectionShelf] = []

    func render(_ frame: Frame) -> [UInt8] {
        let featured = featured
        return frame.page(.shop("", isListed: true, description: "\(shop.store.name): \(words).")) {
            section(.class("hero")) {
                div {
                    h1 { shop.store.name }
                    if !words.isEmpty { p { "\(words). Ordered in a minute, paid by card or when it arrives." } }
                    if let first = shop.categories.first {
                        UI.linkButton("Look at \(first.title)", "/categories/\(first.handle)", .primary)
                    }
                }
                div(.class("pictures"), .aria("hidden", "true")) {
                    for card in pictured.prefix(3) { ProductCard.picture(card.product.images.first, isLazy: false) }
                }
            }
            if featured.isEmpty {
                UI.empty("Nothing here yet", "The shop's first products will be shown here.")
            } else {
                section(.class("section")) {
                    header { h2 { "From every shelf" } }
                    productGrid(featured, in: shop, isBelowHeading: true)
                }
            }
            for shelf in collections where !shelf.cards.isEmpty {
                section(.class("section")) {
                    header {
                        h2 { shelf.collection.title }
                        a(.href("/collections/\(shelf.collection.handle)")) {
                            "See all"
                            span(.class("visually-hidden")) { " of \(shelf.collection.title)" }
                        }
                    }
                    productGrid(shelf.cards, in: shop, isBelowHeading: true)
                }
            }
            if shop.categories.count > 1 {
                section(.class("section")) {
                    header { h2 { "Everything we have" } }
                    ul(.class("tiles"), .role("list")) {
                        for category in shop.categories {
                            li { a(.class("tile"), .href("/categories/\(category.handle)")) { category.title } }
                        }
                    }
                }
            }
        }
    }

    private var words: String { shop.categories.prefix(6).map(\.title).joined(separator: ", ") }

    /// One of each category in turn.
    private var featured: [ProductCard] {
        var chosen: [ProductCard] = []
        for round in 0..<3 {
            for shelf in shelves where shelf.indices.contains(round) && !shelf[round].isSoldOut {
                if !chosen.contains(where: { $0.product.id == shelf[round].product.id }) { chosen.append(shelf[round]) }
            }
        }
        return Array(chosen.prefix(8))
    }

    private var pictured: [ProductCard] {
        featured.reversed().filter { !$0.product.images.isEmpty }
    }
}

/// Products of a category, or in which words occur.
struct ListPage {
    let title: String
    /// Without the place in the list.
    let address: WebAddress
    let cards: [ProductCard]
    let isFirst: Bool
    let hasMore: Bool

    func render(_ frame: Frame, isListed: Bool) -> [UInt8] {
        frame.page(.shop(title, isListed: isListed && isFirst)) {
            div(.class("stack")) {
                UI.breadcrumbs([("Home", "/"), (title, nil)])
                h1 { title }
                products(in: frame)
            }
        }
    }

    /// The products, and the way to more of them.
    @HTMLBuilder func products(in frame: Frame) -> HTML {
        if cards.isEmpty {
            UI.empty(
                frame.query.isEmpty ? "Nothing here" : "Nothing found",
                frame.query.isEmpty
                    ? "Type what you are looking for, or walk through the categories."
                    : "No product has all of these words. Try fewer or shorter ones."
            ) { UI.linkButton("To the first page", "/") }
        } else {
            productGrid(cards, in: frame.shop, isBelowHeading: false)
            UI.pagination(first: isFirst ? nil : address, next: next, more: "More products")
        }
    }

    private var next: WebAddress? {
        guard hasMore, let last = cards.last else { return nil }
        return address.description.contains("?")
            ? "\(address)&after=\(last.product.id)" : "\(address)?after=\(last.product.id)"
    }
}
