import Catalog
import HTTPServer
import Primitives

/// The categories that were ticked and unticked in a product's form. Others stay as they are, whoever changed them.
struct CategoryChoice: Sendable {
    /// The form's name of the boxes.
    static let box = "category"
    /// What was ticked when the form was shown.
    static let shown = "categories_shown"
    private static let most = 50

    private let added: Set<CategoryID>
    private let removed: Set<CategoryID>

    /// Nil when nothing was ticked or unticked.
    init?(_ form: Form, _ faults: inout Faults) {
        guard let shown = form[Self.shown] else { return nil }
        let ticked = Set(form.values(Self.box).compactMap { CategoryID($0) })
        let before = Set(shown.split(separator: " ").compactMap { CategoryID(String($0)) })
        added = ticked.subtracting(before)
        removed = before.subtracting(ticked)
        if added.isEmpty, removed.isEmpty { return nil }
        if ticked.count > Self.most { faults.add(Self.shown, "A product is in at most \(Self.most) categories.") }
    }

    /// - Parameter tree: the store's categories as they are now; what is not among them is left out.
    func apply(to draft: inout ProductDraft, tree: [CategoryDetails]) {
        let gone = Set(tree.filter { removed.contains($0.id) }.map(\.handle))
        draft.categories.removeAll { gone.contains($0.handle) }
        let present = Set(draft.categories.map(\.handle))
        draft.categories += tree.filter { added.contains($0.id) && !present.contains($0.handle) }.map { category in
            ProductDraft.CategoryDraft(handle: category.handle, title: category.title)
        }
    }
}
