import DesignSystem
import HTTPServer
import Markup
import Pricing
import Primitives

/// What the store charges: what holds everywhere, the zones, and presets to begin with.
struct TaxPage: Sendable {
    let stored: StoredTaxSettings
    var typed: Form?
    var faults = Faults()

    private var settings: TaxSettings { stored.settings }

    var html: HTML {
        group {
            div(.class("page-head")) {
                h1 { "Taxes" }
                UI.linkButton("Add a zone", "/dashboard/taxes/zone", .primary)
            }
            p(.class("muted")) {
                "A buyer is taxed by the zone that the shipping address is in; without a zone nothing is taxed. "
                "Which taxes you have to collect, your tax adviser knows."
            }
            faults.summary
            zones
            div(.class("columns")) {
                general
                presets
            }
        }
    }

    private var zones: HTML {
        div(.class("card flush")) {
            if settings.zones.isEmpty {
                UI.empty("No taxes are charged", "Begin with a preset below, or add a zone of your own.") {
                    UI.linkButton("Add a zone", "/dashboard/taxes/zone")
                }
            } else {
                UI.table(
                    "Zones", Array(settings.zones.enumerated()),
                    [
                        .init("Zone") { index, zone in
                            a(.class("primary-link"), .href("/dashboard/taxes/zone?at=\(index)")) { zone.name }
                        },
                        .init("Places") { _, zone in TaxWords.summary(of: zone.places) },
                        .init("Rates") { _, zone in TaxWords.summary(of: zone.rates) },
                        .init("Prices") { _, zone in
                            zone.pricesIncludeTax ?? settings.pricesIncludeTax ? "include them" : "without them"
                        },
                    ])
            }
        }
    }

    private var general: HTML {
        UI.card("Everywhere") {
            form(.method(.post), .action("/dashboard/taxes"), .class("stack"), .novalidate()) {
                input(.type("hidden"), .name("version"), .value(typed?["version"] ?? String(stored.version)))
                Field(
                    "prices", "Prices",
                    .select([.init("included", "Include taxes"), .init("added", "Taxes are added to them")]),
                    value: typed?["prices"] ?? (settings.pricesIncludeTax ? "included" : "added"),
                    hint: "Zones may say otherwise", error: faults["prices"], isRequired: true
                ).html
                Field(
                    "delivery", "The delivery is taxed",
                    .select(
                        [.init("goods", "As the goods that it delivers"), .init("nothing", "Not at all")]
                            + settings.allClasses.map { .init("class.\($0.code)", "Always as \($0.title)") }),
                    value: typed?["delivery"] ?? TaxEntry.word(of: settings.delivery), error: faults["delivery"],
                    isRequired: true
                ).html
                Field(
                    "tax_number", "Your own tax number", value: typed?["tax_number"] ?? settings.number,
                    error: faults["tax_number"], attributes: [.autocomplete("off"), .maxlength(40)]
                ).html
                Field(
                    "classes", "Tax classes of your own", .area,
                    value: typed?["classes"] ?? TaxEntry.text(of: settings.classes),
                    hint: "One on each line: code, title, and the class that it falls back to, with colons between, "
                        + "such as books: Books: reduced. There are always standard, reduced and zero.",
                    error: faults["classes"], attributes: [.rows(4)]
                ).html
                div { UI.button("Save", .primary) }
            }
        }
    }

    private var presets: HTML {
        UI.card("Presets") {
            div(.class("stack")) {
                for preset in TaxPreset.all {
                    form(.method(.post), .action("/dashboard/taxes/presets"), .class("stack tight")) {
                        input(.type("hidden"), .name("version"), .value(String(stored.version)))
                        input(.type("hidden"), .name("preset"), .value(preset.id))
                        p {
                            strong { preset.title }
                            span(.class("hint")) {
                                "\(preset.settings.zones.count) zones, as of \(preset.asOf). From: \(preset.source)."
                            }
                        }
                        div {
                            Markup.button(
                                .type("submit"), .class("button small"),
                                .aria("label", "Add the zones of \(preset.title)")
                            ) { "Add its zones" }
                        }
                    }
                }
                p(.class("hint")) { "Zones of the same name or place are replaced; all others stay." }
            }
        }
    }
}

/// Zones and rates in a few words.
enum TaxWords {
    static func summary(of places: [TaxPlace]) -> String {
        let words = places.prefix(3).map { place in
            let codes = place.postalCodes.isEmpty ? "" : " (postal codes)"
            return place.regions.isEmpty ? place.country + codes : "\(place.country) \(place.regions[0])" + codes
        }
        return words.joined(separator: ", ") + (places.count > 3 ? " and \(places.count - 3) more" : "")
    }

    static func summary(of rates: [TaxRate]) -> String {
        if rates.isEmpty { return "None" }
        let words = rates.prefix(4).map { "\($0.title) \($0.percent)" }
        return words.joined(separator: ", ") + (rates.count > 4 ? " and \(rates.count - 4) more" : "")
    }
}
