public import FoundationEssentials
import PersistenceSQLite
import Primitives
import Stores

/// An installation to try things out on: a food shop in a file of its own, served at once.
public struct Demo: Sendable {
    private let environment: [String: String]
    private let file: String
    private let logs: Logs

    /// - Parameter environment: what the demo's own settings come from; those that lead to simulators are added.
    /// - Throws: `SettingFault`; `Refusal` unless the database is a file.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) async throws {
        let settings = try await Settings.load(environment: environment)
        try settings.requireSound()
        guard case .sqlite(let path) = settings.database else {
            throw Refusal("The demo runs on SQLite: unset SHIPSHAPE_DATABASE_URL, or give it sqlite:/path/to/file.")
        }
        self.environment = environment
        file = path
        logs = Logs(settings, quiet: true)
    }

    /// What is open once the demo runs.
    public struct Opening: Sendable {
        /// Of the shop.
        public let address: String
        public let notes: Notes
        /// Signs the owner in to the dashboard, once.
        public let signIn: String
        public let world: SimulatedWorld
    }

    /// Makes what is missing and serves until it is stopped.
    /// - Parameters:
    ///   - port: the simulators listen on the ports from 10 above it.
    ///   - startsOver: throws an earlier demo away first.
    ///   - onListening: told what is open once connections are accepted.
    public func run(
        host: String, port: Int, startsOver: Bool, onListening: @escaping @Sendable (Opening) -> Void
    ) async throws {
        let mark = DemoMark(ofDatabase: file)
        let notes = try prepare(mark, startsOver: startsOver)
        let simulators = try await DemoSimulators.start(host: host, shopPort: port, logger: logs.logger)
        do {
            try await serve(host: host, port: port, mark: mark, notes: notes, simulators, onListening)
        } catch {
            await simulators.stop()
            throw error
        }
        await simulators.stop()
    }

    private func serve(
        host: String, port: Int, mark: DemoMark, notes: Notes?, _ simulators: DemoSimulators,
        _ onListening: @escaping @Sendable (Opening) -> Void
    ) async throws {
        let settings = try await Settings.load(environment: simulators.environment.merging(environment) { $1 })
        let installation = try Installation.open(settings, for: .create, logs: logs)
        try await installation.closing { installation in
            try await installation.migrate()
            let shop: Notes
            if let notes {
                shop = notes
            } else {
                shop = try await fill(installation)
                try mark.write(shop)
            }
            try await installation.serve(host: host, port: port, migrates: false) { address in
                await simulators.tell(address)
                let signIn = await Self.signInLink(installation, store: shop.store, address: address)
                onListening(Opening(address: address, notes: shop, signIn: signIn, world: simulators.world))
            }
        }
    }

    /// A new link with each start: it works for 15 minutes only.
    private static func signInLink(_ installation: Installation, store: String, address: String) async -> String {
        let desk = ConsoleDesk(database: installation.database, address: nil, scopes: [], publicURL: address)
        do {
            let answer = try await desk.perform(
                .signIn, ["store": .string(store), "email": .string("owner@example.com")])
            return answer["url"]?.string ?? ""
        } catch {
            return "\(address)/dashboard (no link could be made: \(Refusal.sentence(for: error)))"
        }
    }

    /// Leaves a complete demo or none.
    /// - Returns: the notes of a complete one.
    private func prepare(_ mark: DemoMark, startsOver: Bool) throws -> Notes? {
        // A file without content is what a full disk leaves of one.
        let size = (try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int  // ignored: there is none
        switch mark.state {
        case .finished(let notes) where size ?? 0 > 0 && !startsOver: return notes
        case .absent where size ?? 0 > 0:
            throw Refusal("The database \(file) was not made by the demo: give SHIPSHAPE_DATABASE_URL another file.")
        case .absent, .unfinished, .finished:
            try makeFolder()
            // First: whatever happens from here on, the next start knows that this is a demo to be made anew.
            try SQLiteDatabase.remove(path: file, beforehand: mark.writeUnfinished)
            return nil
        }
    }

    private func makeFolder() throws {
        guard let slash = file.lastIndex(of: "/"), slash > file.startIndex else { return }
        let folder = String(file[..<slash])
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Refusal("The folder \(folder) for the database cannot be made.")
        }
    }

    private func fill(_ installation: Installation) async throws -> Notes {
        let opened = try await DemoStore.open(in: installation.database)
        return Notes(
            store: opened.store.id.description, publishableKey: opened.publishableKey, secretKey: opened.secretKey)
    }

    /// Three commands to try: list products, enter an order, show it.
    public static func commands(_ address: String, _ notes: Notes) -> [String] {
        [
            "curl -s -H 'Shipshape-Key: \(notes.publishableKey)' '\(address)/api/v1/products?limit=5'",
            """
            curl -s -H 'Authorization: Bearer \(notes.secretKey)' -H 'Idempotency-Key: '$RANDOM$RANDOM \\
              -H 'Content-Type: application/json' '\(address)/api/v1/orders' \\
              -d '{"lines": [{"sku": "BAK-RYE", "quantity": 2, "unit_price": {"amount": 420, "currency": "GBP"}}],
                   "email": "maya@example.com", "payment_method": "cash_on_delivery"}'
            """,
            "curl -s -H 'Authorization: Bearer \(notes.secretKey)' '\(address)/api/v1/orders?limit=1'",
        ]
    }
}
