import Exchange
import Orders
import Pricing
import Primitives
import Tabular

/// An order as the records of a file tell of it.
struct ParsedOrder: Sendable {
    /// How it was paid.
    enum Settlement: Sendable {
        case unpaid
        case paid
        /// This much of the total.
        case partly(Money)
    }

    struct Line: Sendable {
        var title = ""
        var sku = ""
        var quantity = 0
        var unitPrice: Money
        var discount: Money
        var isFulfilled = false
        var cells: [String: String] = [:]
    }

    var line = 0
    var rows = 0
    var name = ""
    var contact = Contact()
    var placedAt = Instant.earliest
    var canceledAt: Instant?
    var settlement = Settlement.unpaid
    var isCashOnDelivery = false
    var lines: [Line] = []
    var shipping: Money
    var taxes: [TaxLine] = []
    var total: Money
    var taxesIncluded = false
    var shippingMethod = ""
    var tags: [String] = []
    /// The words of the file, for comparison with an order that is there.
    var financialWord = ""
    var fulfillmentWord = ""
    var cells: [String: String] = [:]
    var problems: [ImportProblem] = []

    var isRefused: Bool { problems.contains { $0.severity == .refused } }

    init(currency: Currency) {
        shipping = .zero(currency)
        total = .zero(currency)
    }
}

/// Reads the records of one order.
struct OrderReading {
    private let sheet: Sheet<OrderColumn>
    private let group: RecordGroup
    private var cells: CellReading<OrderColumn>
    private var currency: Currency
    private var order: ParsedOrder

    /// What the records say, with all that is wrong with them. At least one record.
    static func order(
        _ group: RecordGroup, first: CSVRecord, sheet: Sheet<OrderColumn>, currency: Currency
    ) -> ParsedOrder {
        var reading = OrderReading(group, first: first, sheet: sheet, currency: currency)
        reading.read()
        reading.order.problems = reading.cells.problems
        return reading.order
    }

    private init(_ group: RecordGroup, first: CSVRecord, sheet: Sheet<OrderColumn>, currency own: Currency) {
        self.sheet = sheet
        self.group = group
        cells = CellReading(first, of: sheet)
        let code = cells.plain(.currency).uppercased()
        let known = Currency(code)
        if known == nil {
            cells.refuse(.currency, "currency", "A currency has three letters, such as GBP (ISO 4217).")
        }
        currency = known ?? own
        order = ParsedOrder(currency: currency)
    }

    private mutating func read() {
        order.line = cells.record.line
        order.rows = group.records.count + group.dropped
        readName()
        readMoments()
        order.financialWord = cells.plain(.financialStatus).lowercased()
        order.fulfillmentWord = cells.plain(.fulfillmentStatus).lowercased()
        readContact()
        order.shippingMethod = cells.line(.shippingMethod, most: 200) ?? ""
        if let tags = cells.tags(.tags) { order.tags = tags }
        for record in group.records { readLine(record) }
        readCells()
        guard !cells.isRefused else { return }
        readAmounts()
        readSettlement()
        readFulfillment()
    }

    private mutating func readName() {
        order.name = cells.line(.name, most: 100) ?? ""
        if order.name.isEmpty { cells.refuse(.name, "required", "An order needs its name, such as #1043.") }
        if group.dropped > 0 {
            cells.refuse(.name, "too_many_rows", "An order has at most \(RecordGroup.most) records.")
        }
        if group.isBroken {
            cells.refuse(.name, "broken", "A record of this order cannot be read; the order is left out.")
        }
    }

    private mutating func readMoments() {
        if let moment = Instant(inFile: cells.plain(.createdAt)) {
            order.placedAt = moment
        } else {
            cells.refuse(.createdAt, "moment", "A moment such as 2026-01-31 12:00:00 +0100 is expected.")
        }
        let text = cells.plain(.canceledAt)
        guard !text.isEmpty else { return }
        order.canceledAt = Instant(inFile: text)
        if order.canceledAt == nil {
            cells.refuse(.canceledAt, "moment", "A moment such as 2026-01-31 12:00:00 +0100 is expected.")
        }
    }

    private mutating func readContact() {
        order.contact.note = cells.text(.notes, most: 5000) ?? ""
        let email = cells.plain(.email)
        order.contact.email = EmailAddress(email)
        if !email.isEmpty, order.contact.email == nil {
            order.cells[OrderColumn.email.rawValue] = email
            cells.adjust(.email, "email", "This is no e-mail address; it is kept aside.")
        }
        let phone = cells.plain(.phone).withoutApostrophe
        order.contact.phone =
            [phone, cells.plain(.shippingPhone).withoutApostrophe].lazy.compactMap { PhoneNumber($0) }
            .first
        if !phone.isEmpty, PhoneNumber(phone) == nil { order.cells[OrderColumn.phone.rawValue] = phone }
        var parts: [OrderColumn: String] = [:]
        for column in OrderColumn.address {
            parts[column] = (cells.line(column, most: 400) ?? "").withoutApostrophe
        }
        let street = parts[.shippingLine1] ?? ""
        let address = Address(
            name: parts[.shippingName] ?? "", line1: street.isEmpty ? parts[.shippingStreet] ?? "" : street,
            line2: parts[.shippingLine2] ?? "", city: parts[.shippingCity] ?? "",
            region: parts[.shippingProvince] ?? "", postalCode: parts[.shippingZip] ?? "",
            country: (parts[.shippingCountry] ?? "").uppercased())
        if !address.name.isEmpty, !address.line1.isEmpty, !address.city.isEmpty, Country.isKnown(address.country) {
            order.contact.shippingAddress = address
        } else {
            for (column, text) in parts where !text.isEmpty { order.cells[column.rawValue] = text }
        }
    }

    // MARK: Lines

    private mutating func readLine(_ record: CSVRecord) {
        var reading = CellReading(record, of: sheet)
        defer { cells.problems += reading.problems }
        if record.line != cells.record.line {
            for column in OrderColumn.telling {
                let text = reading.plain(column)
                guard !text.isEmpty, text != cells.plain(column) else { continue }
                reading.refuse(column, "differs", "Only the first record of an order tells of the order; this differs.")
            }
        }
        let quantity = reading.plain(.lineQuantity)
        guard let number = Int(quantity), (0...1_000_000).contains(number) else {
            return reading.refuse(.lineQuantity, "integer", "A whole number from 0 to 1,000,000 is expected.")
        }
        guard number > 0 else {
            return reading.adjust(.lineQuantity, "quantity", "A line of nothing is left out.")
        }
        guard let price = reading.amount(.linePrice, currency) else {
            if reading.plain(.linePrice).isEmpty { reading.refuse(.linePrice, "required", "A line needs its price.") }
            return
        }
        let discount = reading.amount(.lineDiscount, currency) ?? .zero(currency)
        // What is beyond all limits is refused where the lines are added up.
        let (cost, isBeyond) = price.amount.multipliedReportingOverflow(by: Int64(number))
        if !isBeyond, discount.amount > cost {
            reading.refuse(.lineDiscount, "order.line_discount", "The discount is more than the line costs.")
        }
        var line = ParsedOrder.Line(unitPrice: price, discount: discount)
        line.quantity = number
        line.title = reading.line(.lineName, most: 500) ?? ""
        line.sku = reading.line(.lineSKU, most: 100) ?? ""
        if line.title.isEmpty { reading.refuse(.lineName, "required", "A line needs the name of what was bought.") }
        switch reading.plain(.lineFulfillmentStatus).lowercased() {
        case "fulfilled": line.isFulfilled = true
        case "", "pending", "unfulfilled", "restocked": line.isFulfilled = false
        case "partial":
            reading.refuse(
                .lineFulfillmentStatus, "fulfillment.partial_line",
                "The file does not say how many units of this line were sent: split the line, or wait until all are.")
        default:
            reading.refuse(.lineFulfillmentStatus, "fulfillment", "fulfilled or pending is expected.")
        }
        for column in OrderColumn.keptOfLines {
            let text = reading.line(column, most: 500) ?? ""
            if !text.isEmpty { line.cells[column.rawValue] = text }
        }
        order.lines.append(line)
    }

    private mutating func readCells() {
        if order.lines.isEmpty, !cells.isRefused {
            cells.refuse(.lineQuantity, "required", "An order needs a line.")
        }
        for column in OrderColumn.kept {
            let text = cells.text(column, most: 5000) ?? ""
            if !text.isEmpty { order.cells[column.rawValue] = text.withoutApostrophe }
        }
    }

    // MARK: Money

    private mutating func readAmounts() {
        do throws(Problem) {
            try readTotals()
        } catch {
            cells.refuse(.total, error.code, error.detail)
        }
    }

    private mutating func readTotals() throws(Problem) {
        var goods = Money.zero(currency)
        var lineDiscounts = Money.zero(currency)
        for line in order.lines {
            goods = try goods.adding(line.unitPrice.multiplied(by: line.quantity))
            lineDiscounts = try lineDiscounts.adding(line.discount)
        }
        let zero = Money.zero(currency)
        let told = cells.amount(.discountAmount, currency) ?? zero
        var subtotal = try goods.subtracting(told)
        if let stated = cells.amount(.subtotal, currency) { subtotal = stated }
        order.shipping = cells.amount(.shipping, currency) ?? zero
        let taxes = cells.amount(.taxes, currency) ?? zero
        guard let total = cells.amount(.total, currency) else {
            return cells.refuse(.total, "required", "An order needs its total.")
        }
        guard !cells.isRefused else { return }
        order.total = total
        guard subtotal.amount >= 0 else {
            return cells.refuse(
                .discountAmount, "order.totals",
                "The lines come to \(goods), and the discount of \(told) is more: Subtotal has to say what is left.")
        }
        let discount = try goods.subtracting(subtotal)
        // A discount on the delivery is in none of the lines.
        let possible = [told, lineDiscounts, try told.adding(lineDiscounts), zero]
        guard possible.contains(discount), discount.amount >= 0
        else {
            return cells.refuse(
                .subtotal, "order.totals",
                "The lines come to \(goods), less \(told) of discount; Subtotal says \(subtotal).")
        }
        if discount != told { order.cells[OrderColumn.discountAmount.rawValue] = Money.decimal(told.amount, currency) }
        try spread(discount, lineDiscounts)
        try readTaxes(taxes)
        let net = try subtotal.adding(order.shipping)
        let gross = try net.adding(taxes)
        guard total == net || total == gross else {
            return cells.refuse(
                .total, "order.totals",
                "Subtotal \(subtotal), delivery \(order.shipping) and taxes \(taxes) do not come to \(total).")
        }
        order.taxesIncluded = total != gross
    }

    /// Over the lines as the file has it, or else by what they cost.
    private mutating func spread(_ discount: Money, _ lineDiscounts: Money) throws(Problem) {
        guard discount != lineDiscounts else { return }
        guard discount.amount > 0 else {
            for index in order.lines.indices { order.lines[index].discount = .zero(currency) }
            return
        }
        var weights: [Int64] = []
        for line in order.lines { weights.append(try line.unitPrice.multiplied(by: line.quantity).amount) }
        for (index, part) in try discount.allocated(by: weights).enumerated() {
            order.lines[index].discount = part
        }
    }

    private mutating func readTaxes(_ taxes: Money) throws(Problem) {
        var sum = Money.zero(currency)
        for (name, value) in OrderColumn.taxColumns {
            let title = cells.line(name, most: 100) ?? ""
            let amount = cells.amount(value, currency)
            guard !title.isEmpty || (amount?.amount ?? 0) > 0 else { continue }
            let tax = Self.tax(named: title.isEmpty ? "Tax" : title, amount ?? .zero(currency))
            sum = try sum.adding(tax.amount)
            order.taxes.append(tax)
        }
        if order.taxes.isEmpty, taxes.amount > 0 {
            order.taxes = [TaxLine(title: "Tax", partsPerMillion: 0, amount: taxes)]
        } else if sum != taxes {
            cells.refuse(.taxes, "order.totals", "The single taxes come to \(sum), and Taxes says \(taxes).")
        }
    }

    /// `VAT 20%` is a title and a rate.
    private static func tax(named name: String, _ amount: Money) -> TaxLine {
        if let gap = name.lastIndex(of: " "), name.last == "%", gap != name.startIndex,
            let rate = TaxRate.partsPerMillion(percent: String(name[name.index(after: gap)...])), rate > 0
        {
            return TaxLine(title: String(name[..<gap]), partsPerMillion: rate, amount: amount)
        }
        return TaxLine(title: name, partsPerMillion: 0, amount: amount)
    }

    // MARK: States

    private mutating func readSettlement() {
        guard (cells.amount(.refunded, currency)?.amount ?? 0) == 0 else { return refuseRefund() }
        let method = cells.plain(.paymentMethod).lowercased()
        order.isCashOnDelivery = method.contains("cash on delivery") || method.contains("(cod)") || method == "cod"
        switch order.financialWord {
        case "paid": order.settlement = .paid
        case "pending", "unpaid", "": order.settlement = .unpaid
        case "voided" where order.canceledAt != nil: order.settlement = .unpaid
        case "authorized", "voided", "expired":
            order.settlement = .unpaid
            cells.adjust(
                .financialStatus, "payment.unpaid",
                "Nothing was collected, and no authorisation is held here: the order is unpaid.")
        case "partially_paid": readPart()
        case "refunded", "partially_refunded": refuseRefund()
        default: cells.refuse(.financialStatus, "payment", "paid, pending, partially_paid or voided is expected.")
        }
    }

    private mutating func readPart() {
        // ignored: an amount that is not read is told where it is read
        guard let rest = cells.amount(.outstanding, currency), let part = try? order.total.subtracting(rest),
            part.amount > 0, rest.amount > 0
        else {
            return cells.refuse(
                sheet.has(.outstanding) ? .outstanding : .financialStatus, "payment.partial",
                "How much was paid cannot be told: Outstanding Balance has to say what is left of the total.")
        }
        order.settlement = .partly(part)
    }

    private mutating func refuseRefund() {
        cells.refuse(
            .financialStatus, "payment.refunded",
            "Refunds cannot be written down yet, and without them the order would look paid: it is left out.")
    }

    private mutating func readFulfillment() {
        switch order.fulfillmentWord {
        case "fulfilled":
            for index in order.lines.indices { order.lines[index].isFulfilled = true }
        case "partial":
            guard order.lines.contains(where: \.isFulfilled), !order.lines.allSatisfy(\.isFulfilled) else {
                return cells.refuse(
                    .fulfillmentStatus, "fulfillment.partial",
                    "Which lines were sent cannot be told: Lineitem fulfillment status has to say it.")
            }
        case "", "unfulfilled", "pending", "restocked":
            for index in order.lines.indices { order.lines[index].isFulfilled = false }
        default: cells.refuse(.fulfillmentStatus, "fulfillment", "fulfilled, partial or unfulfilled is expected.")
        }
    }
}

extension CellReading where Column == OrderColumn {
    /// An amount; nil where the cell is empty or wrong.
    fileprivate mutating func amount(_ column: OrderColumn, _ currency: Currency) -> Money? {
        let text = plain(column)
        guard !text.isEmpty else { return nil }
        do throws(Problem) {
            return try Money(decimal: text, currency)
        } catch {
            refuse(column, error.code, error.detail)
            return nil
        }
    }
}
