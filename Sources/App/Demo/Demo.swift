import FoundationEssentials
public import Logging
import Persistence
public import Primitives

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
        /// The handle of a product to look at and its first variant to order.
        public let productHandle: String
        public let variant: String
    }

    private let settings: Settings
    private let file: String
    private let logger: Logger

    /// - Throws: `Refusal` unless the database is a file.
    public init(_ settings: Settings, logger: Logger) throws(Refusal) {
        guard case .sqlite(let path) = settings.database else {
            throw Refusal("The demo runs on SQLite: unset SHIPSHAPE_DATABASE_URL, or give it sqlite:/path/to/file.")
        }
        self.settings = settings
        file = path
        self.logger = logger
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
        if exists, startsOver || mark?.notes == nil { try removeDatabase() }
        let installation = try Installation.open(settings, for: .create, logger: logger)
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
            store: opened.store.id.description, publishableKey: opened.publishableKey, secretKey: opened.secretKey,
            productHandle: "", variant: "")
    }

    /// Removes the database and what belongs to it. The lock proves that nobody uses it.
    private func removeDatabase() throws {
        let lock = try Installation.open(settings, for: .write, logger: logger)
        // The lock file stays, and with it the lock of whoever waits for it.
        for suffix in ["", "-wal", "-shm", ".sock"] {
            guard unlink(file + suffix) == 0 || errno == ENOENT else {
                throw Refusal("The old demo \(file)\(suffix) cannot be removed.")
            }
        }
        _ = lock
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
            let secret = document["secret_key"]?.string, let handle = document["product"]?.string,
            let variant = document["variant"]?.string
        else { return .unfinished }
        return .finished(
            Notes(
                store: store, publishableKey: publishable, secretKey: secret, productHandle: handle, variant: variant))
    }

    private func write(_ mark: DemoMark) throws(Refusal) {
        var document: JSON = ["state": "unfinished"]
        if let notes = mark.notes {
            document = [
                "store": JSON(notes.store), "publishable_key": JSON(notes.publishableKey),
                "secret_key": JSON(notes.secretKey), "product": JSON(notes.productHandle),
                "variant": JSON(notes.variant),
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
