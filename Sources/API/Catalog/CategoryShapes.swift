import Catalog
import HTTPServer
import Primitives

extension CategoryDetails {
    static let shape = OutputShape<CategoryDetails>.object(
        "Category",
        .field("id", .identifier(), \.id),
        .field("handle", .text, \.handle),
        .field("title", .text, \.title),
        .nullable("parent_id", .identifier(), \.parent),
        .field("position", .integer, \.position),
        .field("ancestors", .array(of: ProductView.categoryShape), \.ancestors),
        .field("description_html", .text, \.descriptionHTML),
        .nullable("image", ProductView.imageShape, \.image),
        .field("seo_title", .text, \.seoTitle),
        .field("seo_description", .text, \.seoDescription))
}

extension CategoryDraft {
    /// What makes a new category.
    static let shape = InputShape<CategoryDraft>.object(
        "NewCategory",
        .required("title", .text(1...255)),
        .optional("handle", .handle()),
        .optional("parent_id", .identifier(IdentifierKinds.Category.self)),
        .optional("position", .integer(0...1_000_000)),
        .optional("description_html", .multilineText(0...65_536), default: ""),
        .optional("image", ProductDraft.newImage),
        .optional("seo_title", .text(0...255), default: ""),
        .optional("seo_description", .text(0...1000), default: ""),
        make: draft)

    private static func draft(
        title: String, handle: String?, parent: CategoryID?, position: Int?, description: String,
        image: ProductImage?, seoTitle: String, seoDescription: String
    ) -> CategoryDraft {
        CategoryDraft(
            title: title, handle: handle, parent: parent, position: position, descriptionHTML: description,
            seoTitle: seoTitle, seoDescription: seoDescription, image: image)
    }
}

/// What a PATCH of a category says: nil leaves a field as it is.
struct CategoryPatch: Sendable {
    let title: String?
    let handle: String?
    let parent: Patch<CategoryID>
    let position: Int?
    let description: String?
    let image: Patch<ProductImage>
    let seoTitle: String?
    let seoDescription: String?

    static let shape = InputShape<CategoryPatch>.object(
        "CategoryPatch",
        .optional("title", .text(1...255)),
        .optional("handle", .handle()),
        .patch("parent_id", .identifier(IdentifierKinds.Category.self), emptiedBy: ""),
        .optional("position", .integer(0...1_000_000)),
        .optional("description_html", .multilineText(0...65_536)),
        .patch("image", ProductDraft.newImage, emptiedBy: ""),
        .optional("seo_title", .text(0...255)),
        .optional("seo_description", .text(0...1000)),
        make: CategoryPatch.init)

    func apply(to draft: inout CategoryDraft) {
        if let title { draft.title = title }
        if let handle { draft.handle = handle }
        draft.parent = parent.applied(to: draft.parent)
        if let position { draft.position = position }
        if let description { draft.descriptionHTML = description }
        draft.image = image.applied(to: draft.image)
        if let seoTitle { draft.seoTitle = seoTitle }
        if let seoDescription { draft.seoDescription = seoDescription }
    }
}
