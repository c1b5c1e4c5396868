public import Persistence
public import Primitives

/// Where a page of redirects ended.
public struct RedirectPlace: Hashable, Sendable {
    public let kind: RedirectKind
    public let handle: String

    public init(kind: RedirectKind, handle: String) {
        self.kind = kind
        self.handle = handle
    }
}

extension Catalog {
    /// A page of former handles with what they lead to, by kind and handle.
    public static func redirects(
        of store: StoreID, after: RedirectPlace?, limit: Int, in tx: borrowing Transaction
    ) throws -> [HandleRedirect] {
        try RedirectTable.page(after: after, store: store, limit: limit, in: tx)
    }
}
