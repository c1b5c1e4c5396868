import Catalog
import DesignSystem
import Markup
import Orders
import Payments
import Primitives
import UseCases

/// The checkout on one page: who, where to, how, and what it costs.
struct CheckoutPage {
    let basket: Basket
    let form: CheckoutForm
    let paymentMethods: [PaymentMethod]
    var faults: [CheckoutForm.Fault] = []
    /// What changed since the page was shown.
    var notice: Notice?

    /// Why an order could not be placed as it was agreed.
    enum Notice: Sendable {
        case shortage
        case changedTotal
        case unavailableLines
    }

    func render(_ frame: Frame) -> [UInt8] {
        var frame = frame
        frame.isNavigable = false
        return frame.page(.shop(faults.isEmpty ? "Checkout" : "Error: Checkout")) {
            div(.class("stack")) {
                UI.steps([("Basket", "/basket"), ("Your details", nil), ("Done", nil)], current: 1)
                h1 { "Checkout" }
                if !faults.isEmpty {
                    UI.errorSummary(
                        faults.count == 1
                            ? "One thing needs your attention" : "\(faults.count) things need your attention",
                        faults.map { ($0.field, $0.sentence) })
                }
                if let notice { noticeHTML(notice) }
                Markup.form(
                    .class("split"), .action("/checkout"), .method(.post), .novalidate(), .id("checkout")
                ) {
                    // The button that Enter presses: without it that were the one that changes the country.
                    Markup.button(
                        .type("submit"), .class("visually-hidden"), .tabindex(-1), .aria("hidden", "true")
                    ) { "Place the order" }
                    div(.class("stack")) {
                        contactCard
                        if basket.quote.needsShipping { addressCard }
                        deliveryCard
                        paymentCard
                        noteCard
                    }
                    div(.class("aside")) { summary }
                }
            }
        }
    }

    private func noticeHTML(_ notice: Notice) -> HTML {
        div(.class("alert warn"), .role("alert"), .id("notice"), .tabindex(-1), .autofocus()) {
            switch notice {
            case .shortage:
                strong { "There is not enough of everything any more. Nothing has been ordered." }
                p {
                    "The lines concerned say what is left. "
                    a(.href("/basket")) { "Change the basket" }
                    ": what you typed here stays."
                }
            case .changedTotal:
                strong { "The total is now \(basket.quote.totals.total.text). Nothing has been ordered." }
                p { "A price, a tax or the delivery has changed since the page was shown. If you agree, order again." }
            case .unavailableLines:
                strong { "Something in your basket is no longer for sale. Nothing has been ordered." }
                p { a(.href("/basket")) { "Change the basket" } }
            }
        }
    }

    private func field(
        _ name: String, _ label: String, _ control: Field.Control = .line(type: "text"), value: String,
        hint: String? = nil, isRequired: Bool = false, _ attributes: Attribute...
    ) -> HTML {
        Field(
            name, label, control, value: value, hint: hint, error: faults.first { $0.field == name }?.sentence,
            isRequired: isRequired, attributes: attributes
        ).html
    }

    private var contactCard: HTML {
        section(.class("card stack")) {
            h2 { "How we reach you" }
            field(
                "email", "E-mail address", .line(type: "email"), value: form.email,
                hint: "Where we send the confirmation.", isRequired: true, .autocomplete("email"),
                .inputmode("email"), .maxlength(320))
            field(
                "phone", "Phone", .line(type: "tel"), value: form.phone,
                hint: "For questions about the delivery, nothing else.", .autocomplete("tel"), .inputmode("tel"),
                .maxlength(40))
        }
    }

    private var addressCard: HTML {
        let format = AddressFormat.of(form.country)
        return section(.class("card stack"), .id("address"), .data("swap")) {
            h2 { "Where it goes" }
            field(
                "country", "Country or territory", .select(CountryNames.all.map { .init($0.code, $0.name) }),
                value: form.country, isRequired: true, .autocomplete("shipping country"),
                .data("swap-on-change", "address"), .data("action", "country"))
            Markup.button(
                .type("submit"), .name("action"), .value("country"), .class("button small"), .formnovalidate(),
                .data("without-script")
            ) { "Show the form of this country" }
            field(
                "name", "Full name", value: form.name, isRequired: true, .autocomplete("shipping name"),
                .maxlength(200))
            field(
                "line1", "Street and house number", value: form.line1, isRequired: true,
                .autocomplete("shipping address-line1"), .maxlength(200))
            field(
                "line2", "Flat, floor, company", value: form.line2, .autocomplete("shipping address-line2"),
                .maxlength(200))
            div(.class("pair")) {
                if format.isPostalCodeFirst { postalCode(format) }
                field(
                    "city", format.cityLabel, value: form.city, isRequired: true,
                    .autocomplete("shipping address-level2"), .maxlength(200))
                if let region = format.regionLabel {
                    field(
                        "region", region, value: form.region, isRequired: format.needsRegion,
                        .autocomplete("shipping address-level1"), .maxlength(100))
                }
                if !format.isPostalCodeFirst { postalCode(format) }
            }
            if basket.quote.takesTaxNumber(in: form.country) {
                field(
                    "tax_number", "VAT or tax number", value: form.taxNumber,
                    hint: "Only for businesses: with a number from your country you account for the tax yourself.",
                    .autocomplete("off"), .maxlength(40))
            }
        }
    }

    private func postalCode(_ format: AddressFormat) -> HTML {
        guard let label = format.postalLabel else { return .empty }
        return field(
            "postal_code", label, value: form.postalCode,
            hint: format.postalExample.isEmpty ? nil : "Such as \(format.postalExample)",
            isRequired: format.needsPostalCode, .autocomplete("shipping postal-code"), .maxlength(20))
    }

    private var deliveryCard: HTML {
        section(.class("card"), .id("ways")) {
            DeliveryChoices(
                quote: basket.quote.delivery, form: form, currency: basket.quote.totals.currency, faults: faults
            ).html
        }
    }

    private var paymentCard: HTML {
        section(.class("card")) {
            choices(
                "payment", "Payment", chosen: form.payment.isEmpty ? paymentMethods.first?.rawValue : form.payment,
                paymentMethods.map { ($0.rawValue, OrderWords.title(of: $0), OrderWords.explanation(of: $0), nil) })
        }
    }

    private func choices(
        _ name: String, _ title: String, chosen: String?,
        _ options: [(value: String, title: String, hint: String?, price: String?)]
    ) -> HTML {
        let error = faults.first { $0.field == name }?.sentence
        return fieldset(
            .class("fieldset"), .id(name), .tabindex(-1), .aria("describedby", error.map { _ in "\(name)-error" })
        ) {
            legend { h2 { title } }
            if let error { p(.class("error"), .id("\(name)-error")) { error } }
            for choice in options {
                label(.class("choice")) {
                    input(
                        .type("radio"), .name(name), .value(choice.value), .checked(choice.value == chosen),
                        .required())
                    span {
                        choice.title
                        if let hint = choice.hint { span(.class("hint")) { hint } }
                    }
                    if let price = choice.price { strong { price } }
                }
            }
        }
    }

    private var noteCard: HTML {
        section(.class("card")) {
            field(
                "note", "A note for us", .area, value: form.note, hint: "Such as where to leave the parcel.",
                .maxlength(5000), .rows(3))
        }
    }

    private var summary: HTML {
        section(.class("card stack"), .id("summary"), .aria("label", "Your order")) {
            input(.type("hidden"), .name("expected_total"), .value(basket.totalToAgree))
            h2 { "Your order" }
            ul(.class("lines"), .role("list")) {
                for (index, line) in basket.quote.lines.enumerated() {
                    li(.class("line compact")) {
                        div(.class("picture")) {
                            ProductCard.picture(
                                line.variant.flatMap { basket.displays[$0]?.image }, isLazy: false, side: 56)
                        }
                        div {
                            line.title
                            span(.class("hint")) { " × \(line.quantity)" }
                            if let obstacle = basket.obstacle(index) { p(.class("error")) { obstacle } }
                            if let words = basket.backorder(index) { p(.class("hint")) { words } }
                        }
                        strong(.class("end nowrap")) { line.total.text }
                    }
                }
            }
            hr()
            TotalsList(basket.quote).html
            UI.button("Place the order", .primary, size: "wide")
            p(.class("hint")) { "With this you order and agree to pay \(basket.quote.totals.total.text)." }
        }
    }
}
