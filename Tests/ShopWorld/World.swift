public import Catalog
import Customers
import EventLog
import Exchange
import Fulfillment
import HTTPServer
import Identity
public import Inventory
import Jobs
import Ledger
import Media
import Messaging
public import Orders
public import Payments
public import Persistence
import Pricing
public import Primitives
public import Stores
public import TestSupport
public import UseCases

/// The small world that tests of the shop play in: Maya's Larder, which sells in pounds, and its database.
public struct World: Sendable {
    public let database: any Database
    public let store: Store
    public let clock: ManualClock
    /// Where Maya's buyers pay by card.
    public let provider: ScriptedProvider
    public let desk: PaymentDesk
    /// What its process remembers of the index of products.
    public let searches = SearchMemory(capacityBytes: 4 << 20)

    /// Every table that the shop needs.
    public static let migrations: [Migration] =
        EventLog.migrations + Jobs.migrations + IdempotencyKeys.migrations + Stores.migrations + Identity.migrations
        + Catalog.migrations + Inventory.migrations + Pricing.migrations + Orders.migrations + Payments.migrations
        + Ledger.migrations + Fulfillments.migrations + Messaging.migrations + Customers.migrations
        + Media.migrations + Exchange.migrations

    /// Opens the world on an engine for one test.
    public static func open(
        _ engine: TestEngine, _ body: (World) async throws -> Void
    ) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: migrations, clock: clock) { database in
            let store = try await database.write("test.store") { tx in
                let store = try CreateStore(name: "Mayas Lädchen", currency: "GBP", country: "GB").run(in: tx)
                try Catalog.beginSearch(of: store.id, language: .english, in: tx)
                return store
            }
            let provider = ScriptedProvider()
            try await body(
                World(
                    database: database, store: store, clock: clock, provider: provider,
                    desk: desk(database, provider)))
        }
    }

    /// Another store in the same database, for tests of what must not leak.
    public func anotherStore() async throws -> Store {
        try await database.write("test.store") { tx in
            try CreateStore(name: "Otto's", currency: "JPY", country: "JP").run(in: tx)
        }
    }

    /// Pounds from pence.
    public func pence(_ amount: Int64) throws -> Money { try Money(amount, store.currency) }

    /// A published product of one variant.
    /// - Parameter stock: nil for a variant that is not tracked.
    public func variant(
        _ title: String = "Crème brûlée", sku: String = "CB-1", price: Int64 = 450, stock: Int? = nil,
        status: ProductStatus = .active
    ) async throws -> Variant {
        let price = try pence(price)
        return try await database.write("test.product") { [store] tx in
            let product = try SaveProduct(
                store: store.id, currency: store.currency,
                draft: ProductDraft(title: title, status: status, variants: [.init(sku: sku, price: price)]),
                actor: .system
            ).run(in: tx)
            if let stock {
                _ = try SetStock(store: store.id, variant: product.variants[0].id, onHand: stock, actor: .system)
                    .run(in: tx)
            }
            return product.variants[0]
        }
    }

    /// Maya's best customer.
    public static let contact = Contact(
        email: EmailAddress("zoë@example.com"),
        shippingAddress: Address(name: "Zoë Wölfle", line1: "3 Quay Row", city: "Leith", country: "GB"))

    /// An open checkout with these lines.
    public func checkout(
        _ lines: [(Variant, Int)], contact: Contact = World.contact
    ) async throws -> Checkout {
        var random = SystemRandomNumberGenerator()
        let start = try StartCheckout(
            store: store.id, id: CheckoutID(.random128(using: &random)),
            lines: lines.map { WantedLine(variant: $0.0.id, quantity: $0.1) }, contact: contact, deliveryMethod: nil)
        return try await database.write("test.checkout") { tx in try start.run(in: tx) }
    }

    /// Tries to turn a checkout into an order.
    public func place(
        _ checkout: CheckoutID, method: PaymentMethod = .cashOnDelivery,
        offered: [PaymentMethod] = PaymentMethod.withoutProvider, expectedTotal: Money? = nil, number: Int = 1001
    ) async throws -> OrderPlacement.Placed {
        let placement = OrderPlacement(
            store: store, checkout: checkout, method: method, offered: offered, expectedTotal: expectedTotal,
            number: number,
            requestID: "req-1")
        return try await database.write("test.place") { tx in try placement.run(placement.begin(in: tx), in: tx) }
    }

    /// The stock of a variant.
    public func level(_ variant: VariantID) async throws -> StockLevel? {
        try await database.read("test.level") { [store] tx in
            try Inventory.levels(of: [variant], store: store.id, in: tx).rows().first
        }
    }

    /// An order as the database has it.
    public func order(_ id: OrderID) async throws -> Order? {
        try await database.read("test.order") { [store] tx in try Orders.order(id, of: store.id, in: tx) }
    }

    /// How many rows a table has.
    public func count(of table: CountedTable) async throws -> Int {
        try await database.read("test.count") { tx in
            try tx.first("SELECT COUNT(*) FROM \(table.name)") { try $0[0] as Int } ?? 0
        }
    }

    /// Everything that the books say against themselves; empty in a sound database.
    public func contradictions() async throws -> [String] {
        let books = try await LedgerAudit.contradictions(in: database)
        return try await database.read("test.invariants") { tx in
            try Inventory.contradictions(in: tx) + Orders.contradictions(in: tx)
        } + books
    }
}

/// Tables that tests count the rows of.
public enum CountedTable: Sendable {
    case orders, orderLines, reservations, events, jobs, payments

    var name: SQL {
        switch self {
        case .orders: "orders"
        case .orderLines: "order_lines"
        case .reservations: "reservations"
        case .events: "events"
        case .jobs: "jobs"
        case .payments: "payments"
        }
    }
}

extension World {
    /// The same database seen by another store.
    public init(_ store: Store, in world: World) {
        self.init(
            database: world.database, store: store, clock: world.clock, provider: world.provider, desk: world.desk)
    }

    /// Gives a product's only variant another price.
    public func reprice(_ variant: Variant, to amount: Int64) async throws {
        let price = try pence(amount)
        _ = try await database.write("test.reprice") { [store] tx in
            try ChangeProduct(
                store: store.id, currency: store.currency, product: variant.product, actor: .system, requestID: nil
            ) { $0.variants[0].price = price }.run(in: tx)
        }
    }
}
