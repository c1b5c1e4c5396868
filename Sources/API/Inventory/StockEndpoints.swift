import Catalog
import HTTPServer
import Inventory
import Orders
import Persistence
import Primitives
import UseCases

extension ShopAPI {
    var stockEndpoints: [Endpoint] {
        [getStock, setStock, changeStockPolicy, listStockLocations, adjustStock, listVariantMovements, listMovements]
    }

    private static let path = PathShape("variant", .identifier(IdentifierKinds.Variant.self))
    private static let reading = Policy(.secretKey("stock:read"), rateLimit: .backOffice)
    private static let writing = Policy(.secretKey("stock:write"), rateLimit: .backOffice)

    private var getStock: Endpoint {
        Endpoint(
            .get, "/api/v1/variants/{variant}/stock", "getStock",
            summary: "How many units there are and how many of them are promised", policy: Self.reading,
            takes: .path(Self.path), answers: .ok(StockView.shape)
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
            summary: "Sets how many units are at a location, the main one unless another is named",
            policy: Self.writing, takes: .path(Self.path, body: NewStockLevel.shape), answers: .ok(StockView.shape),
            problems: [.conflict: "stock.below_reserved"]
        ) { call in
            let store = try call.store
            let variant = call.path
            let set = SetStock(
                store: store, variant: variant, onHand: call.body.onHand, location: call.body.location,
                actor: call.actor, requestID: call.requestID)
            let level = try await database.write("inventory.set") { tx in
                try Self.requireVariant(variant, of: store, in: tx)
                let level = try set.run(in: tx)
                try ShelfAvailability.review(variants: [variant], store: store, in: tx)
                return level
            }
            forgetProducts(of: store)
            return .value(StockView(variant: variant, level: level))
        }
    }

    private var changeStockPolicy: Endpoint {
        Endpoint(
            .patch, "/api/v1/variants/{variant}/stock", "changeStockPolicy",
            summary: "Changes how a variant is sold: safety stock, back-orders, when it counts as low",
            policy: Self.writing, takes: .path(Self.path, body: StockPolicyPatch.shape), answers: .ok(StockView.shape)
        ) { call in
            let store = try call.store
            let (variant, patch) = (call.path, call.body)
            let change = ChangeStockPolicy(
                store: store, variant: variant, actor: call.actor, requestID: call.requestID
            ) { patch.apply(to: &$0) }
            let level = try await database.write("inventory.policy") { tx in
                try Self.requireVariant(variant, of: store, in: tx)
                let level = try change.run(in: tx)
                try ShelfAvailability.review(variants: [variant], store: store, in: tx)
                return level
            }
            forgetProducts(of: store)
            return .value(StockView(variant: variant, level: level))
        }
    }

    private var listStockLocations: Endpoint {
        Endpoint(
            .get, "/api/v1/variants/{variant}/stock/locations", "listStockLocations",
            summary: "Where the units of a variant are; the main location and those that have some",
            policy: Self.reading, takes: .path(Self.path),
            answers: .ok(.page("LocationStockPage", of: LocationStockView.shape))
        ) { call in
            let (store, variant) = (try call.store, call.path)
            let units = try await database.read("inventory.locations") { tx -> [LocationLevel] in
                try Self.requireVariant(variant, of: store, in: tx)
                guard let level = try Inventory.levels(of: [variant], store: store, in: tx).rows().first else {
                    return []
                }
                return try Inventory.units(of: level, store: store, in: tx)
            }
            return .value(
                Page(
                    units.map { LocationStockView(location: $0.location.id, onHand: $0.onHand) }, nextCursor: nil))
        }
    }

    private var adjustStock: Endpoint {
        Endpoint(
            .post, "/api/v1/variants/{variant}/stock/adjustments", "adjustStock",
            summary: "Takes units in or writes them off, with a reason",
            policy: Policy(.secretKey("stock:write"), rateLimit: .backOffice, idempotencyKey: .optional),
            takes: .path(Self.path, body: NewAdjustment.shape), answers: .created(AdjustmentView.shape),
            problems: [.conflict: "stock.below_reserved"]
        ) { call in
            let (store, request, body, variant) = (try call.store, call.optionalIdempotency, call.body, call.path)
            let adjust = AdjustStock(
                store: store, variant: variant, delta: body.delta, location: body.location,
                reason: body.reason.reason, note: body.note, order: body.order, actor: call.actor,
                requestID: call.requestID)
            let answer = try await database.write("inventory.adjust") { tx in
                try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                    try Self.requireVariant(variant, of: store, in: tx)
                    if let order = body.order, try !Orders.hasOrder(order, of: store, in: tx) {
                        throw Problem.validation("/order_id", "unknown", "There is no such order.")
                    }
                    let (movement, level) = try adjust.run(in: tx)
                    try ShelfAvailability.review(variants: [variant], store: store, in: tx)
                    let view = AdjustmentView(movement: movement, level: level)
                    return StoredAnswer(
                        status: 201, body: AdjustmentView.shape.encode(view), resource: movement.id.uuid)
                }
            }
            forgetProducts(of: store)
            return .stored(answer)
        }
    }

    private var listVariantMovements: Endpoint {
        Endpoint(
            .get, "/api/v1/variants/{variant}/stock/movements", "listVariantMovements",
            summary: "The history of a variant's stock, the newest first", policy: Self.reading,
            takes: .path(
                Self.path,
                query: QueryShape(
                    .optional("location_id", .identifier(IdentifierKinds.Location.self)),
                    .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", .identifier(IdentifierKinds.StockMovement.self))
                ) { (location: $0, limit: $1, after: $2) }),
            answers: .ok(.page("StockMovementPage", of: StockMovement.output))
        ) { call in
            let (store, variant, query) = (try call.store, call.path, call.query)
            let movements = try await database.read("inventory.movements") { tx in
                try Self.requireVariant(variant, of: store, in: tx)
                return try Inventory.movements(
                    MovementFilter(variant: variant, location: query.location), of: store, after: query.after,
                    limit: query.limit + 1, in: tx)
            }
            return .value(Page(movements, limit: query.limit) { $0.id.description })
        }
    }

    private var listMovements: Endpoint {
        Endpoint(
            .get, "/api/v1/stock-movements", "listStockMovements",
            summary: "The history of all stock, the newest first", policy: Self.reading,
            takes: .query(
                QueryShape(
                    .optional("location_id", .identifier(IdentifierKinds.Location.self)),
                    .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", .identifier(IdentifierKinds.StockMovement.self))
                ) { (location: $0, limit: $1, after: $2) }),
            answers: .ok(.page("StockMovementPage", of: StockMovement.output))
        ) { call in
            let (store, query) = (try call.store, call.query)
            let movements = try await database.read("inventory.movements") { tx in
                try Inventory.movements(
                    MovementFilter(location: query.location), of: store, after: query.after, limit: query.limit + 1,
                    in: tx)
            }
            return .value(Page(movements, limit: query.limit) { $0.id.description })
        }
    }

    static func requireVariant(_ variant: VariantID, of store: StoreID, in tx: borrowing Transaction) throws {
        guard try Catalog.hasVariant(variant, of: store, in: tx) else { throw Problem.notFound("variant") }
    }
}
