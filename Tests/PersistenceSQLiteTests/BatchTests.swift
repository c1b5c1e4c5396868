import Foundation
import Persistence
@testable import PersistenceSQLite
import Primitives
import TestSupport
import Testing

/// Several closures in one commit.
@Suite struct BatchTests {
    /// Runs closures while the writer is held, so that they meet in one batch.
    private func together<Value: Sendable>(
        _ database: SQLiteDatabase, _ bodies: [@Sendable () async throws -> Value]
    ) async throws -> [Result<Value, any Error>] {
        let gate = Gate()
        let holding = Observations<Void>()
        async let hold: Void = database.write("hold") { _ in
            holding.add(())
            gate.block()
        }
        // Only then: a closure that was taken before would never wait.
        await holding.wait(for: 1)
        let results = try await withThrowingTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
            for (index, body) in bodies.enumerated() {
                group.addTask {
                    do {
                        return (index, .success(try await body()))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            try await until("all wait") { database.statistics().waiting == bodies.count }
            gate.open()
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        try await hold
        return (0..<bodies.count).compactMap { results[$0] }
    }

    @Test func `closures that wait share one commit`() async throws {
        try await withNotes { database, _ async throws in
            let before = database.statistics().flushes
            let results = try await together(database, (1...60).map { id in { try await database.add(id) } })
            #expect(results.allSatisfy { (try? $0.get()) != nil })
            // Slow machines cut a batch after 5 ms.
            #expect(database.statistics().flushes - before < 30)
            #expect(try await database.ids() == Array(1...60))
        }
    }

    @Test func `a closure sees what those before it in the batch have done`() async throws {
        try await withNotes { database, _ async throws in
            let counts = try await together(
                database,
                (1...20).map { id in
                    {
                        try await database.write("count") { tx in
                            try tx.execute("INSERT INTO notes (id, body) VALUES (\(id), 'note')")
                            return try tx.first("SELECT COUNT(*) FROM notes") { try $0[0] as Int }
                        }
                    }
                })
            #expect(Set(try counts.compactMap { try $0.get() }) == Set(1...20))
        }
    }

    @Test func `an interrupted change takes the batch along, which runs again without it`() async throws {
        enum Thing: IdentifierKind {
            static let prefix = "thing"
        }
        try await withNotes({ $0.statementTimeoutSeconds = 0.2 }) { database, _ async throws in
            let endless: SQL = """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)
                SELECT COUNT(*) FROM n
                """
            let identifiers = Observations<String>()
            let results = try await together(
                database,
                (1...10).map { id in
                    {
                        try await database.write("add") { tx in
                            let thing: Identifier<Thing> = tx.newIdentifier()
                            if id == 1 { identifiers.add("\(thing)") }
                            try tx.execute("INSERT INTO notes (id, body) VALUES (\(id), \("\(thing)"))")
                            if id == 5 { try tx.execute("INSERT INTO notes (id, body) VALUES ((\(endless)), 'late')") }
                            return "\(thing)"
                        }
                    }
                })
            for (index, result) in results.enumerated() {
                switch result {
                case .success: #expect(index != 4)
                case .failure(let error): #expect(index == 4 && error as? DatabaseError == .statementTimeout)
                }
            }
            #expect(try await database.ids() == [1, 2, 3, 4, 6, 7, 8, 9, 10])
            #expect(Set(identifiers.values).count == 1)
        }
    }

    @Test func `a constraint that fails at the commit fails for its own closure`() async throws {
        let deferred = Migration(
            2, "deferred",
            [
                .on(
                    .sqlite,
                    """
                    CREATE TABLE replies (
                        id BIGINT NOT NULL PRIMARY KEY,
                        note BIGINT NOT NULL REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED
                    )
                    """)
            ])
        try await withNotes { database, _ async throws in
            _ = try await database.migrate([notes, deferred])
            let results = try await together(
                database,
                (1...6).map { id in
                    {
                        try await database.write("reply") { tx in
                            try tx.execute("INSERT INTO replies (id, note) VALUES (\(id), \(id))")
                            if id != 3 { try tx.execute("INSERT INTO notes (id, body) VALUES (\(id), 'note')") }
                        }
                    }
                })
            for (index, result) in results.enumerated() {
                switch result {
                case .success: #expect(index != 2)
                case .failure(let error):
                    #expect(index == 2 && error as? DatabaseError == .constraint(.foreignKey, name: nil))
                }
            }
            #expect(try await database.ids() == [1, 2, 4, 5, 6])
        }
    }

    @Test func `a lock that another process holds for a while is waited for`() async throws {
        try await withNotes({ $0.busyTimeoutSeconds = 2 }) { database, file async throws in
            let other = try Connection(SQLiteSettings(path: file.path), role: .writer)
            try other.control("BEGIN IMMEDIATE")
            async let waiting: Void = database.add(1)
            try await until("it has met the lock") { database.statistics().retries >= 1 }
            try other.control("ROLLBACK")
            try await waiting
            #expect(try await database.ids() == [1])
            other.close()
        }
    }

    @Test func `a lock that another process holds for ever is a conflict`() async throws {
        try await withNotes({ $0.busyTimeoutSeconds = 0.01 }) { database, file async throws in
            let other = try Connection(SQLiteSettings(path: file.path), role: .writer)
            try other.control("BEGIN IMMEDIATE")
            #expect(await failure { try await database.add(1) } == .conflict)
            try other.control("ROLLBACK")
            #expect(try await database.ids() == [])
            try await database.add(2)
            #expect(try await database.ids() == [2])
            other.close()
        }
    }

    @Test func `few prepared statements are enough for many texts`() async throws {
        try await withNotes({ $0.preparedStatementLimit = 2 }) { database, _ async throws in
            try await database.write("many texts") { tx in
                for id in 1...50 {
                    try tx.execute("INSERT INTO notes (id, body) VALUES (\(id), \(SQL(trusted: "'text \(id % 7)'")))")
                }
            }
            #expect(try await database.ids() == Array(1...50))
        }
    }

    @Test func `prepared statements take little memory however many rows they have`() async throws {
        try await withFile { file async throws in
            let connection = try Connection(SQLiteSettings(path: file.path), role: .writer)
            try connection.run("CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY, body TEXT NOT NULL)")
            var id: Int64 = 0
            for count in 1...300 {
                let rows = (0..<count).map { row in [SQLValue.integer(id + Int64(row)), .text("note")] }
                #expect(try connection.run("INSERT INTO notes (id, body) VALUES \(rows: rows)") == count)
                id += Int64(count)
            }
            #expect(connection.preparedBytes > 1 << 20)
            #expect(connection.preparedBytes <= StatementCache.byteLimit)
            connection.close()
        }
    }

    @Test func `what is not one statement with its values is misuse`() async throws {
        try await withNotes { database, _ async throws in
            let statements: [SQL] = [
                "INSERT INTO notes (id, body) VALUES (1, 'a'); DELETE FROM notes", "", "-- nothing", "SELECT $1",
                "VACUUM",
                "ATTACH DATABASE ':memory:' AS other", "SELECT \(Double.nan)",
            ]
            for statement in statements {
                let error = await failure { try await database.write("misuse") { tx in try tx.execute(statement) } }
                guard case .misuse? = error else {
                    Issue.record("expected misuse of \(statement.text), got \(String(describing: error))")
                    continue
                }
            }
            #expect(try await database.ids() == [])
        }
    }

    @Test func `slow transactions are told`() async throws {
        let told = Observations<String>()
        try await withNotes({
            $0.slowTransactionSeconds = 0
            $0.onSlowTransaction = { name, seconds in if seconds >= 0 { told.add(name) } }
        }) { database, _ async throws in
            try await database.add(1)
            _ = try await database.ids()
            // Who asked has the answer before whoever watches is told.
            try await until("both are told") { told.values == ["add", "ids"] }
        }
    }
}
