public import Persistence
public import Primitives

/// Which products to list.
public struct ProductFilter: Sendable {
    /// Words that must all occur, as `ProductSearch.text` has them.
    public var query: String?
    /// A category's handle; the products of those below it are meant as well.
    public var category: String?
    /// Only products that buyers may see.
    public var publishedOnly: Bool

    public init(query: String? = nil, category: String? = nil, publishedOnly: Bool) {
        self.query = query
        self.category = category
        self.publishedOnly = publishedOnly
    }
}

extension Catalog {
    /// A product by its id, published or not.
    public static func product(
        _ id: ProductID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> Product? {
        try complete(ProductTable.find("id = \(id)", store: store, in: tx), of: store, in: tx).first
    }

    /// The one spelling of a handle: what differs from it in case or composition only names the same product.
    public static func normalHandle(_ text: String) -> String { Handle.normal(text) }

    /// A product by its handle or a former one, published or not.
    public static func product(
        handle: String, of store: StoreID, in tx: borrowing Transaction
    ) throws -> Product? {
        let handle = Handle.normal(handle)
        let found = try ProductTable.find("handle = \(handle)", store: store, in: tx)
        if !found.isEmpty { return try complete(found, of: store, in: tx).first }
        let target = try RedirectTable.target(of: handle, .product, store: store, in: tx)
        return try target.flatMap { try product(ProductID($0), of: store, in: tx) }
    }

    /// The products with these handles, published or not, in no order: four statements, however many products.
    public static func products(
        handles: [String], of store: StoreID, in tx: borrowing Transaction
    ) throws -> [Product] {
        guard !handles.isEmpty else { return [] }
        return try complete(
            ProductTable.find("handle IN \(list: handles.map(Handle.normal))", store: store, in: tx), of: store, in: tx)
    }

    /// Whether a text in its normal spelling can be a product's handle.
    public static func isHandle(_ text: String) -> Bool { Handle.isValid(text) }

    /// The names that products and variants keep metadata under, a page of products at a time.
    /// - Returns: the names of the page, and its last product; nil when there is no more.
    public static func metadataNames(
        of store: StoreID, after: ProductID?, limit: Int, in tx: borrowing Transaction
    ) throws -> (names: MetadataNames, last: ProductID?) {
        try ProductTable.metadataNames(of: store, after: after, limit: limit, in: tx)
    }

    /// A page of products in the order they were made: four statements, however many products.
    /// - Parameter after: the last product of the page before.
    public static func products(
        _ filter: ProductFilter, of store: StoreID, after: ProductID?, limit: Int, in tx: borrowing Transaction
    ) throws -> [Product] {
        if let query = filter.query {
            let search = ProductSearch(
                text: query, categories: filter.category.map { [$0] } ?? [], publishedOnly: filter.publishedOnly,
                sort: .oldest)
            var position: SearchPosition?
            if let after {
                guard let document = try SearchDocumentTable.document(of: after, store: store, in: tx) else {
                    return []
                }
                position = SearchPosition(sort: .oldest, document: document)
            }
            guard !query.allSatisfy(\.isWhitespace) else { return [] }
            return try self.search(search, of: store, after: position, limit: limit, in: tx).products
        }
        var conditions: [SQL] = ["store_id = \(store)"]
        if let after { conditions.append("id > \(after)") }
        if filter.publishedOnly { conditions.append(ProductTable.isShown(at: tx.now)) }
        if let category = filter.category {
            let branch = try CategoryTable.branch("handle = \(category)", store: store, in: tx).map(\.id)
            guard !branch.isEmpty else { return [] }
            conditions.append(ProductCategoryTable.membership(branch, store: store))
        }
        return try complete(
            ProductTable.page(.joined(conditions, by: " AND "), limit: limit, in: tx), of: store, in: tx)
    }

    /// The products of these handles, by their handles; those of former handles are absent.
    public static func productIDs(
        ofHandles handles: [String], of store: StoreID, in tx: borrowing Transaction
    ) throws -> [String: ProductID] {
        guard !handles.isEmpty else { return [:] }
        return try ProductTable.ids(ofHandles: handles.map(Handle.normal), store: store, in: tx)
    }

    /// The products that have one of these variants.
    public static func products(
        ofVariants variants: [VariantID], of store: StoreID, in tx: borrowing Transaction
    ) throws -> [ProductID] {
        variants.isEmpty ? [] : try VariantTable.products(of: variants, store: store, in: tx)
    }

    /// These products, published or not, in no order; unknown ones are absent.
    public static func products(
        _ ids: [ProductID], of store: StoreID, in tx: borrowing Transaction
    ) throws -> [Product] {
        guard !ids.isEmpty else { return [] }
        return try complete(ProductTable.find("id IN \(list: ids)", store: store, in: tx), of: store, in: tx)
    }

    /// Products that nobody changes until the transaction ends, by their ids.
    /// - Parameter lock: how they are held; nil for in common with others who only look.
    static func heldProducts(
        _ condition: SQL, locked lock: SQL? = nil, of store: StoreID, in tx: borrowing Transaction
    ) throws -> [Product] {
        let lock = lock ?? (tx.engine == .postgres ? " FOR SHARE" : "")
        return try complete(ProductTable.find("\(condition)\(lock)", store: store, in: tx), of: store, in: tx)
    }

    /// The products that have one of these variants, in no order.
    public static func products(
        having variants: [VariantID], of store: StoreID, in tx: borrowing Transaction
    ) throws -> [Product] {
        guard !variants.isEmpty else { return [] }
        return try complete(
            ProductTable.find(VariantTable.having(variants, store: store), store: store, in: tx), of: store, in: tx)
    }

    /// What orders need to know of these variants; unknown ones are absent. Submitted now, read later.
    public static func sellableVariants(
        _ ids: [VariantID], of store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<SellableVariant> {
        try VariantTable.sellable("v.id IN \(list: ids)", store: store, in: tx)
    }

    /// The variants with these SKUs; a SKU may name several, and unknown ones are absent.
    public static func sellableVariants(
        skus: [String], of store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<SellableVariant> {
        try VariantTable.sellable("v.sku IN \(list: skus)", store: store, in: tx)
    }

    /// Where buyers see these variants; unknown ones are absent. Submitted now, read later.
    public static func displays(
        of variants: [VariantID], of store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<VariantDisplay> {
        try VariantTable.displays(of: variants, store: store, in: tx)
    }

    /// Whether a store sells anything that is taxable.
    public static func sellsTaxableGoods(_ store: StoreID, in tx: borrowing Transaction) throws -> Bool {
        try VariantTable.hasTaxable(of: store, in: tx)
    }

    /// Prices in the store's own currency that may be mistakes.
    public static func doubtfulPrices(of store: StoreID, in tx: borrowing Transaction) throws -> DoubtfulPrices {
        try VariantTable.doubtfulPrices(of: store, in: tx)
    }

    /// Whether the variant exists.
    public static func hasVariant(_ id: VariantID, of store: StoreID, in tx: borrowing Transaction) throws -> Bool {
        try VariantTable.exists(id, store: store, in: tx)
    }

    private static func complete(
        _ products: [Product], of store: StoreID, in tx: borrowing Transaction
    ) throws -> [Product] {
        guard !products.isEmpty else { return [] }
        let ids = products.map(\.id)
        let variants = try VariantTable.ofProducts(ids, store: store, in: tx)
        let categories = try ProductCategoryTable.ofProducts(ids, store: store, in: tx)
        let variantsByProduct = Dictionary(grouping: try variants.rows(), by: \.product)
        let categoriesByProduct = Dictionary(grouping: try categories.rows(), by: \.0)
        return products.map { product in
            var product = product
            product.variants = variantsByProduct[product.id] ?? []
            product.categories = (categoriesByProduct[product.id] ?? []).map(\.1)
            return product
        }
    }
}

/// Variants that buyers see at prices that may be mistakes: how many, and the handle of one's product.
public struct DoubtfulPrices: Sendable {
    public let free: (count: Int, handle: String?)
    /// Those that are sold for less than they cost the merchant, and not for nothing.
    public let belowCost: (count: Int, handle: String?)
}
