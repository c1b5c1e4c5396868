import Catalog
import FoundationEssentials
import Logging
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

@testable import Jobs

struct CheckoutTests {
    @Test(arguments: TestEngine.available)
    func `a checkout keeps its lines in their order, never merged`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (one, two) = (try await world.variant("One"), try await world.variant("Two"))
            let checkout = try await world.checkout([(one, 1), (two, 2), (one, 3)])
            #expect(checkout.lines.map(\.variant) == [one.id, two.id, one.id])
            #expect(try await world.find(checkout.id) == checkout)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a change touches only what it names and extends the life`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant()
            let checkout = try await world.checkout([(variant, 1), (variant, 2)])
            world.clock.advance(seconds: 3600)
            let changed = try await world.change(checkout.id) { change in
                change.lines = .set([WantedLine(variant: variant.id, quantity: 9)])
                change.email = .set(nil)
                change.note = .set("Laisser chez la voisine 🐈")
            }
            #expect(changed.lines.map(\.quantity) == [9])
            #expect(changed.lines[0].id == checkout.lines[0].id)
            #expect(changed.contact.email == nil)
            #expect(changed.contact.note == "Laisser chez la voisine 🐈")
            #expect(changed.contact.shippingAddress == World.contact.shippingAddress)
            #expect(changed.expiresAt == checkout.expiresAt.adding(seconds: 3600))
            #expect(try await world.find(checkout.id) == changed)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a completed or expired checkout does not change`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant()
            let completed = try await world.checkout([(variant, 1)])
            let expiring = try await world.checkout([(variant, 1)])
            _ = try await world.place(completed.id)
            #expect(
                try await #require(throws: Problem.self) { try await world.change(completed.id) { _ in } }.code
                    == "checkout.completed")
            world.clock.advance(seconds: Orders.checkoutLifetimeSeconds)
            #expect(
                try await #require(throws: Problem.self) { try await world.change(expiring.id) { _ in } }.code
                    == "checkout.expired")
        }
    }

    @Test(arguments: TestEngine.available)
    func `the clock marks expired checkouts and removes old ones`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant()
            let kept = try await world.checkout([(variant, 1)])
            _ = try await world.place(kept.id)
            let dropped = try await world.checkout([(variant, 1)])
            world.clock.advance(seconds: Orders.checkoutLifetimeSeconds)
            try await world.expire()
            #expect(try await world.find(dropped.id)?.status == .expired)
            #expect(try await world.find(kept.id)?.status == .completed)
            world.clock.advance(seconds: Orders.checkoutRetentionSeconds)
            try await world.expire()
            #expect(try await world.find(dropped.id) == nil)
            #expect(try await world.find(kept.id)?.status == .completed)
        }
    }

    @Test(arguments: TestEngine.available)
    func `one job does away with all that has expired, however much there is`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let checkout = try await world.checkout([(world.variant(), 1)])
            try await world.copy(checkout, times: 1200)
            func counts() async throws -> [Int] {
                try await world.database.read("test.counts") { tx in
                    try ["open", "expired"].map { state in
                        try tx.first("SELECT COUNT(*) FROM checkouts WHERE status = \(state)") { try $0[0] as Int }
                            ?? -1
                    }
                }
            }
            #expect(try await counts() == [1201, 0])
            world.clock.advance(seconds: Orders.checkoutLifetimeSeconds)
            try await world.expire()
            #expect(try await counts() == [0, 1201])
            world.clock.advance(seconds: Orders.checkoutRetentionSeconds)
            try await world.expire()
            #expect(try await counts() == [0, 0])
        }
    }

    @Test func `a checkout without lines is refused`() {
        #expect(throws: Problem.self) {
            try StartCheckout(
                store: StoreID(UUID(high: 1, low: 2)), id: CheckoutID(UUID(high: 1, low: 2)),
                lines: [], contact: Contact(), deliveryMethod: nil)
        }
    }
}

struct StateMachineTests {
    @Test func `every state can be reached and no state leads nowhere known`() {
        expectSound(OrderStatus.transitions)
        expectSound(PaymentStatus.transitions)
        expectSound(FulfillmentStatus.transitions)
        expectSound(CheckoutStatus.transitions)
    }

    @Test func `what is over stays over`() {
        #expect(OrderStatus.allCases.allSatisfy { !OrderStatus.transitions.allows(.canceled, $0) })
        #expect(CheckoutStatus.allCases.allSatisfy { !CheckoutStatus.transitions.allows(.completed, $0) })
        #expect(!FulfillmentStatus.transitions.allows(.returned, .fulfilled))
        #expect(PaymentStatus.allCases.allSatisfy { !PaymentStatus.transitions.allows(.refunded, $0) })
    }

    private func expectSound<State>(_ table: TransitionTable<State>) {
        #expect(Set(table.targets.keys) == Set(State.allCases))
        var reached = table.initial
        var edge = table.initial
        while !edge.isEmpty {
            edge = edge.reduce(into: Set<State>()) { $0.formUnion(table.targets[$1] ?? []) }.subtracting(reached)
            reached.formUnion(edge)
        }
        #expect(reached == Set(State.allCases))
        for state in State.allCases { #expect(!table.allows(state, state)) }
    }
}

struct OrderTokenTests {
    private let store = StoreID(UUID(high: 1, low: 2))
    private let order = OrderID(UUID(high: 3, low: 4))
    private let tokens = OrderTokens(key: Secret(Array(repeating: 7, count: 32)))

    @Test func `a token opens its own order only`() {
        let token = tokens.token(for: order, of: store)
        #expect(tokens.store(of: token, for: order) == store)
        #expect(tokens.store(of: token, for: OrderID(UUID(high: 3, low: 5))) == nil)
        #expect(OrderTokens(key: Secret("another")).store(of: token, for: order) == nil)
    }

    @Test(arguments: ["", "ot_", "ot_0", String(repeating: "x", count: 94), "ot_" + String(repeating: "é", count: 45)])
    func `what is no token opens nothing`(_ text: String) {
        #expect(tokens.store(of: text, for: order) == nil)
    }

    @Test func `a token with one digit changed opens nothing`() {
        let token = tokens.token(for: order, of: store)
        for index in token.indices where index != token.startIndex {
            var forged = token
            forged.replaceSubrange(index...index, with: token[index] == "0" ? "1" : "0")
            #expect(tokens.store(of: forged, for: order) == nil)
        }
    }
}

extension World {
    func find(_ id: CheckoutID) async throws -> Checkout? {
        try await database.read("test.find") { [store] tx in try Orders.checkout(id, of: store.id, in: tx) }
    }

    func change(_ id: CheckoutID, _ edit: (inout ChangeCheckout) -> Void) async throws -> Checkout {
        var change = ChangeCheckout(store: store.id, id: id)
        edit(&change)
        return try await database.write("test.change") { [change] tx in try change.run(in: tx) }
    }

    func expire() async throws {
        for handler in Orders.jobHandlers(in: database) where handler.kind == Orders.expiringCheckouts {
            guard case .effect(let run) = handler.work else { continue }
            let job = Job(
                id: JobID(UUID(high: 1, low: 2)), kind: handler.kind.name, store: nil, key: nil, payload: [:],
                attempt: 1, failures: 0, maxAttempts: 20, enqueuedAt: clock.now(), requestID: nil)
            let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
            try await run(job, JobContext(clock: clock, logger: quiet, deadline: .latest))
        }
    }

    /// So many more checkouts, copies of one.
    func copy(_ checkout: Checkout, times count: Int) async throws {
        try await database.write("test.copy") { tx in
            let new: SQL = tx.engine == .sqlite ? "randomblob(16)" : "gen_random_uuid()"
            try tx.execute(
                """
                WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
                INSERT INTO checkouts (store_id, id, status, document, expires_at, created_at, updated_at)
                SELECT store_id, \(new), status, document, expires_at, created_at, updated_at
                FROM checkouts, n WHERE store_id = \(checkout.store) AND id = \(checkout.id)
                """)
        }
    }
}
