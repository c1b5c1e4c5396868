import Catalog
import DesignSystem
import EventLog
import Markup
import Orders
import Payments
import Primitives
import UseCases

/// An order as its buyer sees it. Whoever has the link sees it, so it shows nothing that a parcel does not.
struct OrderPage {
    let order: Order
    let events: [RecordedEvent]
    let displays: [VariantID: VariantDisplay]
    let address: WebAddress
    /// Whether another attempt to pay makes sense, as far as the order says.
    var canPay: Bool {
        order.status == .open && order.paymentMethod == PaymentMethod.card.rawValue
            && [.pending, .failed].contains(order.paymentStatus)
    }
    /// Why the last attempt to pay came to nothing.
    var error: String?

    func render(_ frame: Frame) -> [UInt8] {
        frame.page(.shop("Order \(order.name)")) {
            div(.class("stack"), .data("events", "\(address)/events")) {
                div(.class("order-head"), .id("order-head"), .data("live"), .aria("live", "polite")) {
                    h1 { order.status == .canceled ? "Order \(order.name) was canceled" : heading }
                    p(.class("muted")) {
                        "Order \(order.name), placed on "
                        UI.time(order.placedAt)
                    }
                    states
                    if let error { UI.alert(.danger, error) }
                    message
                }
                div(.class("split")) {
                    div(.class("stack")) {
                        section(.class("card")) {
                            h2 { "What you ordered" }
                            ul(.class("lines"), .role("list"), .id("order-lines"), .data("live")) {
                                for orderLine in order.lines { line(orderLine) }
                            }
                        }
                        section(.class("card")) {
                            h2 { "What happened so far" }
                            div(.id("order-timeline"), .data("live")) {
                                UI.timeline(events.compactMap(OrderWords.item))
                            }
                        }
                    }
                    div(.class("aside stack")) {
                        UI.card("Total") { TotalsList(order).html }
                        deliveryCard
                        addressCard
                        p(.class("hint")) { "Keep this page’s address: it shows how your order is getting on." }
                    }
                }
            }
        }
    }

    private var heading: String {
        let name = order.contact.shippingAddress?.name.split(separator: " ").first.map(String.init)
        return name.map { "Thank you, \($0)" } ?? "Thank you"
    }

    private var states: HTML {
        let payment = OrderWords.payment(order)
        let delivery = OrderWords.delivery(order)
        return div(.class("card")) {
            dl(.class("states")) {
                div {
                    dt { "Payment" }
                    dd { UI.badge(payment.words, payment.tone) }
                }
                div {
                    dt { "Delivery" }
                    dd { UI.badge(delivery.words, delivery.tone) }
                }
                if let method = PaymentMethod(rawValue: order.paymentMethod) {
                    div {
                        dt { "You pay by" }
                        dd { OrderWords.title(of: method) }
                    }
                }
            }
        }
    }

    private var message: HTML {
        if order.status == .canceled {
            return UI.alert(.warn, "This order was canceled.") { p { OrderWords.cancellation(order.cancelReason) } }
        }
        guard canPay else { return .empty }
        let isFailed = order.paymentStatus == .failed
        return UI.alert(
            isFailed ? .danger : .warn,
            isFailed ? "The payment did not go through." : "We are waiting for your payment."
        ) {
            p {
                isFailed
                    ? "Nothing was charged. What you ordered is set aside for you a little longer."
                    : "If you have just paid, this page will say so in a moment. If not, go on with it now."
            }
            form(.action("\(address)/payment"), .method(.post)) {
                UI.button(isFailed ? "Try to pay again" : "Go on to pay", .primary)
            }
        }
    }

    private func line(_ line: OrderLine) -> HTML {
        let display = line.variant.flatMap { displays[$0] }
        return li(.class("line compact")) {
            div(.class("picture")) { ProductCard.picture(display?.image, isLazy: false, side: 56) }
            div {
                line.title
                span(.class("hint")) { " × \(line.quantity)" }
                if line.fulfilledQuantity > 0 {
                    p(.class("hint")) {
                        line.openQuantity == 0
                            ? "On its way" : "\(line.fulfilledQuantity) of \(line.quantity) on their way"
                    }
                }
            }
            strong(.class("end nowrap")) { line.total.text }
        }
    }

    @HTMLBuilder private var deliveryCard: HTML {
        let delivery = order.delivery
        let moment = DeliveryWords.moment(of: delivery)
        if moment != nil || delivery.pickup != nil {
            UI.card("Delivery") {
                p { strong { delivery.title } }
                if let moment { p { moment } }
                if let pickup = delivery.pickup {
                    Markup.address {
                        HTML.list(([pickup.title] + pickup.address).flatMap { [HTML.text($0), br()] })
                    }
                    if !pickup.note.isEmpty { p(.class("hint")) { pickup.note } }
                }
            }
        }
    }

    private var addressCard: HTML {
        let contact = order.contact
        let isSent = contact.shippingAddress != nil && order.delivery.pickup == nil
        return UI.card(isSent ? "Delivery to" : "How we reach you") {
            if let address = contact.shippingAddress {
                Markup.address {
                    HTML.list(lines(of: address).flatMap { [HTML.text($0), br()] })
                }
            }
            if let email = contact.email { p(.class("hint")) { "Messages go to \(email.description)." } }
            if !contact.note.isEmpty { p(.class("hint")) { "Your note: \(contact.note)" } }
        }
    }

    private func lines(of address: Address) -> [String] {
        let format = AddressFormat.of(address.country)
        let town =
            format.isPostalCodeFirst
            ? [address.postalCode, address.city] : [address.city, address.region, address.postalCode]
        return [
            address.name, address.line1, address.line2, town.filter { !$0.isEmpty }.joined(separator: " "),
            format.isPostalCodeFirst ? address.region : "", CountryNames.name(address.country),
        ].filter { !$0.isEmpty }
    }
}
