import Catalog
import HTTPServer
import Inventory
import Persistence
import Primitives
import UseCases

extension ShopAPI {
    var transferEndpoints: [Endpoint] {
        [listTransfers, draftTransfer, getTransfer, sendTransfer, receiveTransfer, cancelTransfer]
    }

    private static let path = PathShape("transfer", .identifier(IdentifierKinds.StockTransfer.self))
    private static let reading = Policy(.secretKey("stock:read"), rateLimit: .backOffice)
    private static let writing = Policy(.secretKey("stock:write"), rateLimit: .backOffice)

    private var listTransfers: Endpoint {
        Endpoint(
            .get, "/api/v1/stock-transfers", "listStockTransfers",
            summary: "Transfers between locations, the newest first", policy: Self.reading,
            takes: .query(
                QueryShape(
                    .optional("status", .oneOf(TransferStatus.self)),
                    .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", .identifier(IdentifierKinds.StockTransfer.self))
                ) { (status: $0, limit: $1, after: $2) }),
            answers: .ok(.page("StockTransferPage", of: StockTransfer.output))
        ) { call in
            let (store, query) = (try call.store, call.query)
            let found = try await database.read("inventory.transfers") { tx in
                try Inventory.transfers(query.status, of: store, after: query.after, limit: query.limit + 1, in: tx)
            }
            return .value(Page(found, limit: query.limit) { $0.id.description })
        }
    }

    private var draftTransfer: Endpoint {
        Endpoint(
            .post, "/api/v1/stock-transfers", "draftStockTransfer",
            summary: "Writes down what is to go from one location to another",
            policy: Policy(.secretKey("stock:write"), rateLimit: .backOffice, idempotencyKey: .optional),
            takes: .body(NewTransfer.shape), answers: .created(StockTransfer.output)
        ) { call in
            let (store, request, body) = (try call.store, call.optionalIdempotency, call.body)
            let draft = DraftTransfer(store: store, from: body.from, to: body.to, lines: body.lines, note: body.note)
            let answer = try await database.write("inventory.transfer") { tx in
                try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                    try Self.requireKnown(body.lines.map(\.variant), of: store, in: tx) { "/lines/\($0)/variant_id" }
                    let transfer = try draft.run(in: tx)
                    return StoredAnswer(
                        status: 201, body: StockTransfer.output.encode(transfer), resource: transfer.id.uuid)
                }
            }
            return .stored(answer)
        }
    }

    private var getTransfer: Endpoint {
        Endpoint(
            .get, "/api/v1/stock-transfers/{transfer}", "getStockTransfer", summary: "A transfer",
            policy: Self.reading, takes: .path(Self.path), answers: .ok(StockTransfer.output)
        ) { call in
            let (store, id) = (try call.store, call.path)
            let found = try await database.read("inventory.transfer") { tx in
                try Inventory.transfer(id, of: store, in: tx)
            }
            guard let found else { throw Problem.notFound("transfer") }
            return .value(found)
        }
    }

    private var sendTransfer: Endpoint {
        Endpoint(
            .post, "/api/v1/stock-transfers/{transfer}/shipment", "sendStockTransfer",
            summary: "The units leave: they are on their way and not for sale", policy: Self.writing,
            takes: .path(Self.path), answers: .ok(StockTransfer.output),
            problems: [.conflict: "stock.insufficient_at_location"]
        ) { call in
            .value(
                try await advance(call.path, .send, of: try call.store, actor: call.actor, requestID: call.requestID))
        }
    }

    private var receiveTransfer: Endpoint {
        Endpoint(
            .post, "/api/v1/stock-transfers/{transfer}/receipt", "receiveStockTransfer",
            summary: "The units have come, all as they were sent unless lines say otherwise", policy: Self.writing,
            takes: .path(Self.path, body: TransferArrival.shape), answers: .ok(StockTransfer.output),
            problems: [.conflict: "transfer.not_possible"]
        ) { call in
            .value(
                try await advance(
                    call.path, .receive(call.body.arrived), of: try call.store, actor: call.actor,
                    requestID: call.requestID))
        }
    }

    private var cancelTransfer: Endpoint {
        Endpoint(
            .post, "/api/v1/stock-transfers/{transfer}/cancellation", "cancelStockTransfer",
            summary: "Gives a transfer up; units on their way go back", policy: Self.writing, takes: .path(Self.path),
            answers: .ok(StockTransfer.output), problems: [.conflict: "transfer.not_possible"]
        ) { call in
            .value(
                try await advance(
                    call.path, .cancel, of: try call.store, actor: call.actor, requestID: call.requestID))
        }
    }

    private func advance(
        _ id: StockTransferID, _ step: AdvanceTransfer.Step, of store: StoreID, actor: Actor, requestID: String
    ) async throws -> StockTransfer {
        let advance = AdvanceTransfer(store: store, id: id, step, actor: actor, requestID: requestID)
        let transfer = try await database.write("inventory.transfer") { tx in
            let transfer = try advance.run(in: tx)
            try ShelfAvailability.review(variants: transfer.lines.map(\.variant), store: store, in: tx)
            return transfer
        }
        forgetProducts(of: store)
        return transfer
    }

    /// - Throws: `validation.failed` with the pointers of variants that the catalogue does not have.
    static func requireKnown(
        _ variants: [VariantID], of store: StoreID, in tx: borrowing Transaction, pointer: (Int) -> String
    ) throws {
        let known = Set(try Catalog.sellableVariants(variants, of: store, in: tx).rows().map(\.id))
        let errors = variants.enumerated().filter { !known.contains($0.element) }.map { index, _ in
            Problem.FieldError(pointer: pointer(index), code: "unknown", detail: "There is no such variant.")
        }
        guard errors.isEmpty else { throw Problem.validation(Array(errors.prefix(100))) }
    }
}
