import Exchange
import FoundationEssentials
import HTTPServer
import Primitives
import UseCases

/// Pieces of whole lines that are put together by whoever asks: no answer is longer than a page of things.
extension ShopAPI {
    var exportEndpoints: [Endpoint] { [exportProducts, exportStock, exportCustomers, exportOrders] }

    private var exportProducts: Endpoint {
        Endpoint(
            .get, "/api/v1/exports/products", "exportProducts",
            summary: "The products as Shopify's CSV file, in pieces that follow each other",
            policy: Policy(.secretKey("products:read"), rateLimit: .backOffice), takes: .query(Self.page),
            answers: .ok(ExportedPiece.shape)
        ) { call in
            .value(try await piece(.products, of: try call.store, call.query))
        }
    }

    private var exportStock: Endpoint {
        Endpoint(
            .get, "/api/v1/exports/stock", "exportStock",
            summary: "The levels of stock as Shopify's inventory file, in pieces that follow each other",
            policy: Policy(.secretKey("stock:read"), rateLimit: .backOffice),
            takes: .query(
                QueryShape(
                    .optional("limit", .integer(1...100), default: 100),
                    .optional("cursor", .text(1...4000)),
                    .optional("location", .text(1...100))
                ) { ExportQuery(limit: $0, cursor: $1, location: $2) }),
            answers: .ok(ExportedPiece.shape)
        ) { call in
            .value(try await piece(.stock, of: try call.store, call.query))
        }
    }

    private var exportCustomers: Endpoint {
        Endpoint(
            .get, "/api/v1/exports/customers", "exportCustomers",
            summary: "The customers as Shopify's CSV file, in pieces that follow each other",
            policy: Policy(.secretKey("customers:read"), rateLimit: .backOffice), takes: .query(Self.page),
            answers: .ok(ExportedPiece.shape)
        ) { call in
            .value(try await piece(.customers, of: try call.store, call.query))
        }
    }

    private var exportOrders: Endpoint {
        Endpoint(
            .get, "/api/v1/exports/orders", "exportOrders",
            summary: "The orders as Shopify's CSV file, in pieces that follow each other",
            policy: Policy(.secretKey("orders:read"), rateLimit: .backOffice), takes: .query(Self.page),
            answers: .ok(ExportedPiece.shape)
        ) { call in
            .value(try await piece(.orders, of: try call.store, call.query))
        }
    }

    private static let page = QueryShape(
        .optional("limit", .integer(1...100), default: 100),
        .optional("cursor", .text(1...4000))
    ) { ExportQuery(limit: $0, cursor: $1, location: nil) }

    private func piece(_ kind: ImportKind, of store: StoreID, _ query: ExportQuery) async throws -> ExportedPiece {
        let export = kind.export(store, from: database, location: query.location)
        let place = try query.cursor.map { text in
            guard let place = ExportPlace(text: text) else {
                throw Problem.validation("?cursor", "format", "The cursor is the next_cursor of the piece before.")
            }
            return place
        }
        let columns = if let known = place?.columns { known } else { try await export.furtherColumns() }
        let piece = try await export.piece(after: place?.after, columns, limit: query.limit)
        let head = place == nil ? export.firstLine(columns) : []
        return ExportedPiece(
            csv: String(decoding: head + piece.bytes, as: UTF8.self),
            rest: piece.last.map { ExportPlace(after: $0, columns: columns).text })
    }
}

/// Which part of a file is wanted.
private struct ExportQuery: Sendable {
    let limit: Int
    let cursor: String?
    let location: String?
}
