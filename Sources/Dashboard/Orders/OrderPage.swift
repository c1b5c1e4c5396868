import DesignSystem
import EventLog
import HTTPServer
import Inventory
import Markup
import Orders
import Payments
import Pricing
import Primitives
import UseCases

/// The page of an order: what is in it, where it stands, what happened, and what can be done.
struct OrderPage {
    let view: OrderView
    var forms = OrderForms()

    private var order: Order { view.order }
    private var address: WebAddress { "/dashboard/orders/\(order.id)" }

    /// Fetches itself when something happens to the order. A form in which something was typed is left alone.
    var html: HTML {
        div(
            .id("order"), .class("stack"), .hx("get", address), .hx("select", "#order"), .hx("target", "this"),
            .hx("swap", "outerMorph"), .hx("trigger", "order from:#live throttle:1s")
        ) {
            head
            forms.faults.summary
            div(.class("columns")) {
                div(.class("stack")) {
                    items
                    if order.canBeFulfilled { fulfillment }
                    timeline
                }
                div(.class("stack")) {
                    customer
                    if !order.deliveryMethod.isEmpty { delivery }
                    payments
                    annotation
                    if order.canBeCanceled { cancellation }
                }
            }
        }
    }

    private var head: HTML {
        group {
            UI.breadcrumbs([("Orders", "/dashboard"), (order.name, nil)])
            div(.class("page-head")) {
                h1 { "Order \(order.name)" }
                div(.class("row")) {
                    UI.badge(order.status.words, order.status.tone)
                    UI.badge(order.paymentStatus.words, order.paymentStatus.tone)
                    UI.badge(order.fulfillmentStatus.words, order.fulfillmentStatus.tone)
                }
            }
            p(.class("muted")) {
                "Placed "
                UI.time(order.placedAt)
                if let reference = order.externalID { " · Reference \(reference)" }
            }
            if order.status == .canceled {
                UI.alert(.warn, "This order is canceled.") {
                    if !order.cancelReason.isEmpty { p { order.cancelReason } }
                }
            }
        }
    }

    private var items: HTML {
        UI.card("Items") {
            UI.table(
                "Items", order.lines,
                [
                    .init("Item") { line in
                        strong { line.title }
                        if !line.sku.isEmpty { div(.class("hint")) { line.sku } }
                        if let owed = view.backorders[line.id] { UI.badge("\(owed) back-ordered", .warn) }
                    },
                    .init("Sent", isNumber: true) { line in "\(line.fulfilledQuantity) of \(line.quantity)" },
                    .init("Price", isNumber: true) { line in line.unitPrice.text },
                    .init("Total", isNumber: true) { line in line.total.text },
                ])
            UI.facts(totals, sum: ("Total", .text(order.totals.total.text)))
        }
    }

    private var totals: [(name: String, value: HTML)] {
        let totals = order.totals
        var rows: [(name: String, value: HTML)] = [("Subtotal", .text(totals.subtotal.text))]
        if totals.discount.amount != 0 { rows.append(("Discount", .text("−" + totals.discount.text))) }
        rows.append(("Delivery", .text(totals.shipping.text)))
        for tax in order.taxLines {
            let name = "\(tax.title) \(TaxRate.percent(tax.partsPerMillion))"
            rows.append((totals.taxesIncluded ? "\(name), included" : name, .text(tax.amount.text)))
        }
        switch TaxTreatment(rawValue: order.taxes.treatment) {
        case .exempt: rows.append(("Not taxed", .text(order.taxes.exemption)))
        case .reverseCharge: rows.append(("Reverse charge", .text(order.taxes.number)))
        case .taxed, nil: if !order.taxes.number.isEmpty { rows.append(("Tax number", .text(order.taxes.number))) }
        }
        return rows
    }

    private var customer: HTML {
        UI.card("Customer") {
            div(.class("stack tight")) {
                if let email = order.contact.email {
                    p { a(.href(WebAddress(checking: "mailto:\(email)") ?? "#")) { email.description } }
                }
                if let phone = order.contact.phone { p { phone.description } }
                if let customer = view.customer {
                    p { a(.href("/dashboard/customers/\(customer)")) { "Customer's page" } }
                }
                if let to = order.contact.shippingAddress {
                    Markup.address {
                        for part in [
                            to.name, to.line1, to.line2,
                            [to.postalCode, to.city].filter { !$0.isEmpty }
                                .joined(separator: " "), to.region, to.country,
                        ] where !part.isEmpty {
                            div { part }
                        }
                    }
                }
                if order.contact.email == nil, order.contact.phone == nil, order.contact.shippingAddress == nil {
                    p(.class("muted")) { "Nobody is named." }
                }
                if !order.contact.note.isEmpty { p(.class("hint")) { "Customer's note: \(order.contact.note)" } }
            }
        }
    }

    private var delivery: HTML {
        let agreed = order.delivery
        let moment = DeliveryWords.moment(of: agreed)
        return UI.card("Delivery") {
            div(.class("stack tight")) {
                p { agreed.title.isEmpty ? order.deliveryMethod : agreed.title }
                if let moment { p { strong { moment } } }
                if let pickup = agreed.pickup {
                    p(.class("muted")) { ([pickup.title] + pickup.address).joined(separator: ", ") }
                }
                if view.canMove { move }
            }
        }
    }

    private var move: HTML {
        let typed = forms.move
        return details(.id("move"), .open(typed != nil)) {
            summary { "Move to another window" }
            form(
                .method(.post), .action("\(address)/delivery"), .class("stack"), .novalidate(),
                .when(typed != nil, .hx("morph-skip"))
            ) {
                Field(
                    "delivery_window", "Window",
                    .select(
                        view.windows.map { offered in
                            let window = offered.window
                            let words = DeliveryWords.window(
                                from: window.startsAt, to: window.endsAt, in: view.timeZone)
                            return .init(window.id, "\(words), \(offered.available) of \(window.capacity) free")
                        }),
                    value: typed?["delivery_window"] ?? order.delivery.window?.id ?? "",
                    error: forms.faults["delivery_window"], isRequired: true
                ).html
                div { UI.button("Move") }
            }
        }
    }

    private var payments: HTML {
        UI.card("Payments") {
            if view.payments.isEmpty { p(.class("muted")) { "There is no payment." } }
            UI.facts(
                view.payments.map { payment in
                    (
                        payment.method.words,
                        group {
                            payment.amount.text
                            " "
                            UI.badge(payment.status.words, payment.status.tone)
                        }
                    )
                })
        }
    }

    private var timeline: HTML {
        UI.card("Timeline") {
            if (view.timeline.first?.version ?? 1) > 1 {
                p(.class("hint")) { "The newest \(OrderView.mostEvents) entries." }
            }
            UI.timeline(view.timeline.reversed().map { OrderEventWords.item($0, by: view.name(ofActor: $0.actor)) })
        }
    }

    private var fulfillment: HTML {
        let typed = forms.fulfillment
        let open = order.lines.filter { $0.openQuantity > 0 }
        return UI.card("Fulfil") {
            form(
                .method(.post), .action("\(address)/fulfillments"), .class("stack"), .novalidate(),
                .when(typed != nil, .hx("morph-skip"))
            ) {
                for line in open {
                    Field(
                        FulfillmentEntry.field(line.id), line.title,
                        value: typed?[FulfillmentEntry.field(line.id)] ?? String(there(line)),
                        hint: there(line) == line.openQuantity
                            ? "\(line.openQuantity) to be sent"
                            : "\(line.openQuantity) to be sent, \(there(line)) of them are there",
                        error: forms.faults[FulfillmentEntry.field(line.id)],
                        isRequired: true,
                        attributes: [.inputmode("numeric"), .autocomplete("off"), .max(String(line.openQuantity))]
                    ).html
                }
                if view.locations.count > 1 {
                    Field(
                        "location", "Leaves from",
                        .select(
                            [.init("", "Where it is, by priority")]
                                + view.locations.map { .init($0.id.description, $0.name) }),
                        value: typed?["location"] ?? "", error: forms.faults["location"], isRequired: true
                    ).html
                }
                Field(
                    "tracking_number", "Tracking number", value: typed?["tracking_number"] ?? "",
                    error: forms.faults["tracking_number"], attributes: [.autocomplete("off"), .maxlength(200)]
                ).html
                div { UI.button("Mark as sent", .primary) }
            }
        }
    }

    /// Units of a line that can be sent now.
    private func there(_ line: OrderLine) -> Int { max(0, line.openQuantity - (view.backorders[line.id] ?? 0)) }

    private var annotation: HTML {
        let typed = forms.annotation
        return UI.card("Note and tags") {
            form(
                .method(.post), .action("\(address)/annotation"), .class("stack"), .novalidate(),
                .when(typed != nil, .hx("morph-skip"))
            ) {
                Field(
                    "note", "Note", .area, value: typed?["note"] ?? order.staffNote,
                    hint: "For staff; buyers do not see it.",
                    error: forms.faults["note"]
                ).html
                Field(
                    "tags", "Tags", value: typed?["tags"] ?? order.tags.joined(separator: ", "),
                    hint: "With commas between them", error: forms.faults["tags"], attributes: [.autocomplete("off")]
                ).html
                div { UI.button("Save") }
            }
        }
    }

    private var cancellation: HTML {
        let typed = forms.cancellation
        return UI.card {
            details(.id("cancel"), .open(typed != nil)) {
                summary { "Cancel this order" }
                form(
                    .method(.post), .action("\(address)/cancellation"), .class("stack"), .novalidate(),
                    .when(typed != nil, .hx("morph-skip"))
                ) {
                    Field(
                        "reason", "Reason", .area, value: typed?["reason"] ?? "", error: forms.faults["reason"]
                    ).html
                    UI.tick(
                        "restock", "yes", "Put the units back into stock",
                        isOn: typed.map { $0["restock"] == "yes" } ?? true)
                    div { UI.button("Cancel order", .danger) }
                }
            }
        }
    }
}

extension PaymentState {
    var words: String {
        switch self {
        case .pending: "Pending"
        case .paid: "Paid"
        case .failed: "Failed"
        case .voided: "Voided"
        }
    }

    var tone: Tone {
        switch self {
        case .paid: .ok
        case .pending: .warn
        case .failed: .danger
        case .voided: .neutral
        }
    }
}
