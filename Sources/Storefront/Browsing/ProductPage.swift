import Catalog
import DesignSystem
import Markup
import Primitives

/// A product: its picture, its price, and a form that puts it into the basket.
struct ProductPage {
    let shop: Shop
    let origin: String
    let shown: ShownProduct
    /// What was chosen, one value for each option, when the page is shown again.
    var chosen: [String]?
    var quantity = "1"
    /// Why it was not put into the basket.
    var error: String?

    private var card: ProductCard { shown.card }
    private var product: Product { card.product }

    /// More values than these go into a list that opens.
    private static let mostChips = 12

    func render(_ frame: Frame) -> [UInt8] {
        let listing = product.details
        let title = listing.seoTitle.isEmpty ? product.title : listing.seoTitle
        let description =
            listing.seoDescription.isEmpty ? PlainText.beginning(of: product.descriptionHTML) : listing.seoDescription
        var document = Document.shop(title, isListed: true, description: description)
        let page = PageDescription(
            origin: origin, title: title, description: description, address: "/products/\(product.handle)",
            image: product.images.first?.url, kind: "product")
        page.describe(&document, shop: shop)
        document.head = .list([document.head, script(linkedData: page.linkedData(of: shown, in: shop))])
        return frame.page(document) {
            div(.class("stack")) {
                UI.breadcrumbs(trail)
                article(.class("product split even")) {
                    gallery
                    div(.class("stack")) {
                        div(.class("stack tight")) {
                            if !product.vendor.isEmpty { p(.class("muted small-text")) { product.vendor } }
                            h1 { product.title }
                            p(.id("price"), .aria("live", "polite")) { price }
                            if let note = shop.priceNote, offered != nil { p(.class("hint")) { note } }
                            p(.id("availability"), .class("small-text")) { availability(offered) }
                        }
                        buyForm
                        if !product.descriptionHTML.isEmpty {
                            div(.class("prose")) { HTML(sanitizing: product.descriptionHTML) }
                        }
                        if !product.tags.isEmpty {
                            p(.class("row")) { for tag in product.tags.prefix(8) { UI.badge(Self.words(tag)) } }
                        }
                    }
                }
                if !shown.related.isEmpty {
                    section(.class("section")) {
                        header { h2 { "Goes well with it" } }
                        productGrid(shown.related, in: shop, isBelowHeading: true)
                    }
                }
            }
        }
    }

    private var trail: [(title: String, address: WebAddress?)] {
        [("Home", "/")] + shown.trail.map { ($0.title, "/categories/\($0.handle)") } + [(product.title, nil)]
    }

    private var gallery: HTML {
        div(.class("gallery")) {
            div(.class("picture")) {
                let image = product.images.first
                ProductCard.picture(
                    image, alt: image.map { $0.alt.isEmpty ? product.title : $0.alt } ?? "", isLazy: false, side: 640)
            }
            if product.images.count > 1 {
                div(.class("more")) {
                    for image in product.images.dropFirst().prefix(4) {
                        div(.class("picture")) { ProductCard.picture(image, alt: image.alt, isLazy: true) }
                    }
                }
            }
        }
    }

    /// The variant that is chosen at first: one that can be bought, if there is one.
    private var offered: Variant? {
        if let chosen { return product.variants.first { $0.optionValues == chosen } }
        return product.variants.first { card.available($0) != 0 } ?? product.variants.first
    }

    private var price: HTML {
        guard let offered else { return .empty }
        return UI.price(
            shop.money(offered.priceMinorUnits), was: offered.compareAtPriceMinorUnits.map(shop.money))
    }

    private func availability(_ variant: Variant?) -> HTML {
        guard let variant else { return UI.badge("Not made in this combination") }
        if let words = card.backorder(variant) { return UI.badge(words, .warn) }
        switch card.available(variant) {
        case 0: return UI.badge("Sold out")
        case .some(let units) where units <= 5: return UI.badge("Only \(units) left", .warn)
        default: return UI.badge("In stock", .ok)
        }
    }

    private var buyForm: HTML {
        form(.class("stack"), .action("/basket"), .method(.post), .id("buy"), .data("variants", json: variantData)) {
            input(.type("hidden"), .name("product"), .value(product.handle))
            if let error { UI.alert(.danger, error) }
            for (index, option) in product.options.enumerated() { optionField(option, index) }
            if card.isSoldOut {
                p(.class("muted")) { "It is sold out at the moment. Look in again soon." }
            } else {
                div(.class("buy")) {
                    Field(
                        "quantity", "Quantity", .line(type: "number"), value: quantity, isRequired: true,
                        attributes: [.min("1"), .max("9999"), .step("1"), .inputmode("numeric"), .autocomplete("off")]
                    ).html
                    UI.button("Add to basket", .primary)
                }
            }
        }
    }

    private func optionField(_ option: ProductOption, _ index: Int) -> HTML {
        let name = "option-\(index)"
        let selected = offered.flatMap { $0.optionValues.indices.contains(index) ? $0.optionValues[index] : nil }
        if option.values.count > Self.mostChips {
            return Field(
                name, option.name, .select(option.values.map { .init($0, $0) }), value: selected ?? "",
                isRequired: true
            ).html
        }
        return fieldset(.class("fieldset")) {
            legend { option.name }
            div(.class("chips")) {
                for value in option.values {
                    label(.class("chip", isSoldOut(value, index) ? "sold-out" : nil)) {
                        input(
                            .type("radio"), .name(name), .value(value), .checked(value == selected), .required())
                        span {
                            value
                            chipPrice(value)
                        }
                    }
                }
            }
        }
    }

    /// Where there is one option only, each value has its price.
    private func chipPrice(_ value: String) -> HTML {
        guard product.optionNames.count == 1, card.hasSeveralPrices,
            let variant = product.variants.first(where: { $0.optionValues == [value] })
        else { return .empty }
        return Markup.small { shop.money(variant.priceMinorUnits).text }
    }

    private func isSoldOut(_ value: String, _ index: Int) -> Bool {
        product.variants.filter { $0.optionValues.indices.contains(index) && $0.optionValues[index] == value }
            .allSatisfy { card.available($0) == 0 }
    }

    /// For the script that shows the price of what is chosen: the same pieces as above, ready made.
    private var variantData: JSON {
        guard product.variants.count > 1 else { return [] }
        return .array(
            product.variants.map { variant in
                [
                    "options": .array(variant.optionValues.map { .string($0) }),
                    "price": .string(shop.money(variant.priceMinorUnits).text),
                    "was": .string(
                        variant.compareAtPriceMinorUnits.flatMap {
                            $0 > variant.priceMinorUnits ? shop.money($0).text : nil
                        } ?? ""),
                    "left": card.available(variant).map { JSON($0) } ?? .null,
                    "backorder": .string(card.backorder(variant) ?? ""),
                ]
            })
    }

    /// `baked-today` reads `Baked today`.
    private static func words(_ tag: String) -> String {
        let text = tag.replacing("-", with: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
