import Foundation
import HTTPServer
import Primitives
import Testing

@Suite struct ShapeTests {
    /// Pointer and code of each error; empty when the document is taken.
    private func errors<Value>(_ shape: InputShape<Value>, _ text: String) throws -> [String] {
        let document = try JSON(parsing: text)
        do {
            _ = try shape.value(of: document)
            return []
        } catch {
            return error.errors.map { "\($0.pointer) \($0.code)" }
        }
    }

    @Test func `every error of a document is told with its pointer`() throws {
        let problem = #expect(throws: Problem.self) {
            try Samples.newCheckout.value(
                of: try JSON(parsing: #"{"lines": [{"variant_id": 7, "quantity": 0}], "a/b": 1, "email": "x"}"#))
        }
        #expect(problem?.code == "validation.failed")
        #expect(problem?.kind == .invalid)
        #expect(problem?.detail == "4 fields are not valid.")
        #expect(
            problem?.errors.map { "\($0.pointer) \($0.code)" } == [
                "/a~1b unknown_field", "/lines/0/variant_id type", "/lines/0/quantity out_of_range", "/email format",
            ])
    }

    @Test func `null equals absent`() throws {
        let variant = AnswerTests.variant
        let value = try Samples.newCheckout.value(
            of: try JSON(
                parsing: #"{"lines":[{"variant_id":"\#(variant)","quantity":null}],"email":null,"note":null}"#))
        let id = try #require(VariantID(variant))
        #expect(value == NewCheckout(lines: [NewLine(variant: id, quantity: 1)], email: nil, note: nil))
        #expect(try errors(Samples.newCheckout, #"{"lines": null}"#) == ["/lines required"])
    }

    @Test func `a patch tells unchanged, set and emptied apart`() throws {
        func patch(_ text: String) throws -> CheckoutChange { try Samples.change.value(of: try JSON(parsing: text)) }
        #expect(try patch("{}").note == .unchanged)
        #expect(try patch(#"{"note": null}"#).note == .unchanged)
        #expect(try patch(#"{"note": ""}"#).note == .clear)
        #expect(try patch(#"{"note": "x"}"#).note == .set("x"))
        #expect(Patch.set("x").applied(to: "old") == "x")
        #expect(Patch<String>.unchanged.applied(to: "old") == "old")
        #expect(Patch<String>.clear.applied(to: "old") == nil)
        #expect(try errors(Samples.change, #"{"email": ""}"#) == ["/email format"])
    }

    @Test func `lists have bounds`() throws {
        let shape = InputShape<[Int]>.array(of: .integer(0...9), least: 1, most: 3)
        #expect(try errors(shape, "[]") == [" too_few"])
        #expect(try errors(shape, "[1,2,3,4]") == [" too_many"])
        #expect(try errors(shape, "[1,null,10]") == ["/1 type", "/2 out_of_range"])
        #expect(try errors(shape, "{}") == [" type"])
        #expect(try errors(shape, "[1,2,3]") == [])
    }

    @Test func `a map's keys and values are looked at`() throws {
        let shape = InputShape<[String: Int]>.map(keys: .text(1...3), of: .integer(0...9), most: 2)
        #expect(try shape.value(of: ["a": 1, "b": nil]) == ["a": 1])
        #expect(try errors(shape, #"{"long": 1, "b": "x"}"#) == ["/long too_long", "/b type"])
        #expect(try errors(shape, #"{"a":1,"b":2,"c":3}"#) == [" too_many"])
    }

    @Test(arguments: [
        ("1", [String]()), ("1.0", [" type"]), ("\"1\"", [" type"]), ("true", [" type"]), ("11", [" out_of_range"]),
        ("-1", [" out_of_range"]), ("9223372036854775808", [" out_of_range"]), ("1e300", [" out_of_range"]),
    ])
    func `whole numbers are whole and within their range`(text: String, expected: [String]) throws {
        #expect(try errors(InputShape<Int>.integer(0...10), text) == expected)
    }

    @Test func `money beyond what fits has its own code`() throws {
        let shape = InputShape<Money>.money(0...Money.limit)
        #expect(try errors(shape, #"{"amount": 9007199254740991, "currency": "GBP"}"#) == [])
        for amount in ["9007199254740992", "-9007199254740992", "9223372036854775808", "100000000000000000000000"] {
            let problem = #expect(throws: Problem.self) {
                try shape.value(of: try JSON(parsing: #"{"amount": \#(amount), "currency": "GBP"}"#))
            }
            #expect(problem?.code == "money.out_of_range")
            #expect(problem?.errors.map(\.pointer) == ["/amount"])
        }
        #expect(try errors(shape, #"{"amount": -1, "currency": "GBP"}"#) == ["/amount out_of_range"])
        #expect(try errors(shape, #"{"amount": 1.5, "currency": "gbp"}"#) == ["/amount type", "/currency format"])
        #expect(try errors(shape, #"{"amount": 1, "currency": "ZZZ"}"#) == ["/currency format"])
        // U+212A KELVIN SIGN is canonically equal to K.
        #expect(try errors(shape, "{\"amount\": 1, \"currency\": \"\u{212A}WD\"}") == ["/currency format"])
    }

    @Test func `texts are counted in scalars, and controls are refused`() throws {
        let line = InputShape<String>.text(1...3)
        for text in ["\"abc\"", "\"😀😀😀\"", "\" a \"", "\"<b>\"", "\"שלו\"", "\"'\\\"-\""] {
            #expect(try errors(line, text) == [])
        }
        #expect(try errors(line, "\"abcd\"") == [" too_long"])
        #expect(try errors(line, "\"\"") == [" required"])
        #expect(try errors(line, "\"  \"") == [" required"])
        for text in ["\"a\\nb\"", "\"\\u0007\"", "\"\u{7F}\"", "\"\u{85}\""] {
            #expect(try errors(line, text) == [" control_character"])
        }
        let lines = InputShape<String>.multilineText(0...10)
        #expect(try errors(lines, "\"a\\r\\n\\tb\"") == [])
        #expect(try errors(lines, "\"a\\u000bb\"") == [" control_character"])
        #expect(try errors(lines, "\"\"") == [])
    }

    @Test func `a value made from several may refuse them together`() throws {
        let shape = InputShape<ClosedRange<Int>>.object(
            "Range", .required("from", .integer(0...9)), .required("to", .integer(0...9))
        ) { from, to throws(Problem) in
            guard from <= to else { throw Problem.validation("/to", "too_early", "The end is before the beginning.") }
            return from...to
        }
        let outer = InputShape<[ClosedRange<Int>]>.array(of: shape, most: 2)
        #expect(try outer.value(of: [["from": 1, "to": 2]]) == [1...2])
        #expect(try errors(outer, #"[{"from": 2, "to": 1}]"#) == ["/0/to too_early"])
    }

    /// Accepted and refused by the decoder, and so by the schema's pattern and length.
    private func agree<Value>(
        _ shape: InputShape<Value>, accepts: [String], refuses: [String], _ place: SourceLocation = #_sourceLocation
    ) throws {
        // ECMA-262's $ is the very end; ICU's is also before a last line end.
        let pattern = try shape.schema.json["pattern"]?.string.map { text in
            try NSRegularExpression(pattern: text.hasSuffix("$") ? text.dropLast() + "\\z" : text)
        }
        let lengths = (shape.schema.json["minLength"]?.integer ?? 0)...(shape.schema.json["maxLength"]?.integer ?? .max)
        let words = shape.schema.json["enum"]?.array?.compactMap(\.string)
        for (texts, isAccepted) in [(accepts, true), (refuses, false)] {
            for text in texts {
                let decoded = (try? shape.value(of: .string(text))) != nil
                let range = NSRange(text.startIndex..., in: text)
                let matches = pattern.map { $0.firstMatch(in: text, range: range) != nil } ?? true
                let fits = lengths.contains(text.unicodeScalars.count)
                let isListed = words.map { $0.contains { $0.utf8.elementsEqual(text.utf8) } } ?? true
                #expect(decoded == isAccepted, "decoder: \(text.debugDescription)", sourceLocation: place)
                #expect(
                    (matches && fits && isListed) == isAccepted, "schema: \(text.debugDescription)",
                    sourceLocation: place)
            }
        }
    }

    @Test func `decoder and schema agree on what they accept`() throws {
        try agree(
            InputShape.identifier(IdentifierKinds.Variant.self), accepts: [AnswerTests.variant],
            refuses: [
                "", "var_", "var_81h455vb4pex5vsknk084sn02q", "var_01h455vb4pex5vsknk084sn02",
                "ord_01h455vb4pex5vsknk084sn02q",
                "VAR_01h455vb4pex5vsknk084sn02q", "var_01h455vb4pex5vsknk084sn02l", AnswerTests.variant + "\n",
            ])
        try agree(
            .handle(20), accepts: ["a", "blue-mug", "7-up", "0"],
            refuses: ["", "-a", "a-", "a--b", "A", "é", "a b", "a_b", String(repeating: "a", count: 21)])
        try agree(
            .phone, accepts: ["+442079460000", " +44 (20) 7946-0000", "+1.555.123.4567", "+(44)2079460000"],
            refuses: ["", "442079460000", "+0442079460000", "+12345", "+1234567890123456", "+44x2079460000", "+"])
        try agree(.country, accepts: ["GB", "AX"], refuses: ["", "gb", "UK", "GBR", "EU"])
        try agree(.currency, accepts: ["GBP", "JPY"], refuses: ["", "gbp", "XXX", "\u{212A}WD"])
        try agree(.oneOf(Mood.self), accepts: ["calm", "busy"], refuses: ["", "Calm", "calm "])
        try agree(
            .webAddress, accepts: ["https://a.example/x?y#z", "http://localhost:8080", "https://a"],
            refuses: [
                "", "ftp://a.example", "https://", "https:///x", "https://a b", "javascript:alert(1)", "https://-a",
                "https://a:", "https://a:999999", "https://a:x", "https://u@a.example", "https://ü.example",
                "HTTPS://a.example",
            ])
        try agree(
            .text(1...5), accepts: ["a", " a ", "😀", "ab cd"],
            refuses: ["", " ", "\u{85}", "a\nb", "abcdef", "\u{0}", "\t"])
        try agree(
            .multilineText(1...5), accepts: ["a\n", "\r\na", "\ta"], refuses: ["", "\n", " \t\r\n", "a\u{B}", "\u{9F}"])
        try agree(.text(0...2), accepts: ["", " ", "ab"], refuses: ["abc", "\u{7F}"])
    }

    @Test func `what a shape writes is what its schema says`() throws {
        let made = try Made(
            id: #require(CheckoutID("chk_01h455vb4pex5vsknk084sn02q")), total: Money(5, #require(Currency("JPY"))),
            email: nil, token: "t\"")
        let expected =
            #"{"id":"chk_01h455vb4pex5vsknk084sn02q","total":{"amount":5,"currency":"JPY"},"email":null,"token":"t\""}"#
        #expect(String(decoding: Samples.made.encode(made), as: UTF8.self) == expected)
        let page = OutputShape.page("Made", of: Samples.made)
        let last = String(decoding: page.encode(Page([], nextCursor: "x")), as: UTF8.self)
        #expect(last == #"{"data":[],"next_cursor":"x"}"#)
        #expect(
            Samples.made.schema.components["Checkout"]?["required"] == ["id", "total", "email", "token"])
    }
}
