import Catalog
import Customers
import Crypto
import EventLog
import Exchange
import FoundationEssentials
import Fulfillment
import HTTPServer
import Identity
import Inventory
import Jobs
import Ledger
import Logging
import Media
import Messaging
import Orders
import Payments
public import Persistence
import Pricing
import PersistencePostgres
import PersistenceSQLite
public import Primitives
public import Readiness
import Stores

/// One installation of Shipshape: its settings and its open database.
public struct Installation: Sendable {
    public let settings: Settings
    public let database: any Database
    public let clock: any Clock
    let logs: Logs
    var logger: Logger { logs.logger }

    /// Of the product.
    public static let version = "0.1.0"

    /// Every migration of every part, in the order in which they run.
    public static let migrations: [Migration] =
        [
            EventLog.migrations, Jobs.migrations, IdempotencyKeys.migrations, Readiness.migrations,
            Stores.migrations, Identity.migrations, Catalog.migrations, Inventory.migrations, Pricing.migrations,
            Orders.migrations,
            Payments.migrations, Ledger.migrations, Fulfillments.migrations, Messaging.migrations,
            Customers.migrations, Media.migrations, Exchange.migrations,
        ].joined().sorted { $0.number < $1.number }

    /// How a verb uses the database.
    public enum Access: Sendable {
        /// Changes it, and makes it when it is a file that does not exist.
        case create
        /// Changes it; a file has to exist.
        case write
        /// Reads it, beside a process that may be writing.
        case read
    }

    /// Opens the database that the settings name. On SQLite, writing takes the file's lock.
    /// - Throws: `SettingFault`, `Refusal` or `DatabaseError`, each with a sentence.
    public static func open(
        _ settings: Settings, for access: Access, clock: any Clock = SystemClock(), logs: Logs
    ) throws -> Installation {
        let database: any Database =
            switch settings.database {
            case .sqlite(let path): try openFile(path, settings, for: access, clock: clock, logger: logs.logger)
            case .postgres(let url): try openServer(url, settings, clock: clock, logger: logs.logger)
            }
        return Installation(settings: settings, database: database, clock: clock, logs: logs)
    }

    private static func openFile(
        _ path: String, _ settings: Settings, for access: Access, clock: any Clock, logger: Logger
    ) throws -> SQLiteDatabase {
        if !FileManager.default.fileExists(atPath: path) {
            guard access == .create else {
                throw Refusal("There is no database \(path) yet: run `shipshape migrate` to make it.")
            }
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
            if !folder.isEmpty {
                do {
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                } catch {
                    throw Refusal("The folder \(folder) for the database cannot be made.")
                }
            }
        }
        var file = SQLiteSettings(path: path)
        file.isReadOnly = access == .read
        file.readers = settings.readers
        file.queueLimit = settings.queue
        file.statementTimeoutSeconds = settings.statementTimeoutSeconds
        file.onSlowTransaction = slowTransactionLog(logger)
        return try SQLiteDatabase.open(file, clock: clock)
    }

    private static func openServer(
        _ url: String, _ settings: Settings, clock: any Clock, logger: Logger
    ) throws -> PostgresDatabase {
        var server = PostgresSettings(
            url: url, writers: settings.writers, readers: settings.readers, queueLimit: settings.queue,
            statementTimeoutSeconds: settings.statementTimeoutSeconds)
        server.directURL = settings.directURL
        server.onSlowTransaction = slowTransactionLog(logger)
        return try PostgresDatabase(server, clock: clock)
    }

    private static func slowTransactionLog(_ logger: Logger) -> @Sendable (String, Double) -> Void {
        { name, seconds in
            logger.warning(
                "A transaction took long.",
                metadata: ["transaction": "\(name)", "milliseconds": "\(Int(seconds * 1000))"])
        }
    }

    /// The secret from which tokens are derived: from the settings, or in development one kept in the database.
    func masterKey() async throws -> Secret {
        if let key = settings.masterKey { return key }
        let name = "master_key"
        // Beside a running server the database is open for reading.
        let kept = try await database.read("installation.find_secret") { tx in
            try Stores.installationSecret(name, in: tx)
        }
        if let kept { return kept }
        var random = SystemRandomNumberGenerator()
        let proposal = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        return try await database.write("installation.secret") { tx in
            try Stores.installationSecret(name, proposal: proposal, in: tx)
        }
    }

    /// Which code runs with which settings.
    public func identity() -> BuildIdentity {
        BuildIdentity(
            build: Self.buildDigest, configuration: Self.digest(Array(settings.fingerprintText.utf8)))
    }

    /// Digest of the running executable: it tells builds apart without anything that a build would have to write down.
    private static let buildDigest: String = {
        guard let executable = FileManager.default.contents(atPath: "/proc/self/exe") else { return "unknown" }
        return digest(Array(executable))
    }()

    private static func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).prefix(6).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
