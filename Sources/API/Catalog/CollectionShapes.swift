import Catalog
import HTTPServer
import Primitives

/// A collection as it is answered: prices in the store's currency.
struct CollectionView: Sendable {
    let collection: ProductCollection
    let currency: Currency

    static let shape = OutputShape<CollectionView>.object(
        "Collection",
        .field("id", .identifier(), \.collection.id),
        .field("handle", .text, \.collection.handle),
        .field("title", .text, \.collection.title),
        .field("description_html", .text, \.collection.descriptionHTML),
        .nullable("image", ProductView.imageShape, \.collection.image),
        .field("seo_title", .text, \.collection.seoTitle),
        .field("seo_description", .text, \.collection.seoDescription),
        .nullable("rule", ruleShape, \.rule),
        .field("sort_order", .oneOf(), \.collection.order),
        .field("featured", .bool, \.collection.isFeatured),
        .field(
            "settled",
            OutputShape<Bool>.bool.described("False for a moment after the rule or the order changed"),
            \.collection.isSettled),
        .field("created_at", .instant, \.collection.createdAt),
        .field("updated_at", .instant, \.collection.updatedAt))

    /// A rule with what its amounts are in.
    struct Rule: Sendable {
        let rule: CollectionRule
        let currency: Currency

        var conditions: [Condition] { rule.conditions.map { Condition(condition: $0, currency: currency) } }
    }

    /// A condition with what its amount is in.
    struct Condition: Sendable {
        let condition: CollectionCondition
        let currency: Currency

        var value: String? {
            [.tag, .vendor, .type, .title].contains(condition.field) ? condition.text : nil
        }

        var price: Money? {
            // ignored: amounts in the database are within the limits of `Money`
            condition.field == .price ? try? Money(condition.number, currency) : nil
        }

        var units: Int? { condition.field == .stock ? Int(condition.number) : nil }
    }

    var rule: Rule? { collection.rule.map { Rule(rule: $0, currency: currency) } }

    private static let ruleShape = OutputShape<Rule>.object(
        "CollectionRule", .field("match", .oneOf(), \.rule.matching),
        .field("conditions", .array(of: conditionShape), \.conditions))

    private static let conditionShape = OutputShape<Condition>.object(
        "CollectionCondition", .field("field", .oneOf(), \.condition.field),
        .field("operator", .oneOf(), \.condition.comparison), .nullable("value", .text, \.value),
        .nullable("price", .money, \.price), .nullable("units", .integer, \.units))
}

/// A rule as it is asked for.
enum CollectionRuleInput {
    /// - Parameter currency: checked by the endpoint, which knows the store.
    static let shape = InputShape<[(CollectionCondition, Currency?)]>.array(
        of: condition, least: 1, most: CollectionDraft.mostConditions)

    private static let condition = InputShape<(CollectionCondition, Currency?)>.object(
        "NewCollectionCondition",
        .required("field", .oneOf(CollectionCondition.Field.self)),
        .required("operator", .oneOf(CollectionCondition.Comparison.self)),
        .optional("value", .text(1...255)),
        .optional("price", .price),
        .optional("units", .integer(0...1_000_000_000)),
        make: make)

    private static func make(
        field: CollectionCondition.Field, comparison: CollectionCondition.Comparison, value: String?, price: Money?,
        units: Int?
    ) throws(Problem) -> (CollectionCondition, Currency?) {
        func need(_ member: String) -> Problem {
            .validation("/\(member)", "required", "A condition of the \(field.rawValue) needs this.")
        }
        switch field {
        case .tag, .vendor, .type, .title:
            guard let value else { throw need("value") }
            return (CollectionCondition(field, comparison, text: value), nil)
        case .price:
            guard let price else { throw need("price") }
            return (CollectionCondition(field, comparison, number: price.amount), price.currency)
        case .stock:
            guard let units else { throw need("units") }
            return (CollectionCondition(field, comparison, number: Int64(units)), nil)
        }
    }
}

/// A rule, and the currencies that its prices are in.
struct AskedRule: Sendable {
    let matching: CollectionRule.Matching
    let conditions: [(CollectionCondition, Currency?)]

    static let shape = InputShape<AskedRule>.object(
        "NewCollectionRule",
        .optional("match", .oneOf(CollectionRule.Matching.self), default: .all),
        .required("conditions", CollectionRuleInput.shape)
    ) { AskedRule(matching: $0, conditions: $1) }

    /// - Throws: `validation.failed` for prices in another currency than the store's.
    func rule(in currency: Currency) throws(Problem) -> CollectionRule {
        for (index, condition) in conditions.enumerated() {
            guard let other = condition.1, other != currency else { continue }
            throw .validation(
                "/rule/conditions/\(index)/price/currency", "currency_mismatch", "The store sells in \(currency).")
        }
        return CollectionRule(matching, conditions.map(\.0))
    }
}

/// What a new collection or a PATCH of one says: nil leaves a field as it is.
struct CollectionPatch: Sendable {
    let title: String?
    let handle: String?
    let description: String?
    let image: Patch<ProductImage>
    let seoTitle: String?
    let seoDescription: String?
    let rule: AskedRule?
    let products: [ProductID]?
    let order: CollectionOrder?
    let isFeatured: Bool?

    static let newShape = InputShape<CollectionPatch>.object(
        "NewCollection",
        .required("title", .text(1...255)),
        .optional("handle", .handle()),
        .optional("description_html", .multilineText(0...65_536)),
        .optional("image", ProductDraft.newImage),
        .optional("seo_title", .text(0...255)),
        .optional("seo_description", .text(0...1000)),
        .optional("rule", AskedRule.shape),
        .optional("product_ids", productList),
        .optional("sort_order", .oneOf(CollectionOrder.self)),
        .optional("featured", .bool),
        make: made)

    static let shape = InputShape<CollectionPatch>.object(
        "CollectionPatch",
        .optional("title", .text(1...255)),
        .optional("handle", .handle()),
        .optional("description_html", .multilineText(0...65_536)),
        .patch("image", ProductDraft.newImage, emptiedBy: ""),
        .optional("seo_title", .text(0...255)),
        .optional("seo_description", .text(0...1000)),
        .optional("rule", AskedRule.shape),
        .optional("product_ids", productList),
        .optional("sort_order", .oneOf(CollectionOrder.self)),
        .optional("featured", .bool),
        make: CollectionPatch.init)

    private static let productList = InputShape<[ProductID]>.array(
        of: .identifier(IdentifierKinds.Product.self), most: CollectionDraft.mostProducts)

    private static func made(
        title: String, handle: String?, description: String?, image: ProductImage?, seoTitle: String?,
        seoDescription: String?, rule: AskedRule?, products: [ProductID]?, order: CollectionOrder?, isFeatured: Bool?
    ) -> CollectionPatch {
        CollectionPatch(
            title: title, handle: handle, description: description, image: image.map { .set($0) } ?? .unchanged,
            seoTitle: seoTitle, seoDescription: seoDescription, rule: rule, products: products, order: order,
            isFeatured: isFeatured)
    }

    /// - Throws: `validation.failed` for prices in another currency.
    func draft(in currency: Currency) throws(Problem) -> CollectionDraft {
        let rule = try rule?.rule(in: currency)
        var draft = CollectionDraft(title: title ?? "", rule: rule)
        apply(rule: rule, to: &draft)
        return draft
    }

    /// - Parameter rule: the rule in the store's currency.
    func apply(rule: CollectionRule?, to draft: inout CollectionDraft) {
        if let title { draft.title = title }
        if let handle { draft.handle = handle }
        if let description { draft.descriptionHTML = description }
        draft.image = image.applied(to: draft.image)
        if let seoTitle { draft.seoTitle = seoTitle }
        if let seoDescription { draft.seoDescription = seoDescription }
        if let rule { draft.rule = rule }
        if let products { draft.products = products }
        if let order { draft.order = order }
        if let isFeatured { draft.isFeatured = isFeatured }
    }
}
