import Catalog
import Exchange
import Inventory
import Persistence
import Primitives
import Stores

/// Some products of a file, brought in with one transaction.
struct ProductBatch: ImportBatch {
    let store: Store
    let sheet: ProductSheet
    let products: [ParsedProduct]
    /// Records that could not be read and belong to no product.
    let strays: [ImportProblem]
    let isDryRun: Bool
    let actor: Actor
    let requestID: String

    /// What is to be done with a product.
    private enum Step {
        case add(ProductDraft)
        case change(Product)
        case leave(Product)
    }

    func run(in tx: borrowing Transaction) throws -> ImportOutcome {
        var outcome = ImportOutcome()
        outcome.problems = strays
        outcome.counts.rows = strays.count + products.reduce(0) { $0 + $1.rows }
        outcome.counts.refused = strays.count
        let sound = products.filter { !$0.isRefused }
        let found = try Catalog.products(handles: sound.map(\.handle), of: store.id, in: tx)
        let existing = Dictionary(found.map { ($0.handle, $0) }, uniquingKeysWith: { first, _ in first })
        let levels = try Self.levels(of: found, store: store.id, in: tx)
        var steps: [(parsed: ParsedProduct, step: Step)] = []
        for product in products {
            outcome.problems += product.problems
            guard !product.isRefused else {
                outcome.counts.refused += 1
                continue
            }
            do {
                steps.append((product, try step(for: product, former: existing[product.handle])))
            } catch let fault as ImportFault {
                outcome.refuse(fault.problem(in: sheet))
            } catch let problem as Problem {
                outcome.refuse(Self.entry(of: problem, in: product, sheet))
            }
        }
        for (parsed, step) in steps {
            switch step {
            case .add: outcome.counts.created += 1
            case .change: outcome.counts.updated += 1
            case .leave(let product):
                let isStocked = parsed.stock(of: product).contains { levels[$0.variant]?.atMain != $0.onHand }
                if isStocked { outcome.counts.updated += 1 } else { outcome.counts.unchanged += 1 }
            }
        }
        if isDryRun {
            foresee(steps, levels: levels, &outcome)
        } else {
            try carryOut(steps, levels: levels, &outcome, in: tx)
        }
        outcome.problems.sort { $0.line < $1.line }
        return outcome
    }

    private func step(for parsed: ParsedProduct, former: Product?) throws -> Step {
        let draft = try parsed.draft(on: former, currency: store.currency)
        try draft.check(currency: store.currency)
        guard draft.variants.count <= 100 else {
            throw ImportFault(
                parsed.line, .option1Value, "too_many_variants",
                "The product would have \(draft.variants.count) variants; at most 100 are accepted.")
        }
        guard let former else { return .add(draft) }
        return try draft.isSame(as: ProductDraft(former, currency: store.currency)) ? .leave(former) : .change(former)
    }

    /// What would be refused only when it is done.
    private func foresee(
        _ steps: [(parsed: ParsedProduct, step: Step)], levels: [VariantID: StockLevel], _ outcome: inout ImportOutcome
    ) {
        for (parsed, step) in steps {
            guard case .change(let former) = step else {
                if case .leave(let product) = step { noteShortages(parsed, product, levels, &outcome) }
                continue
            }
            noteShortages(parsed, former, levels, &outcome)
        }
    }

    private func noteShortages(
        _ parsed: ParsedProduct, _ product: Product, _ levels: [VariantID: StockLevel], _ outcome: inout ImportOutcome
    ) {
        for stock in parsed.stock(of: product) {
            guard let level = levels[stock.variant], level.free + stock.onHand - level.atMain < 0 else { continue }
            outcome.problems.append(shortage(stock.line, reserved: level.reserved - level.owed))
        }
    }

    private func shortage(_ line: Int, reserved: Int) -> ImportProblem {
        ImportProblem(
            line: line, column: sheet.name(of: .quantity), code: "stock.below_reserved",
            detail: "Orders hold \(reserved) units; the stock is left as it is.", severity: .adjusted)
    }

    /// Makes the products that are new.
    private func add(
        _ steps: [(parsed: ParsedProduct, step: Step)], to saved: inout [Product], in tx: borrowing Transaction
    ) throws -> [ParsedProduct.Stock] {
        var parsed: [ParsedProduct] = []
        var drafts: [ProductDraft] = []
        for case (let row, .add(let draft)) in steps {
            parsed.append(row)
            drafts.append(draft)
        }
        let added = try AddProducts(
            store: store.id, currency: store.currency, drafts: drafts, actor: actor, requestID: requestID,
            isIndexed: false
        ).run(in: tx)
        saved += added
        return zip(parsed, added).flatMap { row, product in row.stock(of: product) }
    }

    private func carryOut(
        _ steps: [(parsed: ParsedProduct, step: Step)], levels: [VariantID: StockLevel], _ outcome: inout ImportOutcome,
        in tx: borrowing Transaction
    ) throws {
        var stocks: [ParsedProduct.Stock] = []
        var saved: [Product] = []
        for (parsed, step) in steps {
            switch step {
            case .add: continue
            case .change(let former):
                let change = try ChangeProduct(
                    store: store.id, currency: store.currency, product: former.id, actor: actor, requestID: requestID,
                    isIndexed: false,
                    change: { draft in
                        // ignored: the same was tried on the product before; what somebody changed since then may only
                        // be what the file replaces
                        try? parsed.apply(to: &draft)
                    }
                ).run(in: tx)
                try Inventory.forget(change.removed.map(\.id), store: store.id, in: tx)
                saved.append(change.product)
                stocks += parsed.stock(of: change.product)
            case .leave(let product): stocks += parsed.stock(of: product)
            }
        }
        stocks += try add(steps, to: &saved, in: tx)
        // Last, as everywhere: whoever changes one product holds it before the index.
        try IndexProducts(store: store.id, products: saved).run(in: tx)
        // In the order of the variants' ids, as orders take them: nobody waits in a circle.
        let changed = stocks.filter { levels[$0.variant]?.atMain != $0.onHand }.sorted { $0.variant < $1.variant }
        for stock in changed {
            do {
                _ = try SetStock(
                    store: store.id, variant: stock.variant, onHand: stock.onHand, actor: actor, requestID: requestID
                ).run(in: tx)
            } catch let problem as Problem {
                outcome.problems.append(
                    ImportProblem(
                        line: stock.line, column: sheet.name(of: .quantity), code: problem.code, detail: problem.detail,
                        severity: .adjusted))
            }
        }
        try ShelfAvailability.review(variants: changed.map(\.variant), store: store.id, in: tx)
    }

    private static func levels(
        of products: [Product], store: StoreID, in tx: borrowing Transaction
    ) throws -> [VariantID: StockLevel] {
        let variants = products.flatMap { $0.variants.map(\.id) }
        guard !variants.isEmpty else { return [:] }
        let rows = try Inventory.levels(of: variants, store: store, in: tx).rows()
        return Dictionary(rows.map { ($0.variant, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What the catalogue refuses although every cell was right.
    private static func entry(of problem: Problem, in product: ParsedProduct, _ sheet: ProductSheet) -> ImportProblem {
        let error = problem.errors.first
        return ImportProblem(
            line: product.line, column: "", code: error?.code ?? problem.code, detail: error?.detail ?? problem.detail)
    }
}

extension ParsedProduct {
    /// The units of a variant at the main location that the file tells of.
    struct Stock {
        let variant: VariantID
        let onHand: Int
        let line: Int
    }

    /// The stock that the file gives the variants of a product.
    func stock(of product: Product) -> [Stock] {
        variants.compactMap { row in
            guard let onHand = row.onHand else { return nil }
            let variant =
                optionNames == nil
                ? product.variants.first : product.variants.first { $0.optionValues == row.optionValues }
            return variant.map { Stock(variant: $0.id, onHand: onHand, line: row.line) }
        }
    }
}
