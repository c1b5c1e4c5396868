import Customers
import DesignSystem
import HTTPServer
import Markup
import Orders
import Primitives

/// The page of a customer: who they are and what they ordered.
struct CustomerPage: Sendable {
    let customer: Customer
    let orderCount: Int
    /// A page of their orders, newest first.
    let orders: [Order]
    let isBeginning: Bool
    let next: CustomerOrder?
    let groups: [CustomerGroup]
    var typed: Form?
    var faults = Faults()

    private var address: WebAddress { "/dashboard/customers/\(customer.id)" }
    private var details: CustomerDetails { customer.details }
    private var fields: CustomerFields { CustomerFields(typed: typed, details: details, faults: faults) }

    var html: HTML {
        div(.class("stack")) {
            UI.breadcrumbs([("Customers", "/dashboard/customers"), (customer.title, nil)])
            div(.class("page-head")) {
                h1 { customer.title }
                div(.class("row")) {
                    if details.isTaxExempt { UI.badge("Tax exempt", .warn) }
                    for group in groups where details.groups.contains(group.id) { UI.badge(group.name) }
                }
            }
            p(.class("muted")) {
                "Customer since "
                UI.time(customer.createdAt)
                orderCount == 1 ? " · 1 order" : " · \(orderCount) orders"
            }
            faults.summary
            div(.class("columns")) {
                history
                div(.class("stack")) {
                    contents
                    removal
                }
            }
        }
    }

    private var history: HTML {
        UI.card("Orders") {
            if orders.isEmpty {
                UI.empty("No orders", "An order with this e-mail address appears here within seconds.")
            } else {
                UI.table(
                    "Orders", orders,
                    [
                        .init("Order") { order in
                            a(.class("primary-link"), .href("/dashboard/orders/\(order.id)")) { order.name }
                        },
                        .init("Placed") { order in UI.time(order.placedAt) },
                        .init("Status") { order in UI.badge(order.status.words, order.status.tone) },
                        .init("Payment") { order in UI.badge(order.paymentStatus.words, order.paymentStatus.tone) },
                        .init("Total", isNumber: true) { order in order.totals.total.text },
                    ])
                if next != nil || !isBeginning {
                    div(.class("table-foot")) {
                        UI.pagination(
                            first: isBeginning ? nil : address, next: next.map { "\(address)?after=\($0.text)" },
                            more: "Older orders")
                    }
                }
            }
        }
    }

    private var contents: HTML {
        UI.card("Details") {
            form(.method(.post), .action(address), .class("stack"), .novalidate()) {
                fields.identity
                if !groups.isEmpty {
                    fieldset(.class("fieldset"), .id("groups")) {
                        legend { "Groups" }
                        div(.class("stack tight")) {
                            for group in groups {
                                fields.check(
                                    "group", group.id.description, group.name,
                                    isOn: details.groups.contains(group.id))
                            }
                        }
                    }
                }
                fieldset(.class("fieldset")) {
                    legend { "Address" }
                    div(.class("stack tight")) {
                        for field in CustomerEntry.addressFields {
                            fields.text(
                                "address_\(field.name)", field.label,
                                details.addresses.first.map(field.value) ?? "",
                                hint: field.name == "country" ? "Two letters, such as GB" : nil)
                        }
                    }
                }
                fields.text("vat_number", "VAT number", details.vatNumber)
                fields.check("tax_exempt", "yes", "Pays no tax", isOn: details.isTaxExempt)
                fields.check(
                    "accepts_marketing", "yes", "Wants to hear of offers", isOn: details.acceptsMarketing)
                Field("note", "Note", .area, value: typed?["note"] ?? details.note, error: faults["note"]).html
                fields.text("tags", "Tags", details.tags.joined(separator: ", "), hint: "With commas between them")
                div { UI.button("Save", .primary) }
            }
        }
    }

    private var removal: HTML {
        UI.card {
            Markup.details(.id("remove")) {
                summary { "Forget this customer" }
                form(.method(.post), .action("\(address)/removal"), .class("stack")) {
                    p { "The orders stay as they are, with the names and addresses that they were placed with." }
                    div { UI.button("Forget customer", .danger) }
                }
            }
        }
    }
}
