import Orders
import Persistence
import Pricing
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct DeliveryUpkeepTests {
    @Test(arguments: TestEngine.available)
    func `windows that have passed go when no order has them, and only then`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            try await world.configure(World.larder(capacity: 3))
            let jam = try await world.variant(stock: 9)
            let (morning, afternoon) = (try World.morning(), try World.afternoon())
            let kept = try await world.place(world.checkout(jam, method: "van", window: morning).id).order
            let gone = try await world.place(
                world.checkout(jam, method: "van", window: afternoon).id, number: 1002
            ).order
            let cancellation = OrderCancellation(
                store: world.store.id, order: gone.id, reason: "", restocks: true, actor: .system, requestID: nil)
            _ = try await world.database.write("test.cancel") { tx in try cancellation.run(in: tx) }
            func prune() async throws -> Int {
                try await world.database.write("test.prune") { tx in try Pricing.pruneWindows(limit: 10, in: tx) }
            }
            #expect(try await prune() == 0)
            // Tomorrow's windows, until a week has gone by since.
            world.clock.advance(seconds: 7 * 86_400)
            #expect(try await prune() == 0)
            #expect(try await world.taken() == [morning.id: 1, afternoon.id: 0])
            world.clock.advance(seconds: 2 * 86_400)
            #expect(try await prune() == 1)
            #expect(try await prune() == 0)
            #expect(try await world.taken() == [morning.id: 1])
            #expect(try await world.booked().orders == [kept.id])
            #expect(try await world.booked().contradictions == [])
            #expect(try await world.order(kept.id)?.delivery.window?.id == morning.id)
        }
    }

    @Test(arguments: TestEngine.available)
    func `settings that change there and back are what is stored, with its version`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            func read() async throws -> DeliverySettings? {
                try await world.database.read("test.settings") { [store = world.store] tx in
                    try Pricing.deliverySettings(of: store.id, in: tx).settings()
                }
            }
            #expect(try await read() == nil)
            let first = try await world.configure(World.larder(capacity: 3))
            #expect(try await read() == first)
            var changed = first
            changed.options[0].title = "Bicycle"
            let second = try await world.configure(changed)
            #expect(try await read() == second)
            var back = second
            back.options[0].title = first.options[0].title
            let third = try await world.configure(back)
            #expect(third.version == 3)
            for _ in 0..<2 { #expect(try await read() == third) }
            let other = try await world.anotherStore()
            let theirs = try await world.database.read("test.settings") { tx in
                try Pricing.deliverySettings(of: other.id, in: tx).settings()
            }
            #expect(theirs == nil)
        }
    }
}
