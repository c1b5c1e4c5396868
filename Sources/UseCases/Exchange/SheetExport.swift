public import Exchange
public import Persistence
public import Primitives

/// Writes what a store has as a CSV file, piece by piece, so that no file is ever in memory as a whole.
public protocol SheetExport: Sendable {
    /// The columns behind the standard ones; empty for most kinds of file.
    func furtherColumns() async throws -> [String]
    /// The first line of the file.
    func firstLine(_ furtherColumns: [String]) -> [UInt8]
    /// The lines that follow a place.
    /// - Parameters:
    ///   - after: where the piece before ended; nil for the first.
    ///   - limit: how many things, such as products or orders; 1 to 100.
    /// - Throws: `validation.failed` when the place is none.
    func piece(after: String?, _ furtherColumns: [String], limit: Int) async throws -> SheetPiece
}

/// Lines of an exported file.
public struct SheetPiece: Sendable {
    public let bytes: [UInt8]
    /// Where it ends; nil when nothing follows.
    public let last: String?
    /// How many things it tells of.
    public let count: Int
}

extension SheetExport {
    public func furtherColumns() async throws -> [String] { [] }

    /// Writes the whole file.
    /// - Parameter write: given the bytes and how many things were written so far; throws to stop.
    public func run(_ write: (_ bytes: [UInt8], _ count: Int) throws -> Void) async throws {
        let columns = try await furtherColumns()
        try write(firstLine(columns), 0)
        var after: String?
        var count = 0
        repeat {
            let piece = try await piece(after: after, columns, limit: 100)
            count += piece.count
            after = piece.last
            try write(piece.bytes, count)
        } while after != nil
    }
}

extension ImportKind {
    /// What writes such a file.
    /// - Parameter location: the name of the only location that a file of stock tells of; nil for all.
    public func export(_ store: StoreID, from database: any Database, location: String? = nil) -> any SheetExport {
        switch self {
        case .products: ProductExport(database: database, store: store)
        case .stock: StockExport(database: database, store: store, location: location)
        case .customers: CustomerExport(database: database, store: store)
        case .orders: OrderExport(database: database, store: store)
        }
    }
}

extension ProductExport: SheetExport {
    /// Those of metadata.
    public func furtherColumns() async throws -> [String] { try await header().furtherNames }

    public func firstLine(_ furtherColumns: [String]) -> [UInt8] {
        text(of: Header(furtherNames: furtherColumns))
    }

    public func piece(after: String?, _ furtherColumns: [String], limit: Int) async throws -> SheetPiece {
        let place = try SheetPlace.product(after)
        let page = try await page(after: place, header: Header(furtherNames: furtherColumns), limit: limit)
        return SheetPiece(bytes: page.bytes, last: page.last?.description, count: page.count)
    }
}

/// Places in exported files, as text.
enum SheetPlace {
    static func product(_ text: String?) throws(Problem) -> ProductID? {
        guard let text else { return nil }
        guard let id = ProductID(text) else { throw fault }
        return id
    }

    static var fault: Problem {
        Problem.validation("?cursor", "format", "The cursor is the next_cursor of the piece before.")
    }
}
