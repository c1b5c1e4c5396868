import Ledger
import Orders
public import Persistence
import Primitives
public import Readiness

/// Compares the ledger with the orders whose money it tells of: neither domain sees both sides.
public enum LedgerAudit {
    /// What the ledger tells of an installation's readiness.
    public static let checks: [CheckPart] = [
        CheckPart("PAY-05") { context in .contradictions(try await contradictions(in: context.database), in: "ledger") }
    ]

    /// Orders compared in one transaction.
    private static let pageSize = 500

    /// Where the ledger contradicts itself or the orders: accounts that do not balance, orders that earned something
    /// else than their total, payment statuses that the postings deny, postings without an order. Empty in a sound
    /// database. Reads in pages, so that no transaction lasts long.
    public static func contradictions(in database: any Database, limit: Int = 20) async throws -> [String] {
        var found = try await database.read("ledger.verify") { tx in
            try Ledger.contradictions(limit: limit, in: tx)
        }
        var last: OrderBook?
        repeat {
            let previous = last
            let page = try await database.read("ledger.verify_orders") { tx in try orders(after: previous, in: tx) }
            if !page.sentences.isEmpty {
                // An order may have changed between the statements of a page: what is wrong stays wrong.
                let again = try await database.read("ledger.verify_orders") { tx in
                    try orders(after: previous, in: tx)
                }
                found += page.sentences.filter(Set(again.sentences).contains)
            }
            last = page.last
        } while last != nil && found.count < limit
        found += try await strays(in: database, limit: limit - found.count)
        return Array(found.prefix(limit))
    }

    private static func orders(
        after: OrderBook?, in tx: borrowing Transaction
    ) throws -> (last: OrderBook?, sentences: [String]) {
        let books = try Orders.books(after: after, limit: pageSize, in: tx)
        var sentences: [String] = []
        for (store, books) in Dictionary(grouping: books, by: \.store) {
            let balances = try Ledger.balances(of: books.map(\.order), store: store, in: tx)
            for book in books {
                guard let wrong = contradiction(book, balances[book.order] ?? Balances()) else { continue }
                sentences.append("order #\(book.number) of \(store): \(wrong)")
            }
        }
        return (books.count == pageSize ? books.last : nil, sentences)
    }

    private static func contradiction(_ book: OrderBook, _ balances: Balances) -> String? {
        let isCanceled = book.status == .canceled
        let owed = isCanceled ? 0 : book.total.amount
        if balances.earned != owed { return "earned \(balances.earned) of \(owed)" }
        if balances.currencies.contains(where: { $0 != book.total.currency }) {
            return "booked in \(balances.currencies.map(\.code).sorted().joined(separator: ", "))"
        }
        if balances.sum != 0 { return "its accounts sum to \(balances.sum)" }
        // An order of nothing is paid or not: the books say nothing of it.
        guard book.total.amount > 0 else { return nil }
        let status = OrderBooks.status(balances, total: book.total, isCanceled: isCanceled)
        guard status == book.paymentStatus else {
            return "is \(book.paymentStatus.rawValue), and its postings say \(status.rawValue)"
        }
        return nil
    }

    /// Postings for orders that there are not.
    private static func strays(in database: any Database, limit: Int) async throws -> [String] {
        var found: [String] = []
        var last: LedgerPlace?
        repeat {
            let previous = last
            let (next, sentences) = try await database.read("ledger.verify_strays") { tx in
                let places = try Ledger.places(after: previous, limit: pageSize, in: tx)
                var sentences: [String] = []
                for (store, places) in Dictionary(grouping: places, by: \.store) {
                    let known = try Orders.known(places.map(\.order), of: store, in: tx)
                    sentences += places.filter { !known.contains($0.order) }
                        .map { "postings for \($0.order) of \(store), which there is not" }
                }
                return (places.count == pageSize ? places.last : nil, sentences)
            }
            found += sentences
            last = next
        } while last != nil && found.count < limit
        return found
    }
}
