public import Persistence
public import Primitives

extension Catalog {
    /// A category by its id, with those above it.
    public static func category(
        _ id: CategoryID, of store: StoreID, in tx: borrowing Transaction
    ) throws -> CategoryDetails? {
        try complete(CategoryTable.find("id = \(id)", store: store, in: tx), of: store, in: tx).first
    }

    /// A category by its handle or a former one, with those above it.
    public static func category(
        handle: String, of store: StoreID, in tx: borrowing Transaction
    ) throws -> CategoryDetails? {
        let handle = Handle.normal(handle)
        let found = try CategoryTable.find("handle = \(handle)", store: store, in: tx)
        if !found.isEmpty { return try complete(found, of: store, in: tx).first }
        let target = try RedirectTable.target(of: handle, .category, store: store, in: tx)
        return try target.flatMap { try category(CategoryID($0), of: store, in: tx) }
    }

    /// A page of categories, by handle, each with those above it.
    /// - Parameter after: the handle of the last category of the page before.
    public static func categories(
        of store: StoreID, after: String? = nil, limit: Int, in tx: borrowing Transaction
    ) throws -> [CategoryDetails] {
        try complete(CategoryTable.page(after: after, store: store, limit: limit, in: tx), of: store, in: tx)
    }

    /// The categories below one, or the outermost, in their order.
    public static func subcategories(
        of parent: CategoryID?, store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> [Category] {
        try CategoryTable.children(of: parent, store: store, limit: limit, in: tx)
    }

    /// The categories above one, the outermost first.
    public static func ancestors(
        of category: CategoryID, store: StoreID, in tx: borrowing Transaction
    ) throws -> [Category] {
        try CategoryTable.ancestors(of: [category], store: store, in: tx)[category] ?? []
    }

    /// The whole tree from the outermost down, each category before those below it; at most so many, without their
    /// descriptions, texts for search engines and pictures.
    public static func categoryTree(
        of store: StoreID, limit: Int, in tx: borrowing Transaction
    ) throws -> [CategoryDetails] {
        let all = try CategoryTable.all(store: store, limit: limit, in: tx)
        let byParent = Dictionary(grouping: all, by: \.parent)
        var tree: [CategoryDetails] = []
        func add(under parent: CategoryID?, ancestors: [Category]) {
            for var category in byParent[parent] ?? [] {
                category.ancestors = ancestors
                tree.append(category)
                add(under: category.id, ancestors: ancestors + [category.summary])
            }
        }
        add(under: nil, ancestors: [])
        return tree
    }

    private static func complete(
        _ categories: [CategoryDetails], of store: StoreID, in tx: borrowing Transaction
    ) throws -> [CategoryDetails] {
        let nested = categories.filter { $0.parent != nil }.map(\.id)
        guard !nested.isEmpty else { return categories }
        let ancestors = try CategoryTable.ancestors(of: nested, store: store, in: tx)
        return categories.map { category in
            var category = category
            category.ancestors = ancestors[category.id] ?? []
            return category
        }
    }
}
