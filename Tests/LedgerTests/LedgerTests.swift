import FoundationEssentials
import Ledger
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct PostingTests {
    private let order = OrderID(UUID(high: 1, low: 1))
    private let payment = PaymentID(UUID(high: 2, low: 2))
    private let pounds = Currency("GBP")

    private func pence(_ amount: Int64) throws -> Money { try Money(amount, #require(pounds)) }

    @Test func `an order owes what goods, delivery and tax have earned`() throws {
        let posting = try Posting.placed(order, total: pence(1250), shipping: pence(200), tax: pence(50))
        #expect(posting.transfers.map(\.debit) == [.receivable, .receivable, .receivable])
        #expect(posting.transfers.map(\.credit) == [.sales, .shipping, .tax])
        #expect(posting.transfers.map(\.amount.amount) == [1000, 200, 50])
        let balances = Balances([posting])
        #expect(balances[.receivable] == 1250)
        #expect(balances.earned == 1250)
        #expect(balances.sum == 0)
        #expect(balances.settled == 0)
    }

    @Test func `nothing is booked for nothing`() throws {
        #expect(try Posting.placed(order, total: pence(0), shipping: pence(0), tax: pence(0)).transfers.isEmpty)
        #expect(try Posting.captured(payment, amount: pence(0)).transfers.isEmpty)
    }

    @Test func `a negative amount goes the other way`() throws {
        let posting = try Posting.placed(order, total: pence(100), shipping: pence(300), tax: pence(0))
        #expect(posting.transfers[0].debit == .sales)
        #expect(posting.transfers[0].credit == .receivable)
        #expect(posting.transfers[0].amount.amount == 200)
        #expect(Balances([posting]).earned == 100)
    }

    @Test func `what was paid is settled, what is to be collected is not`() throws {
        let placed = try Posting.placed(order, total: pence(900), shipping: pence(0), tax: pence(0))
        #expect(Balances([placed, try .cashExpected(payment, amount: pence(900))]).settled == 0)
        #expect(Balances([placed, try .cashExpected(payment, amount: pence(900))])[.receivable] == 0)
        #expect(Balances([placed, try .captured(payment, amount: pence(900))]).settled == 900)
        #expect(Balances([placed, try .settledElsewhere(payment, amount: pence(900))]).settled == 900)
    }
}

struct LedgerTests {
    @Test(arguments: TestEngine.available)
    func `balances are the sums of what was booked, order by order`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (mine, other) = (OrderID(UUID(high: 1, low: 1)), OrderID(UUID(high: 1, low: 2)))
            let payment = PaymentID(UUID(high: 2, low: 1))
            let (total, shipping, none) = (try world.pence(700), try world.pence(200), try world.pence(0))
            let balances = try await world.database.write("test.book") { tx in
                for order in [mine, other] {
                    try RecordPostings(
                        store: world.store.id, order: order,
                        [.placed(order, total: total, shipping: shipping, tax: none)]
                    ).submit(in: tx)
                }
                try RecordPostings(
                    store: world.store.id, order: mine, [.captured(payment, amount: total)]
                ).submit(in: tx)
                return try Ledger.balances(of: [mine, other], store: world.store.id, in: tx)
            }
            #expect(balances[mine]?.settled == 700)
            #expect(balances[mine]?[.receivable] == 0)
            #expect(balances[mine]?[.shipping] == -200)
            #expect(balances[other]?[.receivable] == 700)
            #expect(balances[other]?.settled == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a cancellation takes back what was earned and leaves what was paid`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let order = OrderID(UUID(high: 1, low: 1))
            let payment = PaymentID(UUID(high: 2, low: 1))
            let (total, none) = (try world.pence(700), try world.pence(0))
            let balances = try await world.database.write("test.book") { tx in
                try RecordPostings(
                    store: world.store.id, order: order,
                    [.placed(order, total: total, shipping: none, tax: none), .captured(payment, amount: total)]
                ).submit(in: tx)
                try ReverseOrder(store: world.store.id, order: order).run(in: tx)
                return try Ledger.balances(of: order, store: world.store.id, in: tx)
            }
            #expect(balances.earned == 0)
            #expect(balances.settled == 700)
            #expect(balances[.receivable] == -700)
        }
    }

    @Test(arguments: TestEngine.available)
    func `the same cause is booked once`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let order = OrderID(UUID(high: 1, low: 1))
            let captured = try Posting.captured(PaymentID(UUID(high: 2, low: 1)), amount: world.pence(700))
            let record = RecordPostings(store: world.store.id, order: order, [captured])
            try await world.database.write("test.book") { tx in try record.submit(in: tx) }
            await #expect(throws: DatabaseError.self) {
                try await world.database.write("test.book") { tx in try record.submit(in: tx) }
            }
            let balances = try await world.database.read("test.balances") { tx in
                try Ledger.balances(of: order, store: world.store.id, in: tx)
            }
            #expect(balances.settled == 700)
        }
    }

    @Test(
        arguments: TestEngine.available,
        [
            (-5, "sales", "receivable"), (0, "sales", "receivable"), (5, "sales", "sales"), (5, "sales", "elsewhere"),
        ])
    func `the constraints refuse what is no transfer`(
        _ engine: TestEngine, _ entry: (amount: Int, debit: String, credit: String)
    ) async throws {
        try await World.open(engine) { world in
            await #expect(throws: DatabaseError.self) {
                try await world.database.write("test.bad") { tx in
                    let id: LedgerEntryID = tx.newIdentifier()
                    try tx.execute(
                        """
                        INSERT INTO ledger_entries (store_id, order_id, posting, source_id, debit, credit, id, amount,
                            currency, booked_at)
                        VALUES (\(world.store.id), \(id.uuid), 'placed', \(id.uuid), \(entry.debit), \(entry.credit),
                            \(id), \(entry.amount), 'GBP', 0)
                        """)
                }
            }
        }
    }
}
