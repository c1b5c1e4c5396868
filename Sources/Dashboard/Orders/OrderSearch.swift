import HTTPServer
import Markup
import Orders
import Primitives

/// What the list of orders is asked for in its address.
struct OrderSearch {
    static let pageSize = 50

    var status: OrderStatus?
    var payment: PaymentStatus?
    var fulfillment: FulfillmentStatus?
    var text = ""
    var after: OrderPosition?

    init() {}

    /// What the address says that is no filter is passed over; the page shows what is applied.
    init(_ query: Form) {
        status = query["status"].flatMap(OrderStatus.init)
        payment = query["payment"].flatMap(PaymentStatus.init)
        fulfillment = query["fulfillment"].flatMap(FulfillmentStatus.init)
        text = String((query["q"] ?? "").prefix(320)).trimmed
        after = query["after"].flatMap(OrderPosition.init(text:))
    }

    var filter: OrderFilter {
        OrderFilter(
            status: status, paymentStatus: payment, fulfillmentStatus: fulfillment, query: text.isEmpty ? nil : text)
    }

    var isFiltering: Bool { status != nil || payment != nil || fulfillment != nil || !text.isEmpty }

    /// The page's address with these filters.
    var address: WebAddress {
        var parts: [String] = []
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { parts.append("\(name)=\(WebAddress.encode(value))") }
        }
        add("status", status?.rawValue)
        add("payment", payment?.rawValue)
        add("fulfillment", fulfillment?.rawValue)
        add("q", text)
        add("after", after?.text)
        return parts.isEmpty
            ? "/dashboard" : WebAddress(checking: "/dashboard?" + parts.joined(separator: "&")) ?? "/dashboard"
    }

    /// The same filters on another page of the list.
    func page(after position: OrderPosition?) -> OrderSearch {
        var search = self
        search.after = position
        return search
    }
}

extension OrderPosition {
    /// The moment in microseconds, a dot and the order's id.
    var text: String { "\(placedAt.microseconds).\(id)" }

    init?(text: String) {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let moment = Int64(parts[0]), let id = OrderID(String(parts[1])) else { return nil }
        self.init(placedAt: Instant(microseconds: moment), id: id)
    }
}

extension String {
    /// Without white space around it.
    var trimmed: String {
        var view = self[...]
        while view.first?.isWhitespace == true { view.removeFirst() }
        while view.last?.isWhitespace == true { view.removeLast() }
        return String(view)
    }
}
