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
    var images: Form?
    var upload: Form?
    var faults = Faults()
}

/// What staff type of a product. What the form has no field for stays as it is.
struct ProductEntry: Sendable {
    private let title: String?
    private let status: ProductStatus?
    private let handle: String?
    private let publishedAt: Instant??
    private let unpublishedAt: Instant??
    private let description: String?
    private let vendor: String?
    private let type: String?
    private let seoTitle: String?
    private let seoDescription: String?
    private let tags: [String]?
    private let categories: CategoryChoice?
    private let options: OptionEntry?
    private let variants: [VariantEntry]
    /// The variants that were given up by name.
    let removed: Set<VariantID>
    /// Whether the stock of all that goes is given up.
    let isConfirmed: Bool
    private(set) var faults = Faults()

    /// The form's name of what a pointer of the domain points to.
    static func field(_ pointer: String) -> String {
        switch pointer {
        case "/handle": "handle"
        case "/unpublished_at": "unpublished_at"
        case "/options/0", "/options", "/variants": OptionEntry.values(0)
        case "/options/1": OptionEntry.values(1)
        case "/options/2": OptionEntry.values(2)
        case "/stock": confirmation
        case "/on_hand": NewProductEntry.onHand
        default: ""
        }
    }

    init(_ form: Form, of product: Product, currency: Currency) {
        let form = ShownFields.touched(form, companion: VariantEntry.Part.companion)
        var faults = Faults()
        title = Self.title(form, isNew: product.isBlank, &faults)
        status = form["status"].flatMap(ProductStatus.init)
        if status == nil, form["status"] != nil { faults.add("status", "Choose a status.") }
        handle = form["handle"]?.trimmed
        if handle?.isEmpty == true, !product.isBlank { faults.add("handle", "Give the product an address.") }
        publishedAt = Moment.read(form, "published_at", present: product.publishedAt, &faults)
        unpublishedAt = Moment.read(form, "unpublished_at", present: product.unpublishedAt, &faults)
        description = Self.text(
            form, "description", "A description", present: product.descriptionHTML, most: 65_536, &faults)
        vendor = Self.line(form, "vendor", "A vendor", most: 255, &faults)
        type = Self.line(form, "type", "A type", most: 255, &faults)
        seoTitle = Self.line(form, "seo_title", "A title", most: 255, &faults)
        seoDescription = Self.text(
            form, "seo_description", "A description", present: product.details.seoDescription, most: 1000, &faults)
        tags = Self.tags(form, present: product.tags, &faults)
        categories = CategoryChoice(form, &faults)
        options = OptionEntry(form, &faults)
        removed = Set(form.values(Self.removal).compactMap { VariantID($0) })
        isConfirmed = form[Self.confirmation] != nil
        var variants: [VariantEntry] = []
        for variant in product.variants {
            let isOnly = product.variants.count == 1
            variants.append(VariantEntry(form, of: variant, isOnly: isOnly, currency: currency, &faults))
        }
        self.variants = variants
        self.faults = faults
    }

    private static func title(_ form: Form, isNew: Bool, _ faults: inout Faults) -> String? {
        guard let title = form["title"]?.trimmed ?? (isNew ? "" : nil) else { return nil }
        if title.isEmpty { faults.add("title", "Give the product a title.") }
        if title.utf8.count > 500 || title.unicodeScalars.contains(where: { $0.value < 32 }) {
            faults.add("title", "A title has one line of at most 500 bytes.")
        }
        return title
    }

    private static func line(
        _ form: Form, _ name: String, _ what: String, most: Int, _ faults: inout Faults
    ) -> String? {
        guard let text = form[name]?.trimmed else { return nil }
        if text.unicodeScalars.count > most || text.hasControlCharacters {
            faults.add(name, "\(what) has one line of at most \(most) characters.")
        }
        return text
    }

    /// Of several lines, which browsers end in their own way: what nobody touched stays as it is.
    private static func text(
        _ form: Form, _ name: String, _ what: String, present: String, most: Int, _ faults: inout Faults
    ) -> String? {
        func plain(_ text: String) -> String { text.replacing("\r\n", with: "\n").trimmed }
        guard let text = form[name].map(plain), text != plain(present) else { return nil }
        if text.unicodeScalars.count > most {
            faults.add(name, "\(what) has at most \(most) characters.")
        } else if text.replacing("\n", with: "").replacing("\t", with: "").hasControlCharacters {
            faults.add(name, "\(what) has no control characters.")
        }
        return text
    }

    /// A tag with a comma, which only the interface can give, stays whole while nobody touches the tags.
    private static func tags(_ form: Form, present: [String], _ faults: inout Faults) -> [String]? {
        guard let text = form["tags"]?.trimmed, text != present.joined(separator: ", ") else { return nil }
        var tags: [String] = []
        for tag in text.split(separator: ",").map({ String($0).trimmed }) where !tag.isEmpty && !tags.contains(tag) {
            tags.append(tag)
        }
        if tags.count > 100 || tags.contains(where: { $0.unicodeScalars.count > 100 || $0.hasControlCharacters }) {
            faults.add("tags", "At most 100 tags of at most 100 characters.")
        }
        return tags
    }

    /// The boxes of the variants that go.
    static let removal = "removed"
    /// The box that gives up the stock of all that goes.
    static let confirmation = "confirmed"

    var changesCategories: Bool { categories != nil }

    /// - Parameter tree: the store's categories, when `changesCategories`.
    /// - Throws: `product.changed` when somebody else changed the options since they were shown.
    func apply(to draft: inout ProductDraft, tree: [CategoryDetails]) throws(Problem) {
        if let title { draft.title = title }
        if let status { draft.status = status }
        if let handle { draft.handle = handle.isEmpty ? nil : handle }
        if let publishedAt { draft.publishedAt = publishedAt }
        if let unpublishedAt { draft.unpublishedAt = unpublishedAt }
        if let description { draft.descriptionHTML = description }
        if let vendor { draft.vendor = vendor }
        if let type { draft.details.type = type }
        if let seoTitle { draft.details.seoTitle = seoTitle }
        if let seoDescription { draft.details.seoDescription = seoDescription }
        if let tags { draft.tags = tags }
        categories?.apply(to: &draft, tree: tree)
        for variant in variants { variant.apply(to: &draft) }
        try options?.apply(to: &draft)
        draft.variants.removeAll { $0.id.map(removed.contains) ?? false }
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

    /// What is typed, an empty one for none; nil where the form has no such field.
    static func read(_ form: Form, _ name: String, present: Instant?, _ faults: inout Faults) -> Instant?? {
        guard let text = form[name]?.trimmed else { return nil }
        if text.isEmpty { return .some(nil) }
        // A moment between two seconds that nobody touched stays what it is.
        if text == field(present) { return .some(present) }
        let moment = text.replacing(" ", with: "T") + (text.utf8.count == 16 ? ":00Z" : "Z")
        guard let read = Instant(rfc3339: moment), read.microseconds > 0, read < .latest else {
            faults.add(name, "Give a moment such as 2026-12-24T18:00.")
            return nil
        }
        return .some(read)
    }
}
