import FoundationEssentials
import PersistenceSQLite
import Primitives
import Stores

/// An installation to try things out on: a food shop in a file of its own, served at once.
public struct Demo: Sendable {
    private let settings: Settings
    private let file: String
    private let logs: Logs

    /// - Throws: `Refusal` unless the database is a file.
    public init(_ settings: Settings, logs: Logs) throws(Refusal) {
        guard case .sqlite(let path) = settings.database else {
            throw Refusal("The demo runs on SQLite: unset SHIPSHAPE_DATABASE_URL, or give it sqlite:/path/to/file.")
        }
        self.settings = settings
        file = path
        self.logs = logs
    }

    /// Makes what is missing and serves until it is stopped.
    /// - Parameters:
    ///   - startsOver: throws an earlier demo away first.
    ///   - onListening: told the address and the notes once connections are accepted.
    public func run(
        host: String, port: Int, startsOver: Bool, onListening: @escaping @Sendable (String, Notes) -> Void
    ) async throws {
        let mark = DemoMark(ofDatabase: file)
        var notes = try prepare(mark, startsOver: startsOver)
        let installation = try Installation.open(settings, for: .create, logs: logs)
        try await installation.closing { installation in
            try await installation.migrate()
            if notes == nil {
                let made = try await fill(installation)
                try mark.write(made)
                notes = made
            }
            guard let notes else { return }
            try await installation.serve(host: host, port: port, migrates: false) { onListening($0, notes) }
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
            try mark.writeUnfinished()
            try SQLiteDatabase.remove(path: file)
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
