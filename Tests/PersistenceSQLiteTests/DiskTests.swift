import CFaultyDisk
import Foundation
import Persistence
import PersistenceSQLite
import TestSupport
import Testing

/// Nothing is acknowledged that the disk has not got.
@Suite struct DiskTests {
    private static let full: Int32 = 13
    private static let syncFailed: Int32 = 10 | 4 << 8
    private static let writeFailed: Int32 = 10 | 3 << 8

    /// Lends a database on a disk that can fail.
    private func withFaultyDisk(_ body: (SQLiteDatabase, FaultyDisk) async throws -> Void) async throws {
        try await withFile { file async throws in
            let disk = FaultyDisk(file.folder)
            let database = try file.open()
            _ = try await database.migrate([notes])
            try await database.add(0)
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(database, disk))
            } catch {
                result = .failure(error)
            }
            disk.mend()
            await database.close()
            try result.get()
        }
    }

    @Test func `no result leaves before its commit is on the disk`() async throws {
        try await withFaultyDisk { database, disk async throws in
            disk.delay(FAULTY_DISK_SYNC, milliseconds: 300)
            let start = ContinuousClock.now
            try await withThrowingTaskGroup(of: Duration.self) { group in
                for id in 1...20 {
                    group.addTask {
                        try await database.add(id)
                        return ContinuousClock.now - start
                    }
                }
                for try await duration in group { #expect(duration >= .milliseconds(300)) }
            }
        }
    }

    @Test func `a slow disk is shared by those who wait`() async throws {
        try await withFaultyDisk { database, disk async throws in
            disk.delay(FAULTY_DISK_SYNC, milliseconds: 50)
            let before = database.statistics()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...128 { group.addTask { try await database.add(id) } }
                try await group.waitForAll()
            }
            let after = database.statistics()
            #expect(after.commits - before.commits == 128)
            // One alone, then all that came meanwhile, 64 at most in each.
            #expect(after.flushes - before.flushes <= 8)
        }
    }

    @Test func `a slow disk makes a commit collect for longer`() async throws {
        try await withFaultyDisk { database, disk async throws in
            disk.delay(FAULTY_DISK_SYNC, milliseconds: 30)
            // The commit that shows how slow the disk is.
            try await database.add(1)
            let before = database.statistics()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 2...41 {
                    group.addTask {
                        try await database.write("slow") { tx in
                            usleep(2000)
                            try tx.execute("INSERT INTO notes (id, body) VALUES (\(id), 'note')")
                        }
                    }
                }
                try await group.waitForAll()
            }
            // In 5 ms a commit would collect three of them.
            #expect(database.statistics().flushes - before.flushes <= 5)
        }
    }

    @Test(arguments: [syncFailed, writeFailed])
    func `a commit that the disk fails is ambiguous and leaves nothing behind`(code: Int32) async throws {
        try await withFaultyDisk { database, disk async throws in
            let operation = code == Self.syncFailed ? FAULTY_DISK_SYNC : FAULTY_DISK_WRITE
            disk.fail(operation, code: code)
            #expect(await failure { try await database.add(1) } == .ambiguousCommit)
            disk.mend()
            #expect(try await database.ids() == [0])
            try await database.add(2)
            #expect(try await database.ids() == [0, 2])
            #expect(try await database.inspect().first { $0.name == "integrity_check" }?.value == "ok")
        }
    }

    @Test func `a full disk acknowledges nothing and harms nothing`() async throws {
        try await withFaultyDisk { database, disk async throws in
            disk.fail(FAULTY_DISK_WRITE, code: Self.full)
            let results = await withTaskGroup(of: DatabaseError?.self) { group in
                for id in 1...20 { group.addTask { await failure { try await database.add(id) } } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for error in results {
                guard case .unavailable? = error else {
                    Issue.record("expected unavailable, got \(String(describing: error))")
                    continue
                }
            }
            #expect(results.count == 20)
            #expect(try await database.ids() == [0])
            disk.mend()
            try await database.add(21)
            #expect(try await database.ids() == [0, 21])
        }
    }

    @Test func `a closure that outgrows the file fails alone`() async throws {
        try await withNotes { database, _ async throws in
            _ = try await database.write("limit") { tx in
                try tx.query("PRAGMA max_page_count = 200") { try $0[0] as Int }
            }
            let gate = Gate()
            let holding = Observations<Void>()
            async let hold: Void = database.write("hold") { _ in
                holding.add(())
                gate.block()
            }
            // Only then: a closure that was taken before would never wait.
            await holding.wait(for: 1)
            async let small: Void = database.add(1)
            async let huge = failure { try await database.add(2, String(repeating: "x", count: 4 << 20)) }
            async let other: Void = database.add(3)
            try await until("all wait") { database.statistics().waiting == 3 }
            gate.open()
            try await hold
            try await small
            try await other
            guard case .unavailable? = await huge else {
                Issue.record("expected unavailable")
                return
            }
            #expect(try await database.ids() == [1, 3])
        }
    }

    @Test func `the log does not grow for ever`() async throws {
        try await withNotes { database, file async throws in
            let body = String(repeating: "x", count: 8000)
            for round in 0..<40 {
                try await database.write("fill") { tx in
                    for id in 0..<100 {
                        try tx.execute("INSERT INTO notes (id, body) VALUES (\(round * 100 + id), \(body))")
                    }
                }
            }
            let size = try FileManager.default.attributesOfItem(atPath: file.path + "-wal")[.size] as? Int
            #expect(try #require(size) < 16 << 20)
            #expect(try await database.ids().count == 4000)
        }
    }
}
