import Catalog
import DesignSystem
import HTTPServer
import Primitives

/// A condition as staff choose it: what is compared, and how.
enum ConditionChoice {
    static let all: [(value: String, title: String)] = CollectionCondition.Field.allCases.flatMap { field in
        CollectionCondition.comparisons(of: field).map { comparison in
            (value: "\(field.rawValue).\(comparison.rawValue)", title: "\(words(field)) \(words(comparison, field))")
        }
    }

    static func value(_ condition: CollectionCondition) -> String {
        "\(condition.field.rawValue).\(condition.comparison.rawValue)"
    }

    static func read(_ text: String) -> (CollectionCondition.Field, CollectionCondition.Comparison)? {
        let parts = text.split(separator: ".")
        guard parts.count == 2, let field = CollectionCondition.Field(rawValue: String(parts[0])),
            let comparison = CollectionCondition.Comparison(rawValue: String(parts[1])),
            CollectionCondition.comparisons(of: field).contains(comparison)
        else { return nil }
        return (field, comparison)
    }

    private static func words(_ field: CollectionCondition.Field) -> String {
        switch field {
        case .tag: "Tag"
        case .vendor: "Vendor"
        case .type: "Type"
        case .title: "Title"
        case .price: "Price"
        case .stock: "Units available"
        }
    }

    private static func words(
        _ comparison: CollectionCondition.Comparison, _ field: CollectionCondition.Field
    ) -> String {
        switch comparison {
        case .equals: "is"
        case .differs: "is not"
        case .contains: "has the words"
        case .lacks: "does not have the words"
        case .below: field == .price ? "is below" : "are fewer than"
        case .above: field == .price ? "is above" : "are more than"
        }
    }
}

extension CollectionOrder {
    var words: String {
        switch self {
        case .manual: "As listed"
        case .newest: "Newest first"
        case .oldest: "Oldest first"
        case .title: "By title"
        case .priceAscending: "Cheapest first"
        case .priceDescending: "Dearest first"
        }
    }
}

/// A collection as staff type it.
struct CollectionEntry: Sendable {
    /// Its products are named by handles, which only the database knows.
    private(set) var draft: CollectionDraft
    /// The handles of the products that are chosen, in their order; nil where a rule finds them.
    private(set) var handles: [String]?
    private(set) var faults = Faults()

    /// Rows of the form for conditions.
    static func rows(for count: Int) -> Int { min(CollectionDraft.mostConditions, count + 3) }

    /// - Parameter hasRule: whether a rule finds the products.
    init(_ form: Form, hasRule: Bool, currency: Currency) {
        var faults = Faults()
        var draft = CollectionDraft(
            title: TypedLine.read(form, "title", most: 255, isRequired: true, &faults))
        let handle = TypedLine.read(form, "handle", most: 200, &faults)
        draft.handle = handle.isEmpty ? nil : handle
        draft.descriptionHTML = TypedLine.readLines(form, "description", most: 65_536, &faults)
        draft.seoTitle = TypedLine.read(form, "seo_title", most: 255, &faults)
        draft.seoDescription = TypedLine.read(form, "seo_description", most: 1000, &faults)
        draft.image = TypedLine.readImage(
            form, alt: TypedLine.read(form, "image_alt", most: 500, &faults), &faults)
        draft.isFeatured = form["featured"] == "yes"
        if let order = CollectionOrder(rawValue: form["order"] ?? "") {
            draft.order = order
        } else {
            faults.add("order", "Choose an order.")
        }
        if hasRule {
            draft.rule = Self.rule(form, currency, &faults)
        } else {
            handles = (form["products"] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
            if (handles?.count ?? 0) > CollectionDraft.mostProducts {
                faults.add("products", "At most \(CollectionDraft.mostProducts) products.")
            }
        }
        self.draft = draft
        self.faults = faults
    }

    mutating func choose(_ products: [ProductID]) { draft.products = products }

    private static func rule(_ form: Form, _ currency: Currency, _ faults: inout Faults) -> CollectionRule {
        var conditions: [CollectionCondition] = []
        for row in 0..<CollectionDraft.mostConditions {
            let choice = form["condition.\(row)"] ?? ""
            let text = (form["value.\(row)"] ?? "").trimmed
            guard !choice.isEmpty else {
                if !text.isEmpty { faults.add("condition.\(row)", "Say what is compared with this.") }
                continue
            }
            guard let (field, comparison) = ConditionChoice.read(choice) else {
                faults.add("condition.\(row)", "Choose something of the list.")
                continue
            }
            if let condition = condition(field, comparison, text, currency) {
                conditions.append(condition)
            } else {
                faults.add("value.\(row)", sentence(field, currency))
            }
        }
        if conditions.isEmpty, faults.isEmpty { faults.add("condition.0", "A rule has at least one condition.") }
        return CollectionRule(form["matching"] == "any" ? .any : .all, conditions)
    }

    private static func condition(
        _ field: CollectionCondition.Field, _ comparison: CollectionCondition.Comparison, _ text: String,
        _ currency: Currency
    ) -> CollectionCondition? {
        switch field {
        case .tag, .vendor, .type, .title:
            guard !text.isEmpty, text.unicodeScalars.count <= 255 else { return nil }
            return CollectionCondition(field, comparison, text: text)
        case .price:
            return Price.read(text, currency).map { CollectionCondition(field, comparison, number: $0.amount) }
        case .stock:
            return WholeNumber.read(text).map { CollectionCondition(field, comparison, number: Int64($0)) }
        }
    }

    private static func sentence(_ field: CollectionCondition.Field, _ currency: Currency) -> String {
        switch field {
        case .tag, .vendor, .type, .title: "Say what to compare with."
        case .price: "Give a price such as \(Price.field(currency.exponent == 0 ? 1200 : 1250, currency))."
        case .stock: "Give a whole number of units."
        }
    }

    func apply(to draft: inout CollectionDraft) {
        let handle = draft.handle
        draft = self.draft
        if draft.handle == nil { draft.handle = handle }
    }

    /// The form's name of what a pointer of the domain points to.
    static func field(_ pointer: String) -> String {
        switch pointer {
        case "/title": "title"
        case "/handle": "handle"
        case "/sort_order": "order"
        case "/product_ids": "products"
        default: pointer.hasPrefix("/product_ids/") ? "products" : ""
        }
    }
}
