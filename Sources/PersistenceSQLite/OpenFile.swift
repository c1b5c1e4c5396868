import Foundation
import GRDB
import Persistence

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A connection as GRDB opens and closes it.
struct OpenFile {
    /// What SQLite's functions take.
    let handle: OpaquePointer
    private let queue: GRDB.DatabaseQueue

    /// Opens a connection with the settings of its role.
    /// - Throws: `DatabaseError.unavailable` with a sentence.
    init(_ settings: SQLiteSettings, role: Connection.Role) throws {
        do {
            queue = try Self.open(settings, role: role)
        } catch let error as GRDB.DatabaseError {
            throw Self.sentence(for: error, path: settings.path)
        }
        guard let handle = queue.inDatabase({ $0.sqliteConnection }) else {
            throw Persistence.DatabaseError.unavailable("The database \(settings.path) could not be opened.")
        }
        self.handle = handle
    }

    /// Closes the connection, whose statements have to be gone.
    func close() {
        // GRDB closes it for good when it lets go of it, should this fail.
        do { try queue.close() } catch { return }
    }

    private static func open(_ settings: SQLiteSettings, role: Connection.Role) throws -> GRDB.DatabaseQueue {
        if role == .writer { makePrivately(settings.path) }
        var configuration = GRDB.Configuration()
        configuration.readonly = role == .reader
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(settings.busyTimeoutSeconds)
        configuration.label = role == .reader ? "shipshape reader" : "shipshape writer"
        configuration.prepareDatabase { database in
            for statement in statements(for: role) { try database.execute(sql: statement) }
        }
        return try GRDB.DatabaseQueue(path: settings.path, configuration: configuration)
    }

    /// Makes the file, if there is none, for its owner's eyes only: it holds names and addresses. SQLite gives its
    /// other files the same mode. What goes wrong here goes wrong again when SQLite opens it, and is said then.
    private static func makePrivately(_ path: String) {
        let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    private static func statements(for role: Connection.Role) -> [String] {
        let both = ["PRAGMA mmap_size = 0", "PRAGMA temp_store = MEMORY", "PRAGMA trusted_schema = OFF"]
        return switch role {
        case .reader: both + ["PRAGMA query_only = ON", "PRAGMA cache_size = -4096"]
        case .writer:
            // The writer checkpoints between batches, when nobody waits for it.
            both + [
                "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 0",
                "PRAGMA journal_size_limit = 67108864", "PRAGMA cache_size = -16384",
            ]
        }
    }

    /// Why a file could not be opened, as a sentence that names it.
    private static func sentence(for error: GRDB.DatabaseError, path: String) -> Persistence.DatabaseError {
        switch error.resultCode {
        case .SQLITE_NOTADB: .unavailable("The file \(path) is not an SQLite database.")
        case .SQLITE_CORRUPT: .unavailable("The database \(path) is damaged.")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: .unavailable("The database \(path) cannot be written.")
        case .SQLITE_CANTOPEN: .unavailable("The database \(path) cannot be opened.")
        case .SQLITE_BUSY, .SQLITE_LOCKED: .unavailable("Another process holds the database \(path).")
        default:
            .unavailable("The database \(path) cannot be opened: \(error.message ?? error.resultCode.description).")
        }
    }

    /// Refuses paths that cannot be a database, with a sentence that says why.
    static func checkPath(_ settings: SQLiteSettings) throws(Persistence.DatabaseError) {
        let path = settings.path
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .unavailable("The path of the database is empty.") }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            guard !isFolder.boolValue else { throw .unavailable("The path \(path) is a folder, not a database.") }
            return
        }
        guard !settings.isReadOnly else { throw .unavailable("The database \(path) does not exist.") }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw .unavailable("The folder \(folder) for the database does not exist.")
        }
    }
}
