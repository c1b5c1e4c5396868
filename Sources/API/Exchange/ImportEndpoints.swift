import Exchange
import HTTPServer
import Persistence
import Primitives
import Stores
import UseCases

extension ShopAPI {
    var exchangeEndpoints: [Endpoint] {
        [
            listImports, openImport, getImport, keepImportPart, startImport, cancelImport, listImportProblems,
        ] + exportEndpoints
    }

    private static let read = Policy(.secretKey("imports:read"), rateLimit: .backOffice)
    private static let write = Policy(.secretKey("imports:write"), rateLimit: .backOffice)
    private static let path = PathShape("import", .identifier(IdentifierKinds.Import.self))

    /// - Throws: `forbidden` when the key may not change the same one by one.
    private static func require(_ kind: ImportKind, of caller: Caller) throws(Problem) {
        if let scope = kind.scope { try caller.require(scope) }
    }

    private static func require(
        _ id: ImportID, of caller: Caller, store: StoreID, in tx: borrowing Transaction
    ) throws {
        guard let found = try Exchange.find(id, of: store, in: tx) else { throw Problem.notFound("import") }
        try require(found.kind, of: caller)
    }

    private var listImports: Endpoint {
        Endpoint(
            .get, "/api/v1/imports", "listImports", summary: "The imports of the store, the newest first",
            policy: Self.read,
            takes: .query(
                QueryShape(
                    .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", .identifier(IdentifierKinds.Import.self))
                ) { (limit: $0, before: $1) }),
            answers: .ok(.page("ImportPage", of: ImportView.shape))
        ) { call in
            let (store, query) = (try call.store, call.query)
            let imports = try await database.read("exchange.list") { tx in
                try Exchange.imports(of: store, before: query.before, limit: query.limit + 1, in: tx)
            }
            return .value(Page(imports, limit: query.limit) { $0.id.description })
        }
    }

    private var openImport: Endpoint {
        Endpoint(
            .post, "/api/v1/imports", "openImport",
            summary: "Begins an import; the parts of its file come next. Customers and orders need their own scope too",
            policy: Policy(.secretKey("imports:write"), rateLimit: .backOffice, idempotencyKey: .optional),
            takes: .body(NewImport.shape), answers: .created(ImportView.shape)
        ) { call in
            let store = try call.store
            try Self.require(call.body.kind, of: call.caller)
            let open = OpenImport(
                store: store, kind: call.body.kind, fileName: call.body.fileName, isDryRun: call.body.isDryRun,
                actor: call.actor)
            let request = call.optionalIdempotency
            let answer = try await database.write("exchange.open") { tx in
                try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                    let opened = try open.run(in: tx)
                    return StoredAnswer(
                        status: 201, body: ImportView.shape.encode(opened), resource: opened.id.uuid)
                }
            }
            return .stored(answer)
        }
    }

    private var getImport: Endpoint {
        Endpoint(
            .get, "/api/v1/imports/{import}", "getImport", summary: "How far an import is and what came of it",
            policy: Self.read, takes: .path(Self.path), answers: .ok(ImportView.shape)
        ) { call in
            let (store, id) = (try call.store, call.path)
            let found = try await database.read("exchange.find") { tx in try Exchange.find(id, of: store, in: tx) }
            guard let found else { throw Problem.notFound("import") }
            return .value(found)
        }
    }

    private var keepImportPart: Endpoint {
        Endpoint(
            .put, "/api/v1/imports/{import}/parts/{part}", "keepImportPart",
            summary: "Keeps a part of the file, numbered from 1; cut it anywhere", policy: Self.write,
            takes: .file(
                PathShape(
                    "import", .identifier(IdentifierKinds.Import.self), "part", .integer(1...Exchange.mostParts)),
                type: "text/csv"),
            answers: .ok(ImportView.part), problems: [.conflict: "import.started"]
        ) { call in
            let (store, (id, number), content) = (try call.store, call.path, call.body.bytes)
            let caller = call.caller
            let keep = KeepPart(store: store, id: id, number: number, content: content)
            try await database.write("exchange.part") { tx in
                try Self.require(id, of: caller, store: store, in: tx)
                try keep.run(in: tx)
            }
            return .value(ImportPart(number: number, size: content.count))
        }
    }

    private var startImport: Endpoint {
        Endpoint(
            .post, "/api/v1/imports/{import}/start", "startImport",
            summary: "Says that the file is complete; sent again it changes nothing", policy: Self.write,
            takes: .path(Self.path), answers: .ok(ImportView.shape), problems: [.conflict: "import.incomplete"]
        ) { call in
            let (store, id, requestID, caller) = (try call.store, call.path, call.requestID, call.caller)
            let started = try await database.write("exchange.start") { tx in
                try Self.require(id, of: caller, store: store, in: tx)
                return try ImportWork.start(id, of: store, requestID: requestID, in: tx)
            }
            return .value(started)
        }
    }

    private var cancelImport: Endpoint {
        Endpoint(
            .post, "/api/v1/imports/{import}/cancellation", "cancelImport",
            summary: "Stops an import where it is; what came in stays", policy: Self.write,
            takes: .path(Self.path), answers: .ok(ImportView.shape)
        ) { call in
            let (store, id, caller) = (try call.store, call.path, call.caller)
            let ended = try await database.write("exchange.cancel") { tx in
                try Self.require(id, of: caller, store: store, in: tx)
                return try FinishImport.canceling(id, of: store).run(in: tx)
            }
            return .value(ended)
        }
    }

    private var listImportProblems: Endpoint {
        Endpoint(
            .get, "/api/v1/imports/{import}/problems", "listImportProblems",
            summary: "What was refused or changed, by row and column", policy: Self.read,
            takes: .path(
                Self.path,
                query: QueryShape(
                    .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", .integer(0...Exchange.mostProblems), default: 0)
                ) { (limit: $0, after: $1) }),
            answers: .ok(.page("ImportProblemPage", of: ImportView.problem))
        ) { call in
            let (store, id, query) = (try call.store, call.path, call.query)
            let problems = try await database.read("exchange.problems") { tx in
                guard try Exchange.find(id, of: store, in: tx) != nil else { throw Problem.notFound("import") }
                return try Exchange.problems(
                    of: id, store: store, after: query.after, limit: query.limit + 1, in: tx
                ).map { NumberedProblem(number: $0.number, problem: $0.problem) }
            }
            return .value(Page(problems, limit: query.limit) { String($0.number) })
        }
    }
}

extension ImportKind {
    /// What a key has to have beside `imports:write`: who may fill the shelves may not write orders yet.
    fileprivate var scope: Scope? {
        switch self {
        case .products, .stock: nil
        case .customers: "customers:write"
        case .orders: "orders:write"
        }
    }
}
