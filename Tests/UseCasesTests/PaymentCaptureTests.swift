import Catalog
import EventLog
import Inventory
import Ledger
import Orders
import Payments
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

/// What an order has come to, for one comparison.
private struct Ending: Hashable {
    let status: OrderStatus
    let paymentStatus: PaymentStatus
    let payment: PaymentState
    let failureCode: String
    let settled: Int64
    let reserved: Int?
    let paidEvents: Int
}

struct PaymentCaptureTests {
    /// Every sequence of the events of one payment, each once.
    static let arrivals =
        permutations(["declined", "paid", "expired"]) + permutations(["paid", "processing", "failed"])

    private static func permutations(_ events: [String]) -> [[String]] {
        guard events.count > 1 else { return [events] }
        return events.indices.flatMap { index in
            var rest = events
            let first = rest.remove(at: index)
            return permutations(rest).map { [first] + $0 }
        }
    }

    @Test(arguments: arrivals, TestEngine.available)
    func `whatever the order of arrival, a payment that was made is paid once`(
        _ arrival: [String], _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant(stock: 5)
            let (order, payment) = try await world.orderByCard([(jam, 2)])
            for type in arrival {
                let event = ScriptedEvent(type, of: payment, store: world.store.id)
                // Each arrives twice, and the second time under its own id.
                try await world.deliver(event)
                try await world.deliver(event)
                try await world.workOnPayments()
                var again = event
                again.id += "_again"
                try await world.deliver(again)
                try await world.workOnPayments()
            }
            #expect(try await Self.ending(of: order.id, jam.id, in: world) == Self.paid)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `many deliveries and a look at once make one paid order`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant(stock: 5)
            let (order, payment) = try await world.orderByCard([(jam, 2)])
            world.provider.set(.paid, for: payment.id)
            for index in 0..<8 {
                try await world.deliver(
                    ScriptedEvent("paid", id: "evt_\(index)", of: payment, store: world.store.id))
            }
            let jobs = try await world.dueJobs()
            #expect(jobs.count == 8)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for job in jobs { group.addTask { try await PaymentInbox(world.desk).process(job) } }
                group.addTask { await world.desk.lookUp(order: order.id, store: world.store.id, requestID: nil) }
                try await group.waitForAll()
            }
            #expect(try await Self.ending(of: order.id, jam.id, in: world) == Self.paid)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(
        arguments: ["amount", "currency", "store", "session", "unknown", "foreign"], TestEngine.available)
    func `what does not fit changes nothing`(_ wrong: String, _ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant(stock: 5)
            let (order, payment) = try await world.orderByCard([(jam, 2)])
            let otto = try await world.anotherStore()
            var event = ScriptedEvent("paid", of: payment, store: world.store.id)
            switch wrong {
            case "amount": event.amount = try world.pence(899)
            case "currency": event.amount = try Money(900, otto.currency)
            case "store": event.store = otto.id
            case "session": event.session = "cs_other"
            case "unknown": event.payment = PaymentID(.init(high: 1, low: 1))
            default: event.payment = nil
            }
            let before = try await world.order(order.id)
            try await world.deliver(event)
            try await world.workOnPayments()
            #expect(try await world.order(order.id) == before)
            #expect(try await world.payments(of: order.id) == [payment])
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test func `every outcome that somebody has to look at raises an alert`() {
        let alerts: Set<PaymentCapture.Outcome> = [
            .paidAfterCancellation, .paidTwice, .unknownPayment, .wrongStore, .wrongSession, .wrongAmount,
        ]
        for outcome in PaymentCapture.Outcome.allCases {
            #expect((outcome.alert != nil) == alerts.contains(outcome), "\(outcome)")
        }
    }

    @Test(arguments: TestEngine.available)
    func `a canceled order that is paid all the same has its money booked`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant(stock: 5)
            let (order, payment) = try await world.orderByCard([(jam, 2)])
            let cancellation = OrderCancellation(
                store: world.store.id, order: order.id, reason: "", restocks: true, actor: .system, requestID: nil)
            _ = try await world.database.write("test.cancel") { tx in try cancellation.run(in: tx) }
            #expect(try await world.order(order.id)?.paymentStatus == .voided)
            #expect(try await world.payments(of: order.id).map(\.status) == [.voided])
            try await world.deliver(ScriptedEvent("paid", of: payment, store: world.store.id))
            try await world.workOnPayments()

            #expect(
                try await Self.ending(of: order.id, jam.id, in: world)
                    == Ending(
                        status: .canceled, paymentStatus: .paid, payment: .paid, failureCode: "", settled: 900,
                        reserved: 0, paidEvents: 1))
            // Its page is closed as soon as it is canceled.
            #expect(world.provider.expired == [ScriptedProvider.session(of: payment.id)])
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is delivered before it is paid is complete once it is paid`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (order, payment) = try await world.orderByCard([(world.variant(stock: 5), 2)])
            let delivery = OrderFulfillment(
                store: world.store.id, order: order.id, lines: nil, trackingNumber: "", actor: .system, requestID: nil)
            _ = try await world.database.write("test.fulfill") { tx in try delivery.run(in: tx).0 }
            try await world.deliver(ScriptedEvent("paid", of: payment, store: world.store.id))
            try await world.workOnPayments()
            #expect(try await world.order(order.id)?.status == .completed)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an event that says nothing is kept and ignored`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (order, payment) = try await world.orderByCard([(world.variant(stock: 5), 2)])
            try await world.deliver(ScriptedEvent("customer.created", of: payment, store: world.store.id))
            #expect(try await world.workOnPayments() == ["payments.process_event"])
            let stored = try await world.database.read("test.event") { tx in
                try tx.query("SELECT type, outcome FROM provider_events WHERE processed_at IS NOT NULL") {
                    "\(try $0[0] as String): \(try $0[1] as String)"
                }
            }
            #expect(stored == ["customer.created: ignored"])
            #expect(try await world.payments(of: order.id) == [payment])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a forged or misdirected webhook is refused and not kept`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (_, payment) = try await world.orderByCard([(world.variant(stock: 5), 2)])
            let event = ScriptedEvent("paid", of: payment, store: world.store.id)
            let forged = try await #require(throws: Problem.self) {
                try await world.deliver(event, signature: "forged")
            }
            #expect(forged.code == "signature.invalid")
            #expect(forged.kind == .malformed)
            for (provider, connection) in [("stripe", "con_x"), ("stripe", "other"), ("paypal", "default")] {
                let problem = try await #require(throws: Problem.self) {
                    try await PaymentInbox(world.desk).receive(
                        event.body, from: provider, connection: connection, header: { _ in "genuine" },
                        at: world.clock.now(), requestID: "req")
                }
                #expect(problem.kind == .notFound)
            }
            let kept = try await world.database.read("test.count") { tx in
                try tx.first("SELECT COUNT(*) FROM provider_events") { try $0[0] as Int }
            }
            #expect(kept == 0)
            #expect(try await world.dueJobs().isEmpty)
        }
    }

    private static let paid = Ending(
        status: .open, paymentStatus: .paid, payment: .paid, failureCode: "", settled: 900, reserved: 2, paidEvents: 1)

    private static func ending(of order: OrderID, _ variant: VariantID, in world: World) async throws -> Ending {
        let reserved = try await world.level(variant)?.reserved
        let store = world.store.id
        let (found, payment, balances, events) = try await world.database.read("test.ending") { tx in
            (
                try Orders.order(order, of: store, in: tx), try Payments.payments(of: order, store: store, in: tx).last,
                try Ledger.balances(of: order, store: store, in: tx),
                try Orders.timeline(of: order, store: store, after: 0, limit: 100, in: tx)
            )
        }
        let order = try #require(found)
        return Ending(
            status: order.status, paymentStatus: order.paymentStatus, payment: try #require(payment).status,
            failureCode: try #require(payment).failureCode, settled: balances.settled, reserved: reserved,
            paidEvents: events.filter { $0.type == "order.paid" }.count)
    }
}
