import Catalog
import DesignSystem
import Markup
import Primitives
import Stores

/// The form beside a list of products that narrows it down: values with their counts, prices, and the order.
///
/// It is sent like any form, so each list has an address of its own that can be kept and passed on.
struct ShelfFilters {
    let query: ShelfQuery
    let facets: ProductFacets
    let shop: Shop

    /// The most values of a group.
    private static let mostValues = 15

    private struct Group {
        let title: String
        let name: String
        let values: [ProductFacets.Count]
    }

    var html: HTML {
        form(.class("filters stack"), .action(query.page), .method(.get), .aria("label", "Filters")) {
            if !query.text.isEmpty { input(.type("hidden"), .name("q"), .value(query.text)) }
            Field(
                "sort", "Sort by", .select(orders), value: query.sort?.rawValue ?? "", isRequired: true
            ).html
            for (index, group) in groups.enumerated() { groupHTML(group, index) }
            priceFields
            if facets.soldOut > 0 || query.onlyAvailable {
                label(.class("tick")) {
                    input(.type("checkbox"), .name("available"), .value("1"), .checked(query.onlyAvailable))
                    span { "Only what is in stock" }
                    countHTML(facets.available)
                }
            }
            UI.button("Show products", .primary)
            if query.isNarrowed { a(.href(query.unfiltered.address)) { "Clear all filters" } }
        }
    }

    private var orders: [Field.Choice] {
        let first = query.text.isEmpty ? "Our order" : "Best match"
        return [
            .init("", first), .init(ProductSort.newest.rawValue, "Newest first"),
            .init(ProductSort.priceAscending.rawValue, "Price, lowest first"),
            .init(ProductSort.priceDescending.rawValue, "Price, highest first"),
            .init(ProductSort.title.rawValue, "Name"),
        ]
    }

    /// Groups in which there is something to choose.
    private var groups: [Group] {
        var groups: [Group] = []
        if query.category == nil {
            groups.append(Group(title: "Category", name: "category", values: facets.categories))
        }
        groups += facets.options.map { Group(title: $0.name, name: ShelfQuery.option + $0.name, values: $0.values) }
        groups.append(Group(title: "Brand", name: "vendor", values: facets.vendors))
        groups.append(Group(title: "Tag", name: "tag", values: facets.tags))
        return groups.filter { group in
            group.values.count > 1 || group.values.contains { query.isChosen(group.name, $0.value) }
        }
    }

    private func groupHTML(_ group: Group, _ index: Int) -> HTML {
        let isChosen = group.values.contains { query.isChosen(group.name, $0.value) }
        let first = group.values.prefix(Self.mostValues)
        let rest = group.values.dropFirst(Self.mostValues).filter { query.isChosen(group.name, $0.value) }
        return details(.open(isChosen || index == 0)) {
            summary { group.title }
            fieldset {
                legend(.class("visually-hidden")) { group.title }
                for count in first + rest {
                    label(.class("tick")) {
                        input(
                            .type("checkbox"), .name(group.name), .value(count.value),
                            .checked(query.isChosen(group.name, count.value)))
                        span { group.name == "tag" ? ShelfFilters.words(count.title) : count.title }
                        countHTML(count.count)
                    }
                }
            }
        }
    }

    private func countHTML(_ count: Int) -> HTML {
        span(.class("count")) {
            String(count)
            count == 1 ? Self.product : Self.products
        }
    }

    private static let product = span(.class("visually-hidden")) { " product" }
    private static let products = span(.class("visually-hidden")) { " products" }

    private var priceFields: HTML {
        let isOpen = !query.lowest.isEmpty || !query.highest.isEmpty
        return details(.open(isOpen)) {
            summary { "Price" }
            if let prices = facets.prices {
                p(.class("hint")) {
                    "From \(shop.ownMoney(prices.lowerBound).text) to \(shop.ownMoney(prices.upperBound).text)"
                }
            }
            div(.class("pair")) {
                // What is searched by is the catalogue's own price, whatever is shown.
                let unit = shop.currency == shop.store.currency ? "" : " (\(shop.store.currency.code))"
                priceField("min", "From\(unit)", query.lowest)
                priceField("max", "To\(unit)", query.highest)
            }
        }
    }

    private func priceField(_ name: String, _ title: String, _ value: String) -> HTML {
        let isWrong = !value.isEmpty && ShelfQuery.amount(value, shop.store.currency) == nil
        return Field(
            name, title, value: value, error: isWrong ? "Give an amount such as 12.50." : nil, isRequired: false,
            attributes: [.inputmode("decimal"), .maxlength(20), .autocomplete("off")]
        ).html
    }

    /// What was chosen, each with a link that takes it back.
    static func chosen(_ query: ShelfQuery, in shop: Shop) -> HTML {
        guard query.isNarrowed else { return .empty }
        return ul(.class("chosen"), .role("list"), .aria("label", "Chosen filters")) {
            for choice in query.choices { chosenItem(title(of: choice, in: shop), query.without(choice)) }
            if query.onlyAvailable { chosenItem("In stock", query.changed { $0.onlyAvailable = false }) }
            if let lowest = ShelfQuery.amount(query.lowest, shop.store.currency) {
                chosenItem("From \(shop.ownMoney(lowest).text)", query.changed { $0.lowest = "" })
            }
            if let highest = ShelfQuery.amount(query.highest, shop.store.currency) {
                chosenItem("Up to \(shop.ownMoney(highest).text)", query.changed { $0.highest = "" })
            }
        }
    }

    private static func chosenItem(_ title: String, _ rest: ShelfQuery) -> HTML {
        li {
            a(.href(rest.address), .class("chosen-filter")) {
                span(.class("visually-hidden")) { "Remove the filter " }
                title
                span(.aria("hidden", "true")) { "×" }
            }
        }
    }

    private static func title(of choice: ShelfQuery.Choice, in shop: Shop) -> String {
        switch choice.name {
        case "category": shop.categories.first { $0.handle == choice.value }?.title ?? choice.value
        case "tag": words(choice.value)
        case "vendor": choice.value
        default: "\(choice.name.dropFirst(ShelfQuery.option.count)): \(choice.value)"
        }
    }

    /// `baked-today` reads `Baked today`.
    private static func words(_ tag: String) -> String {
        let text = String(decoding: tag.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
