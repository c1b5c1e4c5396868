public import FoundationEssentials
public import Primitives

/// A statement and its bindings. Interpolating a value binds it; nothing interpolated is ever spliced into the text.
///
///     tx.query("SELECT title FROM products WHERE store_id = \(store) AND id = \(id)") { try $0[0] as String }
///
/// The text uses `$1` placeholders and the SQL that SQLite and PostgreSQL share.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// The statement with `$n` placeholders.
    public private(set) var text: String
    /// The bindings, the first for `$1`.
    public private(set) var arguments: [SQLValue]

    public init(stringLiteral text: String) {
        self.text = text
        arguments = []
    }

    public init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        arguments = stringInterpolation.arguments
    }

    /// A statement from the engine's own code: DDL and settings that cannot carry bindings. Never user input.
    public init(trusted text: String) {
        self.text = text
        arguments = []
    }

    /// Joins fragments with a separator, such as `AND`.
    public static func joined(_ fragments: [SQL], by separator: StaticString) -> SQL {
        var interpolation = StringInterpolation(literalCapacity: 64, interpolationCount: fragments.count)
        for (index, fragment) in fragments.enumerated() {
            if index > 0 { interpolation.appendLiteral(separator.description) }
            interpolation.appendInterpolation(fragment)
        }
        return SQL(stringInterpolation: interpolation)
    }

    /// Collects text and bindings.
    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var arguments: [SQLValue] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 3)
            arguments.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) {
            text.append(literal)
        }

        /// Binds a value.
        public mutating func appendInterpolation(_ value: some SQLBindable) {
            arguments.append(value.sqlValue)
            appendPlaceholder(isFirst: true)
        }

        /// The placeholder of the last argument, after a comma unless it is the first of a list.
        private mutating func appendPlaceholder(isFirst: Bool) {
            let number = arguments.count
            guard number <= Self.placeholders.count else { return text.append(isFirst ? "$\(number)" : ", $\(number)") }
            text.append(isFirst ? Self.placeholders[number - 1] : Self.furtherPlaceholders[number - 1])
        }

        private static let placeholders = (1...500).map { "$\($0)" }
        private static let furtherPlaceholders = placeholders.map { ", \($0)" }

        /// Binds a value or NULL.
        public mutating func appendInterpolation<Value: SQLBindable>(_ value: Value?) {
            appendInterpolation(value?.sqlValue ?? .null)
        }

        /// `($1, $2, …)` for `IN`: padded to a power of two by repeating the last value, so that few statements are
        /// prepared however long the list is. An empty list is `(NULL)`, which matches nothing.
        public mutating func appendInterpolation(list values: some Collection<some SQLBindable>) {
            text.append("(")
            var last = SQLValue.null
            var count = 0
            for value in values {
                last = value.sqlValue
                arguments.append(last)
                appendPlaceholder(isFirst: count == 0)
                count += 1
            }
            var width = 1
            while width < count { width *= 2 }
            for index in count..<width {
                arguments.append(last)
                appendPlaceholder(isFirst: index == 0)
            }
            text.append(")")
        }

        /// `($1, $2), ($3, $4), …` for a multi-row `VALUES`.
        public mutating func appendInterpolation(rows: some Collection<[SQLValue]>) {
            let values = rows.reduce(0) { $0 + $1.count }
            arguments.reserveCapacity(arguments.count + values)
            text.reserveCapacity(text.utf8.count + values * 6 + rows.count * 4)
            for (index, row) in rows.enumerated() {
                text.append(index == 0 ? "(" : ", (")
                for (column, value) in row.enumerated() {
                    arguments.append(value)
                    appendPlaceholder(isFirst: column == 0)
                }
                text.append(")")
            }
        }

        /// Takes a fragment in, with its placeholders renumbered.
        public mutating func appendInterpolation(_ fragment: SQL) {
            let offset = arguments.count
            guard offset > 0, !fragment.arguments.isEmpty else {
                text.append(fragment.text)
                arguments.append(contentsOf: fragment.arguments)
                return
            }
            text.append(Placeholders.rewrite(fragment.text, sign: "$", adding: offset))
            arguments.append(contentsOf: fragment.arguments)
        }
    }
}

/// A value as an engine stores it.
public enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    case text(String)
    case bytes([UInt8])
    case uuid(UUID)
}

/// What can be bound to a statement.
public protocol SQLBindable {
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLBindable {
    public var sqlValue: SQLValue { self }
}

extension Int64: SQLBindable {
    public var sqlValue: SQLValue { .integer(self) }
}

extension Int: SQLBindable {
    public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Double: SQLBindable {
    public var sqlValue: SQLValue { .double(self) }
}

extension Bool: SQLBindable {
    public var sqlValue: SQLValue { .boolean(self) }
}

extension String: SQLBindable {
    public var sqlValue: SQLValue { .text(self) }
}

extension Array: SQLBindable where Element == UInt8 {
    public var sqlValue: SQLValue { .bytes(self) }
}

extension UUID: SQLBindable {
    public var sqlValue: SQLValue { .uuid(self) }
}

extension Identifier: SQLBindable {
    public var sqlValue: SQLValue { .uuid(uuid) }
}

extension Instant: SQLBindable {
    /// Microseconds; the column is a BIGINT on both engines.
    public var sqlValue: SQLValue { .integer(microseconds) }
}

extension Currency: SQLBindable {
    public var sqlValue: SQLValue { .text(code) }
}

extension Optional where Wrapped: SQLBindable {
    /// The value or NULL.
    public var sqlValue: SQLValue { self?.sqlValue ?? .null }
}
