import Catalog
import DesignSystem
import HTTPServer
import Markup
import Primitives
import UseCases

/// The collections of a store, and a form that adds one.
struct CollectionListPage: Sendable {
    let collections: [ProductCollection]
    let isBeginning: Bool
    let hasMore: Bool
    var typed: Form?
    var faults = Faults()

    var html: HTML {
        group {
            div(.class("page-head")) { h1 { "Collections" } }
            faults.summary
            div(.class("columns")) {
                div(.class("card flush")) {
                    if collections.isEmpty {
                        UI.empty(
                            "No collections yet", "A collection shows products together, whatever category they are in."
                        )
                    } else {
                        table
                        if hasMore || !isBeginning {
                            div(.class("table-foot")) {
                                UI.pagination(
                                    first: isBeginning ? nil : "/dashboard/collections",
                                    next: hasMore
                                        ? collections.last.map { "/dashboard/collections?after=\($0.handle)" } : nil,
                                    more: "More collections")
                            }
                        }
                    }
                }
                UI.card("A new collection") {
                    form(.method(.post), .action("/dashboard/collections"), .class("stack"), .novalidate()) {
                        Field(
                            "title", "Title", value: typed?["title"] ?? "", error: faults["title"], isRequired: true,
                            attributes: [.autocomplete("off")]
                        ).html
                        Field(
                            "tag", "By a rule, beginning with this tag", value: typed?["tag"] ?? "",
                            hint: "Leave it empty to choose the products by hand", error: faults["tag"],
                            attributes: [.autocomplete("off")]
                        ).html
                        div { UI.button("Add the collection", .primary) }
                    }
                }
            }
        }
    }

    private var table: HTML {
        UI.table(
            "Collections", collections,
            [
                .init("Collection") { collection in
                    a(.class("primary-link"), .href("/dashboard/collections/\(collection.id)")) { collection.title }
                },
                .init("Address") { collection in
                    a(.href("/collections/\(collection.handle)")) { "/collections/\(collection.handle)" }
                },
                .init("Products") { collection in
                    collection.rule == nil ? "Chosen by hand" : "By a rule"
                    if !collection.isSettled { UI.badge("Being found", .warn) }
                },
                .init("First page") { collection in collection.isFeatured ? "Shown" : "" },
            ], rowAttributes: { [.id("row-\($0.id)")] })
    }
}

/// The page of a collection.
struct CollectionStaffPage: Sendable {
    let collection: ProductCollection
    /// All that are chosen by hand, or the first that a rule found.
    let products: [Product]
    let count: Int
    let currency: Currency
    var typed: Form?
    var faults = Faults()
    var preview: CollectionPreview?

    private var address: WebAddress { "/dashboard/collections/\(collection.id)" }

    var html: HTML {
        group {
            UI.breadcrumbs([("Collections", "/dashboard/collections"), (collection.title, nil)])
            div(.class("page-head")) {
                h1 { collection.title }
                UI.linkButton("Look at it in the shop", "/collections/\(collection.handle)", .quiet)
            }
            faults.summary
            if let preview { told(preview) }
            div(.class("columns")) {
                UI.card("Collection") {
                    form(.method(.post), .action(address), .class("stack"), .novalidate()) {
                        essentials
                        if let rule = collection.rule { conditions(rule) } else { chosen }
                        rest
                        div(.class("row")) {
                            UI.button("Save", .primary, .name("action"), .value("save"))
                            if collection.rule != nil {
                                UI.button("Count what this finds", .normal, .name("action"), .value("preview"))
                            }
                        }
                    }
                }
                div(.class("stack")) {
                    contents
                    UI.card("Remove") {
                        p { "Its products stay." }
                        form(.method(.post), .action("\(address)/removal")) {
                            UI.button("Remove the collection", .danger)
                        }
                    }
                }
            }
        }
    }

    private func told(_ preview: CollectionPreview) -> HTML {
        let count = preview.matches == 1 ? "1 product" : "\(preview.matches) products"
        return UI.alert(
            .ok,
            preview.isWhole
                ? "This rule finds \(count)." : "This rule finds \(count) of the first \(preview.lookedAt)."
        ) {
            if !preview.titles.isEmpty { p { "Such as \(preview.titles.joined(separator: ", "))." } }
            p { "Nothing is saved yet." }
        }
    }

    @HTMLBuilder private var essentials: HTML {
        Field(
            "title", "Title", value: value("title", collection.title), error: faults["title"], isRequired: true,
            attributes: [.autocomplete("off"), .maxlength(255)]
        ).html
        Field(
            "order", "Order",
            .select(
                CollectionOrder.allCases.filter { $0 != .manual || collection.rule == nil }
                    .map { .init($0.rawValue, $0.words) }),
            value: value("order", collection.order.rawValue), error: faults["order"], isRequired: true
        ).html
        Field(
            "featured", "On the shop's first page", .select([.init("", "Not shown"), .init("yes", "Shown")]),
            value: value("featured", collection.isFeatured ? "yes" : "")
        ).html
    }

    private func conditions(_ rule: CollectionRule) -> HTML {
        let rows = CollectionEntry.rows(for: max(rule.conditions.count, typedRows))
        return fieldset(.class("fieldset")) {
            legend { "What its products have in common" }
            div(.class("stack tight")) {
                Field(
                    "matching", "Products meet",
                    .select([.init("all", "all of these conditions"), .init("any", "one of these conditions")]),
                    value: value("matching", rule.matching.rawValue), isRequired: true
                ).html
                for row in 0..<rows {
                    let condition = rule.conditions.indices.contains(row) ? rule.conditions[row] : nil
                    div(.class("filters")) {
                        Field(
                            "condition.\(row)", "Condition \(row + 1)",
                            .select([.init("", "None")] + ConditionChoice.all.map { .init($0.value, $0.title) }),
                            value: value("condition.\(row)", condition.map(ConditionChoice.value) ?? ""),
                            error: faults["condition.\(row)"]
                        ).html
                        Field(
                            "value.\(row)", "Value \(row + 1)", value: value("value.\(row)", text(of: condition)),
                            error: faults["value.\(row)"], attributes: [.autocomplete("off")]
                        ).html
                    }
                }
                p(.class("hint")) { "Save to get room for more conditions. Prices are in \(currency.code)." }
            }
        }
    }

    private var chosen: HTML {
        Field(
            "products", "Products", .area,
            value: value("products", products.map(\.handle).joined(separator: "\n")),
            hint: "Their handles, one on each line, in the order in which they are shown", error: faults["products"],
            attributes: [.rows(10), .spellcheck("false")]
        ).html
    }

    @HTMLBuilder private var rest: HTML {
        Field(
            "handle", "Address", value: value("handle", collection.handle),
            hint: "In /collections/…; the former address leads here", error: faults["handle"],
            attributes: [.autocomplete("off"), .spellcheck("false")]
        ).html
        Field(
            "description", "Description", .area, value: value("description", collection.descriptionHTML),
            hint: "HTML; scripts and styles are left out", error: faults["description"]
        ).html
        Field(
            "image_url", "Picture", .line(type: "url"), value: value("image_url", collection.image?.url ?? ""),
            hint: "Its address on the web", error: faults["image_url"], attributes: [.autocomplete("off")]
        ).html
        Field(
            "image_alt", "What the picture shows", value: value("image_alt", collection.image?.alt ?? ""),
            error: faults["image_alt"]
        ).html
        Field(
            "seo_title", "Title for search engines", value: value("seo_title", collection.seoTitle),
            hint: "The title when empty", error: faults["seo_title"]
        ).html
        Field(
            "seo_description", "Description for search engines",
            value: value("seo_description", collection.seoDescription),
            hint: "The beginning of the description when empty", error: faults["seo_description"]
        ).html
    }

    private var contents: HTML {
        UI.card(count == 1 ? "1 product" : "\(count) products") {
            if !collection.isSettled {
                p { UI.badge("Being found", .warn) }
                p(.class("hint")) { "The products are being looked through. Load the page again in a moment." }
            }
            if products.isEmpty {
                p(.class("muted")) { "Nothing is in it." }
            } else {
                ul(.class("stack")) {
                    for product in products.prefix(20) {
                        li { a(.href("/dashboard/products/\(product.id)")) { product.title } }
                    }
                }
                if count > 20 { p(.class("hint")) { "And \(count - 20) more." } }
            }
        }
    }

    private var typedRows: Int {
        (0..<CollectionDraft.mostConditions).last { typed?["condition.\($0)"]?.isEmpty == false }.map { $0 + 1 } ?? 0
    }

    private func text(of condition: CollectionCondition?) -> String {
        guard let condition else { return "" }
        switch condition.field {
        case .tag, .vendor, .type, .title: return condition.text
        case .price: return Price.field(condition.number, currency)
        case .stock: return String(condition.number)
        }
    }

    private func value(_ name: String, _ present: String) -> String { typed?[name] ?? present }
}
