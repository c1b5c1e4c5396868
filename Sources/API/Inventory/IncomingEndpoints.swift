import HTTPServer
import Inventory
import Persistence
import Primitives
import UseCases

extension ShopAPI {
    var incomingEndpoints: [Endpoint] {
        [listIncoming, expectStock, getIncoming, changeIncoming, receiveStock, cancelIncoming]
    }

    private static let path = PathShape("incoming", .identifier(IdentifierKinds.IncomingStock.self))
    private static let reading = Policy(.secretKey("stock:read"), rateLimit: .backOffice)
    private static let writing = Policy(.secretKey("stock:write"), rateLimit: .backOffice)
    private static let writingOnce = Policy(
        .secretKey("stock:write"), rateLimit: .backOffice, idempotencyKey: .optional)

    private var listIncoming: Endpoint {
        Endpoint(
            .get, "/api/v1/incoming-stock", "listIncomingStock",
            summary: "What suppliers are expected to bring, the newest first", policy: Self.reading,
            takes: .query(
                QueryShape(
                    .optional("status", .oneOf(IncomingStatus.self)),
                    .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", .identifier(IdentifierKinds.IncomingStock.self))
                ) { (status: $0, limit: $1, after: $2) }),
            answers: .ok(.page("IncomingStockPage", of: IncomingStock.output))
        ) { call in
            let (store, query) = (try call.store, call.query)
            let found = try await database.read("inventory.incoming") { tx in
                try Inventory.incoming(query.status, of: store, after: query.after, limit: query.limit + 1, in: tx)
            }
            return .value(Page(found, limit: query.limit) { $0.id.description })
        }
    }

    private var expectStock: Endpoint {
        Endpoint(
            .post, "/api/v1/incoming-stock", "expectStock", summary: "Notes units that a supplier is to bring",
            policy: Self.writingOnce, takes: .body(NewIncoming.shape), answers: .created(IncomingStock.output),
            problems: [.conflict: "location.closed"]
        ) { call in
            let (store, request, body) = (try call.store, call.optionalIdempotency, call.body)
            let expect = ExpectStock(
                store: store, variant: body.variant, quantity: body.quantity, location: body.location,
                expectedAt: body.expectedAt, supplier: body.supplier, note: body.note, actor: call.actor,
                requestID: call.requestID)
            let answer = try await database.write("inventory.expect") { tx in
                try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                    try Self.requireKnown([body.variant], of: store, in: tx) { _ in "/variant_id" }
                    let incoming = try expect.run(in: tx)
                    // What was not tracked is now, and nothing of it is there.
                    try ShelfAvailability.review(variants: [incoming.variant], store: store, in: tx)
                    return StoredAnswer(
                        status: 201, body: IncomingStock.output.encode(incoming), resource: incoming.id.uuid)
                }
            }
            forgetProducts(of: store)
            return .stored(answer)
        }
    }

    private var getIncoming: Endpoint {
        Endpoint(
            .get, "/api/v1/incoming-stock/{incoming}", "getIncomingStock", summary: "An expected delivery",
            policy: Self.reading, takes: .path(Self.path), answers: .ok(IncomingStock.output)
        ) { call in
            let (store, id) = (try call.store, call.path)
            let found = try await database.read("inventory.incoming") { tx in
                try Inventory.incoming(id, of: store, in: tx)
            }
            guard let found else { throw Problem.notFound("delivery") }
            return .value(found)
        }
    }

    private var changeIncoming: Endpoint {
        Endpoint(
            .patch, "/api/v1/incoming-stock/{incoming}", "changeIncomingStock",
            summary: "Changes what is known of a delivery", policy: Self.writing,
            takes: .path(Self.path, body: IncomingPatch.shape), answers: .ok(IncomingStock.output),
            problems: [.conflict: "incoming.not_expected"]
        ) { call in
            let (store, body) = (try call.store, call.body)
            let change = ChangeIncoming(
                store: store, id: call.path,
                .details(expectedAt: body.expectedAt, supplier: body.supplier, note: body.note), actor: call.actor,
                requestID: call.requestID)
            let incoming = try await database.write("inventory.incoming") { tx in try change.run(in: tx) }
            forgetProducts(of: store)
            return .value(incoming)
        }
    }

    private var receiveStock: Endpoint {
        Endpoint(
            .post, "/api/v1/incoming-stock/{incoming}/receipts", "receiveStock",
            summary: "Takes in what has come of a delivery, in part or whole", policy: Self.writingOnce,
            takes: .path(
                Self.path,
                body: InputShape<Int>.object("NewReceipt", .required("quantity", .integer(stockQuantity))) { $0 }),
            answers: .created(IncomingStock.output), problems: [.conflict: "incoming.too_many"]
        ) { call in
            let (store, request) = (try call.store, call.optionalIdempotency)
            let change = ChangeIncoming(
                store: store, id: call.path, .receive(call.body), actor: call.actor, requestID: call.requestID)
            let answer = try await database.write("inventory.receive") { tx in
                try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                    let incoming = try change.run(in: tx)
                    try ShelfAvailability.review(variants: [incoming.variant], store: store, in: tx)
                    return StoredAnswer(
                        status: 201, body: IncomingStock.output.encode(incoming), resource: incoming.id.uuid)
                }
            }
            forgetProducts(of: store)
            return .stored(answer)
        }
    }

    private var cancelIncoming: Endpoint {
        Endpoint(
            .post, "/api/v1/incoming-stock/{incoming}/cancellation", "cancelIncomingStock",
            summary: "Says that what is left of a delivery will not come", policy: Self.writing,
            takes: .path(Self.path), answers: .ok(IncomingStock.output),
            problems: [.conflict: "incoming.not_expected"]
        ) { call in
            let store = try call.store
            let change = ChangeIncoming(
                store: store, id: call.path, .cancel, actor: call.actor, requestID: call.requestID)
            let incoming = try await database.write("inventory.incoming") { tx in try change.run(in: tx) }
            forgetProducts(of: store)
            return .value(incoming)
        }
    }
}
