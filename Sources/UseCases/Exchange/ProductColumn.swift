/// The columns of Shopify's product file, by their names there.
enum ProductColumn: String, SheetColumn {
    case handle = "Handle"
    case title = "Title"
    case body = "Body (HTML)"
    case vendor = "Vendor"
    case type = "Type"
    case tags = "Tags"
    case published = "Published"
    case option1Name = "Option1 Name"
    case option1Value = "Option1 Value"
    case option2Name = "Option2 Name"
    case option2Value = "Option2 Value"
    case option3Name = "Option3 Name"
    case option3Value = "Option3 Value"
    case sku = "Variant SKU"
    case grams = "Variant Grams"
    case tracker = "Variant Inventory Tracker"
    case quantity = "Variant Inventory Qty"
    case policy = "Variant Inventory Policy"
    case fulfillmentService = "Variant Fulfillment Service"
    case price = "Variant Price"
    case compareAtPrice = "Variant Compare At Price"
    case requiresShipping = "Variant Requires Shipping"
    case taxable = "Variant Taxable"
    case barcode = "Variant Barcode"
    case imageSource = "Image Src"
    case imagePosition = "Image Position"
    case imageAlt = "Image Alt Text"
    case giftCard = "Gift Card"
    case seoTitle = "SEO Title"
    case seoDescription = "SEO Description"
    case variantImage = "Variant Image"
    case weightUnit = "Variant Weight Unit"
    case taxCode = "Variant Tax Code"
    case cost = "Cost per item"
    case status = "Status"
    /// The product's category here; Shopify reads the column and does not write it.
    case collection = "Collection"

    /// The name in lower case, and what Shopify's newer template calls it.
    static let byName: [String: ProductColumn] = names(
        [
            "url handle": .handle, "description": .body, "published on online store": .published, "sku": .sku,
            "weight value (grams)": .grams, "inventory tracker": .tracker, "inventory quantity": .quantity,
            "continue selling when out of stock": .policy, "fulfillment service": .fulfillmentService, "price": .price,
            "compare-at price": .compareAtPrice, "requires shipping": .requiresShipping, "charge tax": .taxable,
            "barcode": .barcode, "product image url": .imageSource, "variant image url": .variantImage,
            "weight unit for display": .weightUnit, "tax code": .taxCode,
        ])

    static let required: [[ProductColumn]] = [[.handle]]
    static let fileTitle = "a product file"

    /// Those that tell of a variant; the others tell of the product, or of a picture.
    static let ofVariants: Set<ProductColumn> = [
        .option1Value, .option2Value, .option3Value, .sku, .grams, .tracker, .quantity, .policy, .fulfillmentService,
        .price, .compareAtPrice, .requiresShipping, .taxable, .barcode, .variantImage, .weightUnit, .taxCode, .cost,
    ]

    /// Those that tell of a picture.
    static let ofImages: Set<ProductColumn> = [.imageSource, .imagePosition, .imageAlt]

    static let options: [(name: ProductColumn, value: ProductColumn)] = [
        (.option1Name, .option1Value), (.option2Name, .option2Value), (.option3Name, .option3Value),
    ]

    /// What Shopify's exports have between the columns of pictures and those of variants; we keep it as metadata.
    static let googleShopping = [
        "Google Product Category", "Gender", "Age Group", "MPN", "AdWords Grouping", "AdWords Labels", "Condition",
        "Custom Product", "Custom Label 0", "Custom Label 1", "Custom Label 2", "Custom Label 3", "Custom Label 4",
    ].map { "Google Shopping / \($0)" }

    /// The header of an export, without the columns of further metadata.
    static let standardHeader: [String] = {
        var names = allCases.map(\.rawValue)
        names.insert(contentsOf: googleShopping, at: 30)
        return names
    }()
}

/// The names of columns that hold metadata. Metadata of a product stands under its own name unless that name means
/// something else; metadata of variants likewise, from the second variant on, and in the row of the first behind a
/// prefix, since that row is the product's.
enum MetadataColumn {
    static let productPrefix = "Metadata / "
    static let variantPrefix = "Variant metadata / "

    static func ofProduct(_ name: String) -> String {
        isReserved(name) || name.hasPrefix("Variant ") ? productPrefix + name : name
    }

    static func ofVariant(_ name: String, at index: Int) -> String {
        if name.hasPrefix("Variant "), !isReserved(name) { return name }
        return index == 0 || isReserved(name) ? variantPrefix + name : name
    }

    private static func isReserved(_ name: String) -> Bool {
        ProductColumn.byName[key(name)] != nil || name.hasPrefix(productPrefix) || name.hasPrefix(variantPrefix)
            || key(name) != name.lowercased()
    }

    /// As names are compared.
    static func key(_ name: String) -> String {
        var text = name.lowercased()[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
