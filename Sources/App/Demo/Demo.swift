import FoundationEssentials
import Persistence
import Primitives
import Stores

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An installation to try things out on: a food shop in a file of its own, served at once.
public struct Demo: Sendable {
    /// What one needs to call it. Kept beside the database, for this user's eyes only, because keys are shown once.
    public struct Notes: Sendable {
        public let store: String
        public let publishableKey: String
        public let secretKey: String
    }

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
        let exists = FileManager.default.fileExists(atPath: file)
        let mark = try readMark()
        guard !exists || mark != nil else {
            throw Refusal("The database \(file) was not made by the demo: give SHIPSHAPE_DATABASE_URL another file.")
        }
        // Without the notes of a finished demo, the one before was interrupted while it was made.
        if exists, startsOver || mark?.notes == nil { try await removeDatabase() }
        let installation = try Installation.open(settings, for: .create, logs: logs)
        do {
            try await installation.migrate()
            let notes: Notes
            if let kept = try readMark()?.notes, exists, !startsOver {
                notes = kept
            } else {
                try write(.unfinished)
                notes = try await fill(installation)
                try write(.finished(notes))
            }
            try await installation.serve(host: host, port: port, migrates: false) { onListening($0, notes) }
            await installation.database.close()
        } catch {
            await installation.database.close()
            throw error
        }
    }

    private func fill(_ installation: Installation) async throws -> Notes {
        let opened = try await DemoStore.open(in: installation.database)
        return Notes(
            store: opened.store.id.description, publishableKey: opened.publishableKey, secretKey: opened.secretKey)
    }

    /// Removes the database and what belongs to it. The lock, which is taken for it, proves that nobody uses it, and
    /// its file stays for whoever waits for it.
    private func removeDatabase() async throws {
        let installation = try Installation.open(settings, for: .write, logs: logs)
        await installation.database.close()
        for suffix in ["-wal", "-shm", ".sock", ""] {
            guard unlink(file + suffix) == 0 || errno == ENOENT else {
                throw Refusal("The old demo \(file)\(suffix) cannot be removed.")
            }
        }
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

/// What lies beside the demo's database.
private enum DemoMark {
    case unfinished
    case finished(Demo.Notes)

    var notes: Demo.Notes? {
        if case .finished(let notes) = self { notes } else { nil }
    }
}

extension Demo {
    private var markFile: String { file + ".demo.json" }

    private func readMark() throws(Refusal) -> DemoMark? {
        guard let data = FileManager.default.contents(atPath: markFile) else { return nil }
        let document: JSON
        do { document = try JSON(parsing: data) } catch {
            throw Refusal("The demo's notes \(markFile) cannot be read: start over with --reset after removing them.")
        }
        guard let store = document["store"]?.string, let publishable = document["publishable_key"]?.string,
            let secret = document["secret_key"]?.string
        else { return .unfinished }
        return .finished(Notes(store: store, publishableKey: publishable, secretKey: secret))
    }

    private func write(_ mark: DemoMark) throws(Refusal) {
        var document: JSON = ["state": "unfinished"]
        if let notes = mark.notes {
            document = [
                "store": JSON(notes.store), "publishable_key": JSON(notes.publishableKey),
                "secret_key": JSON(notes.secretKey),
            ]
        }
        let bytes = document.bytes
        let descriptor = open(markFile, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Refusal("The demo's notes \(markFile) cannot be written.") }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Refusal("The demo's notes \(markFile) cannot be written.")
        }
    }
}
