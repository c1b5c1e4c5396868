import Persistence

/// Databases that are made for a moment and thrown away, beside others on the same server.
public enum ScratchDatabase {
    /// Makes an empty database.
    /// - Parameters:
    ///   - name: of lower-case letters, digits and underscores.
    ///   - url: leads to any database of the server, and not through a pooler.
    /// - Throws: `DatabaseError.misuse` with the SQLSTATE 42501 when the user may not.
    public static func create(_ name: String, at url: String) async throws {
        // A copy of template1 would wait for everyone who is connected to it.
        try await execute("CREATE DATABASE \(try quoted(name)) TEMPLATE template0", at: url)
    }

    /// Throws one away, whoever is connected to it.
    public static func drop(_ name: String, at url: String) async throws {
        try await execute("DROP DATABASE IF EXISTS \(try quoted(name)) WITH (FORCE)", at: url)
    }

    private static func execute(_ statement: String, at url: String) async throws {
        let connector = try Connector(PostgresSettings(url: url), url: url)
        try await OwnThread.run {
            do {
                try DirectConnection(connector, role: .migration).execute(statement)
            } catch let failure as Failure {
                throw failure.publicError
            }
        }
    }

    private static func quoted(_ name: String) throws -> String {
        let isPlain =
            !name.isEmpty && name.utf8.count <= 63
            && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
        guard isPlain else {
            throw DatabaseError.misuse(code: "name", message: "\(name) is no name for a scratch database.")
        }
        return "\"\(name)\""
    }
}
