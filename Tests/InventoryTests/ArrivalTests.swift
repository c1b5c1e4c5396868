import Catalog
import Inventory
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct ArrivalTests {
    @Test func `every status is reached and every step is known`() {
        expectSound(IncomingStatus.transitions)
        expectSound(TransferStatus.transitions)
        expectSound(CountStatus.transitions)
    }

    private func expectSound<State>(_ table: TransitionTable<State>) {
        #expect(Set(table.targets.keys) == Set(State.allCases))
        let reached = table.targets.values.reduce(into: table.initial) { $0.formUnion($1) }
        #expect(reached == Set(State.allCases))
    }

    @Test(arguments: TestEngine.available)
    func `a delivery comes in parts, and its day is told until it is whole`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 1)
            let barn = try await world.location("Barn")
            let soon = world.clock.now().adding(seconds: 86_400)
            let late = world.clock.now().adding(seconds: 864_000)
            let first = try await world.expect(10, of: variant.id, at: barn.id, on: late)
            #expect(try await world.level(variant.id)?.expectedAt == late)
            let second = try await world.expect(4, of: variant.id, on: soon)
            _ = try await world.expect(4, of: variant.id)
            #expect(try await world.level(variant.id)?.expectedAt == soon)
            #expect(try await world.level(variant.id)?.onHand == 1)
            #expect(try await world.change(second.id, .receive(3)).outstanding == 1)
            #expect(try await world.refusal { try await world.change(second.id, .receive(2)) } == "incoming.too_many")
            #expect(try await world.level(variant.id)?.onHand == 4)
            #expect(try await world.change(second.id, .receive(1)).status == .received)
            #expect(try await world.level(variant.id)?.expectedAt == late)
            #expect(
                try await world.refusal { try await world.change(second.id, .receive(1)) } == "incoming.not_expected")
            try await world.change(first.id, .receive(6))
            try await world.change(first.id, .cancel)
            #expect(try await world.level(variant.id)?.expectedAt == nil)
            #expect(try await world.units(of: variant.id) == ["Main location": 5, "Barn": 6])
            #expect(
                try await world.history(of: variant.id) == ["+1 counted", "+3 received", "+1 received", "+6 received"])
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `two who take the same delivery in take it in once`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 0)
            let delivery = try await world.expect(10, of: variant.id)
            let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        try await world.refusal { try await world.change(delivery.id, .receive(4)) } == nil
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(taken == 2)
            #expect(try await world.level(variant.id)?.onHand == 8)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a transfer is nowhere on its way, and its differences are told`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let salt = try await world.variant("Salt", sku: "S", stock: 10)
            let pepper = try await world.variant("Pepper", sku: "P", stock: 10)
            let barn = try await world.location("Barn")
            let transfer = try await world.transfer([(salt.id, 6), (pepper.id, 4)], to: barn.id)
            #expect(try await world.level(salt.id)?.onHand == 10)
            #expect(
                try await world.refusal { try await world.advance(transfer.id, .receive([:])) }
                    == "transfer.not_possible")
            try await world.advance(transfer.id, .send)
            #expect(try await world.level(salt.id)?.available == 4)
            #expect(try await world.refusal { try await world.advance(transfer.id, .send) } == "transfer.not_possible")
            let received = try await world.advance(transfer.id, .receive([salt.id: 5, pepper.id: 7]))
            #expect(received.status == .received)
            #expect(try await world.units(of: salt.id) == ["Main location": 4, "Barn": 5])
            #expect(try await world.units(of: pepper.id) == ["Main location": 6, "Barn": 7])
            #expect(
                try await world.history(of: salt.id) == [
                    "+10 counted", "-6 transferred", "+6 transferred", "-1 lost",
                ])
            #expect(
                try await world.history(of: pepper.id) == [
                    "+10 counted", "-4 transferred", "+4 transferred", "+3 correction",
                ])
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a transfer takes no promised units, and brings back what it took`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant(stock: 10)
            let barn = try await world.location("Barn")
            _ = try await world.place(try await world.checkout([(variant, 6)]).id)
            let large = try await world.transfer([(variant.id, 5)], to: barn.id)
            #expect(try await world.refusal { try await world.advance(large.id, .send) } == "stock.below_reserved")
            let huge = try await world.transfer([(variant.id, 11)], to: barn.id)
            #expect(
                try await world.refusal { try await world.advance(huge.id, .send) } == "stock.insufficient_at_location")
            #expect(try await world.history(of: variant.id) == ["+10 counted"])
            let small = try await world.transfer([(variant.id, 4)], to: barn.id)
            try await world.advance(small.id, .send)
            #expect(try await world.advance(small.id, .cancel).status == .canceled)
            try await world.advance(large.id, .cancel)
            #expect(try await world.units(of: variant.id) == ["Main location": 10])
            #expect(
                try await world.refusal {
                    _ = try await world.transfer([(variant.id, 1), (variant.id, 2)], to: world.mainLocation)
                } == "validation.failed")
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `sales between counting and applying stay as they are`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let salt = try await world.variant("Salt", sku: "S", stock: 10)
            let pepper = try await world.variant("Pepper", sku: "P", stock: 10)
            let fresh = try await world.variant("Fresh", sku: "F")
            let count = try await world.startCount()
            try await world.enter([salt.id: 4, pepper.id: 12], into: count.id)
            let before = try await world.place(try await world.checkout([(salt, 3)]).id).order
            try await world.fulfill(before.id)
            try await world.enter([salt.id: 6, fresh.id: 2], into: count.id)
            let after = try await world.place(try await world.checkout([(salt, 2), (pepper, 5)]).id, number: 1002).order
            try await world.fulfill(after.id)
            #expect(try await world.level(fresh.id) == nil)
            let applied = try await world.apply(count.id)
            #expect(Set(applied.lines.map(\.difference)) == [-1, 2])
            #expect(try await world.level(salt.id)?.onHand == 4, "seven were there, six were counted, two were sold")
            #expect(try await world.level(pepper.id)?.onHand == 7)
            #expect(try await world.level(fresh.id)?.onHand == 2)
            #expect(try await world.refusal { try await world.apply(count.id) } == "count.not_open")
            #expect(
                try await world.refusal { try await world.enter([salt.id: 1], into: count.id) } == "count.not_open")
            #expect(
                try await world.history(of: salt.id) == ["+10 counted", "-3 sold", "-2 sold", "-1 counted"])
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a count that finds less than is promised is applied in no part`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let salt = try await world.variant("Salt", sku: "S", stock: 10)
            let pepper = try await world.variant("Pepper", sku: "P", stock: 10)
            _ = try await world.place(try await world.checkout([(pepper, 9)]).id)
            let count = try await world.startCount()
            try await world.enter([salt.id: 8, pepper.id: 8], into: count.id)
            let problem = try await #require(throws: Problem.self) { try await world.apply(count.id) }
            #expect(problem.code == "stock.below_reserved")
            #expect(problem.references["variant_id"] == pepper.id.description)
            #expect(try await world.level(salt.id)?.onHand == 10)
            #expect(try await world.history(of: salt.id) == ["+10 counted"])
            try await world.enter([pepper.id: 9], into: count.id)
            try await world.apply(count.id)
            #expect(try await world.level(salt.id)?.onHand == 8)
            #expect(try await world.level(pepper.id)?.available == 0)
        }
    }
}
