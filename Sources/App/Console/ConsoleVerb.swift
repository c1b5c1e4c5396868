import Catalog
import Jobs
import Persistence
import Primitives
import Readiness
import Stores

/// What the command line asks of whoever has the database open for writing: one line of JSON there, one back.
public enum ConsoleVerb: String, Sendable, CaseIterable {
    case createStore = "stores.create"
    case listStores = "stores.list"
    case createKey = "keys.create"
    case listKeys = "keys.list"
    case revokeKey = "keys.revoke"
    /// Makes a link that signs an owner in to the dashboard once.
    case signIn = "identity.sign_in"
    case listDeadLetters = "jobs.list"
    case retryDeadLetters = "jobs.retry"
    case discardDeadLetters = "jobs.discard"
    case recordEvidence = "readiness.record"
    /// What the engine says about itself; only the connection that writes knows all of it.
    case inspect = "database.inspect"
    /// Where the server listens, and where it takes Stripe to be.
    case address = "server.address"
    case openImport = "imports.open"
    case keepImportPart = "imports.part"
    case startImport = "imports.start"
    case showImport = "imports.show"
    case listImportProblems = "imports.problems"
}

/// Carries verbs out, in the server or in the command line itself.
struct ConsoleDesk: Sendable {
    let database: any Database
    /// Where the server listens; nil outside one.
    let address: ListeningAddress?
    /// The scopes that the endpoints of this version ask for.
    let scopes: Set<String>
    /// Where browsers reach the installation, when the settings say so.
    var publicURL: String?
    /// Where card payments are made.
    var stripeAddress: String?

    func perform(_ verb: ConsoleVerb, _ arguments: JSON) async throws -> JSON {
        switch verb {
        case .createStore: try await createStore(arguments)
        case .listStores: try await listStores()
        case .createKey: try await createKey(arguments)
        case .listKeys: try await listKeys(arguments)
        case .revokeKey: try await revokeKey(arguments)
        case .signIn: try await signIn(arguments)
        case .listDeadLetters: try await listDeadLetters(arguments)
        case .retryDeadLetters: try await end(arguments, "jobs.retry") { id, tx in try Jobs.retry(id, in: tx) }
        case .discardDeadLetters: try await end(arguments, "jobs.discard") { id, tx in try Jobs.discard(id, in: tx) }
        case .recordEvidence: try await recordEvidence(arguments)
        case .inspect: .array(try await database.inspect().map(\.json))
        case .openImport: try await openImport(arguments)
        case .keepImportPart: try await keepImportPart(arguments)
        case .startImport: try await startImport(arguments)
        case .showImport: try await showImport(arguments)
        case .listImportProblems: try await listImportProblems(arguments)
        case .address: ["url": JSON(address?.url), "stripe_address": JSON(stripeAddress)]
        }
    }

    private func createStore(_ arguments: JSON) async throws -> JSON {
        let creation = try CreateStore(
            name: arguments["name"]?.string ?? "", currency: arguments["currency"]?.string ?? "",
            country: arguments["country"]?.string ?? "")
        return Self.document(
            try await database.write("stores.create") { tx in
                let store = try creation.run(in: tx)
                try Catalog.beginSearch(of: store.id, language: SearchLanguage(country: store.country), in: tx)
                return store
            })
    }

    private func listStores() async throws -> JSON {
        .array(try await database.read("stores.list") { tx in try Stores.all(in: tx) }.map(Self.document))
    }

    private static func document(_ store: Store) -> JSON {
        [
            "id": JSON(store.id), "name": JSON(store.name), "currency": JSON(store.currency.code),
            "country": JSON(store.country), "created_at": JSON(store.createdAt),
        ]
    }

    private func recordEvidence(_ arguments: JSON) async throws -> JSON {
        let documents = arguments["evidence"]?.array ?? []
        let evidence = documents.compactMap(Evidence.init(json:))
        guard evidence.count == documents.count else {
            throw Problem.validation("/evidence", "evidence", "A record of evidence cannot be read.")
        }
        try await database.write("readiness.record") { tx in try Readiness.record(evidence, in: tx) }
        return ["recorded": JSON(evidence.count)]
    }
}

/// The lines that go over the socket.
enum ConsoleLine {
    static func request(_ verb: ConsoleVerb, _ arguments: JSON) -> [UInt8] {
        (["verb": JSON(verb.rawValue), "arguments": arguments] as JSON).bytes + [UInt8(ascii: "\n")]
    }

    /// Reads a request, has it carried out, and says the answer or the refusal.
    static func answer(to line: [UInt8], at desk: ConsoleDesk) async -> [UInt8] {
        let answer: JSON
        do {
            let request = try JSON(parsing: line)
            guard let verb = request["verb"]?.string.flatMap(ConsoleVerb.init) else {
                throw Refusal("The running server does not know this verb: it is of another version.")
            }
            answer = ["answer": try await desk.perform(verb, request["arguments"] ?? .null)]
        } catch {
            answer = ["refusal": JSON(Refusal.sentence(for: error))]
        }
        return answer.bytes + [UInt8(ascii: "\n")]
    }

    /// - Throws: `Refusal` with the server's sentence.
    static func result(of line: [UInt8]) throws -> JSON {
        let document = try JSON(parsing: line)
        if let sentence = document["refusal"]?.string { throw Refusal(sentence) }
        guard let answer = document["answer"] else { throw Refusal("The running server gave no answer.") }
        return answer
    }
}

extension EngineFact {
    fileprivate var json: JSON {
        [
            "name": JSON(name), "value": JSON(value), "expected": JSON(expected),
            "acceptable": .bool(isAcceptable), "known": .bool(isKnown),
        ]
    }

    /// Reads a fact back; nil when it is none.
    init?(json: JSON) {
        guard let name = json["name"]?.string, let value = json["value"]?.string,
            let isAcceptable = json["acceptable"]?.bool
        else { return nil }
        self.init(
            name: name, value: value, expected: json["expected"]?.string, isAcceptable: isAcceptable,
            isKnown: json["known"]?.bool ?? true)
    }
}
