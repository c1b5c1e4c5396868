import DesignSystem
import HTTPServer
import Markup
import Orders
import Pricing
import Primitives
import UseCases

/// What is to be delivered when on one day, and how full each window is.
struct DeliveryDayPage {
    let view: DeliveryDay

    private var address: WebAddress { "/dashboard/delivery?day=\(view.date.description)" }

    var html: HTML {
        group {
            div(.class("page-head")) {
                h1 { view.date == view.today ? "Delivery today" : "Delivery, \(DeliveryWords.day(view.date))" }
                UI.linkButton("Settings", "/dashboard/delivery/settings")
            }
            p(.class("muted")) { "\(DeliveryWords.day(view.date)), times of \(view.timeZone)." }
            form(.method(.get), .action("/dashboard/delivery"), .class("filters"), .role("search")) {
                day(view.date.adding(days: -1), "Day before")
                Field(
                    "day", "Day", .line(type: "date"), value: view.date.description, isRequired: true
                ).html
                UI.button("Show")
                day(view.date.adding(days: 1), "Day after")
                if view.date != view.today { UI.linkButton("Today", "/dashboard/delivery", .quiet) }
            }
            div(
                .id("deliveries"), .class("stack"), .hx("get", address), .hx("select", "#deliveries"),
                .hx("target", "this"), .hx("swap", "outerMorph"), .hx("trigger", "order from:#live throttle:1s")
            ) {
                if view.isClosed { UI.alert(.warn, "The store is closed on this day.") }
                if view.entries.isEmpty {
                    div(.class("card flush")) { nothing }
                } else {
                    div(.class("card flush")) { overview }
                    for entry in view.entries where !entry.orders.isEmpty { orders(entry) }
                }
            }
        }
    }

    private func day(_ date: CivilDate, _ title: String) -> HTML {
        UI.linkButton(title, "/dashboard/delivery?day=\(date.description)", .quiet)
    }

    private var nothing: HTML {
        UI.empty(
            "No windows on this day",
            view.isConfigured
                ? "Methods with windows are listed here by day."
                : "This store delivers everywhere, free. Set up methods and windows to plan deliveries."
        ) { UI.linkButton("Delivery settings", "/dashboard/delivery/settings") }
    }

    private var overview: HTML {
        UI.table(
            "Windows", view.entries,
            [
                .init("Window") { entry in strong { times(entry) } },
                .init("Method") { entry in entry.title },
                .init("Orders", isNumber: true) { entry in
                    entry.capacity.map { "\(entry.taken) of \($0)" } ?? "\(entry.taken)"
                },
                .init("Places") { entry in
                    guard let capacity = entry.capacity else { return UI.badge("Not in the settings", .warn) }
                    let free = max(0, capacity - entry.taken)
                    return UI.badge(
                        free == 0 ? "Full" : free == 1 ? "1 free" : "\(free) free", free == 0 ? .danger : .ok)
                },
            ])
    }

    private func times(_ entry: DeliveryDay.Entry) -> String {
        guard let endsAt = entry.endsAt else {
            return StoreClock(view.timeZone)?.time(entry.key.startsAt).description ?? ""
        }
        return DeliveryWords.times(from: entry.key.startsAt, to: endsAt, in: view.timeZone)
    }

    private func orders(_ entry: DeliveryDay.Entry) -> HTML {
        section(.class("card flush")) {
            h2 { "\(times(entry)), \(entry.title)" }
            UI.table(
                "Orders of \(times(entry)), \(entry.title)", entry.orders,
                [
                    .init("Order") { order in
                        a(.class("primary-link"), .href("/dashboard/orders/\(order.id)")) { order.name }
                    },
                    .init("For") { order in
                        order.contact.shippingAddress?.name ?? order.contact.email?.description ?? ""
                    },
                    .init("Where") { order in place(order) },
                    .init("Payment") { order in UI.badge(order.paymentStatus.words, order.paymentStatus.tone) },
                    .init("Sent") { order in
                        UI.badge(order.fulfillmentStatus.words, order.fulfillmentStatus.tone)
                    },
                ])
        }
    }

    private func place(_ order: Order) -> String {
        if let pickup = order.delivery.pickup { return pickup.title }
        guard let address = order.contact.shippingAddress else { return "" }
        return [address.line1, address.line2, "\(address.postalCode) \(address.city)"]
            .filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
