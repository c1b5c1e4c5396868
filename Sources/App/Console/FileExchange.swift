import Exchange
import Foundation
import Persistence
public import Primitives
import Stores
import UseCases

/// Brings files in and out for the command line: through the server that runs, or by itself when none does.
public struct FileExchange: Sendable {
    private let settings: Settings
    private let logs: Logs

    /// With the settings of the environment.
    public init() async throws {
        settings = try await Settings.loadSound()
        logs = Logs(settings, quiet: true)
    }

    /// How far an import is.
    public struct Progress: Sendable {
        public let bytes: Int
        public let bytesDone: Int
    }

    /// Imports a file.
    /// - Parameter report: told how far it is, several times a second.
    /// - Returns: the import as it ended, with its `problems`.
    /// - Throws: an error with a sentence.
    public func importFile(
        _ path: String, kind: String, store: String, isDryRun: Bool, report: @escaping @Sendable (Progress) -> Void
    ) async throws -> JSON {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw Refusal("The file \(path) cannot be read.")
        }
        let opening: JSON = [
            "store": JSON(store), "kind": JSON(kind), "dry_run": .bool(isDryRun),
            "file_name": JSON(URL(fileURLWithPath: path).lastPathComponent),
        ]
        let console = Console(settings, logs: logs)
        if let opened = try await console.askServer(.openImport, opening) {
            return try await run(opened, of: store, file, report) { verb, arguments in
                guard let answer = try await console.askServer(verb, arguments) else {
                    throw Refusal("The server has stopped; what is not imported yet goes on when it runs again.")
                }
                return answer
            }
        }
        let installation = try Installation.open(settings, for: .write, logs: logs)
        do {
            try await installation.requireMigrated()
            let desk = installation.desk(address: nil)
            let opened = try await desk.perform(.openImport, opening)
            let drive = ImportDrive(
                database: installation.database, clock: installation.clock, requestID: "command-line")
            let answer = try await run(opened, of: store, file, report, drive: drive) { verb, arguments in
                try await desk.perform(verb, arguments)
            }
            await installation.database.close()
            return answer
        } catch {
            await installation.database.close()
            throw error
        }
    }

    private typealias Ask = (ConsoleVerb, JSON) async throws -> JSON

    private func run(
        _ opened: JSON, of store: String, _ file: FileHandle, _ report: @escaping @Sendable (Progress) -> Void,
        drive: ImportDrive? = nil, ask: Ask
    ) async throws -> JSON {
        let named: JSONObject = ["store": JSON(store), "import": opened["id"] ?? .null]
        var number = 0
        while let part = try file.read(upToCount: Exchange.longestPart), !part.isEmpty {
            number += 1
            guard number <= Exchange.mostParts else {
                throw Refusal("The file is longer than \(Exchange.mostParts) MiB: split it.")
            }
            var arguments = named
            arguments["part"] = JSON(number)
            arguments["content"] = .string(part.base64EncodedString())
            _ = try await ask(.keepImportPart, .object(arguments))
        }
        guard number > 0 else { throw Refusal("The file is empty.") }
        var starting = named
        starting["in_hands"] = .bool(drive != nil)
        var state = try await ask(.startImport, .object(starting))
        if let drive, let id = state["id"]?.identifier(IdentifierKinds.Import.self), let store = StoreID(store) {
            state = try await drive.run(id, of: store) { report(Progress($0)) }.json
        } else {
            while state["state"] == "running" {
                try await Task.sleep(for: .milliseconds(200))
                state = try await ask(.showImport, .object(named))
                report(Progress(bytes: state["bytes"]?.integer ?? 0, bytesDone: state["bytes_done"]?.integer ?? 0))
            }
        }
        return try await withProblems(state, named, ask)
    }

    private func withProblems(_ state: JSON, _ named: JSONObject, _ ask: Ask) async throws -> JSON {
        var problems: [JSON] = []
        var arguments = named
        repeat {
            let page = try await ask(.listImportProblems, .object(arguments))
            problems += page["problems"]?.array ?? []
            arguments["after"] = page["next"]?.integer.map { JSON($0) }
        } while arguments["after"] != nil
        var object = state.object ?? [:]
        object["report"] = .array(problems)
        return .object(object)
    }

    /// Writes what a store has as a file, piece by piece.
    /// - Parameters:
    ///   - kind: what to write, as in `ImportKind`.
    ///   - location: the name of the only location that a file of stock tells of.
    ///   - report: told how many things were written.
    /// - Throws: an error with a sentence.
    public func exportFile(
        _ kind: String, store: String, location: String? = nil, write: (_ bytes: [UInt8]) throws -> Void,
        report: (_ things: Int) -> Void
    ) async throws {
        guard let store = StoreID(store) else {
            throw Problem.validation("/store", "identifier", "The store is no id such as sto_….")
        }
        guard let kind = ImportKind(rawValue: kind) else {
            throw Problem.validation("/kind", "kind", "There is no such kind of file.")
        }
        // A running server has the lock: read beside it.
        let isServed = try await Console(settings, logs: logs).askServer(.address) != nil
        let installation = try Installation.open(settings, for: isServed ? .read : .write, logs: logs)
        do {
            try await installation.requireMigrated()
            let isKnown = try await installation.database.read("exchange.store") { tx in
                try Stores.store(store, in: tx) != nil
            }
            guard isKnown else { throw Problem.notFound("store") }
            try await kind.export(store, from: installation.database, location: location).run { bytes, count in
                try write(bytes)
                report(count)
            }
            await installation.database.close()
        } catch {
            await installation.database.close()
            throw error
        }
    }
}

extension FileExchange.Progress {
    fileprivate init(_ state: Import) {
        self.init(bytes: state.bytes, bytesDone: state.place.offset)
    }
}
