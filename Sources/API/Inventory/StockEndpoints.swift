import Catalog
import HTTPServer
import Inventory
import Persistence
import Primitives
import UseCases

/// The stock of a variant as it is answered; nulls while it is not tracked.
struct StockView: Sendable {
    let variant: VariantID
    let level: StockLevel?

    static let shape = OutputShape<StockView>.object(
        "Stock",
        .field("variant_id", .identifier(), \.variant),
        .nullable("on_hand", .integer, \.level?.onHand),
        .nullable("reserved", .integer, \.level?.reserved),
        .nullable("available", .integer, \.level?.available))
}

extension ShopAPI {
    var stockEndpoints: [Endpoint] { [getStock, setStock] }

    private static let path = PathShape("variant", .identifier(IdentifierKinds.Variant.self))
    private static let stockLevel = InputShape<Int>.object(
        "StockLevel", .required("on_hand", .integer(0...1_000_000_000))
    ) { $0 }

    private var getStock: Endpoint {
        Endpoint(
            .get, "/api/v1/variants/{variant}/stock", "getStock",
            summary: "How many units there are and how many of them are promised",
            policy: Policy(.secretKey("stock:read"), rateLimit: .backOffice), takes: .path(Self.path),
            answers: .ok(StockView.shape)
        ) { call in
            let store = try call.store
            let variant = call.path
            let level = try await database.read("inventory.level") { tx in
                try Self.requireVariant(variant, of: store, in: tx)
                return try Inventory.levels(of: [variant], store: store, in: tx).rows().first
            }
            return .value(StockView(variant: variant, level: level))
        }
    }

    private var setStock: Endpoint {
        Endpoint(
            .put, "/api/v1/variants/{variant}/stock", "setStock",
            summary: "Sets how many units there are; from then on the variant is tracked",
            policy: Policy(.secretKey("stock:write"), rateLimit: .backOffice),
            takes: .path(Self.path, body: Self.stockLevel), answers: .ok(StockView.shape),
            problems: [.conflict: "stock.below_reserved"]
        ) { call in
            let store = try call.store
            let (variant, onHand, actor, requestID) = (call.path, call.body, call.actor, call.requestID)
            let level = try await database.write("inventory.set") { tx in
                try Self.requireVariant(variant, of: store, in: tx)
                let level = try SetStock(
                    store: store, variant: variant, onHand: onHand, actor: actor, requestID: requestID
                ).run(in: tx)
                try ShelfAvailability.review(variants: [variant], store: store, in: tx)
                return level
            }
            forgetProducts(of: store)
            return .value(StockView(variant: variant, level: level))
        }
    }

    private static func requireVariant(_ variant: VariantID, of store: StoreID, in tx: borrowing Transaction) throws {
        guard try Catalog.hasVariant(variant, of: store, in: tx) else { throw Problem.notFound("variant") }
    }
}
