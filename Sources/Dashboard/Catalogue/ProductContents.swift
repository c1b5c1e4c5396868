import Catalog
import DesignSystem
import HTTPServer
import Markup
import Pricing
import Primitives

/// The form of what a product is: what is said of it, and its variants.
struct ProductContents: Sendable {
    private let product: Product
    private let currency: Currency
    /// The tax classes of the store.
    private let classes: [TaxClass]
    /// The store's categories, each before those below it.
    private let tree: [CategoryDetails]
    private let typed: Form?
    private let faults: Faults
    /// What the fields say while nobody has typed.
    private let present: [String: String]
    /// The id that a new product will have.
    var newID: ProductID?

    init(
        product: Product, currency: Currency, classes: [TaxClass], tree: [CategoryDetails], typed: Form?,
        faults: Faults
    ) {
        self.product = product
        self.currency = currency
        self.classes = classes
        self.tree = tree
        self.typed = typed
        self.faults = faults
        present = Self.fields(of: product, currency)
    }

    private static func fields(of product: Product, _ currency: Currency) -> [String: String] {
        var fields = [
            "title": product.title, "status": product.status.rawValue, "handle": product.handle,
            "description": product.descriptionHTML, "type": product.details.type, "vendor": product.vendor,
            "tags": product.tags.joined(separator: ", "), "seo_title": product.details.seoTitle,
            "seo_description": product.details.seoDescription, "published_at": Moment.field(product.publishedAt),
            "unpublished_at": Moment.field(product.unpublishedAt),
        ]
        for variant in product.variants {
            for part in VariantEntry.Part.allCases { fields[part.field(variant.id)] = part.text(of: variant, currency) }
        }
        if product.isBlank, let variant = product.variants.first {
            fields[VariantEntry.Part.price.field(variant.id)] = ""
        }
        return fields
    }

    private var address: WebAddress {
        product.isBlank ? "/dashboard/products" : "/dashboard/products/\(product.id)"
    }

    var html: HTML {
        UI.card("Product") {
            form(
                .method(.post), .action(address), .class("stack"), .novalidate(),
                .when(typed != nil, .hx("morph-skip"))
            ) {
                names
                if !product.isBlank {
                    input(
                        .type("hidden"), .name(ShownFields.name),
                        .value(typed?[ShownFields.name] ?? ShownFields.text(present)))
                }
                if let newID {
                    input(
                        .type("hidden"), .name(NewProductEntry.id),
                        .value(typed?[NewProductEntry.id] ?? newID.description))
                }
                for variant in product.variants { self.variant(variant) }
                if product.isBlank { stock }
                options
                categories
                publication
                searchEngines
                metadata
                div { UI.button(product.isBlank ? "Add the product" : "Save", .primary) }
            }
        }
    }

    private func line(
        _ name: String, _ label: String, control: Field.Control = .line(type: "text"),
        hint: String? = nil, isRequired: Bool = false, attributes: [Attribute] = [.autocomplete("off")]
    ) -> HTML {
        Field(
            name, label, control, value: typed?[name] ?? present[name] ?? "", hint: hint, error: faults[name],
            isRequired: isRequired, attributes: attributes
        ).html
    }

    private var names: HTML {
        group {
            line("title", "Title", isRequired: true)
            line(
                "status", "Status",
                control: .select(ProductStatus.allCases.map { .init($0.rawValue, $0.words) }),
                hint: "Buyers see active products only", isRequired: true, attributes: [])
            line(
                "handle", "Address",
                hint: product.isBlank
                    ? "In /products/…; made from the title when empty"
                    : "In /products/…; the former address leads here",
                isRequired: !product.isBlank, attributes: [.autocomplete("off"), .spellcheck("false")])
            line(
                "description", "Description", control: .area,
                hint: "Text, or simple HTML: paragraphs, lists, links", attributes: [.rows(6)])
            div(.class("pair")) {
                line("type", "Type", hint: "Your own word for what it is, such as Bracelet")
                line("vendor", "Vendor")
            }
            line("tags", "Tags", hint: "With commas between them")
        }
    }

    private var publication: HTML {
        group {
            line(
                "published_at", "Shown from, UTC",
                control: .line(type: "datetime-local"), hint: "From the beginning when empty", attributes: [])
            line(
                "unpublished_at", "Shown until, UTC",
                control: .line(type: "datetime-local"), hint: "For good when empty", attributes: [])
        }
    }

    private var searchEngines: HTML {
        details(.open(faults["seo_title"] != nil || faults["seo_description"] != nil)) {
            summary { "Search engines" }
            div(.class("stack")) {
                line("seo_title", "Title for them", hint: "The product’s own when empty")
                line(
                    "seo_description", "Description for them", control: .area,
                    hint: "The beginning of the product’s own when empty", attributes: [.rows(3)])
            }
        }
    }

    private func variant(_ variant: Variant) -> HTML {
        let isOnly = product.variants.count == 1
        let parts: [VariantEntry.Part] = [.sku, .barcode, .weight, .weightUnit, .tax, .shipping]
        return fieldset(.class("fieldset")) {
            legend { isOnly ? "Price in \(currency.code)" : "\(variant.title), in \(currency.code)" }
            div(.class("stack tight")) {
                div(.class("pair")) {
                    line(
                        VariantEntry.Part.price.field(variant.id), "Price",
                        hint: variant.sku.isEmpty ? nil : variant.sku,
                        isRequired: true, attributes: Self.amount)
                    line(
                        VariantEntry.Part.compareAt.field(variant.id), "Former price",
                        hint: "Shown struck out beside it", attributes: Self.amount)
                    line(
                        VariantEntry.Part.cost.field(variant.id), "Cost",
                        hint: "What you pay for it; buyers never see it", attributes: Self.amount)
                }
                details(.open(parts.contains { faults[$0.field(variant.id)] != nil })) {
                    summary { isOnly ? "SKU, weight and tax" : "SKU, weight and tax of \(variant.title)" }
                    goods(variant)
                    if !isOnly { removal(of: variant) }
                }
            }
        }
    }

    private static let amount: [Attribute] = [.inputmode("decimal"), .autocomplete("off")]

    private func goods(_ variant: Variant) -> HTML {
        func name(_ part: VariantEntry.Part) -> String { part.field(variant.id) }
        return div(.class("stack tight")) {
            div(.class("pair")) {
                line(name(.sku), "SKU")
                line(name(.barcode), "Barcode", hint: "GTIN, EAN, UPC or ISBN as printed")
            }
            div(.class("pair")) {
                line(name(.weight), "Weight", attributes: Self.amount)
                line(
                    name(.weightUnit), "Unit",
                    control: .select(WeightUnit.allCases.map { .init($0.rawValue, $0.rawValue) }), isRequired: true,
                    attributes: [])
            }
            div(.class("pair")) {
                line(
                    name(.tax), "Taxed as",
                    control: .select(taxChoices(variant)), isRequired: true, attributes: [])
                line(
                    name(.shipping), "Delivery",
                    control: .select([.init("yes", "It is sent somewhere"), .init("no", "There is nothing to send")]),
                    isRequired: true, attributes: [])
            }
        }
    }

    private func removal(of variant: Variant) -> HTML {
        let ticked = typed?.values(ProductEntry.removal).contains(variant.id.description) ?? false
        return UI.tick(
            ProductEntry.removal, variant.id.description, "Remove \(variant.title) and its stock", isOn: ticked)
    }

    /// Those above a category's are in its name, so that each is understood by itself.
    private var categories: HTML {
        guard !tree.isEmpty else { return .empty }
        let present = product.categories.map(\.id.description)
        let ticked = typed?.values(CategoryChoice.box) ?? present
        let names = tree.filter { ticked.contains($0.id.description) }.map(\.title)
        let fault = faults[CategoryChoice.shown]
        return details(.open(fault != nil)) {
            summary { names.isEmpty ? "Categories" : "Categories: \(names.joined(separator: ", "))" }
            fieldset(.class("fieldset"), .id(CategoryChoice.shown)) {
                legend { "In these categories" }
                if let fault { p(.class("error")) { fault } }
                input(
                    .type("hidden"), .name(CategoryChoice.shown),
                    .value(typed?[CategoryChoice.shown] ?? present.joined(separator: " ")))
                div(.class("scroll-list")) {
                    for category in tree {
                        UI.tick(
                            CategoryChoice.box, category.id.description, category.path,
                            isOn: ticked.contains(category.id.description))
                    }
                }
            }
        }
    }

    /// Of a new product: later, each variant has its own.
    private var stock: HTML {
        line(
            NewProductEntry.onHand, "Units in the house",
            hint: "Of each variant; stock is not tracked when empty",
            attributes: [.inputmode("numeric"), .autocomplete("off")])
    }

    private var options: HTML {
        let present = product.options
        let places = 0..<ProductDraft.mostOptions
        let fault = faults[ProductEntry.confirmation]
        let isFaulty = places.contains { faults[OptionEntry.name($0)] ?? faults[OptionEntry.values($0)] != nil }
        return details(.open(isFaulty || fault != nil)) {
            summary { present.isEmpty ? "Options, such as size or colour" : "Options" }
            div(.class("stack tight")) {
                input(
                    .type("hidden"), .name(OptionEntry.shown),
                    .value(typed?[OptionEntry.shown] ?? OptionEntry.text(present)))
                for place in places {
                    let option = present.indices.contains(place) ? present[place] : nil
                    div(.class("pair")) {
                        Field(
                            OptionEntry.name(place), "Option \(place + 1)",
                            value: typed?[OptionEntry.name(place)] ?? option?.name ?? "",
                            error: faults[OptionEntry.name(place)], attributes: [.autocomplete("off")]
                        ).html
                        Field(
                            OptionEntry.values(place), "Values of option \(place + 1)", .area,
                            value: typed?[OptionEntry.values(place)] ?? OptionEntry.text(option?.values ?? []),
                            hint: "One on each line", error: faults[OptionEntry.values(place)], attributes: [.rows(3)]
                        ).html
                    }
                }
                p(.class("hint")) {
                    product.isBlank
                        ? "Each combination becomes a variant at the price above; you can change them afterwards."
                        : "A new value gets a variant for each combination, without stock and without prices in price "
                            + "lists. One that goes takes its variants and their stock along. One that is written over "
                            + "another renames it."
                }
                if let fault, !product.isBlank {
                    UI.tick(
                        ProductEntry.confirmation, "yes", "Remove these variants and their stock",
                        id: ProductEntry.confirmation, error: fault)
                }
            }
        }
    }

    /// The store's classes, and the variant's code where it is of another program.
    private func taxChoices(_ variant: Variant) -> [Field.Choice] {
        var choices = [Field.Choice("", "Ordinary goods")]
        choices += classes.map { Field.Choice($0.code, $0.title) }
        let code = variant.details.taxCode
        if !code.isEmpty, !classes.contains(where: { $0.code == code }) {
            choices.append(.init(code, "\(code), as ordinary goods"))
        }
        return choices + [.init(VariantEntry.untaxed, "Not taxed at all")]
    }

    /// What other programs keep with it, to be read: they would not know what became of it here.
    private var metadata: HTML {
        let own = product.details.metadata.map { (name: $0.key, value: $0.value) }
        let ofVariants = product.variants.flatMap { variant in
            variant.details.metadata.map { (name: "\(variant.title): \($0.key)", value: $0.value) }
        }
        let rows = own.sorted { $0.name < $1.name } + ofVariants.sorted { $0.name < $1.name }
        guard !rows.isEmpty else { return .empty }
        return details {
            summary { "What other programs keep with it" }
            UI.facts(rows.map { (name: $0.name, value: .text($0.value)) })
        }
    }
}
