public import Primitives

/// Products that are shown together: chosen by hand, or by a rule that is kept true.
public struct ProductCollection: Hashable, Sendable {
    public let id: CollectionID
    public var handle: String
    public var title: String
    public var descriptionHTML: String
    /// What search engines are told instead of the title; may be empty.
    public var seoTitle: String
    /// What search engines are told of it; may be empty.
    public var seoDescription: String
    public var image: ProductImage?
    /// Nil for one whose products are chosen by hand.
    public var rule: CollectionRule?
    public var order: CollectionOrder
    /// Whether the shop's first page shows it.
    public var isFeatured: Bool
    /// How often the rule or the order changed.
    public var revision: Int
    /// The revision that the products are known to follow.
    public var settledRevision: Int
    public var version: Int
    public let createdAt: Instant
    public var updatedAt: Instant

    /// Whether its products follow its rule; not yet for a moment after the rule changed.
    public var isSettled: Bool { settledRevision == revision }
}

/// What is asked of a collection.
public struct CollectionDraft: Hashable, Sendable {
    public var title: String
    /// Made from the title when nil.
    public var handle: String?
    public var descriptionHTML: String
    public var seoTitle: String
    public var seoDescription: String
    public var image: ProductImage?
    /// Nil for one whose products are chosen by hand.
    public var rule: CollectionRule?
    /// The products that are chosen by hand, in their order; nil leaves them as they are.
    public var products: [ProductID]?
    public var order: CollectionOrder
    public var isFeatured: Bool

    /// The most that are chosen by hand.
    public static let mostProducts = 1000
    /// The most that a rule consists of.
    public static let mostConditions = 50

    public init(
        title: String, handle: String? = nil, descriptionHTML: String = "", seoTitle: String = "",
        seoDescription: String = "", image: ProductImage? = nil, rule: CollectionRule? = nil,
        products: [ProductID]? = nil, order: CollectionOrder? = nil, isFeatured: Bool = false
    ) {
        self.title = title
        self.handle = handle
        self.descriptionHTML = descriptionHTML
        self.seoTitle = seoTitle
        self.seoDescription = seoDescription
        self.image = image
        self.rule = rule
        self.products = products
        self.order = order ?? (rule == nil ? .manual : .newest)
        self.isFeatured = isFeatured
    }

    /// - Throws: `validation.failed` with every field at fault.
    func check() throws(Problem) {
        var errors: [Problem.FieldError] = []
        if let handle, !Handle.isPlain(handle) {
            errors.append(
                .init(
                    pointer: "/handle", code: "handle",
                    detail: "A handle has lower-case letters, digits and single hyphens only."))
        }
        if let rule {
            errors += faults(of: rule)
            if order == .manual {
                errors.append(
                    .init(
                        pointer: "/sort_order", code: "manual",
                        detail: "Products that a rule finds have no order of their own: choose another."))
            }
            if products?.isEmpty == false {
                errors.append(
                    .init(
                        pointer: "/product_ids", code: "rule",
                        detail: "The products are found by the rule and cannot be chosen."))
            }
        }
        if let products, Set(products).count != products.count {
            errors.append(.init(pointer: "/product_ids", code: "duplicate", detail: "A product is there twice."))
        }
        guard errors.isEmpty else { throw .validation(errors) }
    }

    private func faults(of rule: CollectionRule) -> [Problem.FieldError] {
        guard !rule.conditions.isEmpty, rule.conditions.count <= Self.mostConditions else {
            return [
                .init(
                    pointer: "/rule/conditions", code: rule.conditions.isEmpty ? "required" : "too_many",
                    detail: "A rule has 1 to \(Self.mostConditions) conditions.")
            ]
        }
        return rule.conditions.enumerated().compactMap { index, condition in
            condition.fault().map {
                .init(pointer: "/rule/conditions/\(index)/\($0.member)", code: $0.code, detail: $0.detail)
            }
        }
    }
}

/// Where a page of a collection's products ended.
public struct CollectionPlace: Hashable, Sendable {
    let number: Int64
    let text: String
    let product: ProductID

    /// Opaque, for an address.
    public var token: String { "\(number).\(product).\(text)" }

    init(number: Int64, text: String, product: ProductID) {
        self.number = number
        self.text = text
        self.product = product
    }

    /// Nil for what no page ended with.
    public init?(token: String) {
        let parts = token.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let number = Int64(parts[0]), let product = ProductID(String(parts[1])) else {
            return nil
        }
        self.init(number: number, text: String(parts[2]), product: product)
    }
}
