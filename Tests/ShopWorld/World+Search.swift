import Jobs
import Persistence
import Primitives
import Stores
import UseCases

extension World {
    /// Does what the jobs do that compare the shelves with stock.
    public func reviewShelves() async throws {
        let handlers = ShelfAvailability.jobHandlers(in: database)
        for handler in handlers where handler.kind.name != ShelfAvailability.indexing.name { try await run(handler) }
    }

    /// Does what the job does that indexes products.
    public func indexProducts() async throws {
        while try await database.write("test.index", { tx in try ShelfAvailability.index(limit: 200, in: tx) }) > 0 {}
    }

    private func run(_ handler: JobHandler) async throws {
        let jobs = try await database.read("test.jobs") { [store] tx in
            try tx.query("SELECT payload FROM jobs WHERE store_id = \(store.id) AND kind = \(handler.kind.name)") {
                try JSON(parsing: $0[0] as String)
            }
        }
        for payload in jobs {
            try await database.write("test.review") { [store] tx in
                try ShelfAvailability.review(payload, store: store.id, in: tx)
            }
        }
    }
}
