import HTTPServer
import Inventory
import Persistence
import Primitives
import UseCases

extension ShopAPI {
    var countEndpoints: [Endpoint] { [listCounts, startCount, getCount, enterCount, applyCount, cancelCount] }

    private static let path = PathShape("count", .identifier(IdentifierKinds.StockCount.self))
    private static let reading = Policy(.secretKey("stock:read"), rateLimit: .backOffice)
    private static let writing = Policy(.secretKey("stock:write"), rateLimit: .backOffice)

    private var listCounts: Endpoint {
        Endpoint(
            .get, "/api/v1/stock-counts", "listStockCounts", summary: "Counts of what is there, the newest first",
            policy: Self.reading,
            takes: .query(
                QueryShape(
                    .optional("status", .oneOf(CountStatus.self)),
                    .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", .identifier(IdentifierKinds.StockCount.self))
                ) { (status: $0, limit: $1, after: $2) }),
            answers: .ok(.page("StockCountPage", of: StockCount.summary))
        ) { call in
            let (store, query) = (try call.store, call.query)
            let found = try await database.read("inventory.counts") { tx in
                try Inventory.counts(query.status, of: store, after: query.after, limit: query.limit + 1, in: tx)
            }
            return .value(Page(found, limit: query.limit) { $0.id.description })
        }
    }

    private var startCount: Endpoint {
        Endpoint(
            .post, "/api/v1/stock-counts", "startStockCount", summary: "Begins a count of what is at a location",
            policy: Policy(.secretKey("stock:write"), rateLimit: .backOffice, idempotencyKey: .optional),
            takes: .body(NewCount.shape), answers: .created(StockCount.output)
        ) { call in
            let (store, request) = (try call.store, call.optionalIdempotency)
            let start = StartCount(store: store, location: call.body.location, note: call.body.note)
            let answer = try await database.write("inventory.count") { tx in
                try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                    let count = try start.run(in: tx)
                    return StoredAnswer(status: 201, body: StockCount.output.encode(count), resource: count.id.uuid)
                }
            }
            return .stored(answer)
        }
    }

    private var getCount: Endpoint {
        Endpoint(
            .get, "/api/v1/stock-counts/{count}", "getStockCount",
            summary: "A count: what the books had, and what was there", policy: Self.reading,
            takes: .path(Self.path), answers: .ok(StockCount.output)
        ) { call in
            let (store, id) = (try call.store, call.path)
            let found = try await database.read("inventory.count") { tx in
                try Inventory.count(id, of: store, in: tx)
            }
            guard let found else { throw Problem.notFound("count") }
            return .value(found)
        }
    }

    private var enterCount: Endpoint {
        Endpoint(
            .patch, "/api/v1/stock-counts/{count}/lines", "enterStockCount",
            summary: "Writes down what was counted, beside what the books have at this moment", policy: Self.writing,
            takes: .path(Self.path, body: CountedLines.shape), answers: .ok(StockCount.output),
            problems: [.conflict: "count.not_open"]
        ) { call in
            let (store, counted) = (try call.store, call.body.counted)
            let enter = EnterCount(store: store, id: call.path, counted: counted)
            let order = call.body.variants
            let count = try await database.write("inventory.count") { tx in
                let count = try enter.run(in: tx)
                try Self.requireKnown(order, of: store, in: tx) { "/lines/\($0)/variant_id" }
                return count
            }
            return .value(count)
        }
    }

    private var applyCount: Endpoint {
        Endpoint(
            .post, "/api/v1/stock-counts/{count}/application", "applyStockCount",
            summary: "Brings the books to what was counted, by the differences", policy: Self.writing,
            takes: .path(Self.path), answers: .ok(StockCount.output), problems: [.conflict: "count.not_open"]
        ) { call in
            let store = try call.store
            let apply = CountApplication(store: store, count: call.path, actor: call.actor, requestID: call.requestID)
            let count = try await database.write("inventory.count") { tx in try apply.run(in: tx) }
            forgetProducts(of: store)
            return .value(count)
        }
    }

    private var cancelCount: Endpoint {
        Endpoint(
            .post, "/api/v1/stock-counts/{count}/cancellation", "cancelStockCount", summary: "Gives a count up",
            policy: Self.writing, takes: .path(Self.path), answers: .ok(StockCount.output),
            problems: [.conflict: "count.not_open"]
        ) { call in
            let close = CloseCount(
                store: try call.store, id: call.path, .cancel, actor: call.actor, requestID: call.requestID)
            return .value(try await database.write("inventory.count") { tx in try close.run(in: tx) })
        }
    }
}
