import Catalog
import HTTPServer
import Inventory
import Primitives

/// A product as it is answered: with the store's currency and what is in stock.
struct ProductView: Sendable {
    let product: Product
    let currency: Currency
    let levels: [VariantID: StockLevel]
    /// The site that the addresses of the shop's own images begin with; nil while nobody knows it.
    var origin: String?

    /// An image with the address that clients show: that of the shop's copy, when there is one.
    struct ImageView: Sendable {
        let image: ProductImage
        let origin: String?

        var url: String { image.copy.map { (origin ?? "") + $0.path } ?? image.url }
    }

    var images: [ImageView] { product.images.map { ImageView(image: $0, origin: origin) } }
    /// Buyers see neither costs nor metadata.
    let isForStaff: Bool

    struct VariantView: Sendable {
        let variant: Variant
        let optionNames: [String]
        let currency: Currency
        let level: StockLevel?
        let isForStaff: Bool

        func money(_ minorUnits: Int64) -> Money {
            // ignored: amounts in the database are within the limits of `Money`
            (try? Money(minorUnits, currency)) ?? .zero(currency)
        }
    }

    var variants: [VariantView] {
        product.variants.map {
            VariantView(
                variant: $0, optionNames: product.optionNames, currency: currency, level: levels[$0.id],
                isForStaff: isForStaff)
        }
    }

    static let shape = OutputShape<ProductView>.object(
        "Product",
        .field("id", .identifier(), \.product.id),
        .field("handle", .text, \.product.handle),
        .field("title", .text, \.product.title),
        .field("description_html", .text, \.product.descriptionHTML),
        .field("status", .oneOf(), \.product.status),
        .field("vendor", .text, \.product.vendor),
        .field("options", .array(of: optionShape), \.product.options),
        .field("variants", .array(of: variantShape), \.variants),
        .field("images", .array(of: productImageShape), \.images),
        .field("categories", .array(of: categoryShape), \.product.categories),
        .field("tags", .array(of: .text), \.product.tags),
        .nullable("published_at", .instant, \.product.publishedAt),
        .nullable("unpublished_at", .instant, \.product.unpublishedAt),
        .field("product_type", .text, \.product.details.type),
        .field("seo", seoShape, \.product.details),
        .field(
            "metadata",
            .map(of: .text).described("What other programs keep with the product; empty for buyers.")
        ) { $0.isForStaff ? $0.product.details.metadata.inOrder : [] },
        .field("created_at", .instant, \.product.createdAt),
        .field("updated_at", .instant, \.product.updatedAt))

    private static let optionShape = OutputShape<ProductOption>.object(
        "ProductOption", .field("name", .text, \.name), .field("values", .array(of: .text), \.values))

    static let imageShape = OutputShape<ProductImage>.object(
        "CategoryImage", .field("url", .text, \.url), .field("alt", .text, \.alt))

    private static let productImageShape = OutputShape<ImageView>.object(
        "Image", .field("url", .text, \.url), .field("alt", .text, \.image.alt),
        .field("source_url", .text, \.image.url),
        .nullable("width", .integer, \.image.copy?.width), .nullable("height", .integer, \.image.copy?.height))

    static let categoryShape = OutputShape<Category>.object(
        "ProductCategory", .field("handle", .text, \.handle), .field("title", .text, \.title))

    private static let seoShape = OutputShape<ProductDetails>.object(
        "SearchListing", .field("title", .text, \.seoTitle), .field("description", .text, \.seoDescription))

    private static let variantShape = OutputShape<VariantView>.object(
        "Variant",
        .field("id", .identifier(), \.variant.id),
        .field("sku", .text, \.variant.sku),
        .field("title", .text, \.variant.title),
        .field("price", .money) { $0.money($0.variant.priceMinorUnits) },
        .nullable("compare_at_price", .money) { view in view.variant.compareAtPriceMinorUnits.map(view.money) },
        .field("options", .map(of: .text)) { view in
            zip(view.optionNames, view.variant.optionValues).map { (key: $0, value: $1) }
        },
        .nullable("available", .integer, \.level?.available),
        .field(
            "backorder", .bool.described("Whether more can be ordered than is available."),
            { ($0.level?.orderableBeyond ?? 0) > 0 }),
        .nullable("expected_at", .instant, { $0.level?.expectedAt }),
        .field("weight_grams", .integer, \.variant.weightGrams),
        .field("taxable", .bool, \.variant.isTaxable),
        .field("requires_shipping", .bool, \.variant.requiresShipping),
        .field("barcode", .text, \.variant.details.barcode),
        .field("weight_unit", .oneOf(), \.variant.details.weightUnit),
        .nullable("cost", OutputShape<Money>.money.described("What it costs the merchant; null for buyers.")) { view in
            view.isForStaff ? view.variant.costMinorUnits.map(view.money) : nil
        },
        .field("tax_code", .text, \.variant.details.taxCode),
        .nullable("image", .text) { $0.variant.details.imageURL.isEmpty ? nil : $0.variant.details.imageURL },
        .field(
            "metadata",
            .map(of: .text).described("What other programs keep with the variant; empty for buyers.")
        ) { $0.isForStaff ? $0.variant.details.metadata.inOrder : [] })
}

extension ProductDraft {
    /// What makes a new product.
    static let shape = InputShape<ProductDraft>.object(
        "NewProduct",
        .required("title", .text(1...255)),
        .optional("handle", .text(1...200)),
        .optional("description_html", .multilineText(0...65_536), default: ""),
        .optional("status", .oneOf(ProductStatus.self), default: .draft),
        .optional("vendor", .text(0...255), default: ""),
        .optional("options", optionList, default: []),
        .required("variants", variantList),
        .optional("images", imageList, default: []),
        .optional("categories", categoryList, default: []),
        .optional("tags", tagList, default: []),
        .optional("published_at", .instant),
        .optional("unpublished_at", .instant),
        .optional("product_type", .text(0...255), default: ""),
        .optional("seo", seo, default: SearchListing()),
        .optional("metadata", metadata, default: [:]),
        make: draft)

    private static func draft(
        title: String, handle: String?, description: String, status: ProductStatus, vendor: String,
        options: [String], variants: [VariantDraft], images: [ProductImage], categories: [CategoryDraft],
        tags: [String], publishedAt: Instant?, unpublishedAt: Instant?, type: String, seo: SearchListing,
        metadata: [String: String]
    ) -> ProductDraft {
        ProductDraft(
            title: title, handle: handle, descriptionHTML: description, status: status, vendor: vendor,
            optionNames: options, images: images, tags: tags,
            details: ProductDetails(
                type: type, seoTitle: seo.title ?? "", seoDescription: seo.description ?? "", metadata: metadata),
            categories: categories, variants: variants, publishedAt: publishedAt, unpublishedAt: unpublishedAt)
    }

    fileprivate static let metadata = InputShape<[String: String]>.map(
        keys: .text(1...100), of: .multilineText(1...5000), most: 100)

    fileprivate static let seo = InputShape<SearchListing>.object(
        "SearchListingInput",
        .optional("title", .text(0...255)), .optional("description", .text(0...1000)), make: SearchListing.init)

    fileprivate static let optionList = InputShape<[String]>.array(of: .text(1...100), most: 3)
    fileprivate static let tagList = InputShape<[String]>.array(of: .text(1...100), most: 100)
    fileprivate static let variantList = InputShape<[VariantDraft]>.array(
        of: VariantDraft.shape, least: 1, most: ProductDraft.mostVariants)

    fileprivate static let imageList = InputShape<[ProductImage]>.array(of: newImage, most: 100)

    static let newImage = InputShape<ProductImage>.object(
        "NewImage", .required("url", .webAddress), .optional("alt", .text(0...500), default: "")
    ) { ProductImage(url: $0, alt: $1) }

    fileprivate static let categoryList = InputShape<[CategoryDraft]>.array(
        of: InputShape<CategoryDraft>.object(
            "NewProductCategory", .required("handle", .handle()), .optional("title", .text(1...255))
        ) { CategoryDraft(handle: $0, title: $1) }, most: 50)
}

extension ProductDraft.VariantDraft {
    static let shape = InputShape<ProductDraft.VariantDraft>.object(
        "NewVariant",
        .optional("id", .identifier(IdentifierKinds.Variant.self)),
        .optional("sku", .text(0...100), default: ""),
        .optional("title", .text(1...255)),
        .required("price", .price),
        .optional("compare_at_price", .price),
        .optional("options", .map(keys: .text(1...100), of: .text(1...255), most: 3), default: [:]),
        .optional("weight_grams", .integer(0...1_000_000_000), default: 0),
        .optional("taxable", .bool, default: true),
        .optional("requires_shipping", .bool, default: true),
        .optional("barcode", .text(0...100), default: ""),
        .optional("weight_unit", .oneOf(WeightUnit.self), default: .gram),
        .optional("cost", .price),
        .optional("tax_code", .text(0...100), default: ""),
        .optional("image", .webAddress),
        .optional("metadata", ProductDraft.metadata, default: [:]),
        make: draft)

    private static func draft(
        id: VariantID?, sku: String, title: String?, price: Money, compareAt: Money?, options: [String: String],
        weight: Int, taxable: Bool, requiresShipping: Bool, barcode: String, weightUnit: WeightUnit, cost: Money?,
        taxCode: String, image: String?, metadata: [String: String]
    ) -> ProductDraft.VariantDraft {
        ProductDraft.VariantDraft(
            id: id, sku: sku, title: title, price: price, compareAtPrice: compareAt,
            options: options.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }, weightGrams: weight,
            isTaxable: taxable, requiresShipping: requiresShipping, cost: cost,
            details: VariantDetails(
                barcode: barcode, weightUnit: weightUnit, taxCode: taxCode, imageURL: image ?? "", metadata: metadata))
    }
}

/// How search engines show a product, as it is asked for.
struct SearchListing: Sendable {
    var title: String?
    var description: String?
}

extension [String: String] {
    /// By name, so that equal products are written alike.
    fileprivate var inOrder: [(key: String, value: String)] { sorted { $0.key < $1.key } }
}

/// What a PATCH of a product says: nil leaves a field as it is, lists are replaced whole.
struct ProductPatch: Sendable {
    let title: String?
    let handle: String?
    let description: String?
    let status: ProductStatus?
    let vendor: String?
    let options: [String]?
    let variants: [ProductDraft.VariantDraft]?
    let images: [ProductImage]?
    let categories: [ProductDraft.CategoryDraft]?
    let tags: [String]?
    let publishedAt: Patch<Instant>
    let unpublishedAt: Patch<Instant>
    let type: String?
    let seo: SearchListing?
    let metadata: [String: String]?

    static let shape = InputShape<ProductPatch>.object(
        "ProductPatch",
        .optional("title", .text(1...255)),
        .optional("handle", .text(1...200)),
        .optional("description_html", .multilineText(0...65_536)),
        .optional("status", .oneOf(ProductStatus.self)),
        .optional("vendor", .text(0...255)),
        .optional("options", ProductDraft.optionList),
        .optional("variants", ProductDraft.variantList),
        .optional("images", ProductDraft.imageList),
        .optional("categories", ProductDraft.categoryList),
        .optional("tags", ProductDraft.tagList),
        .patch("published_at", .instant, emptiedBy: ""),
        .patch("unpublished_at", .instant, emptiedBy: ""),
        .optional("product_type", .text(0...255)),
        .optional("seo", ProductDraft.seo),
        .optional("metadata", ProductDraft.metadata),
        make: ProductPatch.init)

    func apply(to draft: inout ProductDraft) {
        if let title { draft.title = title }
        if let handle { draft.handle = handle }
        if let description { draft.descriptionHTML = description }
        if let status { draft.status = status }
        if let vendor { draft.vendor = vendor }
        if let options { draft.optionNames = options }
        if let images { draft.images = images }
        if let categories { draft.categories = categories }
        if let tags { draft.tags = tags }
        draft.publishedAt = publishedAt.applied(to: draft.publishedAt)
        draft.unpublishedAt = unpublishedAt.applied(to: draft.unpublishedAt)
        if let type { draft.details.type = type }
        if let title = seo?.title { draft.details.seoTitle = title }
        if let description = seo?.description { draft.details.seoDescription = description }
        if let metadata { draft.details.metadata = metadata }
        if let variants {
            // Options that no variant mentions any more go, unless they were named in the same request.
            if options == nil { draft.optionNames.removeAll { name in !variants.mention(name) } }
            draft.variants = variants
        }
    }
}

extension [ProductDraft.VariantDraft] {
    fileprivate func mention(_ option: String) -> Bool {
        contains { $0.options.contains { $0.name == option } }
    }
}
