import EventLog
import HTTPServer
import Orders
import Persistence
import Pricing
import Primitives
import UseCases

extension Dashboard {
    var deliveryEndpoints: [Endpoint] { [deliveryDay] }

    private var deliveryDay: Endpoint {
        Endpoint(
            .get, "/dashboard/delivery", "showDeliveryDay", summary: "What is delivered and fetched on a day",
            policy: Access.reading("orders:read"), takes: .page, answers: .web
        ) { call in
            let store = try call.store
            let asked = call.query["day"].flatMap { CivilDate($0) }
            let view = try await database.read("delivery.day") { tx in
                let position = try EventLog.head(in: tx)
                return try DeliveryDay.of(asked, store: store, position: position, in: tx)
            }
            var page = try await page(.delivery, "Delivery", of: store)
            page.following = .store(after: view.position)
            page.notice = Notice(call.query)
            return page.answer(DeliveryDayPage(view: view).html)
        }
    }
}

/// The windows of a day with the orders in them.
struct DeliveryDay: Sendable {
    /// Orders that the page shows; the windows count all.
    static let mostOrders = 500

    struct Entry: Sendable {
        let key: WindowKey
        let title: String
        let endsAt: Instant?
        let capacity: Int?
        let taken: Int
        let orders: [Order]
    }

    let date: CivilDate
    let today: CivilDate
    let timeZone: String
    let isConfigured: Bool
    let isClosed: Bool
    let entries: [Entry]
    let position: Int64

    static func of(
        _ asked: CivilDate?, store: StoreID, position: Int64, in tx: borrowing Transaction
    ) throws -> DeliveryDay {
        let stored = try Pricing.deliverySettings(of: store, in: tx).settings()
        let settings = stored ?? .initial
        guard let clock = StoreClock(settings.timeZone) else {
            throw DatabaseError.decoding("a store's time zone is unknown")
        }
        let today = clock.date(tx.now)
        let date = asked ?? today
        let begins = clock.moment(date, .midnight)
        let ends = clock.moment(date.adding(days: 1), .midnight).adding(seconds: -1)
        let taken = try Pricing.takenWindows(of: store, from: begins, through: ends, in: tx)
        let bookings = try Pricing.bookings(of: store, from: begins, through: ends, limit: mostOrders, in: tx)
        let orders = try Orders.headings(of: bookings.map(\.1), store: store, in: tx)
        let byID = Dictionary(orders.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let windows = settings.windows(on: date)
        let counts = Dictionary(try taken.rows(), uniquingKeysWith: { first, _ in first })
        // Windows that the settings have no more are shown while orders are in them.
        let keys = Set(windows.map(\.key)).union(counts.filter { $0.value > 0 }.keys).sorted()
        let entries = keys.map { key in
            let window = windows.first { $0.key == key }
            let held = bookings.filter { $0.0 == key }.compactMap { byID[$0.1] }
            return Entry(
                key: key, title: settings.options.first { $0.id == key.method }?.title ?? key.method,
                endsAt: window?.endsAt ?? held.first?.delivery.window?.endsAt, capacity: window?.capacity,
                taken: counts[key] ?? 0, orders: held)
        }
        return DeliveryDay(
            date: date, today: today, timeZone: settings.timeZone, isConfigured: stored != nil,
            isClosed: settings.closings.contains { $0.from <= date && date <= $0.to }, entries: entries,
            position: position)
    }
}
