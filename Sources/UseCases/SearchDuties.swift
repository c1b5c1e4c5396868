import Catalog
import Persistence
import Primitives
public import Readiness
import Stores

/// Compares what the search of every store knows with its products.
public enum SearchDuties {
    /// Products of a store that are compared, other ones each time.
    private static let sample = 100

    /// What is known of an installation's readiness.
    public static let checks: [CheckPart] = [
        CheckPart("SEA-01") { context in
            var (compared, wrong, isBeingWritten) = (0, 0, false)
            var sentence: String?
            let stores = try await context.database.read("readiness.stores") { tx in try Stores.all(in: tx) }
            // A store at a time: none of them holds a snapshot while the others are read.
            for store in stores {
                let found = try await context.database.read("readiness.search") { tx in
                    try Catalog.searchAgreement(of: store.id, limit: sample, in: tx)
                }
                compared += found.compared
                guard !found.isSound else { continue }
                wrong += found.missing + found.different.count
                isBeingWritten = isBeingWritten || found.isBeingWritten
                sentence = sentence ?? Self.sentence(found, store)
            }
            let names = (compared: "products compared", wrong: "products that the search has otherwise or not at all")
            return Finding(
                wrong == 0 ? .pass : isBeingWritten ? .warn : .fail,
                sentence ?? "The search knows the products as they are.",
                measured: [Measure(names.compared, compared), Measure(names.wrong, wrong)],
                threshold: [Measure(names.wrong, 0)])
        }
    ]

    private static func sentence(_ found: SearchAgreement, _ store: Store) -> String {
        if found.isBeingWritten { return "The search of \(store.name) is being written again: ask once more later." }
        let mend = "Have the products indexed again on the dashboard's page for the search."
        if found.missing > 0 {
            return "The search of \(store.name) does not know \(found.missing) of its products. \(mend)"
        }
        return
            "The search of \(store.name) has \(found.different.first ?? "a product") otherwise than it is, and others "
            + "perhaps too. \(mend)"
    }
}
