import Jobs
import Persistence
import Primitives
import Stores
import TestSupport
import Testing

@testable import App

/// What the command line asks for, carried out on both engines.
@Suite struct ConsoleDeskTests {
    private static func desk(_ database: any Database) -> ConsoleDesk {
        ConsoleDesk(database: database, address: nil, scopes: ["orders:read", "orders:write"])
    }

    /// Leaves so many dead letters behind.
    private static func bury(_ count: Int, in database: any Database) async throws {
        try await database.write("test.bury") { tx in
            try Jobs.enqueue((0..<count).map { NewJob(JobKind("mail.send"), payload: ["name": JSON($0)]) }, in: tx)
            _ = try tx.changes("UPDATE jobs SET state = 'dead', failures = 3, ended_at = 7, last_error = 'No route'")
        }
    }

    private static func states(_ database: any Database) async throws -> [String] {
        try await database.read("test.states") { tx in
            try tx.query("SELECT state FROM jobs ORDER BY state") { try $0[0] as String }
        }
    }

    @Test(arguments: TestEngine.available)
    func `dead letters are listed page by page, retried and discarded by their ids`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Installation.migrations) { database in
            try await Self.bury(3, in: database)
            let desk = Self.desk(database)
            let first = try await desk.perform(.listDeadLetters, ["limit": 2])
            let next = try #require(first["next"]?.string)
            let second = try await desk.perform(.listDeadLetters, ["limit": 2, "after": JSON(next)])
            #expect(second["next"] == .null)
            let letters = (first["dead_letters"]?.array ?? []) + (second["dead_letters"]?.array ?? [])
            #expect(letters.map { $0["last_error"] } == ["No route", "No route", "No route"])
            #expect(letters.map { $0["failures"] } == [3, 3, 3])
            let ids = letters.compactMap { $0["id"] }
            #expect(Set(ids).count == 3)

            #expect(try await desk.perform(.retryDeadLetters, ["ids": .array([ids[0]])]) == ["jobs": .array([ids[0]])])
            #expect(try await desk.perform(.discardDeadLetters, ["ids": .array([ids[1]])])["jobs"]?.array?.count == 1)
            #expect(try await Self.states(database) == ["active", "dead", "discarded"])
            // One that is no dead letter any more: then nothing happens to the others either.
            await #expect(throws: Problem.self) {
                try await desk.perform(.discardDeadLetters, ["ids": .array([ids[2], ids[0]])])
            }
            #expect(try await Self.states(database) == ["active", "dead", "discarded"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `all dead letters are retried, however many pages they fill`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Installation.migrations) { database in
            let count = ConsoleDesk.largestPage + 3
            try await Self.bury(count, in: database)
            let answer = try await Self.desk(database).perform(.retryDeadLetters, ["all": true])
            #expect(answer["jobs"]?.array?.count == count)
            #expect(try await Self.states(database) == Array(repeating: "active", count: count))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a key has scopes that there are, and ends when it is revoked`(_ engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Installation.migrations) { database in
            let desk = Self.desk(database)
            let store = try await desk.perform(.createStore, ["name": "x", "currency": "EUR", "country": "DE"])
            let id = try #require(store["id"])
            for scopes in [["*"], ["orders:read *"], [""], ["orders:read", "orders:raed"]] as [[String]] {
                await #expect(throws: Problem.self, "\(scopes)") {
                    try await desk.perform(
                        .createKey,
                        ["store": id, "name": "x", "kind": "secret", "scopes": .array(scopes.map { JSON($0) })])
                }
            }
            #expect(try await desk.perform(.listKeys, ["store": id]) == ["keys": []])
            let key = try await desk.perform(
                .createKey, ["store": id, "name": "x", "kind": "secret", "scopes": ["orders:write", "orders:read"]])
            #expect(key["scopes"] == ["orders:read", "orders:write"])
            let keyID = try #require(key["id"])
            #expect(try await desk.perform(.revokeKey, ["id": keyID]) == ["id": keyID, "revoked": true])
            let listed = try #require(try await desk.perform(.listKeys, ["store": id])["keys"]?.array)
            #expect(listed.map { $0["revoked_at"]?.instant } == [.ofTests])
            await #expect(throws: Problem.self) { try await desk.perform(.revokeKey, ["id": keyID]) }
        }
    }
}
