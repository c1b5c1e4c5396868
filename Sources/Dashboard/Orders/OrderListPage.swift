import DesignSystem
import Markup
import Orders
import Primitives

/// The orders of a store, newest first.
struct OrderListPage {
    let orders: [Order]
    let search: OrderSearch
    let next: OrderPosition?

    /// Views that many look for, as tabs.
    private static let views: [(title: String, search: OrderSearch)] = {
        var open = OrderSearch()
        open.status = .open
        open.fulfillment = .unfulfilled
        var unpaid = OrderSearch()
        unpaid.status = .open
        unpaid.payment = .pending
        var canceled = OrderSearch()
        canceled.status = .canceled
        return [("All", OrderSearch()), ("To fulfil", open), ("To be paid", unpaid), ("Canceled", canceled)]
    }()

    var html: HTML {
        group {
            div(.class("page-head")) { h1 { "Orders" } }
            nav(.class("tabs"), .aria("label", "Views")) {
                for view in Self.views {
                    a(
                        .href(view.search.address),
                        .aria("current", view.search.address == search.page(after: nil).address ? "page" : nil)
                    ) { view.title }
                }
            }
            filters
            list
        }
    }

    private var filters: HTML {
        form(.method(.get), .action("/dashboard"), .class("filters"), .role("search")) {
            div(.class("field search-field")) {
                label(.for("q")) { "Number, e-mail address or reference" }
                input(
                    .type("search"), .id("q"), .name("q"), .class("input"), .value(search.text),
                    .autocomplete("off"), .enterkeyhint("search"))
            }
            choice("status", "Status", OrderStatus.allCases.map { ($0.rawValue, $0.words) }, search.status?.rawValue)
            choice(
                "payment", "Payment", PaymentStatus.allCases.map { ($0.rawValue, $0.words) },
                search.payment?.rawValue)
            choice(
                "fulfillment", "Fulfilment", FulfillmentStatus.allCases.map { ($0.rawValue, $0.words) },
                search.fulfillment?.rawValue)
            UI.button("Filter")
            if search.isFiltering { UI.linkButton("Clear", "/dashboard", .quiet) }
        }
    }

    private func choice(
        _ name: String, _ title: String, _ choices: [(value: String, title: String)], _ chosen: String?
    ) -> HTML {
        div(.class("field")) {
            label(.for(name)) { title }
            select(.id(name), .name(name), .class("input")) {
                option(.value("")) { "Any" }
                for choice in choices {
                    option(.value(choice.value), .selected(choice.value == chosen)) { choice.title }
                }
            }
        }
    }

    /// Fetches itself when something happens to an order.
    private var list: HTML {
        div(
            .id("orders"), .class("card flush"), .hx("get", search.address), .hx("select", "#orders"),
            .hx("target", "this"), .hx("swap", "outerMorph"), .hx("trigger", "order from:#live throttle:1s")
        ) {
            if orders.isEmpty {
                if search.isFiltering {
                    UI.empty("No order matches", "No order has all of what is chosen above.") {
                        UI.linkButton("Show all orders", "/dashboard")
                    }
                } else {
                    UI.empty("No orders yet", "The first one appears here by itself.")
                }
            } else {
                table
                if next != nil || search.after != nil {
                    div(.class("table-foot")) {
                        UI.pagination(
                            first: search.after == nil ? nil : search.page(after: nil).address,
                            next: next.map { search.page(after: $0).address }, more: "Older orders")
                    }
                }
            }
        }
    }

    private var table: HTML {
        UI.table(
            "Orders", orders,
            [
                .init("Order") { order in
                    a(.class("primary-link"), .href("/dashboard/orders/\(order.id)")) { order.name }
                },
                .init("Placed") { order in UI.time(order.placedAt) },
                .init("Customer") { order in order.customerName },
                .init("Status") { order in UI.badge(order.status.words, order.status.tone) },
                .init("Payment") { order in UI.badge(order.paymentStatus.words, order.paymentStatus.tone) },
                .init("Fulfilment") { order in UI.badge(order.fulfillmentStatus.words, order.fulfillmentStatus.tone) },
                .init("Items", isNumber: true) { order in order.lines.reduce(0) { $0 + $1.quantity } },
                .init("Total", isNumber: true) { order in order.totals.total.text },
            ],
            rowAttributes: { order in [.id("row-\(order.id)")] })
    }
}
