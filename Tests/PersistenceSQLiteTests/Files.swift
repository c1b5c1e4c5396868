import CFaultyDisk
import Foundation
import Persistence
import PersistenceSQLite
import TestSupport

/// The table that these tests write to.
let notes = Migration(
    1, "notes",
    ["CREATE TABLE notes (id BIGINT NOT NULL PRIMARY KEY, body TEXT NOT NULL CHECK (body <> 'forbidden'))"])

/// A file in a folder of its own, and the database in it.
struct DatabaseFile {
    let folder: URL
    var path: String { folder.appendingPathComponent("shop.sqlite").path }

    func open(_ change: (inout SQLiteSettings) -> Void = { _ in }) throws -> SQLiteDatabase {
        var settings = SQLiteSettings(path: path)
        change(&settings)
        return try SQLiteDatabase.open(settings, clock: FixedClock())
    }
}

/// Lends a folder for a database file and removes it afterwards.
func withFile<Value: Sendable>(_ body: (DatabaseFile) async throws -> Value) async throws -> Value {
    let file = DatabaseFile(folder: try TestFolder.make())
    defer { try? FileManager.default.removeItem(at: file.folder) }
    return try await body(file)
}

/// Lends a database with the table of notes, and its file.
func withNotes<Value: Sendable>(
    _ change: (inout SQLiteSettings) -> Void = { _ in },
    _ body: (SQLiteDatabase, DatabaseFile) async throws -> Value
) async throws -> Value {
    try await withFile { file in
        let database = try file.open(change)
        let result: Result<Value, any Error>
        do {
            _ = try await database.migrate([notes])
            result = .success(try await body(database, file))
        } catch {
            result = .failure(error)
        }
        await database.close()
        return try result.get()
    }
}

extension SQLiteDatabase {
    func add(_ id: Int, _ body: String = "note") async throws {
        try await write("add") { tx in try tx.execute("INSERT INTO notes (id, body) VALUES (\(id), \(body))") }
    }

    func ids() async throws -> [Int] {
        try await read("ids") { tx in try tx.query("SELECT id FROM notes ORDER BY id") { try $0[0] as Int } }
    }
}

/// The error of a closure; nil when it returns.
func failure<Value>(of body: () async throws -> Value) async -> DatabaseError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? DatabaseError
    }
}

/// The sentence of `DatabaseError.unavailable`.
func sentence(of body: () async throws -> Void) async -> String? {
    guard case .unavailable(let sentence)? = await failure(of: body) else { return nil }
    return sentence
}

/// A disk that fails or is slow for one folder, until it is mended.
struct FaultyDisk {
    let folder: URL

    /// For databases that are opened afterwards.
    init(_ folder: URL) {
        self.folder = folder
        faulty_disk_install()
    }

    func fail(_ operation: faulty_disk_operation, code: Int32) {
        faulty_disk_arm(folder.path, operation, code, 0)
    }

    func delay(_ operation: faulty_disk_operation, milliseconds: Int32) {
        faulty_disk_arm(folder.path, operation, 0, milliseconds)
    }

    func mend() {
        faulty_disk_disarm(folder.path)
    }
}
