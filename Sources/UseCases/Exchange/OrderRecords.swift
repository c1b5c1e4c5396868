import Ledger
import Orders
import Payments
import Pricing
import Primitives

/// The records that tell of one order: one for each line, of which the first has what the order says as a whole.
struct OrderRecords {
    let order: Order
    /// What a file said when the order was brought in.
    var imported: ImportedOrder?
    var balances = Balances()
    var settlement: Settlement?
    var fulfilledAt: Instant?

    private var currency: Currency { order.totals.currency }

    /// The cells of all records, in the order of the columns.
    var records: [[String]] {
        order.lines.indices.map { index in
            OrderColumn.allCases.map { column in
                if OrderColumn.ofLines.contains(column) { return text(column, ofLine: index) }
                return index == 0 || OrderColumn.repeated.contains(column) ? text(column) : ""
            }
        }
    }

    private func text(_ column: OrderColumn, ofLine index: Int) -> String {
        let line = order.lines[index]
        return switch column {
        case .lineQuantity: String(line.quantity)
        case .lineName: line.title
        case .linePrice: decimal(line.unitPrice)
        case .lineSKU: line.sku
        case .lineDiscount: decimal(line.discount)
        case .lineFulfillmentStatus:
            line.openQuantity == 0 ? "fulfilled" : line.fulfilledQuantity == 0 ? "pending" : "partial"
        default:
            imported.flatMap { $0.lineCells.indices.contains(index) ? $0.lineCells[index][column.rawValue] : nil } ?? ""
        }
    }

    private func text(_ column: OrderColumn) -> String {
        if column == .name { return imported?.name ?? order.name }
        if let kept = imported?.cells[column.rawValue] { return kept }
        let totals = order.totals
        return switch column {
        case .email: order.contact.email?.description ?? ""
        case .financialStatus: Self.word(for: order.paymentStatus)
        case .fulfillmentStatus: Self.word(for: order.fulfillmentStatus)
        case .currency: currency.code
        case .subtotal: decimal(totals.subtotal, less: totals.discount)
        case .shipping: decimal(totals.shipping)
        case .taxes: decimal(totals.tax)
        case .total: decimal(totals.total)
        case .discountAmount: decimal(totals.discount)
        case .shippingMethod: order.delivery.title
        case .createdAt: order.placedAt.inFile
        case .notes: order.contact.note
        case .canceledAt: order.canceledAt?.inFile ?? ""
        case .refunded: Money.decimal(0, currency)
        case .outstanding: outstanding
        case .tags: order.tags.joined(separator: ", ")
        case .phone: order.contact.phone?.description ?? ""
        default: imported == nil ? ownText(column) ?? placeText(column) : placeText(column)
        }
    }

    /// What only an order that was placed here has.
    private func ownText(_ column: OrderColumn) -> String? {
        switch column {
        case .id: order.id.description
        case .source: order.checkout == nil ? "manual" : "web"
        case .paidAt: order.paymentStatus == .paid ? settlement?.at.inFile : nil
        case .fulfilledAt: order.fulfillmentStatus == .fulfilled ? fulfilledAt?.inFile : nil
        case .paymentReference: settlement?.reference
        case .paymentMethod: Self.word(forMethod: order.paymentMethod)
        default: nil
        }
    }

    private func placeText(_ column: OrderColumn) -> String {
        if let index = OrderColumn.taxColumns.firstIndex(where: { $0.name == column || $0.value == column }) {
            guard index < taxLines.count else { return "" }
            let tax = taxLines[index]
            return OrderColumn.taxColumns[index].value == column ? decimal(tax.amount) : Self.name(of: tax)
        }
        guard let address = order.contact.shippingAddress else { return "" }
        return switch column {
        case .shippingName: address.name
        case .shippingStreet: [address.line1, address.line2].filter { !$0.isEmpty }.joined(separator: ", ")
        case .shippingLine1: address.line1
        case .shippingLine2: address.line2
        case .shippingCity: address.city
        case .shippingZip: address.postalCode
        case .shippingProvince: address.region
        case .shippingCountry: address.country
        default: ""
        }
    }

    /// At most as many as there are columns; the last stands for all that are left.
    private var taxLines: [TaxLine] {
        let lines = order.taxLines
        let most = OrderColumn.taxColumns.count
        guard lines.count > most else { return lines }
        let rest = lines[(most - 1)...].reduce(Int64(0)) { $0 + $1.amount.amount }
        // ignored: a part of a sum that is within the limits is within them
        let amount = (try? Money(rest, currency)) ?? .zero(currency)
        return Array(lines[..<(most - 1)]) + [TaxLine(title: "Other taxes", partsPerMillion: 0, amount: amount)]
    }

    private var outstanding: String {
        let owed = order.status == .canceled ? 0 : order.totals.total.amount - balances.settled
        return Money.decimal(max(0, owed), currency)
    }

    private func decimal(_ money: Money, less other: Money? = nil) -> String {
        Money.decimal(money.amount - (other?.amount ?? 0), currency)
    }

    /// A title and its rate, such as `VAT 20%`; the title alone where the rate is not known.
    private static func name(of tax: TaxLine) -> String {
        tax.partsPerMillion == 0 ? tax.title : "\(tax.title) \(TaxRate.percent(tax.partsPerMillion))"
    }

    static func word(for status: PaymentStatus) -> String {
        switch status {
        case .pending: "pending"
        case .authorized: "authorized"
        case .paid: "paid"
        case .partiallyPaid: "partially_paid"
        case .refunded: "refunded"
        case .partiallyRefunded: "partially_refunded"
        case .voided: "voided"
        case .failed: "expired"
        }
    }

    static func word(for status: FulfillmentStatus) -> String {
        switch status {
        case .unfulfilled, .onHold: "unfulfilled"
        case .partiallyFulfilled: "partial"
        case .fulfilled: "fulfilled"
        case .returned: "restocked"
        }
    }

    private static func word(forMethod method: String) -> String {
        switch PaymentMethod(rawValue: method) {
        case .cashOnDelivery: cashOnDelivery
        case .card: "card"
        case .paidElsewhere: "manual"
        case nil: method
        }
    }

    static let cashOnDelivery = "Cash on Delivery (COD)"
}

extension Instant {
    /// As order files have it: `2026-11-21 18:54:05 +0000`.
    var inFile: String {
        let text = description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) +0000"
    }

    /// Reads what order files have, or RFC 3339; a day alone begins in UTC. Nil when it is no moment.
    init?(inFile text: String) {
        if text.utf8.count == 10 {
            self.init(rfc3339: text + "T00:00:00Z")
            return
        }
        let parts = text.split(separator: " ")
        guard parts.count == 3 else {
            self.init(rfc3339: text)
            return
        }
        let zone = parts[2] == "UTC" ? "Z" : parts[2].count == 5 ? "\(parts[2].prefix(3)):\(parts[2].suffix(2))" : ""
        self.init(rfc3339: "\(parts[0])T\(parts[1])\(zone)")
    }
}
