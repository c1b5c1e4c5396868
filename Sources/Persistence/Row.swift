public import FoundationEssentials
public import Primitives

/// One row of a result, valid only while the closure it is passed to runs. Columns are read by position:
/// `let title: String = try row[0]`.
public struct Row {
    private let columns: any RowColumns

    /// For engines.
    public init(_ columns: any RowColumns) {
        self.columns = columns
    }

    /// Reads a column.
    /// - Throws: `DatabaseError.decoding` when the column is NULL or of another type.
    public subscript<Value: SQLDecodable>(_ column: Int) -> Value {
        get throws {
            try Value(column: column, of: columns)
        }
    }

    /// Reads a column that may be NULL.
    public subscript<Value: SQLDecodable>(_ column: Int) -> Value? {
        get throws {
            columns.isNull(column) ? nil : try Value(column: column, of: columns)
        }
    }
}

/// How an engine lends the columns of the row it stands on.
public protocol RowColumns {
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) throws -> Int64
    func double(_ column: Int) throws -> Double
    func boolean(_ column: Int) throws -> Bool
    func text(_ column: Int) throws -> String
    func bytes(_ column: Int) throws -> [UInt8]
    func uuid(_ column: Int) throws -> UUID
}

/// What can be read from a column.
public protocol SQLDecodable {
    init(column: Int, of row: any RowColumns) throws
}

extension Int64: SQLDecodable {
    public init(column: Int, of row: any RowColumns) throws { self = try row.integer(column) }
}

extension Int: SQLDecodable {
    public init(column: Int, of row: any RowColumns) throws { self = Int(try row.integer(column)) }
}

extension Double: SQLDecodable {
    public init(column: Int, of row: any RowColumns) throws { self = try row.double(column) }
}

extension Bool: SQLDecodable {
    public init(column: Int, of row: any RowColumns) throws { self = try row.boolean(column) }
}

extension String: SQLDecodable {
    public init(column: Int, of row: any RowColumns) throws { self = try row.text(column) }
}

extension Array: SQLDecodable where Element == UInt8 {
    public init(column: Int, of row: any RowColumns) throws { self = try row.bytes(column) }
}

extension UUID: SQLDecodable {
    public init(column: Int, of row: any RowColumns) throws { self = try row.uuid(column) }
}

extension Identifier: SQLDecodable {
    public init(column: Int, of row: any RowColumns) throws { self.init(try row.uuid(column)) }
}

extension Instant: SQLDecodable {
    public init(column: Int, of row: any RowColumns) throws { self.init(microseconds: try row.integer(column)) }
}

extension Currency: SQLDecodable {
    public init(column: Int, of row: any RowColumns) throws {
        let code = try row.text(column)
        guard let currency = Currency(code) else {
            throw DatabaseError.decoding("column \(column) holds the unknown currency \(code)")
        }
        self = currency
    }
}
