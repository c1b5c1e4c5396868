import Catalog
import Exchange
import Primitives
import Tabular

/// A product as a file tells of it. Nil is what the file says nothing of.
struct ParsedProduct: Sendable {
    /// A variant as the file tells of it.
    struct Row: Sendable {
        var line = 0
        var optionValues: [String] = []
        var sku: String?
        var grams: Int?
        /// Nil where the file says nothing of the price; then only a variant that exists can be meant.
        var price: Money?
        var compareAtPrice: Money??
        var requiresShipping: Bool?
        var isTaxable: Bool?
        var barcode: String?
        var imageURL: String?
        var weightUnit: WeightUnit?
        var taxCode: String?
        var cost: Money??
        /// Units in the house; nil where the variant is not tracked.
        var onHand: Int?
        /// What the file says under names that mean nothing else; an empty text takes away.
        var metadata: [String: String] = [:]
    }

    var line = 0
    var handle = ""
    var title: String?
    var bodyHTML: String?
    var vendor: String?
    var type: String?
    var tags: [String]?
    var status: ProductStatus?
    /// A category that the product is in, besides others that the file does not name.
    var category: ProductDraft.CategoryDraft?
    /// Nil where the file has no columns of options, empty for a product without any.
    var optionNames: [String]?
    var images: [ProductImage]?
    var seoTitle: String?
    var seoDescription: String?
    var metadata: [String: String] = [:]
    var variants: [Row] = []
    /// How many records of the file tell of it.
    var rows = 0
    /// What is wrong; a product with a refusal is not brought in.
    var problems: [ImportProblem] = []

    var isRefused: Bool { problems.contains { $0.severity == .refused } }
}

extension ParsedProduct {
    /// What the product becomes: as it is now, with what the file says.
    /// - Parameter former: the product of this handle; nil for a new one.
    /// - Throws: `ImportFault` when the file does not say enough.
    func draft(on former: Product?, currency: Currency) throws -> ProductDraft {
        guard let former else { return try newDraft() }
        var draft = try ProductDraft(former, currency: currency)
        try apply(to: &draft)
        return draft
    }

    private func newDraft() throws(ImportFault) -> ProductDraft {
        guard let title, !title.isEmpty else {
            throw ImportFault(line, .title, "required", "A new product needs a title.")
        }
        var draft = ProductDraft(title: title, handle: handle, status: .active, variants: [])
        var said = self
        // Without columns of options it is a product of one variant.
        said.optionNames = optionNames ?? []
        try said.apply(to: &draft)
        guard !draft.variants.isEmpty else {
            throw ImportFault(line, .price, "required", "A new product needs a variant with a price.")
        }
        return draft
    }

    /// Changes a draft to what the file says. Variants that the file does not name stay, unless the options are others
    /// than before.
    func apply(to draft: inout ProductDraft) throws(ImportFault) {
        if let title { draft.title = title }
        if let bodyHTML { draft.descriptionHTML = bodyHTML }
        if let vendor { draft.vendor = vendor }
        if let type { draft.details.type = type }
        if let tags { draft.tags = tags }
        if let status { draft.status = status }
        if let images { draft.images = images }
        if let category, !draft.categories.contains(where: { $0.handle == category.handle }) {
            draft.categories.append(category)
        }
        if let seoTitle { draft.details.seoTitle = seoTitle }
        if let seoDescription { draft.details.seoDescription = seoDescription }
        draft.details.metadata.take(metadata)
        let names = optionNames ?? draft.optionNames
        if names != draft.optionNames, !variants.isEmpty {
            draft.variants = []
            draft.optionNames = names
        }
        for row in variants { try apply(row, names: names, to: &draft) }
    }

    private func apply(_ row: Row, names: [String], to draft: inout ProductDraft) throws(ImportFault) {
        let values = optionNames == nil ? nil : row.optionValues
        let index = draft.variants.firstIndex { variant in
            guard let values else { return draft.variants.count == 1 }
            return variant.options.map(\.value) == values
        }
        if let index { return row.apply(to: &draft.variants[index]) }
        guard let values else {
            throw ImportFault(
                row.line, .option1Value, "required",
                "The product has several variants: say by Option1 Name and Option1 Value which one is meant.")
        }
        guard let price = row.price else {
            throw ImportFault(row.line, .price, "required", "A new variant needs a price.")
        }
        var variant = ProductDraft.VariantDraft(
            price: price, options: zip(names, values).map { (name: $0, value: $1) })
        row.apply(to: &variant)
        draft.variants.append(variant)
    }
}

extension ParsedProduct.Row {
    fileprivate func apply(to variant: inout ProductDraft.VariantDraft) {
        if let sku { variant.sku = sku }
        if let grams { variant.weightGrams = grams }
        if let price { variant.price = price }
        if let compareAtPrice { variant.compareAtPrice = compareAtPrice }
        if let requiresShipping { variant.requiresShipping = requiresShipping }
        if let isTaxable { variant.isTaxable = isTaxable }
        if let barcode { variant.details.barcode = barcode }
        if let imageURL { variant.details.imageURL = imageURL }
        if let weightUnit { variant.details.weightUnit = weightUnit }
        if let taxCode { variant.details.taxCode = taxCode }
        if let cost { variant.cost = cost }
        variant.details.metadata.take(metadata)
    }
}

extension [String: String] {
    /// Takes over what is said; an empty text takes away.
    fileprivate mutating func take(_ said: [String: String]) {
        for (name, text) in said { self[name] = text.isEmpty ? nil : text }
    }
}

/// Why a product of a file cannot be brought in.
struct ImportFault: Error {
    let line: Int
    let column: ProductColumn
    let code: String
    let detail: String

    init(_ line: Int, _ column: ProductColumn, _ code: String, _ detail: String) {
        self.line = line
        self.column = column
        self.code = code
        self.detail = detail
    }

    func problem(in sheet: ProductSheet) -> ImportProblem {
        ImportProblem(line: line, column: sheet.name(of: column), code: code, detail: detail)
    }
}
