import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

@testable import Catalog

struct CollectionRuleTests {
    private static let price: Int64 = 500

    @Test(arguments: [
        (CollectionCondition(.tag, .equals, text: "VEGAN"), true), (.init(.tag, .equals, text: "veg"), false),
        (.init(.tag, .differs, text: "vegan"), false), (.init(.tag, .differs, text: "meat"), true),
        (.init(.vendor, .equals, text: "Soderbageriet"), true),
        (.init(.vendor, .differs, text: "söderbageriet"), false),
        (.init(.type, .equals, text: "BREAD"), true), (.init(.type, .equals, text: "bre"), false),
        (.init(.type, .differs, text: "cake"), true), (.init(.type, .differs, text: "Bread"), false),
        (.init(.title, .contains, text: "rolls rye"), true), (.init(.title, .contains, text: "roll"), false),
        (.init(.title, .lacks, text: "wheat"), true), (.init(.title, .lacks, text: "rye"), false),
        (.init(.price, .below, number: 501), true), (.init(.price, .below, number: 500), false),
        (.init(.price, .above, number: 899), true), (.init(.price, .above, number: 900), false),
        (.init(.price, .equals, number: 900), true), (.init(.price, .equals, number: 700), false),
        (.init(.stock, .above, number: 6), true), (.init(.stock, .above, number: 7), false),
        (.init(.stock, .below, number: 8), true), (.init(.stock, .below, number: 7), false),
    ])
    func `a condition is met by what it says`(_ condition: CollectionCondition, _ isMet: Bool) throws {
        #expect(condition.isMet(by: try Self.product(), units: 7) == isMet)
        #expect(condition.fault() == nil)
    }

    @Test
    func `what is not counted is there in any number`() throws {
        let product = try Self.product()
        #expect(CollectionCondition(.stock, .above, number: 1_000_000).isMet(by: product, units: nil))
        #expect(!CollectionCondition(.stock, .below, number: 1_000_000).isMet(by: product, units: nil))
    }

    @Test
    func `all conditions are met or one of them`() throws {
        let product = try Self.product()
        let (met, unmet) = (
            CollectionCondition(.tag, .equals, text: "vegan"), CollectionCondition(.tag, .equals, text: "x")
        )
        #expect(CollectionRule(.all, [met, met]).isMet(by: product, units: nil))
        #expect(!CollectionRule(.all, [met, unmet]).isMet(by: product, units: nil))
        #expect(CollectionRule(.any, [unmet, met]).isMet(by: product, units: nil))
        #expect(!CollectionRule(.any, [unmet]).isMet(by: product, units: nil))
    }

    @Test(arguments: [
        (CollectionCondition(.tag, .contains, text: "x"), "operator"), (.init(.title, .equals, text: "x"), "operator"),
        (.init(.price, .contains, number: 1), "operator"), (.init(.stock, .equals, number: 1), "operator"),
        (.init(.vendor, .equals, text: "  "), "value"), (.init(.type, .above, text: "x"), "operator"),
        (.init(.price, .below, number: -1), "value"),
    ])
    func `a condition that makes no sense is refused`(_ condition: CollectionCondition, _ member: String) {
        #expect(condition.fault()?.member == member)
    }

    @Test(arguments: TestEngine.available)
    func `a product moves in a collection that is sorted when it changes`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let made = try await world.database.write("test.collection") { [store = world.store.id] tx in
                try SaveCollection(
                    store: store,
                    draft: CollectionDraft(
                        title: "All", rule: CollectionRule(.all, [.init(.price, .above, number: 0)]), order: .title),
                    actor: .system
                ).run(in: tx)
            }
            func titles() async throws -> [String] {
                try await world.read { tx in
                    try Catalog.products(
                        in: made.id, publishedOnly: false, of: world.store.id, after: nil, limit: 9, in: tx
                    ).map(\.product.title)
                }
            }
            var ids: [ProductID] = []
            for title in ["Øre", "äpple", "Bun"] { ids.append(try await world.save(try world.plain(title)).id) }
            #expect(try await titles() == ["äpple", "Bun", "Øre"])
            _ = try await world.change(ids[1]) { $0.title = "Zucchini" }
            #expect(try await titles() == ["Bun", "Øre", "Zucchini"])
            _ = try await world.delete(ids[0])
            #expect(try await titles() == ["Bun", "Zucchini"])
        }
    }

    private static func product() throws -> Product {
        let id = try #require(ProductID("prod_01h455vb4pex5vsknk084sn02q"))
        let variant = try #require(VariantID("var_01h455vb4pex5vsknk084sn02q"))
        let variants = [Int64(500), 900].map { price in
            Variant(
                id: variant, product: id, sku: "", title: "", optionValues: [], priceMinorUnits: price,
                compareAtPriceMinorUnits: nil, weightGrams: 0, isTaxable: true, requiresShipping: true)
        }
        let moment = Instant(microseconds: 1)
        return Product(
            id: id, handle: "p", title: "Rye rolls, six", descriptionHTML: "", status: .active,
            vendor: "Söderbageriet", optionNames: [], images: [], tags: ["Vegan", "hot"],
            details: ProductDetails(type: "Bread"), categories: [],
            variants: variants, version: 1, createdAt: moment, updatedAt: moment)
    }
}
