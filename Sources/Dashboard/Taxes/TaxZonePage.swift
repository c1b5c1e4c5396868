import DesignSystem
import HTTPServer
import Markup
import Pricing
import Primitives

/// A zone: where it is, and which taxes apply there.
struct TaxZonePage: Sendable {
    let stored: StoredTaxSettings
    /// Its place in the list; nil for a new one.
    let index: Int?
    var typed: Form?
    var faults = Faults()

    private var zone: TaxZone? { index.map { stored.settings.zones[$0] } }
    var title: String { zone?.name ?? "New tax zone" }

    var html: HTML {
        div(.class("stack")) {
            UI.breadcrumbs([("Taxes", "/dashboard/taxes"), (title, nil)])
            div(.class("page-head")) { h1 { title } }
            faults.summary
            form(.method(.post), .action("/dashboard/taxes/zone"), .class("stack"), .novalidate()) {
                input(.type("hidden"), .name("version"), .value(typed?["version"] ?? String(stored.version)))
                if let index { input(.type("hidden"), .name("at"), .value(String(index))) }
                place
                for row in 0..<rows { rate(row) }
                p(.class("hint")) {
                    "Rates without a name are left out. Save to get more empty ones. Classes: "
                    stored.settings.allClasses.map(\.code).joined(separator: ", ")
                    "."
                }
                div(.class("row")) {
                    UI.button("Save", .primary)
                    if index != nil {
                        Markup.button(
                            .type("submit"), .name("action"), .value("remove"), .class("button danger"),
                            .formnovalidate()
                        ) { "Remove this zone" }
                    }
                }
            }
        }
    }

    /// Those that are there, and two to fill in.
    private var rows: Int {
        let filled = typed.map(TaxZoneEntry.rows) ?? zone?.rates.count ?? 0
        return min(TaxSettings.mostRates, typed == nil ? filled + 2 : max(2, filled))
    }

    private var place: HTML {
        UI.card("Where") {
            div(.class("stack")) {
                Field(
                    "name", "Name", value: typed?["name"] ?? zone?.name ?? "", error: faults["name"],
                    isRequired: true, attributes: [.autocomplete("off"), .maxlength(100)]
                ).html
                Field(
                    "places", "Places", .area,
                    value: typed?["places"] ?? zone.map { TaxZoneEntry.text(of: $0.places) } ?? "",
                    hint: "One on each line: a country’s code, then regions, then postal codes, with colons between, "
                        + "such as DE, or US: CA, California, or US: CA: 902*, 90001..90899. A star is everywhere.",
                    error: faults["places"], isRequired: true, attributes: [.rows(5), .autocomplete("off")]
                ).html
                Field(
                    "prices", "Prices",
                    .select([
                        .init("store", "As in the whole store"), .init("included", "Include taxes"),
                        .init("added", "Taxes are added to them"),
                    ]),
                    value: typed?["prices"] ?? zone?.pricesIncludeTax.map { $0 ? "included" : "added" } ?? "store",
                    error: faults["prices"], isRequired: true
                ).html
                tick(
                    "reverse_charge", "Businesses with a tax number from here owe the tax themselves",
                    isOn: zone?.reverseCharge ?? false, error: faults["reverse_charge"])
            }
        }
    }

    private func rate(_ row: Int) -> HTML {
        let rate = zone.flatMap { $0.rates.indices.contains(row) ? $0.rates[row] : nil }
        func field(_ name: String, _ label: String, _ value: String, hint: String? = nil) -> HTML {
            let name = "rate.\(row).\(name)"
            return Field(
                name, label, value: typed.map { $0[name] ?? "" } ?? value, hint: hint, error: faults[name],
                attributes: [.autocomplete("off")]
            ).html
        }
        return UI.card("Rate \(row + 1)") {
            div(.class("stack")) {
                div(.class("pair")) {
                    field("title", "Name", rate?.title ?? "", hint: "As buyers read it, such as VAT")
                    field("percent", "Per cent", rate.map { String($0.percent.dropLast()) } ?? "")
                }
                div(.class("pair")) {
                    field(
                        "classes", "Tax classes", rate?.classes.joined(separator: ", ") ?? TaxClass.standard,
                        hint: "With commas between")
                    field("priority", "Priority", String(rate?.priority ?? 1), hint: "1 to 9; lower ones come first")
                }
                field(
                    "postal_codes", "Only for postal codes",
                    rate?.postalCodes.map(\.text).joined(separator: ", ") ?? "",
                    hint: "Empty for the whole zone; 902*, 90001..90899")
                tick(
                    "rate.\(row).compound", "Also a tax on the taxes of lower priorities",
                    isOn: rate?.isCompound ?? false)
                tick("rate.\(row).delivery", "Taxes the delivery, too", isOn: rate?.taxesDelivery ?? true)
            }
        }
    }

    private func tick(_ name: String, _ label: String, isOn: Bool, error: String? = nil) -> HTML {
        group {
            Markup.label(.class("choice")) {
                input(
                    .type("checkbox"), .id(name), .name(name), .value("1"),
                    .checked(typed.map { $0[name] != nil } ?? isOn), .aria("invalid", error == nil ? nil : "true"),
                    .aria("describedby", error == nil ? nil : "\(name)-error"))
                span { label }
            }
            if let error { p(.class("error"), .id("\(name)-error")) { error } }
        }
    }
}
