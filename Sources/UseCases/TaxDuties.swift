import Catalog
import Persistence
import Pricing
import Primitives
public import Readiness
import Stores

/// Compares what stores sell with what they were told of taxes: neither domain sees both sides.
public enum TaxDuties {
    /// What only both domains together know of an installation's readiness.
    public static let checks: [CheckPart] = [
        CheckPart("TAX-01") { context in
            let silent = try await context.database.read("readiness.taxes") { tx in
                let told = try Pricing.storesWithTaxSettings(in: tx)
                return try Stores.all(in: tx).filter { store in
                    try !told.contains(store.id) && Catalog.sellsTaxableGoods(store.id, in: tx)
                }
            }
            let name = "stores that sell taxable goods without tax settings"
            return Finding(
                silent.isEmpty ? .pass : .warn,
                silent.first.map {
                    "\($0.name) sells taxable goods and was told nothing about taxes: it charges none. "
                        + "Set its taxes, even to say that there are none."
                } ?? "Every store that sells taxable goods was told which taxes to charge.",
                measured: [Measure(name, silent.count)], threshold: [Measure(name, 0)])
        }
    ]
}
