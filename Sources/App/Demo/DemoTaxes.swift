import Pricing

/// What Maya's Larder charges: British prices have the tax inside, and most food has none.
enum DemoTaxes {
    static let settings = TaxSettings.none.applying(.others)

    /// The class as which a category's goods are taxed: drinks and dishes to be eaten at once as ordinary goods.
    static func taxClass(of category: DemoCategory) -> String {
        ["drinks", "ready-to-eat"].contains(category.handle) ? "" : TaxClass.zero
    }
}
