import Customers
import EventLog
import Identity
import Inventory
import Orders
import Payments
import Persistence
import Pricing
import Primitives
import UseCases

/// What the page of an order shows.
struct OrderView: Sendable {
    /// The newest events on the page; there are seldom as many.
    static let mostEvents = 200

    let order: Order
    let payments: [Payment]
    let timeline: [RecordedEvent]
    let accounts: [Account]
    /// Nil while it was not noted yet whose order it is.
    let customer: CustomerID?
    /// The coming windows of the order's method, where it has one of them.
    let windows: [DeliveryQuote.OfferedWindow]
    let timeZone: String
    /// Units that are not there yet, by line.
    let backorders: [LineID: Int]
    /// Where units can leave from.
    let locations: [Location]
    /// Whatever happens after it is not on the page yet.
    let position: Int64

    /// - Throws: `not_found`.
    static func find(_ id: OrderID, of store: StoreID, in tx: borrowing Transaction) throws -> OrderView {
        // First: what happens while the page is made is told to it twice rather than never.
        let position = try EventLog.head(in: tx)
        guard let order = try Orders.order(id, of: store, in: tx) else { throw Problem.notFound("order") }
        let coming = try ComingWindows.of(order, store: store, in: tx)
        return OrderView(
            order: order, payments: try Payments.payments(of: id, store: store, in: tx),
            timeline: try Orders.timeline(
                of: id, store: store, after: max(0, order.version - mostEvents), limit: mostEvents, in: tx),
            accounts: try Identity.accounts(of: store, in: tx),
            customer: try Customers.customer(ofOrder: id, store: store, in: tx), windows: coming.windows,
            timeZone: coming.timeZone, backorders: try Inventory.backorders(of: [id], store: store, in: tx),
            locations: try Inventory.locations(of: store, in: tx).filter(\.isActive), position: position)
    }

    /// Whether the order can move to another window.
    var canMove: Bool {
        order.status == .open && order.delivery.window != nil && !windows.isEmpty
            && order.lines.contains { $0.openQuantity > 0 }
    }

    /// Who did something, in words.
    func name(ofActor actor: String) -> String {
        switch actor {
        case Actor.system.description: return "Shipshape"
        case Actor.buyer.description: return "Customer"
        case Actor.operatorConsole.description: return "Console"
        default:
            if let account = accounts.first(where: { $0.id.description == actor }) {
                return account.email?.description ?? account.name
            }
            return actor.hasPrefix("key_") ? "API key …\(actor.suffix(6))" : actor
        }
    }
}
