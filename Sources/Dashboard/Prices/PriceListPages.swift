import Catalog
import Customers
import DesignSystem
import HTTPServer
import Markup
import Primitives

/// The fields that say what a price list is about.
struct PriceListFields {
    let typed: Form?
    let terms: PriceListTerms?
    let faults: Faults
    let book: PriceBook
    let groups: [CustomerGroup]

    var html: HTML {
        group {
            Field(
                "name", "Name", value: typed?["name"] ?? terms?.name ?? "", error: faults["name"], isRequired: true,
                attributes: [.autocomplete("off"), .maxlength(100)]
            ).html
            choice("currency", "Currency", currencyChoices, terms?.currency.code ?? book.base.code)
            choice("group", "For", groupChoices, terms?.group?.description ?? "")
            moment("starts_at", "Counts from", terms?.startsAt)
            moment("ends_at", "Counts until", terms?.endsAt)
            Field(
                "percent", "Change of all other prices in per cent",
                value: typed?["percent"] ?? terms?.adjustmentPPM.map(PriceListEntry.percent) ?? "",
                hint: "-10 makes cheaper what the list does not name; empty leaves it alone",
                error: faults["percent"], attributes: [.inputmode("text"), .autocomplete("off")]
            ).html
        }
    }

    /// Those that the store sells in, and the list's own where it no longer does.
    private var currencies: [Currency] {
        let own = terms.map(\.currency).flatMap { book.sells(in: $0) ? nil : $0 }
        return book.currencies + [own].compactMap(\.self)
    }

    private var currencyChoices: [Field.Choice] { currencies.map { Field.Choice($0.code, $0.code) } }

    private var groupChoices: [Field.Choice] {
        var choices = [Field.Choice("", "Everybody")]
        for group in groups { choices.append(Field.Choice(group.id.description, group.name)) }
        // Whoever saves such a list has to say whom it is for, so that it does not come to be for everybody.
        if let own = terms?.group, !groups.contains(where: { $0.id == own }) {
            choices.append(Field.Choice(own.description, "A group that is gone"))
        }
        return choices
    }

    private func choice(_ name: String, _ title: String, _ choices: [Field.Choice], _ value: String) -> HTML {
        Field(
            name, title, .select(choices), value: typed?[name] ?? value, error: faults[name], isRequired: true
        ).html
    }

    private func moment(_ name: String, _ title: String, _ value: Instant?) -> HTML {
        Field(
            name, title, .line(type: "datetime-local"),
            value: typed?[name] ?? value.map { String($0.description.prefix(16)) } ?? "", hint: "In UTC",
            error: faults[name]
        ).html
    }
}

/// The price lists of a store.
struct PriceListsPage: Sendable {
    let book: PriceBook
    let groups: [CustomerGroup]
    let counts: [PriceListID: Int]
    let now: Instant
    var typed: Form?
    var faults = Faults()

    var html: HTML {
        group {
            div(.class("page-head")) {
                h1 { "Price lists" }
                UI.linkButton("Currencies", "/dashboard/currencies")
            }
            p(.class("muted")) {
                "A list for a customer's group counts before those for everybody; of several the lowest price counts."
            }
            faults.summary
            div(.class("card flush")) {
                if book.lists.isEmpty {
                    UI.empty("No price lists yet", "Without one, everybody pays what the products say.")
                } else {
                    table
                }
            }
            UI.card("New price list") {
                form(.method(.post), .action("/dashboard/price-lists"), .class("stack"), .novalidate()) {
                    PriceListFields(typed: typed, terms: nil, faults: faults, book: book, groups: groups).html
                    div { UI.button("Add price list", .primary) }
                }
            }
        }
    }

    private var table: HTML {
        let columns: [UI.Column<PriceList>] = [
            .init("List") { list in
                a(.class("primary-link"), .href("/dashboard/price-lists/\(list.id)")) { list.terms.name }
            },
            .init("Status") { list in status(list) },
            .init("Currency") { list in list.terms.currency.code },
            .init("For") { list in audience(list) },
            .init("Per cent", isNumber: true) { list in percent(list) },
            .init("Prices", isNumber: true) { list in counts[list.id] ?? 0 },
        ]
        return UI.table("Price lists", book.lists, columns, rowAttributes: { [.id("row-\($0.id)")] })
    }

    private func audience(_ list: PriceList) -> String {
        guard let group = list.terms.group else { return "Everybody" }
        return groups.first { $0.id == group }?.name ?? "A group that is gone"
    }

    private func percent(_ list: PriceList) -> String {
        list.terms.adjustmentPPM.map(PriceListEntry.percent) ?? "–"
    }

    private func status(_ list: PriceList) -> HTML {
        if !book.sells(in: list.terms.currency) { return UI.badge("Currency not sold in", .warn) }
        if list.isActive(at: now) { return UI.badge("Counts", .ok) }
        if let startsAt = list.terms.startsAt, now < startsAt { return UI.badge("Not yet", .warn) }
        return UI.badge("Over")
    }
}

/// A price list: what it is about, and what it says of each variant.
struct PriceListPage: Sendable {
    let list: PriceList
    let book: PriceBook
    let groups: [CustomerGroup]
    let products: [Product]
    let prices: [ListedPrice]
    let text: String
    let after: ProductID?
    let next: ProductID?
    var typed: Form?
    var faults = Faults()

    private var address: WebAddress { "/dashboard/price-lists/\(list.id)" }
    private var currency: Currency { list.terms.currency }

    var html: HTML {
        group {
            UI.breadcrumbs([("Prices", "/dashboard/price-lists"), (list.terms.name, nil)])
            div(.class("page-head")) { h1 { list.terms.name } }
            faults.summary
            div(.class("columns")) {
                div(.class("stack")) {
                    search
                    editor
                }
                div(.class("stack")) {
                    UI.card("About") {
                        form(.method(.post), .action(address), .class("stack"), .novalidate()) {
                            PriceListFields(
                                typed: isAboutTyped ? typed : nil, terms: list.terms, faults: faults, book: book,
                                groups: groups
                            ).html
                            div { UI.button("Save", .primary) }
                        }
                    }
                    UI.card {
                        details(.id("remove")) {
                            summary { "Remove this price list" }
                            form(.method(.post), .action("\(address)/removal"), .class("stack")) {
                                p { "Orders keep the prices that they were placed at." }
                                div { UI.button("Remove price list", .danger) }
                            }
                        }
                    }
                }
            }
        }
    }

    private var isAboutTyped: Bool { typed?["name"] != nil }

    private var search: HTML {
        form(.method(.get), .action(address), .class("filters"), .role("search")) {
            div(.class("field search-field")) {
                label(.for("q")) { "Product, vendor, tag or SKU" }
                input(.type("search"), .id("q"), .name("q"), .class("input"), .value(text), .autocomplete("off"))
            }
            UI.button("Search")
            if !text.isEmpty { UI.linkButton("Clear", address, .quiet) }
        }
    }

    private struct Line {
        let product: Product
        let variant: Variant
    }

    private var editor: HTML {
        let lines = products.flatMap { product in product.variants.map { Line(product: product, variant: $0) } }
        return div(.class("card flush")) {
            if lines.isEmpty {
                UI.empty("No products", text.isEmpty ? "There is nothing to price yet." : "No product matches.")
            } else {
                form(.method(.post), .action("\(address)/prices"), .novalidate()) {
                    if !text.isEmpty { input(.type("hidden"), .name("q"), .value(text)) }
                    if let after { input(.type("hidden"), .name("after"), .value(after.description)) }
                    table(of: lines)
                    div(.class("table-foot row")) {
                        UI.button("Save prices", .primary)
                        UI.pagination(
                            first: after == nil ? nil : place(nil), next: next.map { place($0) },
                            more: "More products")
                    }
                }
            }
        }
    }

    private func table(of lines: [Line]) -> HTML {
        let columns: [UI.Column<Line>] = [
            .init("Variant") { line in title(of: line) },
            .init("Usual", isNumber: true) { line in usual(line.variant) },
            .init("Price in \(currency.code)") { line in
                field(
                    PricesEntry.field(line.variant.id), "Price of \(name(of: line))", price(of: line.variant)?.amount)
            },
            .init("Former price") { line in
                field(
                    PricesEntry.formerField(line.variant.id), "Former price of \(name(of: line))",
                    price(of: line.variant)?.compareAt)
            },
        ]
        return UI.table(
            "Prices in \(currency.code)", lines, columns, rowAttributes: { [.id("row-\($0.variant.id)")] })
    }

    private func title(of line: Line) -> HTML {
        group {
            a(.class("primary-link"), .href("/dashboard/products/\(line.product.id)")) { name(of: line) }
            if !line.variant.sku.isEmpty { div(.class("hint")) { line.variant.sku } }
        }
    }

    private func usual(_ variant: Variant) -> String {
        book.converted(variant.priceMinorUnits, to: currency).map { Price.text($0, currency) } ?? "–"
    }

    private func place(_ after: ProductID?) -> WebAddress {
        "\(address)?q=\(text)&after=\(after?.description ?? "")"
    }

    private func name(of line: Line) -> String {
        line.product.optionNames.isEmpty ? line.product.title : "\(line.product.title) – \(line.variant.title)"
    }

    private func price(of variant: Variant) -> ListedPrice? { prices.first { $0.variant == variant.id } }

    private func field(_ name: String, _ label: String, _ amount: Int64?) -> HTML {
        let error = faults[name]
        return group {
            input(
                .type("text"), .id(name), .name(name), .class("input"),
                .value(typed?[name] ?? amount.map { Price.field($0, currency) } ?? ""), .inputmode("decimal"),
                .autocomplete("off"), .aria("label", label), .aria("invalid", error == nil ? nil : "true"),
                .aria("describedby", error == nil ? nil : "\(name)-error"))
            if let error { p(.class("error"), .id("\(name)-error")) { error } }
        }
    }
}
