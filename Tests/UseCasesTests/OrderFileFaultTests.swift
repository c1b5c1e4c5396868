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
    func `two spellings of a number are one order, and a number that is far away is only a name`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let names = ["#500", "500", "#99999999"]
            let ended = try await world.run(OrderFileTests.file(names.map { OrderFileTests.plain($0) }), as: .orders)
            #expect(ended.state == .done)
            #expect(ended.counts.created == 2 && ended.counts.refused == 1)
            #expect(try await world.problems(of: ended.id).map(\.code) == ["duplicate"])
            let next = try await world.database.write("test.number") { [store = world.store.id] tx in
                try TakeOrderNumbers(store: store, count: 1).run(in: tx).lowerBound
            }
            #expect(next < 10_000)
            let same = OrderFileTests.file(["500", "#99999999"].map { OrderFileTests.plain($0) })
            let again = try await world.run(same, as: .orders)
            #expect(again.counts.unchanged == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `goods and lines that would cost less than nothing are refused`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let ended = try await world.run(
                OrderFileTests.file([
                    OrderFileTests.plain(
                        "#1", ["Discount Amount": "12.00", "Subtotal": "", "Shipping": "5.00", "Total": "3.00"]),
                    OrderFileTests.plain(
                        "#2",
                        [
                            "Discount Amount": "12.00", "Subtotal": "8.00", "Total": "8.00",
                            "Lineitem discount": "12.00",
                        ]),
                    [
                        "Name": "#2", "Lineitem quantity": "1", "Lineitem name": "Pepper", "Lineitem price": "10.00",
                    ],
                    OrderFileTests.plain(
                        "#3",
                        [
                            "Discount Amount": "10.00", "Subtotal": "0.00", "Total": "0.00",
                            "Lineitem discount": "10.00",
                        ]),
                ]), as: .orders)
            #expect(
                try await world.problems(of: ended.id).map { "\($0.line) \($0.column) \($0.code)" } == [
                    "2 Discount Amount order.totals", "3 Lineitem discount order.line_discount",
                ])
            #expect(ended.counts.refused == 2)
            #expect(ended.counts.created == 1)
            #expect(try await world.count(of: .orders) == 1)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `orders have as many tags as the API takes, and no longer ones`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let hundred = (1...100).map { "tag \($0)" }
            let long = String(repeating: "ö", count: 100)
            let ended = try await world.run(
                OrderFileTests.file([
                    OrderFileTests.plain("#1", ["Tags": (hundred + ["tag 1"]).joined(separator: ", ")]),
                    OrderFileTests.plain("#2", ["Tags": (hundred + ["tag 101"]).joined(separator: ", ")]),
                    OrderFileTests.plain("#3", ["Tags": long]), OrderFileTests.plain("#4", ["Tags": long + "x"]),
                ]), as: .orders)
            #expect(
                try await world.problems(of: ended.id).map { "\($0.line) \($0.column) \($0.code)" } == [
                    "3 Tags too_long", "5 Tags too_long",
                ])
            #expect(ended.counts.created == 2)
            let tags = try await world.database.read("test.tags") { [store = world.store.id] tx in
                try Orders.orders(named: ["#1", "#2", "#3", "#4"], of: store, in: tx).mapValues(\.tags)
            }
            #expect(tags == ["#1": hundred, "#3": [long]])
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
