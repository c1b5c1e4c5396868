import Catalog
import DesignSystem
import HTTPServer
import Inventory
import Markup
import Primitives

/// What is in the house, the variants of which least is available first.
struct StockPage: Sendable {
    let levels: [StockLevel]
    let variants: [SellableVariant]
    let after: StockPosition?
    let next: StockPosition?
    var typed: Form?
    var faults = Faults()
    let position: Int64

    private var address: WebAddress { after.map { "/dashboard/stock?after=\($0.text)" } ?? "/dashboard/stock" }

    var html: HTML {
        group {
            div(.class("page-head")) { h1 { "Stock" } }
            StockPart.links(.levels)
            p(.class("muted")) { "Variants that are tracked, the least available first." }
            faults.summary
            div(
                .id("stock"), .class("card flush"), .hx("get", address), .hx("select", "#stock"),
                .hx("target", "this"), .hx("swap", "outerMorph"),
                .hx("trigger", "stock from:#live throttle:1s, order from:#live throttle:1s")
            ) {
                if levels.isEmpty {
                    UI.empty("Nothing is tracked", "Give a variant a number of units on its product's page.") {
                        UI.linkButton("To the products", "/dashboard/products")
                    }
                } else {
                    table
                    if next != nil || after != nil {
                        div(.class("table-foot")) {
                            UI.pagination(
                                first: after == nil ? nil : "/dashboard/stock",
                                next: next.map { "/dashboard/stock?after=\($0.text)" }, more: "More")
                        }
                    }
                }
            }
        }
    }

    private var table: HTML {
        UI.table(
            "Stock", levels,
            [
                .init("Variant") { level in
                    a(.href("/dashboard/stock/items/\(level.variant)")) { strong { name(level.variant) } }
                    if let sku = variant(level.variant)?.sku, !sku.isEmpty { div(.class("hint")) { sku } }
                },
                .init("Available", isNumber: true) { level in
                    if level.isLow {
                        UI.badge(level.available == 0 ? "None" : "\(level.available) left", tone(level))
                    } else {
                        String(level.available)
                    }
                },
                .init("Promised", isNumber: true) { level in
                    level.reserved
                    if level.owed > 0 { div(.class("hint")) { "\(level.owed) back-ordered" } }
                },
                .init("Elsewhere", isNumber: true) { level in level.elsewhere },
                .init("In the house") { level in entry(level) },
            ], rowAttributes: { [.id("row-\($0.variant)")] })
    }

    private func entry(_ level: StockLevel) -> HTML {
        let field = StockEntry.field(level.variant)
        let value = typed?[field]
        let error = faults[field]
        return form(
            .method(.post), .action("/dashboard/stock"), .class("row inline-form"), .novalidate(),
            .when(value != nil, .hx("morph-skip"))
        ) {
            input(.type("hidden"), .name("variant"), .value(level.variant.description))
            if let after { input(.type("hidden"), .name("after"), .value(after.text)) }
            input(
                .type("text"), .id(field), .name(field), .class("input"), .value(value ?? String(level.atMain)),
                .inputmode("numeric"), .autocomplete("off"), .required(),
                .aria("label", "Units of \(name(level.variant)) in the house"),
                .aria("invalid", error == nil ? nil : "true"),
                .aria("describedby", error == nil ? nil : "\(field)-error"))
            Markup.button(
                .type("submit"), .class("button small"), .aria("label", "Save the stock of \(name(level.variant))")
            ) { "Save" }
            if let error { p(.class("error"), .id("\(field)-error")) { error } }
        }
    }

    private func variant(_ id: VariantID) -> SellableVariant? { variants.first { $0.id == id } }
    private func name(_ id: VariantID) -> String { variant(id)?.title ?? "No longer sold (\(id))" }
    private func tone(_ level: StockLevel) -> Tone { level.available == 0 ? .danger : .warn }
}
