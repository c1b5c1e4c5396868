public import Persistence
public import Primitives

/// What a list of addresses says of a page.
public struct ListedPage: Hashable, Sendable {
    public let handle: String
    public let updatedAt: Instant?
}

extension Catalog {
    /// The products after which parts of so many begin; the first part begins before all of them.
    public static func listedParts(
        of store: StoreID, size: Int, in tx: borrowing Transaction
    ) throws -> [ProductID] {
        var parts: [ProductID] = []
        while let next = try ProductTable.end(ofPartAfter: parts.last, size: size, store: store, in: tx) {
            parts.append(next)
        }
        return parts
    }

    /// The products of a part that buyers may see.
    /// - Parameter after: where the part begins; nil for the first.
    public static func listedProducts(
        of store: StoreID, after: ProductID?, size: Int, in tx: borrowing Transaction
    ) throws -> [ListedPage] {
        try ProductTable.listed(after: after, size: size, store: store, in: tx)
    }
}
