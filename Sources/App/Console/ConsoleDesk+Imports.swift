import Exchange
import FoundationEssentials
import Persistence
import Primitives
import Stores
import UseCases

extension ConsoleDesk {
    func openImport(_ arguments: JSON) async throws -> JSON {
        let store = try Self.importingStore(in: arguments)
        guard let kind = arguments["kind"]?.string.flatMap(ImportKind.init) else {
            let kinds = ImportKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.validation("/kind", "kind", "What can be imported: \(kinds).")
        }
        let (name, isDryRun) = (arguments["file_name"]?.string ?? "", arguments["dry_run"]?.bool ?? false)
        let opened = try await database.write("exchange.open") { tx in
            guard try Stores.store(store, in: tx) != nil else { throw Problem.notFound("store") }
            return try OpenImport(
                store: store, kind: kind, fileName: name, isDryRun: isDryRun, actor: .operatorConsole
            ).run(in: tx)
        }
        return opened.json
    }

    func keepImportPart(_ arguments: JSON) async throws -> JSON {
        let (store, id) = (try Self.importingStore(in: arguments), try Self.importID(in: arguments))
        // Any bytes have to arrive as they are, also those that are no text.
        guard let number = arguments["part"]?.integer, let text = arguments["content"]?.string,
            let content = Data(base64Encoded: text)
        else { throw Problem.validation("/content", "content", "The part cannot be read.") }
        let part = KeepPart(store: store, id: id, number: number, content: Array(content))
        try await database.write("exchange.part") { tx in try part.run(in: tx) }
        return ["part": JSON(number)]
    }

    func startImport(_ arguments: JSON) async throws -> JSON {
        let (store, id) = (try Self.importingStore(in: arguments), try Self.importID(in: arguments))
        let isInHands = arguments["in_hands"]?.bool ?? false
        let started = try await database.write("exchange.start") { tx in
            try ImportWork.start(id, of: store, isInHands: isInHands, requestID: nil, in: tx)
        }
        return started.json
    }

    func showImport(_ arguments: JSON) async throws -> JSON {
        let (store, id) = (try Self.importingStore(in: arguments), try Self.importID(in: arguments))
        let found = try await database.read("exchange.find") { tx in try Exchange.find(id, of: store, in: tx) }
        guard let found else { throw Problem.notFound("import") }
        return found.json
    }

    func listImportProblems(_ arguments: JSON) async throws -> JSON {
        let (store, id) = (try Self.importingStore(in: arguments), try Self.importID(in: arguments))
        let after = arguments["after"]?.integer ?? 0
        let problems = try await database.read("exchange.problems") { tx in
            try Exchange.problems(of: id, store: store, after: after, limit: Self.largestPage, in: tx)
        }
        return [
            "problems": .array(problems.map(\.problem.json)),
            "next": JSON(problems.count == Self.largestPage ? problems.last?.number : nil),
        ]
    }

    private static func importingStore(in arguments: JSON) throws -> StoreID {
        guard let store = arguments["store"]?.identifier(IdentifierKinds.Store.self) else {
            throw Problem.validation("/store", "identifier", "The store is no id such as sto_….")
        }
        return store
    }

    private static func importID(in arguments: JSON) throws -> ImportID {
        guard let id = arguments["import"]?.identifier(IdentifierKinds.Import.self) else {
            throw Problem.validation("/import", "identifier", "The import is no id such as imp_….")
        }
        return id
    }
}

extension Import {
    /// As the command line and the interface show it.
    var json: JSON {
        [
            "id": JSON(id), "kind": JSON(kind.rawValue), "file_name": JSON(fileName), "dry_run": .bool(isDryRun),
            "state": JSON(state.rawValue), "bytes": JSON(bytes), "bytes_done": JSON(min(place.offset, bytes)),
            "rows": JSON(counts.rows), "created": JSON(counts.created), "updated": JSON(counts.updated),
            "unchanged": JSON(counts.unchanged), "refused": JSON(counts.refused), "problems": JSON(counts.problems),
            "failure": JSON(failure.isEmpty ? nil : failure), "created_at": JSON(createdAt),
            "finished_at": JSON(finishedAt),
        ]
    }
}

extension ImportProblem {
    var json: JSON {
        [
            "row": JSON(line), "column": JSON(column), "code": JSON(code), "detail": JSON(detail),
            "severity": JSON(severity.rawValue),
        ]
    }
}
