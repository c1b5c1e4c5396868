import Persistence
import Primitives

/// The categories that products bring along.
enum ProductCategories {
    /// The categories that were asked for, in their order; those that do not exist yet are made.
    static func settle(
        _ wanted: [ProductDraft.CategoryDraft], store: StoreID, in tx: borrowing Transaction
    ) throws -> [Category] {
        var drafts: [String: ProductDraft.CategoryDraft] = [:]
        for draft in wanted where drafts[draft.handle] == nil { drafts[draft.handle] = draft }
        let handles = drafts.keys.sorted()
        var found = try ProductCategoryTable.held(handles, store: store, in: tx)
        let missing = handles.filter { handle in !found.contains { $0.handle == handle } }
        if !missing.isEmpty {
            // In the order of their handles, so that two products that make the same ones do not wait in a circle.
            for handle in missing {
                try CategoryTree.lockHandle(handle, store: store, in: tx)
                try ProductCategoryTable.make(handle, title: drafts[handle]?.title ?? handle, store: store, in: tx)
            }
            try RedirectTable.clear(missing, .category, store: store, in: tx)
            found += try ProductCategoryTable.held(missing, store: store, in: tx)
        }
        let byHandle = Dictionary(found.map { ($0.handle, $0) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<String> = []
        return wanted.compactMap { seen.insert($0.handle).inserted ? byHandle[$0.handle] : nil }
    }
}
