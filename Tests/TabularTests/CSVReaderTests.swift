import Tabular
import TestSupport
import Testing

struct CSVReaderTests {
    static func read(_ text: some Collection<UInt8>, pieces: Int = .max, limits: CSVLimits = CSVLimits()) -> [CSVItem] {
        var reader = CSVReader(limits: limits)
        var items: [CSVItem] = []
        var rest = Array(text)[...]
        while !rest.isEmpty {
            reader.feed(rest.prefix(pieces)) { items.append($0) }
            rest = rest.dropFirst(pieces)
        }
        reader.finish { items.append($0) }
        return items
    }

    static func cells(_ text: String) -> [[String]] {
        read(text.utf8).compactMap { if case .record(let record) = $0 { record.cells } else { nil } }
    }

    static func faults(_ items: [CSVItem]) -> [CSVFault] {
        items.compactMap { if case .fault(let fault) = $0 { fault } else { nil } }
    }

    @Test(arguments: [
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]), ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
        ("a,b\rc,d\r", [["a", "b"], ["c", "d"]]), ("\u{FEFF}a,b\n", [["a", "b"]]),
        ("\"a,\"\"b\"\"\",\n", [["a,\"b\"", ""]]), ("\"x\r\ny\",z\n", [["x\r\ny", "z"]]),
        ("5\" pipe,b\n", [["5\" pipe", "b"]]), ("\n\na\n\n", [["a"]]), ("\"\"\n", [[""]]), ("", []),
        (",\n", [["", ""]]),
        ("a\n\"\",\"\"", [["a"], ["", ""]]),
    ])
    func `records are read as RFC 4180 says`(_ text: String, _ expected: [[String]]) {
        #expect(Self.cells(text) == expected)
    }

    @Test func `lines and places are those of the file`() {
        let items = Self.read("h\r\n\"two\nlines\",x\r\n\r\nlast".utf8)
        #expect(items.map(\.line) == [1, 2, 5])
        #expect(items.map(\.offset) == [0, 3, 20])
        var reader = CSVReader(line: 5, offset: 20)
        var again: [CSVItem] = []
        reader.feed(Array("last".utf8)) { again.append($0) }
        reader.finish { again.append($0) }
        #expect(again == [items[2]])
    }

    @Test(arguments: [
        (Array("a\n\"x\"y\nb".utf8), CSVFault.Code.quote, 2), (Array("a\nb\0\nb".utf8), .nullCharacter, 2),
        (Array("a\n".utf8) + [0xE9, 0x0A] + Array("b".utf8), .encoding, 2),
        (Array("a\nlonger than ten,x\nb".utf8), .cellTooLong, 2), (Array("a\n1,2,3,4\nb".utf8), .tooManyCells, 2),
    ])
    func `a record that is wrong is told and those around it are read`(
        _ text: [UInt8], _ code: CSVFault.Code, _ line: Int
    ) {
        let items = Self.read(text, limits: CSVLimits(cellBytes: 10, cells: 3))
        #expect(Self.faults(items).map(\.code) == [code])
        #expect(Self.faults(items).map(\.line) == [line])
        #expect(items.count == 3)
        #expect(items.last.map { if case .record(let record) = $0 { record.cells } else { [] } } == ["b"])
    }

    @Test func `a quote that is never closed is said with its line`() {
        let items = Self.read("a\nb,\"c\nd".utf8)
        #expect(Self.faults(items).map(\.code) == [.unclosedQuote])
        #expect(Self.faults(items).first?.detail == "The quote that opens on line 2 is never closed.")
    }

    @Test func `a line of a gigabyte is refused in little memory and the next is read`() {
        var reader = CSVReader()
        var items: [CSVItem] = []
        var most = 0
        reader.feed(Array("head\n".utf8)) { items.append($0) }
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        // In a debugging build a byte costs about a hundred times what it costs in the product.
        for _ in 0..<Self.gigabyteInPieces {
            reader.feed(piece) { items.append($0) }
            most = max(most, reader.bufferedBytes)
        }
        reader.feed(Array("\nnext\n".utf8)) { items.append($0) }
        #expect(Self.faults(items).map(\.code) == [.cellTooLong])
        #expect(items.count == 3)
        #expect(most < 2 << 20)
    }

    #if DEBUG
        static let gigabyteInPieces = 24
    #else
        static let gigabyteInPieces = 1024
    #endif

    @Test(arguments: 0..<8) func `whatever the bytes, reading ends and does not depend on the pieces`(_ seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let alphabet = Array("ab,\"\n\r'=é\0;".utf8) + [0xFF, 0xC3, 0xEF, 0xBB, 0xBF]
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let limits = CSVLimits(recordBytes: 40, cellBytes: 20, cells: 6)
            let whole = Self.read(bytes, limits: limits)
            #expect(whole == Self.read(bytes, pieces: 1, limits: limits))
            #expect(whole == Self.read(bytes, pieces: 7, limits: limits))
        }
    }

    @Test(arguments: 0..<8) func `what is written is read back as it was`(_ seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let alphabet: [Character] = ["a", ",", "\"", "\n", "\r", "'", "=", "+", "-", "@", "\t", "5", "é", "."]
        for _ in 0..<200 {
            let rows = (0..<3).map { _ in
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    String(
                        (0..<Int.random(in: 0...5, using: &random)).map { _ in
                            alphabet.randomElement(using: &random) ?? "a"
                        })
                }
            }
            var writer = CSVWriter()
            for row in rows { writer.write(row) }
            let text = String(decoding: writer.bytes, as: UTF8.self)
            #expect(Self.cells(text).map { $0.map(CSVText.unprotected) } == rows, "\(text)")
        }
    }

    @Test func `cells that a spreadsheet would run are protected and numbers are not`() {
        var writer = CSVWriter()
        writer.write(["=1+1", "-5", "+4.50", "-5+1", "@x", "plain", "'=x", "'s"])
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "'=1+1,-5,+4.50,'-5+1,'@x,plain,''=x,'s\n")
        #expect(CSVText.unprotected("'-5") == "'-5")
    }

    @Test func `UTF-16 is recognised by its first bytes`() {
        #expect(CSVEncoding.objection(toBeginning: [0xFF, 0xFE, 0x48, 0x00]) != nil)
        #expect(CSVEncoding.objection(toBeginning: "Handle".utf16.flatMap { [UInt8($0 & 0xFF), 0] }) != nil)
        #expect(CSVEncoding.objection(toBeginning: Array("Handle,Title".utf8)) == nil)
    }
}
