import Catalog
import Foundation
import Inventory
import Jobs
import Logging
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

/// Stock of what is sold no more.
struct RemovedStockTests {
    @Test(arguments: TestEngine.available)
    func `what orders hold of a removed variant is forgotten once they hold it no longer`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let (held, free) = (try await world.variant(stock: 5), try await world.variant(stock: 5))
            let order: OrderID = try await world.database.write("test.reserve") { [store = world.store.id] tx in
                let order: OrderID = tx.newIdentifier()
                let claim = StockClaim(line: tx.newIdentifier(), variant: held.id, quantity: 2)
                let taken = try ReserveStock(store: store, order: order, claims: [claim]).submit(in: tx)
                try taken.reservation(in: tx).hold(until: nil, in: tx)
                try Inventory.forget([held.id, free.id], store: store, in: tx)
                return order
            }
            #expect(try await world.tracked([held.id, free.id]) == [held.id])
            try await world.workOnStock()
            #expect(try await world.waiting() == 1)
            world.clock.advance(seconds: 86_400)
            try await world.workOnStock()
            // The order is still there: it is looked at again a day later.
            #expect(try await world.tracked([held.id, free.id]) == [held.id])
            #expect(try await world.waiting() == 1)
            try await world.database.write("test.release") { [store = world.store.id] tx in
                _ = try ReleaseStock(store: store, order: order, restocks: true, actor: .system).run(in: tx)
            }
            world.clock.advance(seconds: 86_400)
            try await world.workOnStock()
            #expect(try await world.tracked([held.id, free.id]) == [])
            #expect(try await world.waiting() == 0)
        }
    }
}

extension RemovedStockTests {
    @Test(arguments: TestEngine.available)
    func `a variant whose units are promised goes only when that is confirmed`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (held, _) = (try await world.variant("Mug", stock: 5), try await world.variant("Cup", stock: 5))
            try await world.database.write("test.options") { [store = world.store] tx in
                _ = try ChangeProduct(
                    store: store.id, currency: store.currency, product: held.product, actor: .system, requestID: nil
                ) {
                    try $0.replaceOptions([ProductOption(name: "Size", values: ["S", "M"])])
                }.run(in: tx)
                let order: OrderID = tx.newIdentifier()
                let claim = StockClaim(line: tx.newIdentifier(), variant: held.id, quantity: 2)
                let taken = try ReserveStock(store: store.id, order: order, claims: [claim]).submit(in: tx)
                try taken.reservation(in: tx).hold(until: nil, in: tx)
            }
            func remove(isConfirmed: Bool) async throws {
                let editing = ProductEditing(
                    store: world.store, product: held.product, actor: .system, requestID: nil, released: [held.id],
                    isConfirmed: isConfirmed)
                try await world.database.write("test.remove") { tx in
                    try editing.run(in: tx) { $0.variants.removeAll { $0.id == held.id } }
                }
            }
            let problem = await #expect(throws: Problem.self) { try await remove(isConfirmed: false) }
            #expect(problem?.code == "product.stock_at_stake")
            #expect(
                problem?.errors.map(\.detail) == ["This removes S (5 in the house, 2 promised), and their stock."])
            #expect(try await world.tracked([held.id]) == [held.id])
            try await remove(isConfirmed: true)
            // What is promised stays known until it is delivered.
            #expect(try await world.tracked([held.id]) == [held.id])
            #expect(try await world.waiting() == 1)
        }
    }
}

extension World {
    fileprivate func tracked(_ variants: [VariantID]) async throws -> [VariantID] {
        try await database.read("test.levels") { [store] tx in
            try Inventory.levels(of: variants, store: store.id, in: tx).rows().map(\.variant)
        }
    }

    /// Jobs that have not been done.
    fileprivate func waiting(due: Bool = false) async throws -> Int {
        try await database.read("test.jobs") { tx in
            let moment = due ? tx.now : .latest
            return try tx.first(
                """
                SELECT COUNT(*) FROM jobs WHERE state = 'active' AND kind = 'inventory.forget_stock'
                AND (due_at <= \(moment) OR runner IS NOT NULL)
                """
            ) { try $0[0] as Int } ?? 0
        }
    }

    /// Does what is due.
    fileprivate func workOnStock() async throws {
        let runner = JobRunner(
            database: database, handlers: Inventory.jobHandlers,
            queues: [QueueSettings("maintenance", concurrency: 1)], cron: [], settings: JobRunnerSettings(),
            clock: clock, logger: Logger(label: "test"))
        let running = Task { try await runner.run() }
        try await until("nothing is due") { try await waiting(due: true) == 0 }
        running.cancel()
        _ = await running.result
    }
}
