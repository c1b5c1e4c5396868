import Catalog
import DesignSystem
import Markup
import Orders
import Pricing
import Primitives
import UseCases

/// What is in the basket, and forms to change it.
struct BasketPage {
    let basket: Basket
    /// The line whose quantity cannot be what was typed.
    var faultyLine: LineID?
    var typedQuantity = ""

    func render(_ frame: Frame) -> [UInt8] {
        frame.page(.shop("Basket")) {
            div(.class("stack")) {
                h1 { "Basket" }
                div(.class("split")) {
                    section(.class("card"), .aria("label", "What is in it")) {
                        if basket.hasObstacles {
                            UI.alert(.warn, "Some of this cannot be ordered as it is.") {
                                p { "Change or remove the lines that say why." }
                            }
                        }
                        ul(.class("lines"), .role("list")) {
                            for index in basket.quote.lines.indices { line(index) }
                        }
                    }
                    div(.class("aside")) {
                        section(.class("card stack")) {
                            h2 { "Total" }
                            TotalsList(basket.quote).html
                            if basket.hasObstacles {
                                p(.class("hint")) { "Mend the lines first." }
                            } else {
                                UI.linkButton("To the checkout", "/checkout", .primary, size: "wide")
                            }
                            UI.linkButton("Go on shopping", "/", .quiet, size: "wide")
                        }
                    }
                }
            }
        }
    }

    private func line(_ index: Int) -> HTML {
        let priced = basket.quote.lines[index]
        let wanted = basket.checkout.lines[index]
        let display = basket.displays[wanted.variant]
        let isFaulty = faultyLine == wanted.id
        let name = "quantity-\(index)"
        let action: WebAddress = "/basket/lines/\(wanted.id)"
        return li(.class("line")) {
            div(.class("picture")) { ProductCard.picture(display?.image, isLazy: false, side: 88) }
            div {
                h2 {
                    if let display {
                        a(.href("/products/\(display.handle)")) { priced.title }
                    } else {
                        priced.title
                    }
                }
                p(.class("muted small-text")) { "\(priced.unitPrice.text) each" }
                if let obstacle = basket.obstacle(index) { p(.class("error")) { obstacle } }
                if let words = basket.backorder(index) { p(.class("hint")) { words } }
            }
            strong(.class("end nowrap")) { priced.total.text }
            div(.class("controls")) {
                form(.action(action), .method(.post), .data("submit-on-change")) {
                    div(.class("field")) {
                        label(.for(name)) {
                            "Quantity"
                            span(.class("visually-hidden")) { " of \(priced.title)" }
                        }
                        input(
                            .type("number"), .name("quantity"), .id(name), .class("input"), .min("0"), .max("9999"),
                            .step("1"), .required(), .inputmode("numeric"), .autocomplete("off"),
                            .value(isFaulty ? typedQuantity : String(wanted.quantity)),
                            .aria("invalid", isFaulty ? "true" : nil),
                            .aria("describedby", isFaulty ? "\(name)-error" : nil), .when(isFaulty, .autofocus()))
                        if isFaulty {
                            p(.class("error"), .id("\(name)-error")) { "A whole number from 0 to 9999." }
                        }
                    }
                    UI.button("Update")
                }
                form(.action(action), .method(.post)) {
                    Markup.button(
                        .type("submit"), .name("action"), .value("remove"), .class("button quiet"),
                        .aria("label", "Remove \(priced.title)")
                    ) { "Remove" }
                }
            }
        }
    }

    /// The page without anything.
    static func empty(_ frame: Frame) -> [UInt8] {
        frame.page(.shop("Basket")) {
            div(.class("stack")) {
                h1 { "Basket" }
                UI.empty("Your basket is empty", "What you put into it stays here for a day.") {
                    UI.linkButton("Look around", "/", .primary)
                }
            }
        }
    }
}

/// What something costs, line by line.
struct TotalsList {
    private let totals: Totals
    private let taxes: [TaxLine]
    private let treatment: OrderTaxes
    private let isEstimate: Bool

    init(_ order: Order) {
        totals = order.totals
        taxes = order.taxLines
        treatment = order.taxes
        isEstimate = false
    }

    /// A basket's: the taxes may be those of the shop's country until the address is known.
    init(_ quote: CheckoutQuote) {
        totals = quote.totals
        taxes = quote.taxLines
        treatment = quote.taxes
        isEstimate = quote.isEstimate
    }

    var html: HTML {
        var rows: [(name: String, value: HTML)] = [("Subtotal", .text(totals.subtotal.text))]
        if totals.discount.amount > 0 { rows.append(("Discount", .text("−" + totals.discount.text))) }
        rows.append(("Delivery", .text(totals.shipping.amount == 0 ? "Free" : totals.shipping.text)))
        for tax in taxes where tax.amount.amount != 0 {
            let name = "\(tax.title) \(TaxRate.percent(tax.partsPerMillion))"
            rows.append((totals.taxesIncluded ? "Includes \(name)" : name, .text(tax.amount.text)))
        }
        return group {
            UI.facts(rows, sum: ("Total", .text(totals.total.text)))
            if let note { p(.class("hint")) { note } }
        }
    }

    private var note: String? {
        switch TaxTreatment(rawValue: treatment.treatment) {
        case .exempt: "You are exempt from tax."
        case .reverseCharge: "Reverse charge: you account for the tax under \(treatment.number)."
        case .taxed, nil:
            isEstimate && totals.tax.amount > 0 ? "The tax may change when we know where it goes." : nil
        }
    }
}
