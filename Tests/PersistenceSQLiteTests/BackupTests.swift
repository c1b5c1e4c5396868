import CFaultyDisk
import Foundation
import Persistence
import PersistenceSQLite
import TestSupport
import Testing

/// Before a database is migrated further, a copy of it is made.
@Suite struct BackupTests {
    private static let more = Migration(7, "more", ["CREATE TABLE more (id BIGINT NOT NULL PRIMARY KEY)"])
    private static let broken = Migration(8, "broken", ["DELETE FROM notes", "INSERT INTO nowhere (id) VALUES (1)"])

    @Test func `the copy holds what was there before`() async throws {
        try await withNotes { database, file async throws in
            let names = try FileManager.default.contentsOfDirectory(atPath: file.folder.path)
            #expect(names.filter { $0.hasSuffix(".bak") } == [])
            try await database.add(1)
            _ = try await database.migrate([notes, Self.more])
            try await database.add(2)
            var settings = SQLiteSettings(path: file.path + ".before-7.bak")
            settings.isReadOnly = true
            let copy = try SQLiteDatabase.open(settings)
            #expect(try await copy.ids() == [1])
            #expect(try await copy.appliedMigrations().map(\.number) == [1])
            await copy.close()
            #expect(try await database.ids() == [1, 2])
        }
    }

    @Test func `a second attempt replaces the copy of the first`() async throws {
        try await withNotes { database, file async throws in
            for id in 1...2 {
                try await database.add(id)
                await #expect(throws: MigrationError.self) { try await database.migrate([notes, Self.broken]) }
                #expect(try await database.ids() == Array(1...id))
            }
            var settings = SQLiteSettings(path: file.path + ".before-8.bak")
            settings.isReadOnly = true
            let copy = try SQLiteDatabase.open(settings)
            #expect(try await copy.ids() == [1, 2])
            await copy.close()
            let names = try FileManager.default.contentsOfDirectory(atPath: file.folder.path)
            #expect(names.filter { $0.contains("unfinished") } == [])
        }
    }

    @Test func `without room for the copy nothing is migrated`() async throws {
        try await withFile { file async throws in
            let disk = FaultyDisk(file.folder)
            let database = try file.open()
            _ = try await database.migrate([notes])
            disk.fail(FAULTY_DISK_WRITE, code: 13)
            let error = await #expect(throws: MigrationError.self) { try await database.migrate([notes, Self.more]) }
            disk.mend()
            guard case .failed(7, "more", let reason)? = error else {
                Issue.record("expected a failed migration, got \(String(describing: error))")
                return
            }
            #expect(reason == "the copy \(file.path).before-7.bak could not be made: database or disk is full")
            #expect(try await database.appliedMigrations().map(\.number) == [1])
            #expect(!FileManager.default.fileExists(atPath: file.path + ".before-7.bak"))
            #expect(try await database.migrate([notes, Self.more]).map(\.number) == [7])
            await database.close()
        }
    }
}
