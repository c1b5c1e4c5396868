import Catalog
import Customers
import Inventory
public import Persistence
import Pricing
import Primitives
public import Stores
import UseCases

/// Fills an empty installation with a store to try things out on.
public enum DemoStore {
    /// What `shipshape demo` prints: the keys are shown this once and again only from its notes.
    public struct Opened: Sendable {
        public let store: Store
        public let publishableKey: String
        public let secretKey: String
    }

    /// Opens the demo store with two keys, 33 products in six categories, and their stock; one transaction.
    public static func open(in database: any Database) async throws -> Opened {
        var random = SystemRandomNumberGenerator()
        let publishable = APIKeyToken.generate(.publishable, using: &random)
        let secret = APIKeyToken.generate(.secret, using: &random)
        let store = try await database.write("demo.open") { tx in
            let store = try CreateStore(name: "Maya's Larder", currency: "GBP", country: "GB").run(in: tx)
            for (kind, token) in [(APIKeyKind.publishable, publishable), (.secret, secret)] {
                _ = try CreateAPIKey(store: store.id, name: "Demo", kind: kind, token: token).run(in: tx)
            }
            _ = try SaveDeliverySettings(
                store: store.id, settings: DemoDelivery.settings, actor: .operatorConsole, requestID: nil
            ).run(in: tx)
            _ = try SaveTaxSettings(
                store: store.id, settings: DemoTaxes.settings, version: 0, actor: .operatorConsole, requestID: nil
            ).run(in: tx)
            try sellAbroad(store, in: tx)
            try sellToTrade(store, in: tx)
            return store
        }
        try await database.write("demo.collect") { tx in try DemoCollections.makeRules(for: store, in: tx) }
        for category in DemoCatalogue.categories {
            try await database.write("demo.shelve") { tx in try shelve(category, of: store, in: tx) }
            try await database.write("demo.fill") { tx in
                for product in category.products { try fill(product, in: category, of: store, tx: tx) }
            }
        }
        try await database.write("demo.choose") { tx in try DemoCollections.choose(for: store, in: tx) }
        return Opened(store: store, publishableKey: publishable.text, secretKey: secret.text)
    }

    /// A currency whose prices go by five cents, and one without decimals whose prices go by ten.
    private static func sellAbroad(_ store: Store, in tx: borrowing Transaction) throws {
        for (code, rate, step) in [("EUR", "1.15", 5), ("JPY", "190", 10)] as [(String, String, Int64)] {
            guard let currency = Currency(code) else { continue }
            _ = try KeepCurrency(
                store: store.id, base: store.currency, currency: currency, rate: ExchangeRate(rate), ratedAt: nil,
                rounding: PriceRounding(step: step), actor: .operatorConsole
            ).run(in: tx)
        }
    }

    /// What cafés pay that buy every week.
    private static func sellToTrade(_ store: Store, in tx: borrowing Transaction) throws {
        let group = try AddCustomerGroup(store: store.id, name: "Cafés", actor: .operatorConsole).run(in: tx)
        let terms = PriceListTerms(
            name: "Cafés and kitchens", currency: store.currency, group: group.id, adjustmentPPM: -150_000)
        _ = try AddPriceList(store: store.id, terms: terms, actor: .operatorConsole).run(in: tx)
    }

    /// A category and those below it.
    private static func shelve(_ category: DemoCategory, of store: Store, in tx: borrowing Transaction) throws {
        let root = try MakeCategory(
            store: store.id,
            draft: CategoryDraft(
                title: category.title, handle: category.handle, descriptionHTML: "<p>\(category.words)</p>"),
            actor: .operatorConsole
        ).run(in: tx)
        for shelf in category.shelves {
            _ = try MakeCategory(
                store: store.id, draft: CategoryDraft(title: shelf.title, handle: shelf.handle, parent: root.id),
                actor: .operatorConsole
            ).run(in: tx)
        }
    }

    private static func fill(
        _ demo: DemoProduct, in category: DemoCategory, of store: Store, tx: borrowing Transaction
    ) throws {
        let variants = try demo.variants.map { variant in
            ProductDraft.VariantDraft(
                sku: variant.sku, price: try Money(variant.price, store.currency),
                compareAtPrice: try variant.compareAt.map { try Money($0, store.currency) },
                options: demo.option.isEmpty ? [] : [(name: demo.option, value: variant.value)],
                weightGrams: variant.weightGrams,
                details: VariantDetails(taxCode: DemoTaxes.taxClass(of: category)))
        }
        let draft = ProductDraft(
            title: demo.title, descriptionHTML: "<p>\(demo.description)</p>", status: .active, vendor: demo.vendor,
            optionNames: demo.option.isEmpty ? [] : [demo.option],
            images: DemoPictures.address(of: demo).map { [ProductImage(url: $0, alt: demo.title)] } ?? [],
            tags: demo.tags,
            categories: [category.place(of: demo)], variants: variants)
        let product = try SaveProduct(store: store.id, currency: store.currency, draft: draft, actor: .operatorConsole)
            .run(in: tx)
        for (variant, demoVariant) in zip(product.variants, demo.variants) {
            guard let stock = demoVariant.stock else { continue }
            _ = try SetStock(store: store.id, variant: variant.id, onHand: stock, actor: .operatorConsole).run(in: tx)
        }
        try ShelfAvailability.review([product], store: store.id, in: tx)
    }
}
