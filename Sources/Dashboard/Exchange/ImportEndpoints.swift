import Exchange
import HTTPServer
import Persistence
import Primitives
import UseCases

extension Dashboard {
    var importEndpoints: [Endpoint] { [importList, uploadImport, importPage, cancelImport] + exports }

    private static let path = PathShape("import", .identifier(IdentifierKinds.Import.self))
    /// The longest file that is taken in one piece; longer ones come through the API or the command line.
    static let longestUpload = 8 << 20
    /// Products, or other things, in a file that is handed out in one piece.
    static let mostExported = 10_000
    /// Bytes of such a file.
    static let longestDownload = 32 << 20

    private var importList: Endpoint {
        Endpoint(
            .get, "/dashboard/imports", "showImports", summary: "Imports and exports",
            policy: Access.reading("imports:read"), takes: .page, answers: .web
        ) { call in
            try await list(
                of: try call.store, before: call.query["before"].flatMap { ImportID($0) },
                notice: Notice(call.query))
        }
    }

    private var uploadImport: Endpoint {
        var policy = Access.changing("imports:write")
        // The file, and some bytes around it.
        policy.bodyLimitBytes = Self.longestUpload + 65_536
        policy.timeoutSeconds = 60
        return Endpoint(
            .post, "/dashboard/imports", "uploadImport", summary: "Brings a file in", policy: policy, takes: .upload,
            answers: .web
        ) { call in
            let store = try call.store
            let upload = call.body
            var faults = Faults()
            if upload.content.isEmpty { faults.add("file", "Choose a CSV file that is not empty.") }
            if upload.content.count > Self.longestUpload {
                faults.add("file", "The file is longer than 8 MiB: use `shipshape import` or the API.")
            }
            let kind = ImportKind(rawValue: upload.form["kind"] ?? ImportKind.products.rawValue)
            if kind == nil { faults.add("kind", "Say what the file holds.") }
            guard let kind, faults.isEmpty else { return try await list(of: store, faults: faults) }
            let open = OpenImport(
                store: store, kind: kind, fileName: upload.fileName, isDryRun: upload.form["dry_run"] == "yes",
                actor: call.actor)
            let requestID = call.requestID
            let started = try await database.write("exchange.upload") { tx in
                let opened = try open.run(in: tx)
                var rest = upload.content[...]
                var number = 0
                while !rest.isEmpty {
                    number += 1
                    let part = Array(rest.prefix(Exchange.longestPart))
                    try KeepPart(store: store, id: opened.id, number: number, content: part).run(in: tx)
                    rest = rest.dropFirst(part.count)
                }
                return try ImportWork.start(opened.id, of: store, requestID: requestID, in: tx)
            }
            return .value(.redirect(to: "/dashboard/imports/\(started.id)"))
        }
    }

    private var importPage: Endpoint {
        Endpoint(
            .get, "/dashboard/imports/{import}", "showImport", summary: "How far an import is and what came of it",
            policy: Access.reading("imports:read"), takes: .page(Self.path), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            let after = max(0, call.query["after"].flatMap { Int($0) } ?? 0)
            let view = try await database.read("exchange.page") { tx in
                guard let found = try Exchange.find(id, of: store, in: tx) else { throw Problem.notFound("import") }
                let problems = try Exchange.problems(
                    of: id, store: store, after: after, limit: Self.pageSize + 1, in: tx)
                return ImportPage(
                    state: found, problems: Array(problems.prefix(Self.pageSize)).map(\.problem),
                    isBeginning: after == 0,
                    next: problems.count > Self.pageSize ? problems[Self.pageSize - 1].number : nil)
            }
            return try await page(.products, view.title, of: store).answer(view.html)
        }
    }

    private var cancelImport: Endpoint {
        Endpoint(
            .post, "/dashboard/imports/{import}/cancellation", "cancelImportPage",
            summary: "Stops an import where it is", policy: Access.changing("imports:write"), takes: .form(Self.path),
            answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            _ = try await database.write("exchange.cancel") { tx in
                try FinishImport.canceling(id, of: store).run(in: tx)
            }
            return .value(.redirect(to: "/dashboard/imports/\(id)"))
        }
    }

    private var exports: [Endpoint] {
        [
            export(.products, "downloadProducts", "products:read"), export(.stock, "downloadStock", "stock:read"),
            export(.customers, "downloadCustomers", "customers:read"),
            export(.orders, "downloadOrders", "orders:read"),
        ]
    }

    private func export(_ kind: ImportKind, _ name: String, _ scope: Scope) -> Endpoint {
        Endpoint(
            .get, "/dashboard/exports/\(kind.rawValue)", name, summary: "\(kind.words) as a CSV file",
            policy: Access.reading(scope), takes: .page, answers: .web
        ) { call in
            var bytes: [UInt8] = []
            try await kind.export(try call.store, from: database).run { piece, count in
                bytes += piece
                guard count <= Self.mostExported, bytes.count <= Self.longestDownload else {
                    throw Problem(
                        .invalid, "export.too_long",
                        "The file is too long for a page: `shipshape export \(kind.rawValue)` writes it whole, and so"
                            + " do the pieces of GET /api/v1/exports/\(kind.rawValue).")
                }
            }
            var answer = WebAnswer.content(EncodedBody(bytes), type: "text/csv; charset=utf-8")
            answer.headers = [
                (name: "Content-Disposition", value: "attachment; filename=\"\(kind.rawValue).csv\""),
                (name: "Cache-Control", value: "no-store"),
            ]
            return .value(answer)
        }
    }

    private func list(
        of store: StoreID, before: ImportID? = nil, faults: Faults = Faults(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("exchange.list") { tx in
            let found = try Exchange.imports(of: store, before: before, limit: Self.pageSize + 1, in: tx)
            return ImportListPage(
                imports: Array(found.prefix(Self.pageSize)), isBeginning: before == nil,
                next: found.count > Self.pageSize ? found[Self.pageSize - 1].id : nil, faults: faults)
        }
        var page = try await page(.products, "Import and export", of: store)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}
