import EventLog
import Ledger
import Orders
import Payments
import Persistence
import Primitives
import Stores

/// An order of a file as it is written down: what it was, with its books. It takes no stock, owes no mail and asks no
/// payment provider; its lines name nothing in the catalogue, so that nothing ever will.
struct OrderEntry {
    private let parsed: ParsedOrder
    private let context: ImportContext
    private var order: Order

    /// - Throws: `order.totals`, `money.out_of_range`.
    init(
        _ parsed: ParsedOrder, number: Int, context: ImportContext, in tx: borrowing Transaction
    ) throws(Problem) {
        self.parsed = parsed
        self.context = context
        let (lines, shippingTaxes) = try Self.priced(parsed, in: tx)
        let totals = try Totals(
            lines: lines, shipping: parsed.shipping, shippingTaxes: shippingTaxes, taxesIncluded: parsed.taxesIncluded)
        guard totals.total == parsed.total else {
            throw Problem(
                .invalid, "order.totals", "The lines, delivery and taxes come to \(totals.total), not \(parsed.total).")
        }
        order = Order(
            id: tx.newIdentifier(), store: context.store.id, number: number,
            externalID: ImportedOrder.number(in: parsed.name) == nil ? parsed.name : nil,
            paymentMethod: Self.method(of: parsed).rawValue, lines: lines.map(OrderLine.init), totals: totals,
            taxes: OrderTaxes(shipping: shippingTaxes), contact: parsed.contact,
            deliveryMethod: parsed.shippingMethod.isEmpty ? "" : "imported",
            delivery: OrderDelivery(title: parsed.shippingMethod), tags: parsed.tags, placedAt: parsed.placedAt,
            createdAt: tx.now)
        for (index, line) in parsed.lines.enumerated() where line.isFulfilled {
            order.lines[index].fulfilledQuantity = line.quantity
        }
        let sent = parsed.lines.count(where: \.isFulfilled)
        order.fulfillmentStatus =
            sent == 0 ? .unfulfilled : sent == parsed.lines.count ? .fulfilled : .partiallyFulfilled
        order.canceledAt = parsed.canceledAt
        if parsed.canceledAt != nil { order.status = .canceled }
    }

    /// Taxes are spread over the lines by what they cost; the file does not say what belongs to which.
    private static func priced(
        _ parsed: ParsedOrder, in tx: borrowing Transaction
    ) throws(Problem) -> (lines: [PricedLine], shippingTaxes: [TaxLine]) {
        var nets: [Int64] = []
        for line in parsed.lines {
            nets.append(try line.unitPrice.multiplied(by: line.quantity).subtracting(line.discount).amount)
        }
        let isFree = nets.allSatisfy { $0 <= 0 }
        var taxes: [[TaxLine]] = nets.map { _ in [] }
        for tax in parsed.taxes where !isFree {
            for (index, part) in try tax.amount.allocated(by: nets.map { max(0, $0) }).enumerated()
            where index == 0 || part.amount != 0 {
                taxes[index].append(TaxLine(title: tax.title, partsPerMillion: tax.partsPerMillion, amount: part))
            }
        }
        var lines: [PricedLine] = []
        for (index, line) in parsed.lines.enumerated() {
            lines.append(
                try PricedLine(
                    id: tx.newIdentifier(), variant: nil, sku: line.sku, title: line.title, quantity: line.quantity,
                    unitPrice: line.unitPrice, discount: line.discount, taxLines: taxes[index]))
        }
        return (lines, isFree ? parsed.taxes : [])
    }

    /// Money that somebody else collected was paid elsewhere, and so is what is still to come, unless whoever
    /// delivers collects it.
    private static func method(of parsed: ParsedOrder) -> PaymentMethod {
        if case .unpaid = parsed.settlement, parsed.isCashOnDelivery { return .cashOnDelivery }
        return .paidElsewhere
    }

    func write(in tx: borrowing Transaction) throws {
        var order = order
        let isCanceled = order.status == .canceled
        let (state, amount): (PaymentState, Money) =
            switch parsed.settlement {
            case .unpaid: (isCanceled ? .voided : .pending, parsed.total)
            case .paid: (.paid, parsed.total)
            case .partly(let part): (.paid, part)
            }
        let payment = try RecordPayment(
            store: order.store, order: order.id, method: Self.method(of: parsed), amount: amount, status: state
        ).run(in: tx)
        let postings = try OrderBooks.postings(importing: order, paidBy: payment)
        order.paymentStatus = OrderBooks.status(Balances(postings), total: parsed.total, isCanceled: isCanceled)
        if parsed.total.amount == 0, state == .paid { order.paymentStatus = .paid }
        if order.fulfillmentStatus == .fulfilled, order.paymentStatus == .paid, !isCanceled {
            order.status = .completed
        }
        let pending = try RecordOrder(
            order, as: "order.imported", actor: context.actor, requestID: context.requestID
        ).submit(in: tx)
        try RecordImport(
            store: order.store, order: order.id,
            ImportedOrder(name: parsed.name, cells: parsed.cells, lineCells: parsed.lines.map(\.cells))
        ).run(in: tx)
        try RecordPostings(store: order.store, order: order.id, postings).submit(in: tx)
        try pending.requireUnique(in: tx)
        if isCanceled { try ReverseOrder(store: order.store, order: order.id).run(in: tx) }
    }
}
