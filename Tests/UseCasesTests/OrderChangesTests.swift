import Catalog
import EventLog
import Fulfillment
import Inventory
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

/// Cancellation and fulfilment, which share the order's lock, stock and timeline.
struct OrderChangesTests {
    @Test(arguments: TestEngine.available)
    func `a canceled order gives its stock back`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 8)
            let order = try await world.place(try await world.checkout([(variant, 3)]).id).order
            let canceled = try await world.cancel(order.id)

            #expect(canceled.status == .canceled)
            #expect(canceled.paymentStatus == .voided)
            #expect(canceled.cancelReason == "Changed my mind")
            #expect(canceled.version == 2)
            #expect(try await world.level(variant.id)?.reserved == 0)
            #expect(try await world.level(variant.id)?.onHand == 8)
            #expect(try await world.count(of: .reservations) == 0)
            #expect(try await world.order(order.id) == canceled)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `units that are gone leave the house with the cancellation`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 8)
            let order = try await world.place(try await world.checkout([(variant, 3)]).id).order
            _ = try await world.cancel(order.id, restocks: false)
            #expect(try await world.level(variant.id)?.onHand == 5)
            #expect(try await world.level(variant.id)?.available == 5)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order is canceled once`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 8)
            let order = try await world.place(try await world.checkout([(variant, 3)]).id).order
            _ = try await world.cancel(order.id)
            let problem = try await #require(throws: Problem.self) { try await world.cancel(order.id) }
            #expect(problem.code == "order.not_cancelable")
            #expect(try await world.level(variant.id)?.onHand == 8)
            #expect(try await world.order(order.id)?.version == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order is delivered in parts and then whole`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let bread = try await world.variant("Bread", sku: "B", stock: 10)
            let cake = try await world.variant("Cake", sku: "C")
            let order = try await world.place(try await world.checkout([(bread, 4), (cake, 1)]).id).order
            let part = [FulfilledLine(line: order.lines[0].id, quantity: 3)]
            let (first, parcel) = try await world.fulfill(order.id, part)

            #expect(first.fulfillmentStatus == .partiallyFulfilled)
            #expect(first.lines.map(\.fulfilledQuantity) == [3, 0])
            #expect(parcel.lines == [Fulfillment.Line(line: order.lines[0].id, quantity: 3)])
            #expect(try await world.level(bread.id)?.onHand == 7)
            #expect(try await world.level(bread.id)?.reserved == 1)

            let (second, rest) = try await world.fulfill(order.id, nil)
            #expect(second.fulfillmentStatus == .fulfilled)
            #expect(second.status == .open, "cash is still to be collected")
            #expect(rest.lines.map(\.quantity) == [1, 1])
            #expect(try await world.level(bread.id)?.onHand == 6)
            #expect(try await world.count(of: .reservations) == 0)
            #expect(try await world.order(order.id) == second)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `more units than are left cannot be delivered`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let order = try await world.place(try await world.checkout([(try await world.variant(), 2)]).id).order
            let line = order.lines[0].id
            let problem = try await #require(throws: Problem.self) {
                try await world.fulfill(
                    order.id, [FulfilledLine(line: line, quantity: 2), FulfilledLine(line: line, quantity: 1)])
            }
            #expect(problem.errors.map(\.pointer) == ["/lines/1/quantity"])
            #expect(try await world.order(order.id) == order)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what was delivered cannot be canceled and what was canceled cannot be delivered`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 9)
            let delivered = try await world.place(try await world.checkout([(variant, 2)]).id).order
            _ = try await world.fulfill(delivered.id, [FulfilledLine(line: delivered.lines[0].id, quantity: 1)])
            #expect(
                try await #require(throws: Problem.self) { try await world.cancel(delivered.id) }.code
                    == "order.not_cancelable")

            let canceled = try await world.place(try await world.checkout([(variant, 2)]).id, number: 1002).order
            _ = try await world.cancel(canceled.id)
            #expect(
                try await #require(throws: Problem.self) { try await world.fulfill(canceled.id, nil) }.code
                    == "order.not_fulfillable")
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `cancellations and deliveries at once leave one outcome`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 9)
            let order = try await world.place(try await world.checkout([(variant, 4)]).id).order
            let successes = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<8 {
                    group.addTask {
                        do {
                            if index.isMultiple(of: 2) {
                                _ = try await world.cancel(order.id)
                            } else {
                                _ = try await world.fulfill(order.id, nil)
                            }
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(successes == 1)
            #expect(try await world.order(order.id)?.version == 2)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `units held for an order that does not need them are found`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 9)
            let order = try await world.place(try await world.checkout([(variant, 4)]).id).order
            #expect(try await OrderPromises.contradictions(in: world.database).isEmpty)
            try await world.database.write("test.sabotage") { tx in
                try tx.execute("UPDATE order_lines SET fulfilled_quantity = 1")
            }
            #expect(
                try await OrderPromises.contradictions(in: world.database) == [
                    "\(order.id) of \(world.store.id): 4 units held, 3 left to deliver"
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `orders that contradict themselves are found on every page`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant()
            for number in 1001...1005 {
                _ = try await world.place(try await world.checkout([(variant, 1)]).id, number: number)
            }
            func found(_ pageSize: Int) async throws -> [String] {
                try await world.database.read("test.orders") { tx in
                    try Orders.contradictions(pageSize: pageSize, in: tx)
                }
            }
            #expect(try await found(2).isEmpty)
            try await world.database.write("test.sabotage") { tx in
                try tx.execute(
                    "UPDATE orders SET subtotal = subtotal + 1, total = total + 1 WHERE number IN (1002, 1004)")
                try tx.execute("UPDATE orders SET fulfillment_status = 'fulfilled' WHERE number = 1005")
                try tx.execute("UPDATE orders SET status = 'canceled', canceled_at = 1 WHERE number = 1001")
            }
            let store = world.store.id
            for pageSize in [1, 2, 3, 5, 1000] {
                #expect(
                    try await found(pageSize).sorted() == [
                        "order #1001 of \(store): subtotal 450, lines 450, unfulfilled, canceled, pending",
                        "order #1002 of \(store): subtotal 451, lines 450, unfulfilled, open, pending",
                        "order #1004 of \(store): subtotal 451, lines 450, unfulfilled, open, pending",
                        "order #1005 of \(store): subtotal 450, lines 450, fulfilled, open, pending",
                    ])
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `the timeline tells each change once with who made it`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let order = try await world.place(try await world.checkout([(try await world.variant(), 1)]).id).order
            _ = try await world.fulfill(order.id, nil)
            let events = try await world.database.read("test.timeline") { tx in
                try Orders.timeline(of: order.id, store: order.store, after: 0, limit: 10, in: tx)
            }
            #expect(events.map(\.type.rawValue) == ["order.placed", "order.fulfilled"])
            #expect(events.map(\.actor) == ["buyer", "console"])
            #expect(events.map(\.version) == [1, 2])
        }
    }
}

extension World {
    func cancel(_ order: OrderID, restocks: Bool = true) async throws -> Order {
        let cancellation = OrderCancellation(
            store: store.id, order: order, reason: "Changed my mind", restocks: restocks, actor: .operatorConsole,
            requestID: nil)
        return try await database.write("test.cancel") { tx in try cancellation.run(in: tx) }
    }

    func fulfill(_ order: OrderID, _ lines: [FulfilledLine]?) async throws -> (Order, Fulfillment) {
        let delivery = OrderFulfillment(
            store: store.id, order: order, lines: lines, trackingNumber: "GB123", actor: .operatorConsole,
            requestID: nil)
        return try await database.write("test.fulfill") { tx in try delivery.run(in: tx) }
    }
}
