import DesignSystem
import HTTPServer
import Markup
import Pricing
import Primitives
import UseCases

/// The settings of the delivery, or one zone, location or method of them.
struct DeliverySettingsPage {
    let part: DeliveryPart
    let title: String
    let settings: DeliverySettings
    let currency: Currency
    let typed: Form?
    let faults: Faults

    private var form: Form { typed ?? part.texts(in: settings, currency: currency) }

    var html: HTML {
        group {
            if part == .general {
                UI.breadcrumbs([("Delivery", "/dashboard/delivery"), (title, nil)])
            } else {
                UI.breadcrumbs([
                    ("Delivery", "/dashboard/delivery"), ("Settings", "/dashboard/delivery/settings"), (title, nil),
                ])
            }
            div(.class("page-head")) { h1 { title } }
            faults.summary
            switch part {
            case .general: general
            case .zone: sheet { zone }
            case .location: sheet { location }
            case .method: sheet { method }
            }
        }
    }

    private var general: HTML {
        group {
            div(.class("card stack")) { listing("Methods", "methods", "Add a method", settings.options.map(row)) }
            div(.class("card stack")) {
                listing(
                    "Zones", "zones", "Add a zone",
                    settings.zones.map { zone in
                        let places = zone.areas.map(DeliveryTexts.text).joined(separator: "; ")
                        return (zone.id, zone.title, zone.isEverywhereElse ? "Everywhere else" : places)
                    })
            }
            div(.class("card stack")) {
                listing(
                    "Pickup locations", "locations", "Add a location",
                    settings.locations.map { ($0.id, $0.title, $0.address.joined(separator: ", ")) })
            }
            sheet { calendar }
        }
    }

    private func row(_ option: DeliveryOption) -> (id: String, title: String, says: String) {
        let price =
            switch option.rate.basis {
            case .flat: option.rate.price == 0 ? "free" : Price.text(option.rate.price, currency)
            case .perItem: "\(Price.text(option.rate.perItem, currency)) per item"
            case .weight: "by weight"
            case .price: "by price"
            case .quantity: "by quantity"
            }
        let windows = option.schedule.map { ", \($0.slots.count) windows a week" } ?? ""
        return (option.id, option.title, "\(option.kind.words), \(price)\(windows)")
    }

    private func listing(
        _ title: String, _ list: String, _ add: String, _ rows: [(id: String, title: String, says: String)]
    ) -> HTML {
        group {
            h2 { title }
            if !rows.isEmpty {
                UI.table(
                    title, rows,
                    [
                        .init("Name") { row in
                            a(.class("primary-link"), .href("/dashboard/delivery/\(list)/\(row.id)")) { row.title }
                        },
                        .init("What") { row in row.says },
                    ])
            }
            p { UI.linkButton(add, "/dashboard/delivery/\(list)/\(DeliveryPart.new)", size: "small") }
        }
    }

    /// A form around the fields of the part.
    private func sheet(@HTMLBuilder _ fields: () -> HTML) -> HTML {
        div(.class("card")) {
            Markup.form(.method(.post), .action(part.address), .class("stack"), .novalidate()) {
                input(
                    .type("hidden"), .name("version"), .value(typed?["version"] ?? String(settings.version)))
                fields()
                div(.class("row")) {
                    UI.button("Save", .primary)
                    if part != .general, !part.isNew {
                        UI.button("Remove", .danger, .name("action"), .value("remove"))
                    }
                }
            }
        }
    }

    private var calendar: HTML {
        group {
            h2 { "Calendar" }
            line("time_zone", "Time zone", "Such as Europe/London; all days and times here are in it", isRequired: true)
            days("working_days", "Days on which orders are prepared")
            line("order_cutoff", "Orders until this time count as today's", "Such as 14:00; empty for midnight")
            area(
                "closing_days", "Closing days",
                "One a line: 2026-12-25 Christmas, or 2026-12-24 to 2026-12-27 Holidays; with a * at the end carriers "
                    + "rest too")
        }
    }

    private var zone: HTML {
        group {
            names
            checkbox("everywhere_else", "Everywhere that is in no other zone")
            area(
                "areas", "Areas",
                "One a line: a country, some of its regions in brackets, some of its postal codes: GB, US [Nevada, "
                    + "Utah], GB: EH*, FK1 *, or DE: 10115...10999")
        }
    }

    private var location: HTML {
        group {
            names
            area("address", "Address", nil, isRequired: true)
            area("hours", "Opening hours", "One a line: Monday-Friday 09:00-17:00")
            line("note", "Note for buyers", "Such as where to ring")
            line("region", "State or region", "What is fetched there is taxed there; empty where that is all the same")
            line("postal_code", "Postal code", "As the state")
        }
    }

    private var names: HTML {
        group {
            line("title", "Title", nil, isRequired: true)
            if part.isNew {
                line("id", "Name in the API", "Lower-case letters, digits and hyphens; it stays", isRequired: true)
            }
        }
    }

    private var method: HTML {
        group {
            names
            line("details", "Description for buyers", nil)
            select("kind", "How it travels", DeliveryOption.Kind.allCases.map { .init($0.rawValue, $0.words) })
            fieldset(.class("fieldset stack tight")) {
                legend { "Shipping" }
                boxes("zones", "Zones that it serves", settings.zones.map { ($0.id, $0.title) })
            }
            fieldset(.class("fieldset stack tight")) {
                legend { "Pickup" }
                select(
                    "location", "Location",
                    [.init("", "None")] + settings.locations.map { .init($0.id, $0.title) })
            }
            localArea
            prices
            fieldset(.class("fieldset stack tight")) {
                legend { "Days, for methods without windows" }
                line("processing_least", "Working days until it leaves, at least", nil, "numeric")
                line("processing_most", "Working days until it leaves, at most", nil, "numeric")
                line("transit_least", "Days on its way, at least", nil, "numeric")
                line("transit_most", "Days on its way, at most", nil, "numeric")
                days("delivers_on", "Days on which it is delivered")
            }
            windows
        }
    }

    private var localArea: HTML {
        fieldset(.class("fieldset stack tight")) {
            legend { "Local delivery" }
            line("area_country", "Country", "Its code, such as GB")
            line("area_codes", "Postal codes", "With commas between: EH*, FK1 *, 10115...10999")
            line("area_center", "Centre of a circle", "Degrees north and east: 55.976, -3.17")
            line("area_radius", "Its radius in metres", nil, "numeric")
            area(
                "area_points", "Where postal codes lie",
                "One a line: EH6 6QW: 55.976, -3.17. Addresses of other codes can only be judged by their position")
        }
    }

    private var prices: HTML {
        fieldset(.class("fieldset stack tight")) {
            legend { "Price in \(currency.code)" }
            select("basis", "It depends on", DeliveryRate.Basis.allCases.map { .init($0.rawValue, $0.words) })
            line("price", "Price", "Of one order", "decimal")
            line("per_item", "Price of each item", "Besides the price of the order", "decimal")
            area("steps", "Table", "One step a line, grams, units or an amount first: 2000: 4.95")
            line("up_to", "Not delivered above", "Grams, units or an amount, as in the table", "decimal")
            line("free_from", "Free from", "What the goods cost", "decimal")
            line("minimum_order", "Smallest order", "What the goods cost", "decimal")
        }
    }

    private var windows: HTML {
        fieldset(.class("fieldset stack tight")) {
            legend { "Windows that buyers choose from" }
            area("times", "Windows", "One a line, with the orders it takes: Monday-Friday 10:00-12:00 20")
            line("lead_minutes", "Minutes before a window until which it can be chosen", nil, "numeric")
            line("days_ahead", "Days ahead that are offered", nil, "numeric")
            line("cutoff_days", "Last order this many days before", "0 for the same day", "numeric")
            line("cutoff_time", "Time of the last order", "Such as 18:00; empty for no such limit")
        }
    }
}

extension DeliverySettingsPage {
    private func line(
        _ name: String, _ label: String, _ hint: String?, _ mode: String? = nil, isRequired: Bool = false
    ) -> HTML {
        Field(
            name, label, value: form[name] ?? "", hint: hint, error: faults[name], isRequired: isRequired,
            attributes: [.autocomplete("off")] + (mode.map { [.inputmode($0)] } ?? [])
        ).html
    }

    private func area(_ name: String, _ label: String, _ hint: String?, isRequired: Bool = false) -> HTML {
        Field(
            name, label, .area, value: form[name] ?? "", hint: hint, error: faults[name], isRequired: isRequired
        ).html
    }

    private func select(_ name: String, _ label: String, _ choices: [Field.Choice]) -> HTML {
        Field(name, label, .select(choices), value: form[name] ?? "", error: faults[name], isRequired: true).html
    }

    private func checkbox(_ name: String, _ title: String) -> HTML {
        label(.class("choice")) {
            input(.type("checkbox"), .name(name), .value("yes"), .checked(form[name] == "yes"))
            span { title }
        }
    }

    private func days(_ name: String, _ title: String) -> HTML {
        boxes(name, title, Weekday.allCases.map { ($0.rawValue, DeliveryWords.name($0)) })
    }

    private func boxes(_ name: String, _ title: String, _ choices: [(value: String, title: String)]) -> HTML {
        let chosen = form.values(name)
        let error = faults[name]
        return fieldset(.class("fieldset"), .id(name), .aria("describedby", error.map { _ in "\(name)-error" })) {
            legend { title }
            if let error { p(.class("error"), .id("\(name)-error")) { error } }
            for choice in choices {
                label(.class("choice")) {
                    input(
                        .type("checkbox"), .name(name), .value(choice.value), .checked(chosen.contains(choice.value)))
                    span { choice.title }
                }
            }
        }
    }
}

extension DeliveryOption.Kind {
    var words: String {
        switch self {
        case .shipping: "Shipping"
        case .pickup: "Pickup"
        case .local: "Local delivery"
        }
    }
}

extension DeliveryRate.Basis {
    var words: String {
        switch self {
        case .flat: "Nothing: one price"
        case .perItem: "The number of items, at a price each"
        case .weight: "The weight: a table"
        case .price: "What the goods cost: a table"
        case .quantity: "The number of items: a table"
        }
    }
}
