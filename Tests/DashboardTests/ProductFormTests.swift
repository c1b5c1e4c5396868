import Catalog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

/// Everything that staff can say of a product on its page.
struct ProductFormTests {
    @Test(arguments: TestEngine.available)
    func `what is said of a product and its variants is saved and shown again`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let (id, variant) = try await shop.teapot()
            let path = "/dashboard/products/\(id)"
            let fields = [
                ("title", "Teapot"), ("status", "active"), ("handle", "teapot"),
                ("description", "<p>Pours</p>\r\nwell"),
                ("type", " Pots "), ("vendor", "Otto"), ("tags", "blue, ,round , blue"), ("seo_title", "A teapot"),
                ("seo_description", "For tea.\r\nNo drips."), ("published_at", "2026-12-24T18:00"),
                ("unpublished_at", "2026-12-31T23:59:30"), ("price.\(variant)", "12,5"),
                ("compare_at.\(variant)", "15"), ("cost.\(variant)", "4.20"), ("sku.\(variant)", "T-1"),
                ("barcode.\(variant)", "4006381333931"), ("weight.\(variant)", "1.25"),
                ("weight_unit.\(variant)", "kg"),
                ("tax.\(variant)", "reduced"), ("shipping.\(variant)", "no"),
            ]
            #expect(try await owner.post(path, fields: fields).verdict == "303 \(path)?done=saved")
            let saved = try #require(try await shop.product(id))
            #expect(saved.title == "Teapot")
            #expect(saved.descriptionHTML == "<p>Pours</p>\nwell")
            #expect(saved.vendor == "Otto")
            #expect(saved.tags == ["blue", "round"])
            #expect(
                saved.details
                    == ProductDetails(
                        type: "Pots", seoTitle: "A teapot", seoDescription: "For tea.\nNo drips.",
                        metadata: ["erp": "77"]))
            #expect(saved.publishedAt?.description == "2026-12-24T18:00:00Z")
            #expect(saved.unpublishedAt?.description == "2026-12-31T23:59:30Z")
            let kept = saved.variants[0]
            #expect([kept.priceMinorUnits, kept.compareAtPriceMinorUnits, kept.costMinorUnits] == [1250, 1500, 420])
            #expect([kept.sku, kept.details.barcode, kept.details.taxCode] == ["T-1", "4006381333931", "reduced"])
            #expect(kept.weightGrams == 1250)
            #expect(kept.details.weightUnit == .kilogram)
            #expect(kept.isTaxable && !kept.requiresShipping)
            #expect(kept.details.metadata == ["bin": "B7"])
            let page = try await owner.get(path).text
            for text in [
                "value=\"12.50\"", "value=\"15.00\"", "value=\"4.20\"", "value=\"4006381333931\"", "value=\"1.25\"",
                "value=\"Pots\"", "value=\"A teapot\"", "For tea.\nNo drips.", "value=\"blue, round\"",
                "value=\"2026-12-24T18:00\"", "<dt>erp</dt><dd>77</dd>", "B7",
            ] { #expect(page.contains(text), "\(text)") }
            #expect(page.contains("<option value=\"reduced\" selected"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a form that is sent as it was shown changes nothing`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let (id, variant) = try await shop.teapot()
            let former = try #require(try await shop.product(id))
            let path = "/dashboard/products/\(id)"
            let fields = [
                ("title", "Teapot"), ("status", "active"), ("handle", "teapot"),
                ("description", "<p>One</p>\r\n<p>Two</p>"), ("type", ""), ("vendor", ""), ("tags", "a, b, c"),
                ("seo_title", ""), ("seo_description", ""), ("published_at", ""), ("unpublished_at", ""),
                ("price.\(variant)", "9.00"), ("compare_at.\(variant)", ""), ("cost.\(variant)", ""),
                ("sku.\(variant)", ""), ("barcode.\(variant)", ""), ("weight.\(variant)", "0.353"),
                ("weight_unit.\(variant)", "oz"), ("tax.\(variant)", "P0000000"), ("shipping.\(variant)", "yes"),
            ]
            #expect(try await owner.get(path).text.contains("value=\"0.353\""))
            #expect(try await owner.post(path, fields: fields).status == 303)
            var saved = try #require(try await shop.product(id))
            #expect(saved.version == former.version + 1)
            (saved.version, saved.updatedAt) = (former.version, former.updatedAt)
            // A tag with a comma, the line ends and the tenth gram are what they were.
            #expect(saved == former)
            let untaxed = fields.map { $0.0.hasPrefix("tax.") ? ($0.0, "-") : $0 }
            #expect(try await owner.post(path, fields: untaxed).status == 303)
            let changed = try #require(try await shop.product(id)).variants[0]
            #expect(!changed.isTaxable)
            #expect(changed.details.taxCode == "P0000000")
        }
    }

    @Test(arguments: TestEngine.available)
    func `only what was touched is changed, whatever others did meanwhile`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let (id, variant) = try await shop.teapot()
            let path = "/dashboard/products/\(id)"
            let page = try await owner.get(path).text
            let shown = try #require(page.firstMatch(of: /name="shown" value="([0-9a-f ]+)"/)?.output.1)
            let fields = [
                ("shown", String(shown)), ("title", "Teapot"), ("status", "active"), ("handle", "teapot"),
                ("description", "<p>One</p>\r\n<p>Two</p>\r\n"), ("type", ""), ("vendor", ""), ("tags", "a, b, c"),
                ("seo_title", ""), ("seo_description", ""), ("published_at", ""), ("unpublished_at", ""),
                ("price.\(variant)", "9.00"), ("compare_at.\(variant)", ""), ("cost.\(variant)", ""),
                ("sku.\(variant)", ""), ("barcode.\(variant)", ""), ("weight.\(variant)", "0.353"),
                ("weight_unit.\(variant)", "oz"), ("tax.\(variant)", "P0000000"), ("shipping.\(variant)", "yes"),
            ]
            func save(_ touched: [String: String]) async throws -> Product {
                let sent = fields.map { ($0.0, touched[$0.0] ?? $0.1) }
                #expect(try await owner.post(path, fields: sent).status == 303)
                return try #require(try await shop.product(id))
            }
            #expect(try await save(["title": "Pot", "price.\(variant)": "12"]).title == "Pot")
            // A form that was opened before, in which the vendor alone is typed.
            let second = try await save(["vendor": "Otto", "description": "<p>Three</p>"])
            #expect([second.title, second.vendor, second.descriptionHTML] == ["Pot", "Otto", "<p>Three</p>"])
            #expect(second.variants[0].priceMinorUnits == 1200)
            #expect(second.handle == "teapot")
            let third = try await save(["weight_unit.\(variant)": "g"])
            #expect(third.variants[0].weightGrams == 0)
            #expect(third.variants[0].details.weightUnit == .gram)
            let fourth = try await save(["weight.\(variant)": "5"])
            #expect(fourth.variants[0].weightGrams == 142)
            #expect(fourth.variants[0].details.weightUnit == .ounce)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what cannot be is told beside its field, and nothing that was typed is lost`(
        _ engine: TestEngine
    ) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let (id, variant) = try await shop.teapot()
            let former = try await shop.product(id)
            let path = "/dashboard/products/\(id)"
            let long = String(repeating: "x", count: 256)
            for (field, bad) in [
                ("compare_at.\(variant)", "dear"), ("cost.\(variant)", "-1"), ("barcode.\(variant)", long),
                ("sku.\(variant)", long), ("weight.\(variant)", "heavy"), ("weight.\(variant)", "1000000000000"),
                ("weight_unit.\(variant)", "stone"), ("tax.\(variant)", long), ("type", long), ("vendor", long),
                ("tags", long), ("seo_title", long), ("seo_description", String(repeating: "y", count: 1001)),
                ("published_at", "soon"), ("handle", ""),
            ] {
                let fields = [
                    ("title", "New \"title\""), ("status", "draft"), ("handle", "new-one"), ("type", "Pot"),
                    ("description", "New words"), (field, bad),
                ]
                let sent =
                    field == "handle" || field == "type" ? fields.filter { $0.0 != field } + [(field, bad)] : fields
                let page = try await owner.post(path, fields: sent)
                #expect(page.status == 422, "\(field)")
                #expect(page.text.contains("id=\"\(field)-error\""), "\(field)")
                #expect(page.text.contains("value=\"New &quot;title&quot;\""), "\(field)")
                #expect(page.text.contains("New words"), "\(field)")
                if !field.hasPrefix("weight_unit"), !field.hasPrefix("tax") {
                    #expect(page.text.contains(bad), "\(field)")
                }
                #expect(try await shop.product(id) == former, "\(field)")
            }
        }
    }
}

extension LiveDashboard {
    /// A product with what only other programs say of one.
    func teapot() async throws -> (ProductID, VariantID) {
        let store = maya.store
        let price = try maya.pence(900)
        let product = try await maya.database.write("test.teapot") { tx in
            try SaveProduct(
                store: store.id, currency: store.currency,
                draft: ProductDraft(
                    title: "Teapot", descriptionHTML: "<p>One</p>\r\n<p>Two</p>\n", status: .active,
                    tags: ["a, b", "c"], details: ProductDetails(metadata: ["erp": "77"]),
                    variants: [
                        .init(
                            price: price, weightGrams: 10,
                            details: VariantDetails(weightUnit: .ounce, taxCode: "P0000000", metadata: ["bin": "B7"]))
                    ]), actor: .system
            ).run(in: tx)
        }
        return (product.id, product.variants[0].id)
    }
}
