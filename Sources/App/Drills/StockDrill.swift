import Catalog
import Inventory
import Orders
import Payments
import Persistence
import Primitives
import Readiness
import Stores
import UseCases

/// The drill of PAY-05: many buyers at once for the last units, then cancellations and deliveries, then the books.
struct StockDrill: Sendable {
    static let buyers = 200
    static let units = 10
    static let canceled = 3
    static let delivered = 4

    private let installation: Installation
    /// Of the live check, for looking at the scratch with the same eyes.
    private let context: CheckContext

    private var database: any Database { installation.database }

    init(_ installation: Installation, _ context: CheckContext) {
        self.installation = installation
        self.context = context
    }

    /// What became of the buyers.
    struct Tally: Sendable {
        var orders: [OrderID] = []
        var shortages = 0
        /// Anything else, by code.
        var others: [String] = []
    }

    func run() async throws -> Finding {
        let (store, variant) = try await openShop()
        let checkouts = try await openCheckouts(store, variant)
        let tally = await place(checkouts, in: store)
        try await change(tally.orders, in: store)
        let level = try await database.read("drill.level") { tx in
            try Inventory.levels(of: [variant], store: store.id, in: tx).rows().first
        }
        let books = try await Finding.all(lookAtBooks(), sound: "")
        let measured =
            [
                Measure("drill_buyers", Self.buyers), Measure("drill_orders", tally.orders.count),
                Measure("drill_refusals", tally.shortages), Measure("drill_other_answers", tally.others.count),
                Measure("drill_on_hand", level?.onHand ?? -1), Measure("drill_reserved", level?.reserved ?? -1),
            ] + books.measured.map { Measure("drill \($0.name)", $0.value) }
        let threshold = [
            Measure("drill_orders", Self.units), Measure("drill_refusals", Self.buyers - Self.units),
            Measure("drill_on_hand", Self.units - Self.delivered),
            Measure("drill_reserved", Self.units - Self.canceled - Self.delivered),
        ]
        let sentence: String? =
            if tally.orders.count != Self.units || tally.shortages != Self.buyers - Self.units {
                "In the drill \(Self.buyers) buyers got \(tally.orders.count) orders out of \(Self.units) units"
                    + (tally.others.first.map { ", and one of them \($0)." } ?? ".")
            } else if books.verdict != .pass {
                "In the drill: \(books.sentence)"
            } else if level?.onHand != Self.units - Self.delivered
                || level?.reserved != Self.units - Self.canceled - Self.delivered
            {
                "In the drill cancellations and deliveries left the wrong stock behind."
            } else {
                nil
            }
        return Finding(
            sentence == nil ? .pass : .fail,
            sentence
                ?? "In the drill \(Self.buyers) buyers at once got \(Self.units) orders out of \(Self.units) units.",
            measured: measured, threshold: threshold, level: .drilled)
    }

    private func openShop() async throws -> (Store, VariantID) {
        try await database.write("drill.shop") { tx in
            let store = try CreateStore(name: "Drill", currency: "EUR", country: "DE").run(in: tx)
            let product = try SaveProduct(
                store: store.id, currency: store.currency,
                draft: ProductDraft(
                    title: "The last ones", status: .active,
                    variants: [.init(sku: "DRILL", price: try Money(500, store.currency))]), actor: .system
            ).run(in: tx)
            let variant = product.variants[0].id
            _ = try SetStock(store: store.id, variant: variant, onHand: Self.units, actor: .system).run(in: tx)
            return (store, variant)
        }
    }

    private func openCheckouts(_ store: Store, _ variant: VariantID) async throws -> [CheckoutID] {
        let contact = Contact(
            email: EmailAddress("drill@shop.invalid"),
            shippingAddress: Address(name: "Drill", line1: "Straße 1", city: "Kiel", country: "DE"))
        var random = SystemRandomNumberGenerator()
        let ids = (0..<Self.buyers).map { _ in CheckoutID(.random128(using: &random)) }
        try await database.write("drill.checkouts") { tx in
            for id in ids {
                _ = try StartCheckout(
                    store: store.id, id: id, lines: [WantedLine(variant: variant, quantity: 1)], contact: contact,
                    deliveryMethod: nil
                ).run(in: tx)
            }
        }
        return ids
    }

    /// All at once.
    private func place(_ checkouts: [CheckoutID], in store: Store) async -> Tally {
        await withTaskGroup(of: Result<OrderID, any Error>.self) { group in
            for (index, checkout) in checkouts.enumerated() {
                let placement = OrderPlacement(
                    store: store, checkout: checkout, method: .cashOnDelivery, expectedTotal: nil, number: index + 1,
                    requestID: nil)
                group.addTask { [database] in
                    await .of {
                        try await database.write("drill.place") { tx in
                            try placement.run(placement.begin(in: tx), in: tx).order.id
                        }
                    }
                }
            }
            var tally = Tally()
            for await outcome in group {
                switch outcome {
                case .success(let order): tally.orders.append(order)
                case .failure(let problem as Problem) where problem.code == "stock.insufficient": tally.shortages += 1
                case .failure(let problem as Problem): tally.others.append(problem.code)
                case .failure(let error): tally.others.append(Refusal.sentence(for: error))
                }
            }
            return tally
        }
    }

    private func change(_ orders: [OrderID], in store: Store) async throws {
        for order in orders.prefix(Self.canceled) {
            _ = try await database.write("drill.cancel") { tx in
                try OrderCancellation(
                    store: store.id, order: order, reason: "Drill", restocks: true, actor: .system, requestID: nil
                ).run(in: tx)
            }
        }
        for order in orders.dropFirst(Self.canceled).prefix(Self.delivered) {
            _ = try await database.write("drill.deliver") { tx in
                try OrderFulfillment(
                    store: store.id, order: order, lines: nil, trackingNumber: "", actor: .system, requestID: nil
                ).run(in: tx)
            }
        }
    }

    /// The parts of the live check, on the scratch.
    private func lookAtBooks() async throws -> [Finding] {
        let scratch = CheckContext(
            database: database, profile: context.profile, isProduction: context.isProduction, baseURL: nil,
            clock: context.clock)
        var findings: [Finding] = []
        for part in Installation.checkParts where part.checkID == "PAY-05" {
            findings.append(try await part.run(scratch))
        }
        return findings
    }
}
