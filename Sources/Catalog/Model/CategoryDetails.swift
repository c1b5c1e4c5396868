public import Primitives

/// A category with what its page says and its place in the tree.
public struct CategoryDetails: Hashable, Sendable {
    public let id: CategoryID
    public var handle: String
    public var title: String
    /// Nil for one of the outermost.
    public var parent: CategoryID?
    /// Its place among those of the same parent, from 0; those with equal places follow their handles.
    public var position: Int
    public var descriptionHTML: String
    /// What search engines are told instead of the title; may be empty.
    public var seoTitle: String
    /// What search engines are told of it; may be empty.
    public var seoDescription: String
    public var image: ProductImage?
    /// Grows by one with every change.
    public var version: Int
    /// From the outermost to the parent.
    public var ancestors: [Category] = []

    /// In the few words that lists need.
    public var summary: Category { Category(id: id, handle: handle, title: title) }
}

/// What is asked of a category.
public struct CategoryDraft: Hashable, Sendable {
    public var title: String
    /// Made from the title when nil.
    public var handle: String?
    public var parent: CategoryID?
    /// Its place among those of the same parent, from 0; nil for the last, or for where it is.
    public var position: Int?
    public var descriptionHTML: String
    public var seoTitle: String
    public var seoDescription: String
    public var image: ProductImage?

    public init(
        title: String, handle: String? = nil, parent: CategoryID? = nil, position: Int? = nil,
        descriptionHTML: String = "", seoTitle: String = "", seoDescription: String = "", image: ProductImage? = nil
    ) {
        self.title = title
        self.handle = handle
        self.parent = parent
        self.position = position
        self.descriptionHTML = descriptionHTML
        self.seoTitle = seoTitle
        self.seoDescription = seoDescription
        self.image = image
    }

    /// - Throws: `validation.failed`.
    func check() throws(Problem) {
        guard let handle, !Handle.isPlain(handle) else { return }
        throw .validation("/handle", "handle", "A handle has lower-case letters, digits and single hyphens only.")
    }
}

/// What a former handle leads to.
public enum RedirectKind: String, Sendable, CaseIterable {
    case product, category, collection
}

/// A former handle and what is found there now.
public struct HandleRedirect: Hashable, Sendable {
    public let kind: RedirectKind
    /// The former handle.
    public let handle: String
    /// The handle of what had it; nil when that is gone.
    public let target: String?
    public let createdAt: Instant
}
