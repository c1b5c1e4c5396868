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

/// Thousands of random changes, each compared with what a slow and obvious model expects of it.
struct StockModelTests {
    @Test(arguments: TestEngine.available)
    func `2,000 random operations end as a slow model says`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let play = try await StockPlay(world, seed: 20_261_121)
            for step in 1...2000 {
                try await play.step(step)
                if step.isMultiple(of: 100) { try await play.compare(step) }
            }
            #expect(try await world.contradictions().isEmpty)
            // Every kind of operation was done and was refused.
            #expect(play.outcomes.count >= 12, "\(play.outcomes)")
        }
    }
}

/// What the model knows of an order's line.
private struct Promise {
    let order: Int
    let line: LineID
    let variant: Int
    var quantity: Int
    var owed: Int
}

/// Plays one shop with three variants at three locations, in the database and in the model.
private final class StockPlay {
    private let world: World
    private var random: SeededRandom
    private let variants: [Variant]
    private let locations: [LocationID]

    /// By variant and location.
    private var units = Array(repeating: [0, 0, 0], count: 3)
    private var policies = Array(repeating: StockPolicy(), count: 3)
    private var promises: [Promise] = []
    private var orders: [(id: OrderID, isOpen: Bool, isTouched: Bool)] = []
    private var transfers: [(id: StockTransferID, from: Int, to: Int, lines: [Int: Int], isSent: Bool)] = []
    private var deliveries: [(id: IncomingStockID, variant: Int, location: Int, left: Int)] = []
    private(set) var outcomes: [String: Int] = [:]

    init(_ world: World, seed: UInt64) async throws {
        self.world = world
        random = SeededRandom(seed: seed)
        var variants: [Variant] = []
        for index in 0..<3 { variants.append(try await world.variant("Jam \(index)", sku: "J\(index)", stock: 0)) }
        self.variants = variants.sorted { $0.id < $1.id }
        let barn = try await world.location("Barn", priority: 10).id
        locations = [world.mainLocation, barn, try await world.location("Shop", priority: 20).id]
    }

    func step(_ number: Int) async throws {
        world.clock.advance(seconds: 0.01)
        switch pick(100) {
        case 0..<30: try await place(number)
        case 30..<40: try await cancel()
        case 40..<55: try await fulfill()
        case 55..<70: try await adjust()
        case 70..<82: try await transfer()
        case 82..<90: try await deliver()
        case 90..<95: try await count()
        default: try await changePolicy()
        }
    }

    // MARK: The model

    private func total(_ variant: Int) -> Int { units[variant].reduce(0, +) }
    private func reserved(_ variant: Int) -> Int { sum(variant, \.quantity) }
    private func owed(_ variant: Int) -> Int { sum(variant, \.owed) }
    private func sum(_ variant: Int, _ part: KeyPath<Promise, Int>) -> Int {
        promises.filter { $0.variant == variant }.reduce(0) { $0 + $1[keyPath: part] }
    }
    private func free(_ variant: Int) -> Int { total(variant) - reserved(variant) + owed(variant) }

    private func fill() {
        for variant in 0..<3 {
            for index in promises.indices where promises[index].variant == variant {
                let part = min(promises[index].owed, max(0, free(variant) - policies[variant].safety))
                promises[index].owed -= part
            }
        }
    }

    private func takeByPriority(_ variant: Int, _ quantity: Int) {
        var left = quantity
        for location in 0..<3 {
            let part = min(left, units[variant][location])
            units[variant][location] -= part
            left -= part
        }
    }

    /// What a change of units at places is answered; done when nothing is said against it.
    private func move(_ changes: [(variant: Int, location: Int, delta: Int)]) -> String? {
        let before = units
        for change in changes {
            units[change.variant][change.location] += change.delta
            if units[change.variant][change.location] < 0 {
                units = before
                return "stock.insufficient_at_location"
            }
        }
        guard (0..<3).allSatisfy({ free($0) >= 0 }) else {
            units = before
            return "stock.below_reserved"
        }
        fill()
        return nil
    }

    // MARK: The operations

    private func place(_ number: Int) async throws {
        let wanted = (0...pick(3)).map { _ in (variant: pick(3), quantity: 1 + pick(4)) }
        var expected: String?
        var lacking: [Int: Int] = [:]
        for variant in Set(wanted.map(\.variant)) {
            let quantity = wanted.filter { $0.variant == variant }.reduce(0) { $0 + $1.quantity }
            let there = max(0, free(variant) - policies[variant].safety)
            lacking[variant] = max(0, quantity - there)
            if there < quantity, owed(variant) + quantity - there > policies[variant].backorderLimit {
                expected = "stock.insufficient"
            }
        }
        let checkout = try await world.checkout(wanted.map { (variants[$0.variant], $0.quantity) })
        var placed: Order?
        try await expect("place", expected) { placed = try await self.world.place(checkout.id, number: number).order }
        guard let placed else { return }
        var lines: [Promise] = []
        for (index, want) in wanted.enumerated().reversed() {
            let owed = min(lacking[want.variant] ?? 0, want.quantity)
            lacking[want.variant]? -= owed
            lines.append(
                Promise(
                    order: orders.count, line: placed.lines[index].id, variant: want.variant,
                    quantity: want.quantity, owed: owed))
        }
        promises += lines.reversed()
        orders.append((placed.id, true, false))
    }

    private func cancel() async throws {
        guard let index = orders.indices.filter({ orders[$0].isOpen }).randomElement(using: &random) else { return }
        let restocks = pick(3) > 0
        let order = orders[index]
        try await expect("cancel", order.isTouched ? "order.not_cancelable" : nil) {
            try await self.world.cancelOrder(order.id, restocks: restocks)
        }
        guard !order.isTouched else { return }
        orders[index].isOpen = false
        for promise in promises where promise.order == index && !restocks {
            takeByPriority(promise.variant, promise.quantity - promise.owed)
        }
        promises.removeAll { $0.order == index }
        fill()
    }

    private func fulfill() async throws {
        guard let index = orders.indices.filter({ orders[$0].isOpen }).randomElement(using: &random) else { return }
        let held = promises.indices.filter { promises[$0].order == index }
        let wanted = held.map { (promise: $0, quantity: pick(promises[$0].quantity + 1)) }.filter { $0.quantity > 0 }
        guard !wanted.isEmpty else { return }
        let location = pick(3) == 0 ? pick(3) : nil
        var expected: String?
        let before = units
        if wanted.contains(where: { promises[$0.promise].quantity - promises[$0.promise].owed < $0.quantity }) {
            expected = "stock.backordered"
        } else {
            for want in wanted {
                let variant = promises[want.promise].variant
                guard let location else {
                    takeByPriority(variant, want.quantity)
                    continue
                }
                units[variant][location] -= want.quantity
                if units[variant][location] < 0 { expected = "stock.insufficient_at_location" }
            }
        }
        let lines = wanted.map { FulfilledLine(line: promises[$0.promise].line, quantity: $0.quantity) }
        let order = orders[index].id
        try await expect("fulfill", expected) {
            try await self.world.fulfill(order, lines: lines, from: location.map { self.locations[$0] })
        }
        guard expected == nil else { return units = before }
        for want in wanted { promises[want.promise].quantity -= want.quantity }
        promises.removeAll { $0.quantity == 0 }
        orders[index].isTouched = true
        orders[index].isOpen = promises.contains { $0.order == index }
        fill()
    }

    private func adjust() async throws {
        let (variant, location) = (pick(3), pick(3))
        let delta = pick(4) == 0 ? -1 - pick(4) : 1 + pick(5)
        let expected = move([(variant, location, delta)])
        try await expect("adjust", expected) {
            try await self.world.adjust(
                self.variants[variant].id, by: delta, at: self.locations[location], delta > 0 ? .received : .lost)
        }
    }

    private func transfer() async throws {
        guard transfers.count > 2 || pick(2) == 0, let index = transfers.indices.randomElement(using: &random) else {
            let from = pick(3)
            let to = (from + 1 + pick(2)) % 3
            var lines = [pick(3): 1 + pick(3)]
            if pick(2) == 0 { lines[pick(3)] = 1 + pick(3) }
            let transfer = try await world.transfer(
                lines.map { (variants[$0.key].id, $0.value) }, from: locations[from], to: locations[to])
            return transfers.append((transfer.id, from, to, lines, false))
        }
        let transfer = transfers[index]
        let lines = transfer.lines.sorted { $0.key < $1.key }
        if !transfer.isSent, pick(4) > 0 {
            let expected = move(lines.map { ($0.key, transfer.from, -$0.value) })
            try await expect("send", expected) { try await self.world.advance(transfer.id, .send) }
            if expected == nil { transfers[index].isSent = true } else { transfers.remove(at: index) }
        } else if transfer.isSent, pick(4) > 0 {
            var arrived: [VariantID: Int] = [:]
            var changes: [(variant: Int, location: Int, delta: Int)] = []
            for (variant, quantity) in lines {
                let count = max(0, quantity - 1 + pick(3))
                arrived[variants[variant].id] = count
                changes.append((variant, transfer.to, count))
            }
            let expected = move(changes)
            try await expect("receive", expected) { [arrived] in
                try await self.world.advance(transfer.id, .receive(arrived))
            }
            transfers.remove(at: index)
        } else {
            let expected = transfer.isSent ? move(lines.map { ($0.key, transfer.from, $0.value) }) : nil
            try await expect("take back", expected) { try await self.world.advance(transfer.id, .cancel) }
            transfers.remove(at: index)
        }
    }

    private func deliver() async throws {
        guard deliveries.count > 2 || pick(2) == 0, let index = deliveries.indices.randomElement(using: &random) else {
            let (variant, location, quantity) = (pick(3), pick(3), 1 + pick(8))
            let delivery = try await world.expect(quantity, of: variants[variant].id, at: locations[location])
            return deliveries.append((delivery.id, variant, location, quantity))
        }
        let delivery = deliveries[index]
        let quantity = 1 + pick(6)
        let expected =
            quantity > delivery.left
            ? "incoming.too_many" : move([(delivery.variant, delivery.location, quantity)])
        try await expect("deliver", expected) { try await self.world.change(delivery.id, .receive(quantity)) }
        guard expected == nil else { return }
        deliveries[index].left -= quantity
        if deliveries[index].left == 0 { deliveries.remove(at: index) }
    }

    /// Counts, sells or takes in meanwhile, and applies.
    private func count() async throws {
        let location = pick(3)
        let count = try await world.startCount(at: locations[location])
        var differences: [(variant: Int, location: Int, delta: Int)] = []
        for variant in 0..<3 where pick(3) > 0 {
            let counted = max(0, units[variant][location] - 2 + pick(5))
            differences.append((variant, location, counted - units[variant][location]))
            try await world.enter([variants[variant].id: counted], into: count.id)
        }
        try await fulfill()
        try await adjust()
        let expected = move(differences)
        try await expect("count", expected) { try await self.world.apply(count.id) }
    }

    private func changePolicy() async throws {
        let variant = pick(3)
        let policy = StockPolicy(safety: pick(3), backorderLimit: pick(3) == 0 ? 0 : pick(9))
        policies[variant] = policy
        fill()
        try await world.sell(variants[variant].id) { $0 = policy }
    }

    // MARK: Comparing

    private func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    private func expect(_ name: String, _ expected: String?, _ body: () async throws -> Void) async throws {
        let refusal = try await world.refusal(body)
        outcomes["\(name) \(refusal ?? "done")", default: 0] += 1
        try #require(refusal == expected, "\(name): \(String(describing: refusal))")
    }

    func compare(_ step: Int) async throws {
        let places = ["Main location", "Barn", "Shop"]
        for variant in 0..<3 {
            let id = variants[variant].id
            let level = try #require(try await world.level(id))
            #expect(level.onHand == total(variant), "step \(step)")
            #expect(level.reserved == reserved(variant), "step \(step)")
            #expect(level.owed == owed(variant), "step \(step)")
            let there = try await world.units(of: id)
            #expect(places.map { there[$0] ?? 0 } == units[variant], "step \(step)")
        }
        let waiting = promises.filter { $0.owed > 0 }
        let ids = Set(waiting.map { orders[$0.order].id }).sorted()
        let owed = try await world.database.read("test.owed") { [store = world.store.id] tx in
            try Inventory.backorders(of: ids, store: store, in: tx)
        }
        #expect(owed == Dictionary(uniqueKeysWithValues: waiting.map { ($0.line, $0.owed) }), "step \(step)")
    }
}
