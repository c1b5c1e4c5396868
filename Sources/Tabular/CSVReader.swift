/// Reads CSV (RFC 4180) from bytes that come in pieces, in memory that does not grow with the file.
///
/// Accepted are a byte order mark, lines that end in LF, CRLF or CR, quoted cells with line breaks and doubled quotes,
/// a quote within a cell that does not begin with one, and a last line without an end. Empty lines are passed over. A
/// record that is wrong in itself (not UTF-8, U+0000, text behind a closing quote, beyond a limit) is told as a fault,
/// skipped to its end, and reading goes on.
public struct CSVReader: Sendable {
    private enum State {
        case cellStart, plain, quoted, quoteInQuoted
    }

    private let limits: CSVLimits
    private var state = State.cellStart
    private var cell: [UInt8] = []
    private var cells: [String] = []
    private var fault: (code: CSVFault.Code, detail: String)?
    /// Bytes of the record so far, those that were let go included.
    private var recordBytes = 0
    private var isEmpty = true
    private var wasCarriageReturn = false
    private var quoteLine = 0
    private var line: Int
    private var recordLine: Int
    private var recordOffset: Int
    private var offset: Int
    /// How many bytes of a byte order mark were seen; nil once there can be none.
    private var markBytes: Int?

    /// - Parameters:
    ///   - line: the line on which the first byte stands; more than 1 to go on within a file.
    ///   - offset: bytes of the file before the first byte; reading may begin where a record does.
    public init(limits: CSVLimits = CSVLimits(), line: Int = 1, offset: Int = 0) {
        self.limits = limits
        self.line = line
        self.offset = offset
        recordLine = line
        recordOffset = offset
        markBytes = offset == 0 ? 0 : nil
    }

    /// Bytes that are kept of the record under way.
    public var bufferedBytes: Int { cell.capacity + cells.reduce(0) { $0 + $1.utf8.count } }

    /// Where the next record begins: from here another reader can go on.
    public var place: (line: Int, offset: Int) { (recordLine, recordOffset) }

    /// Reads a piece of the file and hands out what is complete.
    public mutating func feed(_ bytes: some Sequence<UInt8>, _ take: (CSVItem) throws -> Void) rethrows {
        for byte in bytes {
            if let seen = markBytes {
                if byte == Self.mark[seen] {
                    offset += 1
                    markBytes = seen == 2 ? nil : seen + 1
                    if seen == 2 { recordOffset = offset }
                    continue
                }
                markBytes = nil
                // What looked like a mark and is none belongs to the first cell.
                for part in Self.mark[..<seen] {
                    offset -= 1
                    try read(part, take)
                }
            }
            try read(byte, take)
        }
    }

    /// Hands out the last record when its line has no end.
    public mutating func finish(_ take: (CSVItem) throws -> Void) rethrows {
        if let seen = markBytes {
            markBytes = nil
            for part in Self.mark[..<seen] {
                offset -= 1
                try read(part, take)
            }
        }
        if state == .quoted {
            refuse(.unclosedQuote, "The quote that opens on line \(quoteLine) is never closed.")
            isEmpty = false
        }
        if !isEmpty || recordBytes > 0 { try endRecord(take) }
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private mutating func read(_ byte: UInt8, _ take: (CSVItem) throws -> Void) rethrows {
        offset += 1
        if wasCarriageReturn {
            wasCarriageReturn = false
            if byte == UInt8(ascii: "\n") {
                // The second half of a line's end; the record ended with the first, unless it is within a cell.
                if state == .quoted {
                    append(byte)
                } else {
                    recordOffset = offset
                }
                return
            }
        }
        recordBytes += 1
        // Once: a record may be a gigabyte long.
        if recordBytes > limits.recordBytes, fault == nil {
            refuse(.recordTooLong, "The record is longer than \(limits.recordBytes) bytes; is a quote missing?")
        }
        switch state {
        case .cellStart where byte == UInt8(ascii: "\""):
            state = .quoted
            quoteLine = line
            isEmpty = false
        case .cellStart, .plain: try readPlain(byte, take)
        case .quoted: readQuoted(byte)
        case .quoteInQuoted:
            if byte == UInt8(ascii: "\"") {
                state = .quoted
                append(byte)
            } else {
                if byte != UInt8(ascii: ","), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
                    refuse(.quote, "A closing quote is followed by more text; write a quote within a cell twice.")
                }
                try readPlain(byte, take)
            }
        }
    }

    private mutating func readPlain(_ byte: UInt8, _ take: (CSVItem) throws -> Void) rethrows {
        switch byte {
        case UInt8(ascii: ","):
            isEmpty = false
            endCell()
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            wasCarriageReturn = byte == UInt8(ascii: "\r")
            line += 1
            try endRecord(take)
        default:
            isEmpty = false
            state = .plain
            append(byte)
        }
    }

    private mutating func readQuoted(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): state = .quoteInQuoted
        case UInt8(ascii: "\n"):
            line += 1
            append(byte)
        case UInt8(ascii: "\r"):
            line += 1
            wasCarriageReturn = true
            append(byte)
        default: append(byte)
        }
    }

    private mutating func append(_ byte: UInt8) {
        guard fault == nil else { return }
        if byte == 0 {
            refuse(.nullCharacter, "The record has the character U+0000; a file in UTF-16 has to be saved as UTF-8.")
        } else if cell.count >= limits.cellBytes {
            refuse(.cellTooLong, "A cell is longer than \(limits.cellBytes) bytes.")
        } else {
            cell.append(byte)
        }
    }

    /// Notes the first thing that is wrong and lets go of what was read.
    private mutating func refuse(_ code: CSVFault.Code, _ detail: String) {
        guard fault == nil else { return }
        fault = (code, detail)
        cell = []
        cells = []
    }

    private mutating func endCell() {
        state = .cellStart
        guard fault == nil else { return }
        guard cells.count < limits.cells else {
            return refuse(.tooManyCells, "The record has more than \(limits.cells) cells.")
        }
        guard let text = String(validating: cell, as: UTF8.self) else {
            return refuse(
                .encoding,
                "The record is not UTF-8: save the file as “CSV UTF-8” (it may be Latin-1, Windows-1252 or UTF-16).")
        }
        cells.append(text)
        cell.removeAll(keepingCapacity: cell.capacity <= 65_536)
    }

    private mutating func endRecord(_ take: (CSVItem) throws -> Void) rethrows {
        defer {
            state = .cellStart
            cells.removeAll(keepingCapacity: true)
            cell.removeAll(keepingCapacity: cell.capacity <= 65_536)
            fault = nil
            recordBytes = 0
            isEmpty = true
            recordLine = line
            recordOffset = offset
        }
        if isEmpty, fault == nil { return }
        endCell()
        if let fault {
            try take(.fault(CSVFault(line: recordLine, offset: recordOffset, code: fault.code, detail: fault.detail)))
        } else {
            try take(.record(CSVRecord(line: recordLine, offset: recordOffset, cells: cells)))
        }
    }
}
