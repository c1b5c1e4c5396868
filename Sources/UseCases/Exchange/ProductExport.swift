import Catalog
import Inventory
public import Persistence
public import Primitives
import Stores
import Tabular

/// Writes the products of a store as Shopify's CSV file, a page of them at a time.
///
/// Imported again, the file changes nothing. Numbers are written in one way only: amounts with the decimals of the
/// currency, weights in whole grams.
public struct ProductExport: Sendable {
    private let database: any Database
    private let store: StoreID

    public init(database: any Database, store: StoreID) {
        self.database = database
        self.store = store
    }

    /// Products of one page.
    public static let pageSize = 100

    /// The columns of the file.
    public struct Header: Hashable, Sendable {
        let cells: [String]

        /// The columns behind the standard ones.
        public var furtherNames: [String] { Array(cells.dropFirst(ProductColumn.standardHeader.count)) }

        /// The standard columns and these.
        public init(furtherNames names: [String]) {
            cells = ProductColumn.standardHeader + names
        }
    }

    /// Looks through the store for metadata, which has columns of its own.
    /// - Throws: `not_found`.
    public func header() async throws -> Header {
        var products: Set<String> = []
        var variants: Set<String> = []
        var after: ProductID?
        repeat {
            let previous = after
            let (names, last) = try await database.read("exchange.names") { [store] tx in
                guard try Stores.store(store, in: tx) != nil else { throw Problem.notFound("store") }
                return try Catalog.metadataNames(of: store, after: previous, limit: 2000, in: tx)
            }
            products.formUnion(names.products)
            variants.formUnion(names.variants)
            after = last
        } while after != nil
        // Which has a column of its own.
        products.remove(ProductColumn.giftCard.rawValue)
        var names = Set(products.map(MetadataColumn.ofProduct))
        for name in variants where ProductColumn(rawValue: name) == nil {
            names.insert(MetadataColumn.ofVariant(name, at: 0))
            names.insert(MetadataColumn.ofVariant(name, at: 1))
        }
        let standard = ProductColumn.standardHeader
        names.subtract(standard)
        return Header(furtherNames: names.sorted())
    }

    /// The first line of the file.
    public func text(of header: Header) -> [UInt8] {
        var writer = CSVWriter()
        writer.write(header.cells)
        return writer.take()
    }

    /// The records of a page of products, in the order in which they were made.
    /// - Parameter after: the last product of the page before.
    /// - Returns: the records, and the last product; nil when there is no further page.
    public func page(
        after: ProductID?, header: Header, limit: Int = ProductExport.pageSize
    ) async throws -> (bytes: [UInt8], last: ProductID?, count: Int) {
        let (store, products, levels) = try await database.read("exchange.export") { [store] tx in
            guard let found = try Stores.store(store, in: tx) else { throw Problem.notFound("store") }
            let products = try Catalog.products(
                ProductFilter(publishedOnly: false), of: store, after: after, limit: limit + 1, in: tx)
            let variants = products.prefix(limit).flatMap { $0.variants.map(\.id) }
            return (found, products, try Inventory.levels(of: variants, store: store, in: tx).rows())
        }
        let places = Dictionary(
            header.cells.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let stock = Dictionary(levels.map { ($0.variant, $0) }, uniquingKeysWith: { first, _ in first })
        var writer = CSVWriter(capacity: 65_536)
        for product in products.prefix(limit) {
            let rows = ProductRecords(product: product, currency: store.currency, levels: stock)
            for record in 0..<rows.count {
                var line = RecordCells(places: places)
                rows.fill(record, of: &line)
                writer.write(line.cells)
            }
        }
        let last = products.count > limit ? products[limit - 1].id : nil
        return (writer.take(), last, min(products.count, limit))
    }
}

/// The cells of a record, by the names of their columns.
private struct RecordCells {
    let places: [String: Int]
    private(set) var cells: [String]

    init(places: [String: Int]) {
        self.places = places
        cells = [String](repeating: "", count: places.count)
    }

    mutating func put(_ column: ProductColumn, _ text: String) { put(column.rawValue, text) }

    mutating func put(_ name: String, _ text: String) {
        if let place = places[name] { cells[place] = text }
    }
}

/// The records that tell of one product: each has a variant or a picture, or one of both.
private struct ProductRecords {
    let product: Product
    let currency: Currency
    let levels: [VariantID: StockLevel]

    var count: Int { max(product.variants.count, product.images.count, 1) }

    func fill(_ index: Int, of line: inout RecordCells) {
        line.put(.handle, product.handle)
        if index == 0 { fillProduct(of: &line) }
        if index < product.variants.count { fillVariant(index, of: &line) }
        if index < product.images.count {
            line.put(.imageSource, product.images[index].url)
            line.put(.imagePosition, String(index + 1))
            line.put(.imageAlt, product.images[index].alt)
        }
    }

    private func fillProduct(of line: inout RecordCells) {
        line.put(.title, product.title)
        line.put(.body, product.descriptionHTML)
        line.put(.vendor, product.vendor)
        line.put(.type, product.details.type)
        line.put(.tags, product.tags.joined(separator: ", "))
        line.put(.published, product.status == .active ? "true" : "false")
        line.put(.status, product.status.rawValue)
        if let category = product.categories.first {
            // Read again, it has to mean the same category.
            let isMeant = ProductDraft.CategoryDraft(title: category.title).handle == category.handle
            line.put(.collection, isMeant ? category.title : category.handle)
        }
        line.put(.seoTitle, product.details.seoTitle)
        line.put(.seoDescription, product.details.seoDescription)
        line.put(.giftCard, product.details.metadata[ProductColumn.giftCard.rawValue] ?? "false")
        for (name, text) in product.details.metadata where name != ProductColumn.giftCard.rawValue {
            line.put(MetadataColumn.ofProduct(name), text)
        }
        if product.optionNames.isEmpty {
            line.put(.option1Name, "Title")
        } else {
            for (name, column) in zip(product.optionNames, ProductColumn.options) { line.put(column.name, name) }
        }
    }

    private func fillVariant(_ index: Int, of line: inout RecordCells) {
        let variant = product.variants[index]
        if product.optionNames.isEmpty {
            line.put(.option1Value, "Default Title")
        } else {
            for (value, column) in zip(variant.optionValues, ProductColumn.options) { line.put(column.value, value) }
        }
        line.put(.sku, variant.sku)
        line.put(.grams, String(variant.weightGrams))
        line.put(.price, Money.decimal(variant.priceMinorUnits, currency))
        line.put(.compareAtPrice, variant.compareAtPriceMinorUnits.map { Money.decimal($0, currency) } ?? "")
        line.put(.cost, variant.costMinorUnits.map { Money.decimal($0, currency) } ?? "")
        line.put(.requiresShipping, String(variant.requiresShipping))
        line.put(.taxable, String(variant.isTaxable))
        line.put(.barcode, variant.details.barcode)
        line.put(.weightUnit, variant.details.weightUnit.rawValue)
        line.put(.taxCode, variant.details.taxCode)
        line.put(.variantImage, variant.details.imageURL)
        let metadata = variant.details.metadata
        let level = levels[variant.id]
        line.put(.tracker, metadata[ProductColumn.tracker.rawValue] ?? (level == nil ? "" : "shopify"))
        line.put(.quantity, level.map { String($0.atMain) } ?? metadata[ProductColumn.quantity.rawValue] ?? "")
        line.put(.policy, metadata[ProductColumn.policy.rawValue] ?? "deny")
        line.put(.fulfillmentService, metadata[ProductColumn.fulfillmentService.rawValue] ?? "manual")
        for (name, text) in metadata where ProductColumn(rawValue: name) == nil {
            line.put(MetadataColumn.ofVariant(name, at: index), text)
        }
    }
}
