/// Writes CSV (RFC 4180): lines that end in LF, quotes only where they are needed.
///
/// A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula
/// (https://owasp.org/www-community/attacks/CSV_Injection). Such a cell gets an apostrophe in front, which
/// `CSVText.unprotected` takes away again; numbers such as `-5` are left alone.
public struct CSVWriter: Sendable {
    /// What was written since it was last taken away.
    public private(set) var bytes: [UInt8] = []

    /// - Parameter capacity: bytes to reserve.
    public init(capacity: Int = 4096) {
        bytes.reserveCapacity(capacity)
    }

    /// Writes a record.
    public mutating func write(_ cells: some Collection<String>) {
        var isFirst = true
        for cell in cells {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            append(cell, isAlone: cells.count == 1)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Gives away what was written and keeps the memory.
    public mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func append(_ cell: String, isAlone: Bool) {
        let isProtected = CSVText.needsProtection(cell)
        let needsQuotes =
            (isAlone && cell.isEmpty)
            || cell.utf8.contains { byte in
                byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
                    || byte == UInt8(ascii: "\r")
            }
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
        if isProtected { bytes.append(UInt8(ascii: "'")) }
        for byte in cell.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
    }
}

/// Cells that a spreadsheet would take for formulas.
public enum CSVText {
    /// The text without the apostrophe that `CSVWriter` put in front of it; any other text as it is.
    public static func unprotected(_ cell: String) -> String {
        cell.utf8.first == UInt8(ascii: "'") && needsProtection(cell) ? String(cell.dropFirst()) : cell
    }

    /// A formula behind any number of apostrophes: with one more, the text can be told from what it protects.
    static func needsProtection(_ cell: String) -> Bool {
        let rest = cell.utf8.drop { $0 == UInt8(ascii: "'") }
        switch rest.first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"): return !isNumber(rest)
        default: return false
        }
    }

    private static func isNumber(_ text: Substring.UTF8View) -> Bool {
        let parts = text.dropFirst().split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count <= 2
            && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { (48...57).contains($0) } }
    }
}
