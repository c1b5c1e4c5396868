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

extension Migration {
    /// The migrations still to be run, in the order of their numbers.
    /// - Throws: `MigrationError` when two have one number, one was edited since, or the database has one more.
    public static func pending(
        _ migrations: [Migration], applied: [AppliedMigration]
    ) throws(MigrationError) -> [Migration] {
        var known: [Int: Migration] = [:]
        for migration in migrations {
            guard known.updateValue(migration, forKey: migration.number) == nil else {
                throw .duplicate(number: migration.number)
            }
        }
        for entry in applied {
            guard let migration = known.removeValue(forKey: entry.number) else {
                throw .unknown(number: entry.number, name: entry.name)
            }
            guard migration.checksum == entry.checksum else {
                throw .edited(number: entry.number, name: entry.name)
            }
        }
        return known.values.sorted { $0.number < $1.number }
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
/// SQLite tables are STRICT and WITHOUT ROWID: rows lie in the order of their keys, and most keys begin with the time.
/// Where keys are random and rows wide, that would scatter each write; a statement for SQLite that says `STRICT` itself
/// keeps the order in which rows were made. PostgreSQL's text compares by bytes, as SQLite's does.
enum Dialect {
    static func translate(_ statement: String, for engine: Engine) -> String {
        var text = ""
        var word = ""
        var quote: Character?
        for character in statement {
            if quote == nil, character == "_" || character.isLetter || character.isNumber {
                word.append(character)
                continue
            }
            text.append(types[word]?[engine] ?? word)
            word = ""
            text.append(character)
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            }
        }
        text.append(types[word]?[engine] ?? word)
        let bare = text.trimmed(of: " \n;")
        if engine == .sqlite, bare.hasPrefix("CREATE TABLE"), !bare.hasSuffix(" STRICT") {
            text = bare + " STRICT, WITHOUT ROWID"
        }
        return text
    }

    private static let types: [String: [Engine: String]] = [
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
