import Catalog
import DesignSystem
import HTTPServer
import Inventory
import Markup
import Primitives

/// The stock of a variant: how much there is and where, how it is sold, what is expected, and what happened.
struct StockItemPage: Sendable {
    let variant: SellableVariant
    let level: StockLevel?
    let units: [LocationLevel]
    let movements: [StockMovement]
    let next: StockMovementID?
    let isFirst: Bool
    let names: StockNames
    var forms = StockItemForms()

    private var address: WebAddress { "/dashboard/stock/items/\(variant.id)" }

    var html: HTML {
        div(.class("stack")) {
            UI.breadcrumbs([("Stock", "/dashboard/stock"), (variant.title, nil)])
            div(.class("page-head")) { h1 { variant.title } }
            forms.faults.summary
            div(.class("columns")) {
                div(.class("stack")) {
                    facts
                    adjustment
                    history
                }
                div(.class("stack")) {
                    policy
                    expectation
                }
            }
        }
    }

    private var facts: HTML {
        UI.card("Units") {
            if let level {
                UI.facts(
                    units.map { place in (name: place.location.name, value: group { place.onHand }) }
                        + [
                            (name: "Promised to orders", value: group { level.reserved }),
                            (name: "Of these back-ordered", value: group { level.owed }),
                        ], sum: (name: "Available to buyers", value: group { level.available }))
                if let day = level.expectedAt {
                    p(.class("hint")) {
                        "More are expected on "
                        day.dayText
                        "."
                    }
                }
            } else {
                p { "Its stock is not tracked: any number can be ordered. It is tracked once something is saved here." }
            }
        }
    }

    private var adjustment: HTML {
        UI.card("Adjust") {
            form(.method(.post), .action("\(address)/adjustments"), .class("stack"), .novalidate()) {
                Field(
                    "reason", "Reason", .select(StockItemForms.reasons.map { .init($0.rawValue, $0.choice) }),
                    value: forms.adjustment?["reason"] ?? "", error: forms.faults["reason"], isRequired: true
                ).html
                Field(
                    "units", "Units", value: forms.adjustment?["units"] ?? "",
                    hint: "A correction may be negative, such as -2.", error: forms.faults["units"],
                    isRequired: true, attributes: [.autocomplete("off")]
                ).html
                names.field("location", "Location", forms.adjustment, error: forms.faults["location"])
                Field(
                    "note", "Note", value: forms.adjustment?["note"] ?? "", error: forms.faults["note"]
                ).html
                div { UI.button("Save the adjustment", .primary) }
            }
        }
    }

    private var policy: HTML {
        let now = level?.policy ?? StockPolicy()
        let typed = forms.policy
        let choice =
            typed?["backorders"]
            ?? (now.backorderLimit == 0 ? "no" : now.backorderLimit == StockPolicy.noLimit ? "yes" : "limit")
        return UI.card("How it is sold") {
            form(.method(.post), .action("\(address)/policy"), .class("stack"), .novalidate()) {
                Field(
                    "safety", "Safety stock", value: typed?["safety"] ?? String(now.safety),
                    hint: "Units that are never sold online.", error: forms.faults["safety"], isRequired: true,
                    attributes: [.inputmode("numeric"), .autocomplete("off")]
                ).html
                Field(
                    "low", "Low from", value: typed?["low"] ?? String(now.lowAt),
                    hint: "Units at or below which the stock counts as low.", error: forms.faults["low"],
                    isRequired: true, attributes: [.inputmode("numeric"), .autocomplete("off")]
                ).html
                Field(
                    "backorders", "Back-orders",
                    .select([
                        .init("no", "Not sold when nothing is left"), .init("limit", "Sold up to a limit"),
                        .init("yes", "Sold without a limit"),
                    ]), value: choice, error: forms.faults["backorders"], isRequired: true
                ).html
                Field(
                    "limit", "Limit of back-orders",
                    value: typed?["limit"]
                        ?? (now.backorderLimit == 0 || now.backorderLimit == StockPolicy.noLimit
                            ? "" : String(now.backorderLimit)),
                    hint: "Units that may be owed at any moment.", error: forms.faults["limit"],
                    attributes: [.inputmode("numeric"), .autocomplete("off")]
                ).html
                div { UI.button("Save how it is sold") }
            }
        }
    }

    private var expectation: HTML {
        UI.card("Expect a delivery") {
            form(.method(.post), .action("\(address)/incoming"), .class("stack"), .novalidate()) {
                Field(
                    "expected", "Units expected", value: forms.expectation?["expected"] ?? "",
                    error: forms.faults["expected"], isRequired: true,
                    attributes: [.inputmode("numeric"), .autocomplete("off")]
                ).html
                Field(
                    "day", "Expected on", .line(type: "date"), value: forms.expectation?["day"] ?? "",
                    error: forms.faults["day"]
                ).html
                Field(
                    "supplier", "Supplier", value: forms.expectation?["supplier"] ?? "",
                    error: forms.faults["supplier"]
                ).html
                names.field("to", "Arrives at", forms.expectation, error: forms.faults["to"])
                div { UI.button("Save the delivery") }
            }
        }
    }

    private var history: HTML {
        UI.card("History") {
            if movements.isEmpty {
                p(.class("muted")) { "Nothing has come or gone yet." }
            } else {
                movementTable(movements, names, showsVariant: false)
                UI.pagination(
                    first: isFirst ? nil : address, next: next.map { "\(address)?after=\($0)" }, more: "Older")
            }
        }
    }
}

/// What was typed on the page of a variant's stock, and what is wrong with it.
struct StockItemForms: Sendable {
    var adjustment: Form?
    var policy: Form?
    var expectation: Form?
    var faults = Faults()

    static let reasons = MovementReason.allCases.filter(\.isForAdjustments)
}

extension MovementReason {
    /// As a choice, saying which way the units go.
    fileprivate var choice: String {
        switch self {
        case .damaged, .lost: "\(words) (units go)"
        case .correction: words
        default: "\(words) (units come)"
        }
    }
}

extension Instant {
    /// As people write a day: `21 November 2026`.
    var dayText: String { String(text.prefix { $0 != "," }) }

    /// Midnight of a day such as `2026-12-01` in UTC; nil when it is none.
    init?(day: String) {
        guard day.utf8.count == 10 else { return nil }
        self.init(rfc3339: "\(day)T00:00:00Z")
    }
}
