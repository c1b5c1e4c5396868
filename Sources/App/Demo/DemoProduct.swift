/// A product of the demo store, in the few words that the list below needs.
struct DemoProduct {
    let title: String
    let description: String
    let vendor: String
    let tags: [String]
    /// What its variants differ in; empty for a product of one variant.
    let option: String
    let variants: [Variant]

    struct Variant {
        let sku: String
        /// The option's value; empty for the only variant.
        let value: String
        /// Pence.
        let price: Int64
        let compareAt: Int64?
        let weightGrams: Int
        /// Nil for a variant whose stock is not tracked.
        let stock: Int?
    }

    /// A product of one variant.
    static func single(
        _ title: String, _ sku: String, _ price: Int64, _ weightGrams: Int, stock: Int? = 120, was: Int64? = nil,
        by vendor: String, tags: [String] = [], _ description: String
    ) -> DemoProduct {
        DemoProduct(
            title: title, description: description, vendor: vendor, tags: tags, option: "",
            variants: [
                Variant(sku: sku, value: "", price: price, compareAt: was, weightGrams: weightGrams, stock: stock)
            ])
    }

    /// A product in several sizes, cuts or the like: value, SKU suffix, price, weight, stock.
    static func choice(
        _ title: String, _ sku: String, by vendor: String, option: String, tags: [String] = [],
        _ variants: [(value: String, suffix: String, price: Int64, weightGrams: Int, stock: Int?)],
        _ description: String
    ) -> DemoProduct {
        DemoProduct(
            title: title, description: description, vendor: vendor, tags: tags, option: option,
            variants: variants.map {
                Variant(
                    sku: "\(sku)-\($0.suffix)", value: $0.value, price: $0.price, compareAt: nil,
                    weightGrams: $0.weightGrams, stock: $0.stock)
            })
    }
}

/// A category of the demo store with its products.
struct DemoCategory {
    let handle: String
    let title: String
    let products: [DemoProduct]
}
