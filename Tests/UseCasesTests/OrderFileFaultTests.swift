import Customers
import Exchange
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct OrderFileFaultTests {
    @Test(arguments: TestEngine.available)
    func `an import that was interrupted brings each order in once, and its buyer becomes a customer`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let text = OrderFileTests.file((1...120).map { OrderFileTests.plain("#\($0)") })
            let id = try await world.begin(Array(text.utf8), as: .orders, partSize: 1000)
            var state = try await world.drive(id, until: world.clock.now())
            var runs = 1
            while state.state == .running, runs < 50 {
                state = try await world.drive(id, until: world.clock.now())
                runs += 1
            }
            #expect(runs > 3)
            #expect(state.counts.created == 120)
            #expect(try await world.count(of: .orders) == 120)
            try await world.database.write("test.customers") { tx in
                let orders = try Orders.oldest(of: world.store.id, after: nil, limit: 100, in: tx).orders
                for order in orders.prefix(2) {
                    try OrderCustomers.note(
                        Orders.timeline(of: order.id, store: world.store.id, after: 0, limit: 5, in: tx), in: tx)
                }
            }
            let customers = try await world.database.read("test.customers") { tx in
                try Customers.customers(
                    emails: [EmailAddress("zoe@example.com")].compactMap(\.self), phones: [], of: world.store.id,
                    in: tx)
            }
            #expect(customers.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `truncated, wide and wrong files are refused with a sentence`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let whole = OrderFileTests.file([OrderFileTests.plain("#1"), OrderFileTests.plain("#2")])
            let cut = try await world.run(String(whole.dropLast(40)), as: .orders)
            #expect(cut.counts.created == 1)
            #expect(try await world.problems(of: cut.id).map { "\($0.line) \($0.code)" } == ["3 cells"])
            let customers = try await world.run(CustomerFileTests.file, as: .orders)
            #expect(customers.failure.contains("is it the header of an order file?"))
            let wide = try await world.run(
                whole.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, as: .orders)
            #expect(wide.failure.contains("UTF-16"))
            let broken = try await world.run(
                Array(OrderFileTests.file([OrderFileTests.plain("#3")]).utf8)
                    + Array("#3,,,,,,,,,,,,,,,,1,K".utf8) + [0xFC] + Array("che,1.00\n".utf8)
                    + Array(OrderFileTests.file([OrderFileTests.plain("#3")]).split(separator: "\n")[1].utf8),
                as: .orders)
            #expect(broken.counts.created == 0)
            #expect(try await world.problems(of: broken.id).map(\.code).contains("broken"))
        }
    }
}
