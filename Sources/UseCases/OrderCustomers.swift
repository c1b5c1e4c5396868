import Customers
public import EventLog
public import Logging
import Orders
public import Persistence
public import Primitives

/// Makes buyers customers: follows the log and notes of each order that was placed whose it is.
///
/// Placing an order so costs nothing more and locks nothing that a customer's orders share, and no answer tells a buyer
/// whether the store knew the address that they typed.
public enum OrderCustomers {
    /// The service; one process at a time does the work. It begins with the oldest order.
    public static func follower(database: any Database, clock: any Clock, logger: Logger) -> Follower {
        Follower("customers.orders", database: database, clock: clock, logger: logger) { events, tx in
            try note(events, in: tx)
        }
    }

    /// Notes the orders whose placing is among the events.
    public static func note(_ events: [RecordedEvent], in tx: borrowing Transaction) throws {
        let placed = events.filter { $0.type == "order.placed" || $0.type == "order.imported" }
        let stores = Dictionary(grouping: placed, by: \.store)
        for store in stores.keys.sorted() {
            let ids = (stores[store] ?? []).map { OrderID($0.aggregate.id) }
            let orders = try Orders.headings(of: ids, store: store, in: tx)
            let named: [(OrderID, CustomerID)] = (stores[store] ?? []).compactMap { event in
                event.data["customer_id"]?.identifier().map { (OrderID(event.aggregate.id), $0) }
            }
            let customers = Dictionary(named, uniquingKeysWith: { first, _ in first })
            try NoteOrders(
                store: store, orders: orders.map { OrderedBy($0, customer: customers[$0.id]) }
            ).run(in: tx)
        }
    }
}

extension OrderedBy {
    init(_ order: Order, customer: CustomerID?) {
        self.init(
            order: order.id, placedAt: order.placedAt, customer: customer, email: order.contact.email,
            phone: order.contact.phone,
            address: order.contact.shippingAddress.map {
                CustomerAddress(
                    name: $0.name, line1: $0.line1, line2: $0.line2, city: $0.city, region: $0.region,
                    postalCode: $0.postalCode, country: $0.country)
            })
    }
}
