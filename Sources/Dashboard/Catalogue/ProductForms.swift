import Catalog
import HTTPServer
import Inventory
import Persistence
import Primitives
import UseCases

/// What was typed into the forms of a product's page, and what is wrong with it.
struct ProductForms: Sendable {
    var product: Form?
    var stock: Form?
    var related: Form?
    var faults = Faults()
}

/// Title, status and prices as staff type them.
struct ProductEntry: Sendable {
    private let title: String
    private let status: ProductStatus
    private let handle: String
    private let publishedAt: Instant?
    private let unpublishedAt: Instant?
    private let prices: [VariantID: Money]
    private(set) var faults = Faults()

    /// The form's name of what a pointer of the domain points to.
    static func field(_ pointer: String) -> String {
        switch pointer {
        case "/handle": "handle"
        case "/unpublished_at": "unpublished_at"
        default: ""
        }
    }

    static func field(_ variant: VariantID) -> String { "price.\(variant)" }

    init(_ form: Form, of product: Product, currency: Currency) {
        var faults = Faults()
        title = (form["title"] ?? "").trimmed
        if title.isEmpty { faults.add("title", "Give the product a title.") }
        if title.utf8.count > 500 || title.unicodeScalars.contains(where: { $0.value < 32 }) {
            faults.add("title", "A title has one line of at most 500 bytes.")
        }
        let status = form["status"].flatMap(ProductStatus.init)
        if status == nil { faults.add("status", "Choose a status.") }
        self.status = status ?? product.status
        // Forms that do not show these leave them as they are.
        let typedHandle = (form["handle"] ?? product.handle).trimmed
        if typedHandle.isEmpty { faults.add("handle", "Give the product an address.") }
        handle = typedHandle
        publishedAt = Moment.read(form, "published_at", present: product.publishedAt, &faults)
        unpublishedAt = Moment.read(form, "unpublished_at", present: product.unpublishedAt, &faults)
        var prices: [VariantID: Money] = [:]
        for variant in product.variants {
            guard let text = form[Self.field(variant.id)] else { continue }
            guard let price = Price.read(text, currency) else {
                let example = Price.field(currency.exponent == 0 ? 1200 : 1250, currency)
                faults.add(Self.field(variant.id), "\(variant.title): give a price such as \(example).")
                continue
            }
            prices[variant.id] = price
        }
        self.prices = prices
        self.faults = faults
    }

    func apply(to draft: inout ProductDraft) {
        draft.title = title
        draft.status = status
        draft.handle = handle
        draft.publishedAt = publishedAt
        draft.unpublishedAt = unpublishedAt
        for index in draft.variants.indices {
            if let id = draft.variants[index].id, let price = prices[id] { draft.variants[index].price = price }
        }
    }
}

/// Units in the house as staff type them. What is left empty is left as it is.
struct StockEntry: Sendable {
    /// A variant whose stock cannot be set to that.
    struct Fault: Error {
        let variant: VariantID
        let sentence: String
    }

    private let quantities: [(variant: VariantID, onHand: Int)]
    private(set) var faults = Faults()

    static func field(_ variant: VariantID) -> String { "on_hand.\(variant)" }

    init(_ form: Form, of variants: [(id: VariantID, title: String)]) {
        var faults = Faults()
        var quantities: [(variant: VariantID, onHand: Int)] = []
        for variant in variants {
            guard let text = form[Self.field(variant.id)]?.trimmed, !text.isEmpty else { continue }
            if let number = WholeNumber.read(text) {
                quantities.append((variant.id, number))
            } else {
                faults.add(Self.field(variant.id), "\(variant.title): give a whole number of units.")
            }
        }
        self.quantities = quantities
        self.faults = faults
    }

    /// Sets what differs, in the order of the variants' ids, so that two at once do not wait in a circle.
    /// - Throws: `Fault` when orders hold more than that.
    func run(store: StoreID, actor: Actor, requestID: String?, in tx: borrowing Transaction) throws {
        let levels = try Inventory.levels(of: quantities.map(\.variant), store: store, in: tx).rows()
        for (variant, onHand) in quantities.sorted(by: { $0.variant < $1.variant })
        where levels.first(where: { $0.variant == variant })?.atMain != onHand {
            do {
                _ = try SetStock(
                    store: store, variant: variant, onHand: onHand, actor: actor, requestID: requestID
                ).run(in: tx)
            } catch let problem as Problem {
                throw Fault(variant: variant, sentence: problem.detail)
            }
        }
        try ShelfAvailability.review(variants: quantities.map(\.variant), store: store, in: tx)
    }
}

/// Moments as people type them, in UTC.
enum Moment {
    /// As a field for a moment has it: `2026-11-21T10:05`, with seconds where it has any.
    static func field(_ moment: Instant?) -> String {
        guard let text = moment?.description.prefix(19) else { return "" }
        return text.hasSuffix(":00") ? String(text.dropLast(3)) : String(text)
    }

    /// What is typed; what is there where the form has no such field; nil for none.
    static func read(_ form: Form, _ name: String, present: Instant?, _ faults: inout Faults) -> Instant? {
        guard let text = form[name]?.trimmed else { return present }
        if text.isEmpty { return nil }
        // A moment between two seconds that nobody touched stays what it is.
        if text == field(present) { return present }
        let moment = text.replacing(" ", with: "T") + (text.utf8.count == 16 ? ":00Z" : "Z")
        guard let read = Instant(rfc3339: moment), read.microseconds > 0, read < .latest else {
            faults.add(name, "Give a moment such as 2026-12-24T18:00.")
            return nil
        }
        return read
    }
}
