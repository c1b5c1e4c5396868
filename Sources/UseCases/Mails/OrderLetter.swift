import Fulfillment
import Markup
import Messaging
import Orders
import Payments
import Pricing
import Primitives
import Stores

/// A mail about an order, as text and as HTML with the same content.
struct OrderLetter: Sendable {
    private let wording: OrderMailWording
    private let fulfillment: Fulfillment?
    private let link: String?

    /// - Parameter link: the address of the order's page; nil leaves it out.
    init(
        occasion: OrderMails.Occasion, order: Order, store: Store, fulfillment: Fulfillment?, link: String?
    ) {
        wording = OrderMailWording(
            occasion: occasion, order: order, store: store, format: StoreFormat(country: store.country))
        self.fulfillment = fulfillment
        self.link = link
    }

    var subject: HeaderText { HeaderText(cleaning: wording.subject) }
    var text: String { parts.text }
    var html: String { parts.html(title: wording.subject) }

    private var parts: Parts {
        Parts(
            greeting: wording.greeting, opening: wording.opening, lines: wording.lines(fulfillment),
            totals: wording.totals, tracking: wording.tracking(fulfillment), addressTitle: wording.addressTitle,
            address: wording.address, linkTitle: wording.linkTitle, link: link, closing: wording.store.name)
    }

    /// What both versions say.
    private struct Parts {
        let greeting: String
        let opening: [String]
        let lines: [(what: String, price: String)]
        let totals: [(name: String, amount: String)]
        let tracking: String?
        let addressTitle: String
        let address: [String]
        let linkTitle: String
        let link: String?
        let closing: String

        var text: String {
            var blocks = [greeting] + opening
            blocks.append(lines.map { $0.price.isEmpty ? $0.what : "\($0.what)  \($0.price)" }.joined(separator: "\n"))
            if !totals.isEmpty { blocks.append(totals.map { "\($0.name): \($0.amount)" }.joined(separator: "\n")) }
            if let tracking { blocks.append(tracking) }
            if !address.isEmpty { blocks.append("\(addressTitle)\n" + address.joined(separator: "\n")) }
            if let link { blocks.append("\(linkTitle):\n\(link)") }
            blocks.append(closing)
            return blocks.joined(separator: "\n\n") + "\n"
        }

        func html(title subject: String) -> String {
            let address = link.flatMap { WebAddress(checking: $0) }
            return Markup.html(.lang("en")) {
                head {
                    meta(.charset("utf-8"))
                    meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
                    title(subject)
                    style(sheet)
                }
                body {
                    main {
                        h1 { subject }
                        p { greeting }
                        for paragraph in opening { p { paragraph } }
                        table {
                            tbody {
                                for line in lines {
                                    tr {
                                        td { line.what }
                                        td(.class("amount")) { line.price }
                                    }
                                }
                                for total in totals {
                                    tr(.class("total")) {
                                        td { total.name }
                                        td(.class("amount")) { total.amount }
                                    }
                                }
                            }
                        }
                        if let tracking { p { tracking } }
                        if !self.address.isEmpty {
                            p {
                                strong { addressTitle }
                                for line in self.address {
                                    br()
                                    line
                                }
                            }
                        }
                        if let address {
                            p { a(.href(address), .class("button")) { linkTitle } }
                        }
                        p(.class("closing")) { closing }
                    }
                }
            }.source
        }
    }

    private static let sheet: StaticString = """
        body{margin:0;padding:24px 12px;background:#f4f5f8;color:#1c2430;font:16px/1.5 system-ui,sans-serif}
        main{max-width:560px;margin:0 auto;padding:24px;background:#fff;border-radius:12px}
        h1{font-size:22px;line-height:1.3;margin:0 0 16px}
        table{width:100%;border-collapse:collapse;margin:16px 0}
        td{padding:6px 0;border-bottom:1px solid #d5d9e0;vertical-align:top}
        .amount{text-align:right;white-space:nowrap;padding-left:16px}
        .total td{border-bottom:0}
        .button{display:inline-block;padding:10px 18px;border-radius:8px;background:#1c2430;color:#fff;\
        text-decoration:none;font-weight:600}
        .closing{color:#596273}
        """
}

/// The words of the mails, in one place.
struct OrderMailWording: Sendable {
    let occasion: OrderMails.Occasion
    let order: Order
    let store: Store
    let format: StoreFormat

    let linkTitle = "Look at your order"

    /// Of the address in the mail: where it goes, or where it is fetched.
    var addressTitle: String { order.delivery.pickup == nil ? "Delivery address" : "You fetch it here" }

    var subject: String {
        switch occasion {
        case .received: "Your order \(order.name) at \(store.name)"
        case .paid: "Your order \(order.name) at \(store.name) is paid"
        case .fulfilled: "Your order \(order.name) from \(store.name) is on its way"
        }
    }

    var greeting: String {
        let name = order.contact.shippingAddress?.name ?? ""
        return name.isEmpty ? "Hello," : "Hello \(name),"
    }

    var opening: [String] {
        let total = format.money(order.totals.total)
        switch occasion {
        case .received:
            let payment =
                switch PaymentMethod(rawValue: order.paymentMethod) {
                case .cashOnDelivery: "You pay \(total) in cash when it is delivered."
                case .card: "We will write again when the payment of \(total) has arrived."
                case .paidElsewhere, nil: ""
                }
            let thanks = "Thank you. We have received your order \(order.name) of \(format.date(order.placedAt))."
            return ([thanks, payment] + delivery).filter { !$0.isEmpty }
        case .paid: return ["Thank you. Your payment of \(total) for order \(order.name) has arrived."] + delivery
        case .fulfilled:
            return order.delivery.pickup == nil
                ? ["This is on its way to you from order \(order.name):"]
                : ["This of order \(order.name) has been handed over to you:"]
        }
    }

    /// When it comes, where that was agreed.
    private var delivery: [String] {
        DeliveryWords.moment(of: order.delivery).map { ["\(order.delivery.title): \($0)."] } ?? []
    }

    /// Of a parcel what is in it; of an order everything with its price.
    func lines(_ fulfillment: Fulfillment?) -> [(what: String, price: String)] {
        guard occasion == .fulfilled, let fulfillment else {
            return order.lines.map { ("\($0.quantity) × \($0.title)", format.money($0.total)) }
        }
        return fulfillment.lines.compactMap { part in
            order.lines.first { $0.id == part.line }.map { ("\(part.quantity) × \($0.title)", "") }
        }
    }

    /// Nothing in the mail about a parcel: it may be one of several.
    var totals: [(name: String, amount: String)] {
        guard occasion != .fulfilled else { return [] }
        let totals = order.totals
        var rows: [(name: String, amount: String)] = [("Subtotal", format.money(totals.subtotal))]
        if totals.discount.amount != 0 { rows.append(("Discount", "−" + format.money(totals.discount))) }
        if totals.shipping.amount != 0 { rows.append(("Delivery", format.money(totals.shipping))) }
        for tax in order.taxLines where tax.amount.amount != 0 {
            let name = "\(tax.title) \(TaxRate.percent(tax.partsPerMillion))"
            rows.append((totals.taxesIncluded ? "\(name), included" : name, format.money(tax.amount)))
        }
        rows.append(("Total", format.money(totals.total)))
        if order.taxes.treatment == TaxTreatment.reverseCharge.rawValue {
            rows.append(("Reverse charge: the tax is owed by", order.taxes.number))
        }
        return rows
    }

    func tracking(_ fulfillment: Fulfillment?) -> String? {
        guard let number = fulfillment?.trackingNumber, !number.isEmpty else { return nil }
        return "Tracking number: \(number)"
    }

    var address: [String] {
        if let pickup = order.delivery.pickup { return [pickup.title] + pickup.address }
        guard let address = order.contact.shippingAddress else { return [] }
        let town = [address.postalCode, address.city].filter { !$0.isEmpty }.joined(separator: " ")
        return [address.name, address.line1, address.line2, town, address.region, address.country]
            .filter { !$0.isEmpty }
    }
}
