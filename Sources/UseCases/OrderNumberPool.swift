import Orders
public import Persistence
public import Primitives

/// This process's share of each store's order numbers. Numbers are taken from the database in blocks, small at first
/// and larger while orders come fast, so that orders do not wait for a counter; what is left at the end is a gap.
public actor OrderNumberPool {
    private let database: any Database
    private var free: [StoreID: [Int]] = [:]
    private var refills: [StoreID: Task<Void, any Error>] = [:]
    private var blockSizes: [StoreID: Int] = [:]
    private static let largestBlock = 64

    public init(database: any Database) {
        self.database = database
    }

    /// A number that no other order of the store has.
    public func take(for store: StoreID) async throws -> Int {
        while true {
            // Taken from the end; a refill and a return put the highest first.
            if let number = free[store]?.popLast() { return number }
            try await refill(store)
        }
    }

    /// Gives a number back that no order got, unless its fate is unknown.
    public func giveBack(_ number: Int, to store: StoreID) {
        free[store, default: []].append(number)
    }

    private func refill(_ store: StoreID) async throws {
        if let running = refills[store] { return try await running.value }
        let size = min(blockSizes[store, default: 1] * 2, Self.largestBlock)
        blockSizes[store] = size
        let task = Task {
            // Ends here, not with the first who waited: a task that is done and still listed would be awaited in
            // a loop that never suspends.
            defer { refills[store] = nil }
            let block = try await database.write("orders.take_numbers") { tx in
                try TakeOrderNumbers(store: store, count: size).run(in: tx)
            }
            free[store, default: []].insert(contentsOf: block.reversed(), at: 0)
        }
        refills[store] = task
        try await task.value
    }
}
