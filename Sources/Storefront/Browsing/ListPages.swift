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
        return frame.page(.shop("", isListed: true, description: words.isEmpty ? nil : "\(shop.store.name): \(words)."))
        {
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

/// Products of a category, or that a search found, with what narrows them down.
struct ListPage: Sendable {
    let title: String
    let query: ShelfQuery
    let cards: [ProductCard]
    let found: FoundProducts
    /// Shown where nothing was found.
    var suggestions: [ProductCard] = []

    var isFirst: Bool { query.position == nil }

    func render(_ frame: Frame, isListed: Bool) -> [UInt8] {
        frame.page(.shop(title, isListed: isListed && isFirst && !query.isNarrowed)) {
            div(.class("stack")) {
                UI.breadcrumbs([("Home", "/"), (title, nil)])
                h1 { title }
                if query.isEmpty {
                    UI.empty("Nothing here", "Type what you are looking for, or walk through the categories.") {
                        UI.linkButton("To the first page", "/")
                    }
                } else {
                    correction
                    products(in: frame)
                }
            }
        }
    }

    /// The products with what narrows them down, and the way to more of them.
    func products(in frame: Frame) -> HTML {
        div(.class("shelf")) {
            if let facets = found.facets, found.total > 0 || query.isNarrowed {
                ShelfFilters(query: query, facets: facets, shop: frame.shop).html
            }
            div(.class("stack")) {
                div(.class("row spread")) {
                    p(.class("muted"), .role("status")) {
                        found.total == 1 ? "1 product" : "\(found.total) products"
                    }
                    ShelfFilters.chosen(query, in: frame.shop)
                }
                if cards.isEmpty {
                    nothing(frame)
                } else {
                    productGrid(cards, in: frame.shop, isBelowHeading: false)
                    UI.pagination(
                        first: isFirst ? nil : query.address,
                        next: found.next.map { query.address(at: $0) }, more: "More products")
                }
            }
        }
    }

    @HTMLBuilder private var correction: HTML {
        if let corrected = found.corrected, found.total > 0 {
            UI.alert(.info, "Nothing is called “\(query.text)” here. These are the results for “\(corrected)”.")
        }
    }

    /// What helps instead of an empty page: fewer filters, the categories, and what is new.
    @HTMLBuilder private func nothing(_ frame: Frame) -> HTML {
        if query.isNarrowed {
            UI.empty("Nothing found", "No product has all of this at once.") {
                UI.linkButton("Clear all filters", query.unfiltered.address, .primary)
            }
        } else if query.text.isEmpty {
            UI.empty("Nothing here yet", "This category is still empty.") { UI.linkButton("To the first page", "/") }
        } else {
            UI.empty("Nothing found", "No product has all of these words. Try fewer or shorter ones.") {
                UI.linkButton("To the first page", "/")
            }
            if !suggestions.isEmpty {
                section(.class("section")) {
                    header { h2 { "New in the shop" } }
                    productGrid(suggestions, in: frame.shop, isBelowHeading: true)
                }
            }
        }
    }
}
