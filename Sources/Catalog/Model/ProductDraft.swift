public import Primitives

/// What is asked of a new product, or of a changed one once its present values are filled in.
public struct ProductDraft: Sendable {
    /// What is asked of a variant of it.
    public struct VariantDraft: Sendable {
        /// Given when an existing variant is kept.
        public var id: VariantID?
        public var sku: String
        public var title: String?
        public var price: Money
        public var compareAtPrice: Money?
        public var options: [(name: String, value: String)]
        public var weightGrams: Int
        public var isTaxable: Bool
        public var requiresShipping: Bool
        /// What it costs the merchant.
        public var cost: Money?
        public var details: VariantDetails

        public init(
            id: VariantID? = nil, sku: String = "", title: String? = nil, price: Money, compareAtPrice: Money? = nil,
            options: [(name: String, value: String)] = [], weightGrams: Int = 0, isTaxable: Bool = true,
            requiresShipping: Bool = true, cost: Money? = nil, details: VariantDetails = VariantDetails()
        ) {
            self.id = id
            self.sku = sku
            self.title = title
            self.price = price
            self.compareAtPrice = compareAtPrice
            self.options = options
            self.weightGrams = weightGrams
            self.isTaxable = isTaxable
            self.requiresShipping = requiresShipping
            self.cost = cost
            self.details = details
        }
    }

    /// A category it is in; made when the store has none of this handle.
    public struct CategoryDraft: Sendable {
        public var handle: String
        public var title: String?

        public init(handle: String, title: String?) {
            self.handle = handle
            self.title = title
        }

        /// The category whose handle is made of its title.
        public init(title: String) {
            self.init(handle: Handle.make(from: title, orElse: "category"), title: title)
        }
    }

    public var title: String
    /// Made from the title when nil.
    public var handle: String?
    public var descriptionHTML: String
    public var status: ProductStatus
    public var vendor: String
    /// The order of the options; names that only variants mention follow.
    public var optionNames: [String]
    public var images: [ProductImage]
    public var tags: [String]
    public var details: ProductDetails
    public var categories: [CategoryDraft]
    public var variants: [VariantDraft]
    /// When buyers begin to see it; nil for from the beginning.
    public var publishedAt: Instant?
    /// When buyers cease to see it; nil for never.
    public var unpublishedAt: Instant?

    public init(
        title: String, handle: String? = nil, descriptionHTML: String = "", status: ProductStatus = .draft,
        vendor: String = "", optionNames: [String] = [], images: [ProductImage] = [], tags: [String] = [],
        details: ProductDetails = ProductDetails(), categories: [CategoryDraft] = [], variants: [VariantDraft],
        publishedAt: Instant? = nil, unpublishedAt: Instant? = nil
    ) {
        self.title = title
        self.handle = handle
        self.descriptionHTML = descriptionHTML
        self.status = status
        self.vendor = vendor
        self.optionNames = optionNames
        self.images = images
        self.tags = tags
        self.details = details
        self.categories = categories
        self.variants = variants
        self.publishedAt = publishedAt
        self.unpublishedAt = unpublishedAt
    }

    /// The most variants of a product.
    public static let mostVariants = 100
    /// The most options of a product.
    public static let mostOptions = 3

    /// Checks what the fields say together and settles the options.
    /// - Throws: `validation.failed` with every field at fault.
    func settled(currency: Currency) throws(Problem) -> SettledOptions {
        var errors: [Problem.FieldError] = []
        if let handle, !Handle.isValid(Handle.normal(handle)) {
            errors.append(
                .init(pointer: "/handle", code: "handle", detail: "A handle has letters, digits, - and _ only."))
        }
        if variants.isEmpty {
            errors.append(.init(pointer: "/variants", code: "required", detail: "A product has at least one variant."))
        }
        if variants.count > Self.mostVariants {
            errors.append(
                .init(
                    pointer: "/variants", code: "too_many",
                    detail: "A product has at most \(Self.mostVariants) variants."))
        }
        if let unpublishedAt, let publishedAt, unpublishedAt <= publishedAt {
            errors.append(
                .init(
                    pointer: "/unpublished_at", code: "order", detail: "It would end before it begins to be shown."))
        }
        let names = settledOptionNames()
        if names.count > Self.mostOptions {
            errors.append(
                .init(pointer: "/options", code: "too_many_options", detail: "A product has at most three options."))
        }
        var seen: Set<[String]> = []
        var values: [[String]] = []
        for (index, variant) in variants.enumerated() {
            errors += variant.errors(at: "/variants/\(index)", currency: currency)
            let own = Self.values(of: variant, for: names)
            if own.contains("") {
                errors.append(
                    .init(
                        pointer: "/variants/\(index)/options", code: "required",
                        detail: "A variant has one value for each option of its product: "
                            + "\(names.joined(separator: ", "))."
                    ))
            }
            if !seen.insert(own).inserted {
                errors.append(
                    .init(
                        pointer: "/variants/\(index)/options", code: "duplicate",
                        detail: "Another variant has the same options."))
            }
            values.append(own)
        }
        guard errors.isEmpty else { throw .validation(Array(errors.prefix(100))) }
        return SettledOptions(names: names, values: values)
    }

    private func settledOptionNames() -> [String] {
        var names: [String] = []
        for name in optionNames + variants.flatMap({ $0.options.map(\.name) }) where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    private static func values(of variant: VariantDraft, for names: [String]) -> [String] {
        names.map { name in variant.options.first { $0.name == name }?.value ?? "" }
    }
}

/// The options of a product and each variant's values for them.
struct SettledOptions {
    let names: [String]
    let values: [[String]]
}

extension ProductDraft.VariantDraft {
    fileprivate func errors(at pointer: String, currency: Currency) -> [Problem.FieldError] {
        var errors: [Problem.FieldError] = []
        for (name, money) in [("price", price), ("compare_at_price", compareAtPrice), ("cost", cost)] {
            guard let money else { continue }
            if money.currency != currency {
                errors.append(
                    .init(
                        pointer: "\(pointer)/\(name)/currency", code: "currency_mismatch",
                        detail: "The store sells in \(currency)."))
            } else if money.amount < 0 {
                errors.append(
                    .init(pointer: "\(pointer)/\(name)/amount", code: "range", detail: "An amount is not negative."))
            }
        }
        return errors
    }
}
