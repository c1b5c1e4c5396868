import Catalog
import DesignSystem
import HTTPServer
import Inventory
import Markup
import Pricing
import Primitives

extension ProductStatus {
    var words: String {
        switch self {
        case .draft: "Draft"
        case .active: "Active"
        case .archived: "Archived"
        }
    }

    var tone: Tone {
        switch self {
        case .active: .ok
        case .draft: .warn
        case .archived: .neutral
        }
    }
}

/// The products of a store, in the order they were made.
struct ProductListPage: Sendable {
    let products: [Product]
    let levels: [StockLevel]
    let currency: Currency
    let text: String
    let isBeginning: Bool
    /// Where the next page begins.
    let next: String?
    let position: Int64

    private var address: WebAddress {
        text.isEmpty ? "/dashboard/products" : "/dashboard/products?q=\(text)"
    }

    var html: HTML {
        group {
            div(.class("page-head")) {
                h1 { "Products" }
                UI.linkButton("Redirects", "/dashboard/redirects", .quiet)
                UI.linkButton("Import and export", "/dashboard/imports", .quiet)
                UI.linkButton("New product", "/dashboard/products/new")
            }
            form(.method(.get), .action("/dashboard/products"), .class("filters"), .role("search")) {
                div(.class("field search-field")) {
                    label(.for("q")) { "Title, vendor, tag or SKU" }
                    input(.type("search"), .id("q"), .name("q"), .class("input"), .value(text), .autocomplete("off"))
                }
                UI.button("Search")
                if !text.isEmpty { UI.linkButton("Clear", "/dashboard/products", .quiet) }
            }
            list
        }
    }

    private var list: HTML {
        div(
            .id("products"), .class("card flush"), .hx("get", address), .hx("select", "#products"),
            .hx("target", "this"), .hx("swap", "outerMorph"),
            .when(isBeginning, .hx("trigger", "product from:#live throttle:1s, stock from:#live throttle:1s"))
        ) {
            if products.isEmpty {
                if text.isEmpty {
                    UI.empty(
                        "No products yet",
                        "Add the first one, import a CSV file, or send them to the API: POST /api/v1/products."
                    ) { UI.linkButton("New product", "/dashboard/products/new") }
                } else {
                    UI.empty("No product matches", "Every word has to occur; the last may be a beginning.") {
                        UI.linkButton("Show all products", "/dashboard/products")
                    }
                }
            } else {
                table
                if next != nil || !isBeginning {
                    div(.class("table-foot")) {
                        UI.pagination(
                            first: isBeginning ? nil : address,
                            next: next.map { "\(address)\(text.isEmpty ? "?" : "&" as WebAddress)after=\($0)" },
                            more: "More products")
                    }
                }
            }
        }
    }

    private var table: HTML {
        UI.table(
            "Products", products,
            [
                .init("Product") { product in
                    a(.class("primary-link"), .href("/dashboard/products/\(product.id)")) { product.title }
                    if !product.vendor.isEmpty { div(.class("hint")) { product.vendor } }
                },
                .init("Status") { product in UI.badge(product.status.words, product.status.tone) },
                .init("Variants", isNumber: true) { product in product.variants.count },
                .init("Price", isNumber: true) { product in price(product) },
                .init("Available", isNumber: true) { product in available(product) },
            ], rowAttributes: { [.id("row-\($0.id)")] })
    }

    private func price(_ product: Product) -> String {
        let prices = product.variants.map(\.priceMinorUnits)
        guard let least = prices.min(), let most = prices.max() else { return "" }
        let from = Price.text(least, currency)
        return least == most ? from : "\(from) – \(Price.text(most, currency))"
    }

    private func available(_ product: Product) -> String {
        let own = levels.filter { level in product.variants.contains { $0.id == level.variant } }
        return own.isEmpty ? "Not tracked" : String(own.reduce(0) { $0 + $1.available })
    }
}

extension Price {
    /// As people read it, such as `£4.20`.
    static func text(_ minorUnits: Int64, _ currency: Currency) -> String {
        // ignored: what the catalogue holds was an amount once
        (try? Money(minorUnits, currency))?.text ?? field(minorUnits, currency)
    }
}

/// The page of a product.
struct ProductPage: Sendable {
    let product: Product
    let levels: [StockLevel]
    let currency: Currency
    let position: Int64
    /// The handles of the products that were chosen to be shown beside it.
    let related: [String]
    /// When it was looked at.
    let now: Instant
    /// The tax classes of the store.
    var classes: [TaxClass] = []
    /// The store's categories.
    var tree: [CategoryDetails] = []
    var forms = ProductForms()
    var images: ProductImagesCard

    init(
        product: Product, levels: [StockLevel], currency: Currency, position: Int64, related: [String], now: Instant,
        forms: ProductForms = ProductForms()
    ) {
        self.product = product
        self.levels = levels
        self.currency = currency
        self.position = position
        self.related = related
        self.now = now
        self.forms = forms
        images = ProductImagesCard(product: product, forms: forms)
    }

    private var address: WebAddress { "/dashboard/products/\(product.id)" }

    var html: HTML {
        div(
            .id("product"), .class("stack"), .hx("get", address), .hx("select", "#product"), .hx("target", "this"),
            .hx("swap", "outerMorph"),
            .hx("trigger", "product from:#live throttle:1s, stock from:#live throttle:1s, order from:#live throttle:1s")
        ) {
            UI.breadcrumbs([("Products", "/dashboard/products"), (product.title, nil)])
            div(.class("page-head")) {
                h1 { product.title }
                publication
            }
            forms.faults.summary
            div(.class("columns")) {
                contents
                div(.class("stack")) {
                    stock
                    images.html
                    beside
                    removal
                }
            }
        }
    }

    /// The form's name of what has to be ticked, for its faults.
    static let confirmation = "removal"

    private var removal: HTML {
        let fault = forms.faults[Self.confirmation]
        return UI.card("Remove") {
            p { "Orders keep what they say of it. To hide it from buyers, archive it instead." }
            form(.method(.post), .action("\(address)/removal"), .class("stack")) {
                UI.tick(
                    ProductEntry.confirmation, "yes", "Remove it and its stock", id: Self.confirmation, error: fault)
                div { UI.button("Remove the product", .danger) }
            }
        }
    }

    private var contents: HTML {
        ProductContents(
            product: product, currency: currency, classes: classes, tree: tree, typed: forms.product,
            faults: forms.faults
        ).html
    }

    /// Its status, and what the clock makes of it.
    @HTMLBuilder private var publication: HTML {
        if product.status != .active || product.isShown(at: now) {
            UI.badge(product.status.words, product.status.tone)
        } else if let from = product.publishedAt, from > now {
            UI.badge("Shown from \(from.text)", .warn)
        } else {
            UI.badge("No longer shown", .neutral)
        }
    }

    private var beside: HTML {
        let typed = forms.related
        return UI.card("Related products") {
            form(
                .method(.post), .action("\(address)/related"), .class("stack"), .novalidate(),
                .when(typed != nil, .hx("morph-skip"))
            ) {
                Field(
                    "related", "Shown beside it", .area, value: typed?["related"] ?? related.joined(separator: "\n"),
                    hint: "Handles of products, one on each line; others of its categories follow",
                    error: forms.faults["related"], attributes: [.rows(4), .spellcheck("false")]
                ).html
                div { UI.button("Save related products") }
            }
        }
    }

    private var stock: HTML {
        let typed = forms.stock
        return UI.card("Stock") {
            form(
                .method(.post), .action("\(address)/stock"), .class("stack"), .novalidate(),
                .when(typed != nil, .hx("morph-skip"))
            ) {
                for variant in product.variants {
                    let level = levels.first { $0.variant == variant.id }
                    Field(
                        StockEntry.field(variant.id), variant.title,
                        value: typed?[StockEntry.field(variant.id)] ?? level.map { String($0.atMain) } ?? "",
                        hint: level.map {
                            "\($0.elsewhere > 0 ? "At the main location" : "In the house"); \($0.reserved) promised, "
                                + "\($0.available) available"
                        }
                            ?? "Not tracked: give a number to track it",
                        error: forms.faults[StockEntry.field(variant.id)], isRequired: level != nil,
                        attributes: [.inputmode("numeric"), .autocomplete("off")]
                    ).html
                }
                div { UI.button("Save stock") }
            }
        }
    }
}
