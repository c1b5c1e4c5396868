import Foundation
import Persistence
import PersistenceSQLite

/// SQLite databases for tests: copies of a migrated file.
enum SQLiteLease {
    private static let templates = Templates<URL>()

    static func make(_ migrations: [Migration], _ options: FixtureOptions) async throws -> DatabaseLease {
        let key = templateKey(migrations)
        let template = try await templates.find(key) { try await makeTemplate(key, migrations) }
        let folder = try TestFolder.make()
        let file = folder.appendingPathComponent("shop.sqlite")
        try FileManager.default.copyItem(at: template, to: file)
        let settings = settings(file, options)
        let database = try SQLiteDatabase.open(
            settings, clock: options.clock, random: SeededRandom.generators(seed: options.seed))
        let fixture = DatabaseFixture(engine: .sqlite, database: database, url: "sqlite:\(file.path)") {
            var settings = settings
            settings.isReadOnly = true
            return try SQLiteDatabase.open(
                settings, clock: options.clock, random: SeededRandom.generators(seed: options.seed + 1))
        }
        return DatabaseLease(fixture: fixture) { try FileManager.default.removeItem(at: folder) }
    }

    private static func makeTemplate(_ key: String, _ migrations: [Migration]) async throws -> URL {
        let file = try TestFolder.make().appendingPathComponent("template-\(key).sqlite")
        let database = try SQLiteDatabase.open(SQLiteSettings(path: file.path), clock: FixedClock())
        do {
            _ = try await database.migrate(migrations)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        return file
    }

    private static func settings(_ file: URL, _ options: FixtureOptions) -> SQLiteSettings {
        var settings = SQLiteSettings(path: file.path)
        settings.readers = 3
        settings.queueLimit = options.queueLimit
        settings.statementTimeoutSeconds = options.statementTimeoutSeconds
        return settings
    }
}
