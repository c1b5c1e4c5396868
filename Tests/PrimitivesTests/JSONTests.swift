import Primitives
import Testing

@Suite struct JSONTests {
    private static let documents: [(String, JSON)] = [
        ("null", JSON.null), (" true ", true), ("false", false), ("0", 0), ("-0", 0), ("-17", -17),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("1.0", .number(1)), ("1e3", .number(1000)), ("-2.5E-1", .number(-0.25)), ("1E+2", .number(100)),
        ("9223372036854775808", .number(0x1p63)), (#""""#, ""), (#""aé€😀""#, "aé€😀"),
        (#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, "\"\\/\u{8}\u{C}\n\r\té😀"), ("[]", []), ("{}", [:]),
        ("[1,[2,[]],{}]", [1, [2, []], [:]]), ("{\"b\":1,\"a\":{\"c\":null}}", ["b": 1, "a": ["c": nil]]),
        ("\t\r\n { \"a\" : [ 1 , 2 ] } ", ["a": [1, 2]]),
    ]

    @Test(arguments: documents)
    func `a valid document is read`(text: String, expected: JSON) throws {
        #expect(try JSON(parsing: text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "nullx", "True", "01", "-", "-01", "1.", ".5", "1e", "1e+", "+1", "0x1", "1e999", "NaN",
        "Infinity",
        "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "\"a\nb\"", "\"a\u{0}b\"", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1",
        "{\"a\":1,}",
        "{a:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{1:2}", "{\"a\":1,\"a\":2}", "{\"\\u0061\":1,\"a\":2}",
        "{} {}", "[] ]",
        "\u{FEFF}{}", "// c\n1", "'a'", "{\"é\":1,\"e\u{301}\":2}", "1.\(String(repeating: "0", count: 200))",
    ])
    func `what is not a valid document is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test(
        arguments: [
            [0xC3, 0x28], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82],
        ] as [[UInt8]])
    func `a text that is not UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSON(parsing: [0x22] + bytes + [0x22]) }
        #expect(throws: JSONError.self) { try JSON(parsing: [0x22, 0x5C, 0x6E] + bytes + [0x22]) }
    }

    @Test func `a duplicate key is found among many`() throws {
        let members = (0..<100).map { "\"k\($0)\":\($0)" }
        #expect(try JSON(parsing: "{\(members.joined(separator: ","))}").object?.count == 100)
        let twice = (members + ["\"k50\":1"]).joined(separator: ",")
        let error = #expect(throws: JSONError.self) { try JSON(parsing: "{\(twice)}") }
        #expect(error?.pointer == "/k50")
    }

    @Test func `nesting ends at the depth given`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSON(parsing: nested(32)) }
        #expect(throws: JSONError.self) { try JSON(parsing: nested(33)) }
        #expect(throws: JSONError.self) { try JSON(parsing: nested(3), depth: 2) }
        #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "{\"a\":", count: 1_000_000)) }
    }

    @Test func `an error says where`() {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: #"{"a/b": [1, {"~": tru}]}"#) }
        #expect(error?.pointer == "/a~1b/1/~0")
        #expect(error?.offset == 18)
        #expect(error?.description == "A value was expected. (byte 18)")
    }

    @Test func `what is written is read back the same`() throws {
        let document: JSON = [
            "text": "\u{1}\u{1F}\"\\/\n\r\t\u{7F}é😀\u{2028}", "min": .integer(.min), "max": .integer(.max), "zero": 0,
            "fraction": 0.1, "small": .number(.leastNonzeroMagnitude), "large": 1.7976931348623157e308, "whole": 1.0,
            "list": [nil, true, false, [], [:]], "a\"b": 1,
        ]
        let text = document.description
        #expect(try JSON(parsing: text) == document)
        #expect(text.hasPrefix(#"{"text":"\u0001\u001f\"\\/\n\r\t"#))
        #expect(text.contains("\"whole\":1.0,"))
    }

    @Test func `a number that is not finite is written as null`() {
        #expect(JSON.array([.number(.nan), .number(.infinity)]).description == "[null,null]")
    }

    @Test func `objects keep their order and are equal whatever it is`() throws {
        let left = try JSON(parsing: #"{"b":1,"a":2}"#)
        let right = try JSON(parsing: #"{"a":2,"b":1}"#)
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left.description == #"{"b":1,"a":2}"#)
        #expect(left != ["a": 2])
        #expect(left != ["a": 2, "b": 2])
        var object: JSONObject = ["x": 1]
        object["y"] = 2
        object["x"] = 3
        #expect(JSON.object(object).description == #"{"x":3,"y":2}"#)
        object["x"] = nil
        #expect(object.map(\.key) == ["y"])
    }

    @Test func `the writer puts commas and brackets`() throws {
        var writer = JSONWriter()
        writer.object {
            $0.field("id", "é")
            $0.array("lines", [1, 2]) { writer, number in
                writer.object { $0.field("n", number) }
            }
            $0.object("empty") { _ in }
            $0.field("gone", nil as String?)
            $0.key("raw")
            $0.raw("[0]".utf8)
            $0.field("list", ["a", "b"])
            $0.field("flag", true)
        }
        let expected =
            #"{"id":"é","lines":[{"n":1},{"n":2}],"empty":{},"gone":null,"raw":[0],"list":["a","b"],"flag":true}"#
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
        writer.removeAll()
        writer.integer(7)
        #expect(writer.bytes == Array("7".utf8))
    }

    @Test func `our own values are written in their edge forms and read back`() throws {
        let money = try Money(-1299, #require(Currency("GBP")))
        let store = try #require(StoreID("sto_01h455vb4pex5vsknk084sn02q"))
        let instant = Instant(microseconds: 1_768_469_400_123_000)
        let document: JSON = [
            "money": JSON(money), "store": JSON(store), "at": JSON(instant), "none": JSON(nil as Int?),
        ]
        let read = try JSON(parsing: document.bytes)
        #expect(read["money"]?.money == money)
        #expect(read["store"]?.identifier(IdentifierKinds.Store.self) == store)
        #expect(read["at"]?.instant == instant)
        #expect(read["none"] == .null)
        #expect(read["money"]?["amount"]?.integer == -1299)
        #expect(JSON(["amount": .integer(Money.limit + 1), "currency": "GBP"] as JSONObject)?.money == nil)
    }

    @Test func `random documents survive a round trip`() throws {
        var random = SplitMix(state: 42)
        for _ in 0..<500 {
            let document = JSON.random(depth: 4, &random)
            #expect(try JSON(parsing: document.bytes) == document)
        }
    }

    @Test func `random bytes are refused or read, never worse`() {
        var random = SplitMix(state: 7)
        let alphabet = Array("{}[]\",:0123456789.eE+-truefalsn \\u\u{E9}".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            if let document = try? JSON(parsing: bytes) {
                #expect((try? JSON(parsing: document.bytes)) == document)
            }
        }
    }
}

extension JSON {
    fileprivate init?(_ object: JSONObject) { self = .object(object) }

    fileprivate static func random(depth: Int, _ random: inout SplitMix) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
        case 3: return .number(Double(bitPattern: random.next()).finiteOrZero)
        case 4:
            let scalars = (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 1...0x2FFF, using: &random))
            }
            return .string(String(String.UnicodeScalarView(scalars)))
        case 5:
            let count = Int.random(in: 0...4, using: &random)
            return .array((0..<count).map { _ in .random(depth: depth - 1, &random) })
        default:
            var object = JSONObject()
            for index in 0..<Int.random(in: 0...4, using: &random) {
                object["k\(index)"] = .random(depth: depth - 1, &random)
            }
            return .object(object)
        }
    }
}

extension Double {
    fileprivate var finiteOrZero: Double { isFinite ? self : 0 }
}

/// SplitMix64, seeded, so that a failure can be repeated.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
