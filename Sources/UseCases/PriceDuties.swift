public import Catalog
import Customers
import Persistence
public import Primitives
public import Readiness
import Stores

/// Looks at what stores sell in and at which prices, as far as nobody may have meant it so.
public enum PriceDuties {
    /// After so long a merchant is asked to look at an exchange rate again.
    public static let rateLifetimeDays = 90

    /// What only several domains together know of an installation's readiness.
    public static let checks: [CheckPart] = [
        CheckPart("PRC-01") { context in
            let found = try await context.database.read("readiness.prices") { tx in
                let kept = try Catalog.storesWithPriceBooks(in: tx)
                return try Stores.all(in: tx).filter { kept.contains($0.id) }.map { store in
                    concerns(
                        over: try Catalog.priceBook(of: store.id, base: store.currency, in: tx), of: store.name,
                        groups: Set(try Customers.groups(of: store.id, in: tx).map(\.id)), at: tx.now)
                }
            }
            let old = found.flatMap(\.rates)
            let idle = found.flatMap(\.lists)
            return Finding(
                old.isEmpty && idle.isEmpty ? .pass : .warn,
                (old + idle).first ?? "Every exchange rate is recent, and every price list counts for somebody.",
                measured: [Measure("old_rates", old.count), Measure("idle_price_lists", idle.count)],
                threshold: [Measure("old_rates", 0), Measure("idle_price_lists", 0)])
        }
    ]

    /// Whether a rate was taken so long ago that it may be far from the market's.
    public static func isOld(_ terms: CurrencyTerms, at now: Instant) -> Bool {
        terms.ratedAt < now.adding(seconds: -Double(rateLifetimeDays) * 86_400)
    }

    /// What is odd about a store's prices, each in a sentence that says what to do.
    static func concerns(
        over book: PriceBook, of name: String, groups: Set<CustomerGroupID>, at now: Instant
    ) -> (rates: [String], lists: [String]) {
        let rates = book.further.filter { isOld($0, at: now) }.map { terms in
            "\(name) sells in \(terms.currency) at a rate of \(terms.ratedAt.description.prefix(10)): "
                + "look it up and save it again, even if it is the same."
        }
        let lists = book.lists.filter { $0.terms.endsAt.map { $0 > now } ?? true }.compactMap { list -> String? in
            if !book.sells(in: list.terms.currency) {
                return "The price list \(list.terms.name) of \(name) is in \(list.terms.currency), in which the store "
                    + "does not sell: add the currency, or remove the list."
            }
            guard let group = list.terms.group, !groups.contains(group) else { return nil }
            return "The price list \(list.terms.name) of \(name) is for a group of customers that was removed: "
                + "choose another group, or remove the list."
        }
        return (rates, lists)
    }
}
