public import Inventory
import Persistence
public import Primitives
import Stores
import TestSupport
import UseCases

extension World {
    /// Notes units that a supplier is to bring.
    public func expect(
        _ quantity: Int, of variant: VariantID, at location: LocationID? = nil, on day: Instant? = nil
    ) async throws -> IncomingStock {
        clock.advance(seconds: 0.001)
        let expect = ExpectStock(
            store: store.id, variant: variant, quantity: quantity, location: location, expectedAt: day,
            supplier: "Mill", actor: .system)
        return try await database.write("test.expect") { tx in try expect.run(in: tx) }
    }

    /// Changes a delivery, or takes it in.
    @discardableResult
    public func change(_ id: IncomingStockID, _ change: ChangeIncoming.Change) async throws -> IncomingStock {
        clock.advance(seconds: 0.001)
        let change = ChangeIncoming(store: store.id, id: id, change, actor: .system)
        return try await database.write("test.incoming") { tx in try change.run(in: tx) }
    }

    /// Writes down a transfer, from the main location unless another is named.
    public func transfer(
        _ lines: [(variant: VariantID, quantity: Int)], from: LocationID? = nil, to: LocationID
    ) async throws -> StockTransfer {
        let draft = DraftTransfer(store: store.id, from: from ?? mainLocation, to: to, lines: lines)
        return try await database.write("test.transfer") { tx in try draft.run(in: tx) }
    }

    /// Brings a transfer on.
    @discardableResult
    public func advance(_ id: StockTransferID, _ step: AdvanceTransfer.Step) async throws -> StockTransfer {
        clock.advance(seconds: 0.001)
        let advance = AdvanceTransfer(store: store.id, id: id, step, actor: .system)
        return try await database.write("test.advance") { tx in try advance.run(in: tx) }
    }

    /// Begins a count.
    public func startCount(at location: LocationID? = nil) async throws -> StockCount {
        let start = StartCount(store: store.id, location: location)
        return try await database.write("test.count") { tx in try start.run(in: tx) }
    }

    /// Writes down what was counted.
    @discardableResult
    public func enter(_ counted: [VariantID: Int], into id: StockCountID) async throws -> StockCount {
        let enter = EnterCount(store: store.id, id: id, counted: counted)
        return try await database.write("test.enter") { tx in try enter.run(in: tx) }
    }

    /// Brings the books to what was counted.
    @discardableResult
    public func apply(_ id: StockCountID) async throws -> StockCount {
        clock.advance(seconds: 0.001)
        let apply = CountApplication(store: store.id, count: id, actor: .system, requestID: nil)
        return try await database.write("test.apply") { tx in try apply.run(in: tx) }
    }
}
