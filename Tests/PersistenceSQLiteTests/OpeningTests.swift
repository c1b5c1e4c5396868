import Foundation
import Persistence
import PersistenceSQLite
import TestSupport
import Testing

/// What may be opened, by whom, and what is said otherwise.
@Suite struct OpeningTests {
    @Test func `what cannot be a database is refused with a sentence`() async throws {
        try await withFile { file async throws in
            let folder = file.folder.path
            let text = "\(folder)/notes.txt"
            try "Dear diary, this is longer than the header of a database.\n"
                .write(toFile: text, atomically: false, encoding: .utf8)
            let refusals = [
                ("\(folder)/missing/shop.sqlite", "The folder \(folder)/missing for the database does not exist."),
                (folder, "The path \(folder) is a folder, not a database."),
                (text, "The file \(text) is not an SQLite database."),
                ("", "The path of the database is empty."),
            ]
            for (path, expected) in refusals {
                let said = await sentence { _ = try SQLiteDatabase.open(SQLiteSettings(path: path)) }
                #expect(said == expected)
            }
            // The lock of a failed attempt is gone, or the second attempt would speak of it.
            let again = await sentence { _ = try SQLiteDatabase.open(SQLiteSettings(path: text)) }
            #expect(again == "The file \(text) is not an SQLite database.")
        }
    }

    @Test func `one process writes a file at a time`() async throws {
        try await withNotes { database, file async throws in
            let real = URL(fileURLWithPath: file.path).resolvingSymlinksInPath().path
            let said = await sentence { _ = try file.open() }
            #expect(said == "The database \(file.path) is in use by this process, which holds the lock \(real).lock.")
            let link = file.folder.appendingPathComponent("link.sqlite")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: URL(fileURLWithPath: file.path))
            let byLink = await sentence { _ = try SQLiteDatabase.open(SQLiteSettings(path: link.path)) }
            #expect(byLink == "The database \(link.path) is in use by this process, which holds the lock \(real).lock.")
            await database.close()
            let next = try file.open()
            try await next.add(1)
            await next.close()
        }
    }

    @Test func `the process that holds the lock is named`() async throws {
        try await withFile { file async throws in
            let lock = file.path + ".lock"
            let descriptor = Foundation.open(lock, O_RDWR | O_CREAT, 0o644)
            #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            try "4242\n".write(toFile: lock, atomically: false, encoding: .utf8)
            let said = await sentence { _ = try file.open() }
            #expect(said == "The database \(file.path) is in use by process 4242, which holds the lock \(lock).")
            close(descriptor)
            let database = try file.open()
            #expect(try String(contentsOfFile: lock, encoding: .utf8) == "\(getpid())\n")
            await database.close()
        }
    }

    @Test func `other processes may read beside the one that writes`() async throws {
        try await withNotes { database, file async throws in
            try await database.add(1)
            let reader = try file.open { $0.isReadOnly = true }
            #expect(try await reader.ids() == [1])
            try await database.add(2)
            #expect(try await reader.ids() == [1, 2])
            #expect(try await reader.appliedMigrations().map(\.number) == [1])
            for error in [
                await failure { try await reader.add(3) }, await failure { try await reader.migrate([notes]) },
            ] {
                guard case .misuse("read_only", _)? = error else {
                    Issue.record("expected misuse, got \(String(describing: error))")
                    continue
                }
            }
            let facts = try await reader.inspect().map(\.name)
            #expect(facts == ["sqlite_version", "integrity_check", "foreign_key_check"])
            await reader.close()
            #expect(try await database.ids() == [1, 2])
        }
    }

    @Test func `a reader does not make the file it misses`() async throws {
        try await withFile { file async throws in
            let said = await sentence { _ = try file.open { $0.isReadOnly = true } }
            #expect(said == "The database \(file.path) does not exist.")
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test func `what was committed is there after the next start, and the log is not`() async throws {
        try await withFile { file async throws in
            let database = try file.open()
            _ = try await database.migrate([notes])
            try await database.add(1, "ünïcödé 🌱")
            await database.close()
            await database.close()
            #expect(!FileManager.default.fileExists(atPath: file.path + "-wal"))
            let next = try file.open()
            #expect(try await next.ids() == [1])
            #expect(try await next.migrate([notes]) == [])
            await next.close()
        }
    }

    @Test func `the engine's settings are what they have to be`() async throws {
        try await withNotes { database, _ async throws in
            let facts = try await database.inspect()
            #expect(
                facts.map(\.name) == [
                    "sqlite_version", "journal_mode", "synchronous", "foreign_keys", "mmap_size", "integrity_check",
                    "foreign_key_check",
                ])
            for fact in facts.dropFirst() {
                #expect(fact.isAcceptable, "\(fact)")
            }
            #expect(facts[0].expected == "at least 3.51.3")
            #expect(facts[1].value == "wal")
            #expect(facts[2].value == "2")
        }
    }

    @Test func `an index that does not fit its table is found, and a reader finds it too`() async throws {
        try await withNotes { database, file async throws in
            _ = try await database.migrate([
                notes, Migration(2, "index", ["CREATE INDEX notes_by_body ON notes (body)"]),
            ])
            try await database.add(1, "jam")
            // Damage that a quick look does not see: the index holds other values than the table.
            try await database.write("test.damage") { tx in
                try tx.execute("PRAGMA writable_schema = ON")
                try tx.execute(
                    """
                    UPDATE sqlite_schema SET sql = 'CREATE INDEX notes_by_body ON notes (id)'
                    WHERE name = 'notes_by_body'
                    """)
            }
            let reader = try file.open { $0.isReadOnly = true }
            let check = try await reader.inspect().first { $0.name == "integrity_check" }
            await reader.close()
            #expect(check?.value == "row 1 missing from index notes_by_body")
            #expect(check?.isAcceptable == false)
        }
    }

    @Test func `a closed database can be opened although a copy of its lock's descriptor lives on`() async throws {
        try await withFile { file async throws in
            let database = try file.open()
            let lock = URL(fileURLWithPath: file.path).resolvingSymlinksInPath().path + ".lock"
            let descriptor = try #require(
                (0..<4096).first { number in
                    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")) == lock
                })
            // As a child has it between its birth and the start of its program.
            let copy = dup(Int32(descriptor))
            defer { close(copy) }
            await database.close()
            let next = try file.open()
            await next.close()
        }
    }

    @Test func `nobody but the owner can read a database, its log, its lock and its copies`() async throws {
        try await withNotes { database, file async throws in
            try await database.add(1)
            _ = try await database.migrate([
                notes, Migration(2, "more", ["CREATE TABLE more (id BIGINT NOT NULL PRIMARY KEY)"]),
            ])
            let names = try FileManager.default.contentsOfDirectory(atPath: file.folder.path).sorted()
            #expect(names.count >= 4, "\(names)")
            for name in names {
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: file.folder.appendingPathComponent(name).path)
                #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o077 } == 0, "\(name)")
            }
        }
    }
}
