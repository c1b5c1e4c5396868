import Catalog
import Inventory
public import Persistence
public import Primitives
import Tabular

/// Writes the levels of stock as Shopify's inventory file: a record for each variant and location where it is kept.
///
/// What somebody wants to change goes into the last column, which is empty. A variant whose stock nobody tracks stands
/// there as not stocked.
public struct StockExport: SheetExport {
    private let database: any Database
    private let store: StoreID
    private let location: String?

    /// - Parameter location: the name of the only location that the file tells of; nil for all.
    public init(database: any Database, store: StoreID, location: String? = nil) {
        self.database = database
        self.store = store
        self.location = location
    }

    public func firstLine(_ furtherColumns: [String]) -> [UInt8] {
        var writer = CSVWriter()
        writer.write(StockColumn.allCases.map(\.rawValue))
        return writer.take()
    }

    public func piece(after: String?, _ furtherColumns: [String], limit: Int) async throws -> SheetPiece {
        let place = try SheetPlace.product(after)
        let (products, spread, locations) = try await database.read("exchange.export_stock") { [store] tx in
            let products = try Catalog.products(
                ProductFilter(publishedOnly: false), of: store, after: place, limit: limit + 1, in: tx)
            let variants = products.prefix(limit).flatMap { $0.variants.map(\.id) }
            return (
                products, variants.isEmpty ? [] : try Inventory.spread(of: variants, store: store, in: tx),
                try Inventory.locations(of: store, in: tx)
            )
        }
        let chosen = try chosen(of: locations)
        let levels = Dictionary(spread.map { ($0.level.variant, $0) }, uniquingKeysWith: { first, _ in first })
        var writer = CSVWriter(capacity: 65_536)
        for product in products.prefix(limit) {
            for variant in product.variants {
                let head = Self.head(of: variant, in: product)
                for cells in units(levels[variant.id], chosen) { writer.write(head + cells) }
            }
        }
        let last = products.count > limit ? products[limit - 1].id.description : nil
        return SheetPiece(bytes: writer.take(), last: last, count: min(products.count, limit))
    }

    /// The location that is wanted, or the main one where all are.
    private func chosen(of locations: [Location]) throws(Problem) -> Location {
        let found = locations.first { location in
            guard let name = self.location else { return location.id == LocationID(main: store) }
            return location.name.utf8.elementsEqual(name.utf8)
        }
        guard let found else { throw .validation("?location", "unknown", "No location has this name.") }
        return found
    }

    /// The columns up to the location.
    private static func head(of variant: Variant, in product: Product) -> [String] {
        let names = product.optionNames.isEmpty ? ["Title"] : product.optionNames
        let values = product.optionNames.isEmpty ? ["Default Title"] : variant.optionValues
        var cells = [product.handle, product.title]
        for index in 0..<3 {
            cells.append(index < names.count ? names[index] : "")
            cells.append(index < values.count ? values[index] : "")
        }
        return cells + [variant.sku, "", ""]
    }

    /// The columns from the location on, for each record of a variant.
    private func units(_ spread: (level: StockLevel, units: [LocationLevel])?, _ chosen: Location) -> [[String]] {
        let there = (spread?.units ?? []).filter { location == nil || $0.location.id == chosen.id }
        guard let level = spread?.level, !there.isEmpty else {
            return [[chosen.name, "", "", "", "", "", StockColumn.notStocked, ""]]
        }
        return there.map { place in
            // Orders hold units of a variant, not of a location: where there are several, nobody can say which.
            let isOnly = spread?.units.count == 1
            let held = level.reserved - level.owed
            return [
                place.location.name, "", "", isOnly ? String(min(level.policy.safety, max(0, level.free))) : "",
                isOnly ? String(held) : "", isOnly ? String(level.available) : "", String(place.onHand), "",
            ]
        }
    }
}
