import Foundation
import Persistence
import PersistencePostgres
import TestSupport
import Testing

/// The server that these tests use.
enum Server {
    static let url = ProcessInfo.processInfo.environment["SHIPSHAPE_TEST_POSTGRES"].flatMap { $0.isEmpty ? nil : $0 }
    static let isAvailable = url != nil
    static let missing: Comment =
        "Set SHIPSHAPE_TEST_POSTGRES to the URL of a PostgreSQL server on which databases may be made."

    /// The table that most tests write to.
    static let entries = Migration(
        1, "entries",
        [
            """
            CREATE TABLE entries (
                id BIGINT NOT NULL PRIMARY KEY,
                body TEXT NOT NULL
            )
            """
        ])
}

/// Lends a database with the table `entries`, and what administrates it; the settings can be changed.
func withEntries(
    _ change: @Sendable (inout PostgresSettings) -> Void = { _ in },
    _ body: (PostgresDatabase, PostgresAdministration) async throws -> Void
) async throws {
    try await withFixture(.postgres, migrations: [Server.entries]) { fixture in
        var settings = PostgresSettings(url: fixture.url, writers: 6, readers: 2)
        change(&settings)
        let database = try PostgresDatabase(settings)
        do {
            try await body(database, PostgresAdministration(url: fixture.url))
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}

extension PostgresDatabase {
    func add(_ id: Int, _ body: String = "Grüße") async throws {
        try await write("add") { tx in
            try tx.execute("INSERT INTO entries (id, body) VALUES (\(id), \(body))")
        }
    }

    func ids() async throws -> [Int] {
        try await read("ids") { tx in try tx.query("SELECT id FROM entries ORDER BY id") { try $0[0] } }
    }
}

extension PostgresAdministration {
    /// Ends the database's sessions that match, from another session.
    func terminate(where condition: String = "true") async throws {
        _ = try await rows(
            """
            SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND \(condition)
            """)
    }

    /// Returns once the query has a row.
    func wait(for query: String) async throws {
        while try await rows(query).isEmpty {}
    }
}
