import Catalog
import Exchange
import FoundationEssentials
import Inventory
import Persistence
import Primitives
import ShopWorld
import Stores
import Tabular
import TestSupport
import Testing
import UseCases

struct ProductExportTests {
    static let folder = "/work/shared/data/shopify"

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: folder), "The shared data is not there."),
        arguments: TestEngine.available, ["apparel.csv", "home-and-garden.csv", "jewelery.csv"])
    func `a file of Shopify's comes out cell by cell as it came in`(
        _ engine: TestEngine, _ name: String
    ) async throws {
        try await World.open(engine) { world in
            let bytes = Array(try #require(FileManager.default.contents(atPath: "\(Self.folder)/\(name)")))
            let ended = try await world.run(bytes)
            #expect(ended.state == .done)
            #expect(ended.counts.problems == 0)
            let exported = try await world.exported()
            let (was, became) = (Self.table(bytes), Self.table(exported))
            #expect(was.count == became.count)
            for (old, new) in zip(was, became) {
                for (column, text) in old where !Self.isSame(text, new[column], column) {
                    Issue.record("\(old["Handle"] ?? "") \(column): \(text) became \(new[column] ?? "nothing")")
                }
            }
            #expect(try await world.run(exported).counts.unchanged == ended.counts.created)
        }
    }

    /// Amounts get the decimals of their currency, and pictures without a position get one.
    private static func isSame(_ old: String, _ new: String?, _ column: String) -> Bool {
        if column == "Image Position", old.isEmpty { return true }
        if column.contains("Price"), !old.isEmpty { return Double(old) == new.flatMap(Double.init) }
        return old == new
    }

    private static func table(_ bytes: [UInt8]) -> [[String: String]] {
        var records: [[String]] = []
        var reader = CSVReader()
        func take(_ item: CSVItem) {
            if case .record(let record) = item { records.append(record.cells.map(CSVText.unprotected)) }
        }
        reader.feed(bytes, take)
        reader.finish(take)
        let header = records.removeFirst()
        return records.map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
    }

    @Test(arguments: TestEngine.available)
    func `whatever a product holds survives export and import`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let price = try world.pence(1234)
            let draft = ProductDraft(
                title: "=1+1", descriptionHTML: "'=x\n\"quoted\"", status: .archived, vendor: "@home",
                optionNames: ["Size", "Colour"],
                images: [
                    .init(url: "https://i.example/a.jpg", alt: "-5"), .init(url: "https://i.example/b.jpg", alt: ""),
                ],
                tags: ["a", "b c"],
                details: ProductDetails(
                    type: "T", seoTitle: " S ", seoDescription: "D",
                    metadata: ["Title": "not the title", "Gift Card": "true", "erp": "1,2", "Variant x": "p"]),
                categories: [.init(handle: "cellar", title: "Down below"), .init(handle: "gifts", title: "Gifts")],
                variants: [
                    .init(
                        sku: "1", price: price, compareAtPrice: try world.pence(2000),
                        options: [("Size", "S"), ("Colour", "Red")], weightGrams: 10, isTaxable: false,
                        requiresShipping: false, cost: try world.pence(1),
                        details: VariantDetails(
                            barcode: "B", weightUnit: .ounce, taxCode: "TC", imageURL: "https://i.example/v.jpg",
                            metadata: ["erp": "first", "Variant y": "2", "SKU": "odd"])),
                    .init(
                        sku: "2", price: price, options: [("Size", "M"), ("Colour", "Red")],
                        details: VariantDetails(metadata: ["erp": "second"])),
                ])
            let handle = try await world.database.write("test.save") { [store = world.store] tx in
                let made = try SaveProduct(store: store.id, currency: store.currency, draft: draft, actor: .system)
                    .run(in: tx)
                _ = try SetStock(store: store.id, variant: made.variants[1].id, onHand: 4, actor: .system).run(in: tx)
                return made.handle
            }
            let exported = try await world.exported()
            let again = try await world.run(exported)
            #expect(again.counts.unchanged == 1)
            #expect(again.counts.problems == 0)
            // In an empty store it makes the same product.
            let other = World(try await world.anotherStore(inPounds: true), in: world)
            #expect(try await other.run(exported).counts.created == 1)
            // A file has room for one category.
            #expect(try await other.product(handle)?.categories.map(\.handle) == ["cellar"])
            #expect(try await other.exported() == exported)
        }
    }

    @Test(arguments: TestEngine.available)
    func `pages of an export make up the whole`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            for number in 1...7 { _ = try await world.variant("Product \(number)", sku: "P\(number)") }
            #expect(try await world.exported(pageSize: 3) == world.exported())
            let skus = Self.table(try await world.exported()).compactMap { $0["Variant SKU"] }
            #expect(skus.sorted() == (1...7).map { "P\($0)" })
        }
    }
}

extension World {
    /// A whole file, and its pieces put together.
    func exported(_ kind: ImportKind, location: String? = nil) async throws -> String {
        let export = kind.export(store.id, from: database, location: location)
        let columns = try await export.furtherColumns()
        var bytes = export.firstLine(columns)
        var after: String?
        repeat {
            let piece = try await export.piece(after: after, columns, limit: 2)
            bytes += piece.bytes
            after = piece.last
        } while after != nil
        return String(decoding: bytes, as: UTF8.self)
    }

    func exported(pageSize: Int = ProductExport.pageSize) async throws -> [UInt8] {
        let export = ProductExport(database: database, store: store.id)
        let header = try await export.header()
        var bytes = export.text(of: header)
        var after: ProductID?
        repeat {
            let page = try await export.page(after: after, header: header, limit: pageSize)
            bytes += page.bytes
            after = page.last
        } while after != nil
        return bytes
    }

    func anotherStore(inPounds: Bool) async throws -> Store {
        try await database.write("test.store") { tx in
            try CreateStore(name: "Branch", currency: "GBP", country: "GB").run(in: tx)
        }
    }
}
