public import Primitives
import Crypto

/// A numbered step of the schema, forward only.
///
/// Statements are written once, with these column types: `UUID`, `BIGINT`, `BOOLEAN`, `DOUBLE`, `BYTES`, `TEXT`.
/// Each engine's dialect follows from them (`Dialect`). Where an engine needs its own statement, say so with `on`.
public struct Migration: Hashable, Sendable {
    /// A statement for one engine or for all.
    public struct Statement: Hashable, Sendable, ExpressibleByStringLiteral {
        let engine: Engine?
        let text: String

        public init(stringLiteral text: String) {
            engine = nil
            self.text = text
        }

        private init(engine: Engine, text: String) {
            self.engine = engine
            self.text = text
        }

        /// A statement that only one engine runs.
        public static func on(_ engine: Engine, _ text: StaticString) -> Statement {
            Statement(engine: engine, text: text.description)
        }
    }

    /// Unique in the whole installation; they run in its order.
    public let number: Int
    /// Lower-case words.
    public let name: String
    private let statements: [Statement]

    public init(_ number: Int, _ name: String, _ statements: [Statement]) {
        self.number = number
        self.name = name
        self.statements = statements
    }

    /// The statements in an engine's dialect.
    public func statements(for engine: Engine) -> [String] {
        statements.filter { $0.engine == nil || $0.engine == engine }.map { Dialect.translate($0.text, for: engine) }
    }

    /// SHA-256 of the statements as written, in hexadecimal.
    public var checksum: String {
        var hash = SHA256()
        for statement in statements {
            hash.update(data: Array("\(statement.engine?.rawValue ?? "all"):\(statement.text);".utf8))
        }
        return hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// A migration that a database has.
public struct AppliedMigration: Hashable, Sendable {
    public let number: Int
    public let name: String
    public let checksum: String
    public let appliedAt: Instant

    public init(number: Int, name: String, checksum: String, appliedAt: Instant) {
        self.number = number
        self.name = name
        self.checksum = checksum
        self.appliedAt = appliedAt
    }
}

/// The engines' words for our column types.
///
/// SQLite tables are STRICT and WITHOUT ROWID (their rows are small and always found by key);
/// PostgreSQL's text compares by bytes, as SQLite's does.
enum Dialect {
    static func translate(_ statement: String, for engine: Engine) -> String {
        var words: [String] = []
        for word in statement.split(separator: " ", omittingEmptySubsequences: false) {
            let core = word.trimmed(of: "(),\n")
            guard let type = types[core]?[engine] else {
                words.append(String(word))
                continue
            }
            words.append(word.prefix(upTo: core.startIndex) + type + word.suffix(from: core.endIndex))
        }
        var text = words.joined(separator: " ")
        if engine == .sqlite, text.trimmed(of: " \n").hasPrefix("CREATE TABLE") {
            text = text.trimmed(of: " \n") + " STRICT, WITHOUT ROWID"
        }
        return text
    }

    private static let types: [Substring: [Engine: String]] = [
        "UUID": [.sqlite: "BLOB", .postgres: "uuid"],
        "BIGINT": [.sqlite: "INTEGER", .postgres: "bigint"],
        "BOOLEAN": [.sqlite: "INTEGER", .postgres: "boolean"],
        "DOUBLE": [.sqlite: "REAL", .postgres: "double precision"],
        "BYTES": [.sqlite: "BLOB", .postgres: "bytea"],
        "TEXT": [.sqlite: "TEXT", .postgres: "text COLLATE \"C\""],
    ]
}

extension StringProtocol {
    fileprivate func trimmed(of characters: String) -> SubSequence {
        var view = self[...]
        while let first = view.first, characters.contains(first) { view = view.dropFirst() }
        while let last = view.last, characters.contains(last) { view = view.dropLast() }
        return view
    }
}
