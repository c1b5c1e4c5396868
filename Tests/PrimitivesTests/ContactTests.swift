import Primitives
import Testing

@Suite struct EmailAddressTests {
    @Test(arguments: [
        ("maya@example.com", "maya@example.com"), ("Maya.O'Neil+tag@EXAMPLE.Com", "Maya.O'Neil+tag@example.com"),
        ("  maya@example.com  ", "maya@example.com"), ("m@a.b", "m@a.b"),
        ("jürgen@müller.example", "jürgen@müller.example"),
        ("用户@例子.公司", "用户@例子.公司"), ("a@1.2.3.4.example", "a@1.2.3.4.example"), ("a@x--y.example", "a@x--y.example"),
        ("!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"), ("🛒@example.com", "🛒@example.com"),
    ])
    func `addresses that shops meet are kept as given, the domain in lower case`(_ given: String, _ kept: String) {
        #expect(EmailAddress(given)?.description == kept)
    }

    @Test(arguments: [
        "", "@", "maya", "maya@", "@example.com", "maya@example", "maya@@example.com", "maya@exam ple.com",
        "ma ya@example.com", ".maya@example.com", "maya.@example.com", "ma..ya@example.com", "maya@.example.com",
        "maya@example.com.", "maya@example..com", "maya@-example.com", "maya@example-.com", "maya@exa_mple.com",
        "\"maya\"@example.com", "maya(x)@example.com", "<maya@example.com>", "Maya <maya@example.com>",
        "maya@example.com\n", "maya@example.com\r\nBcc: x@y.example", "maya\u{0}@example.com", "maya\t@example.com",
        "maya@example.com\u{0}", "ma\u{202E}ya@example.com", "maya@exam\u{200B}ple.com", "ma\u{2028}ya@example.com",
        "maya@[127.0.0.1]", "maya@example.com,x@y.example", "maya\u{00A0}@example.com", "a@b@c.example",
        ".\u{301}maya@example.com", "maya@exam.\u{301}ple.com", "maya\u{E000}@example.com", "maya;@example.com",
    ])
    func `what is no such address is refused`(_ text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test func `plain addresses are read as all others are`() {
        var random = SeededRandom(7)
        var accepted = 0
        for _ in 0..<20_000 {
            let length = Int.random(in: 3...9, using: &random)
            let text = String((0..<length).map { _ in Self.marks.randomElement(using: &random) ?? "a" })
            // A space before it is taken off on the way that no plain address goes.
            let slowly = EmailAddress(" " + text)
            #expect(EmailAddress(text) == slowly, "\(text)")
            accepted += slowly == nil ? 0 : 1
        }
        #expect(accepted > 150)
    }

    private static let marks = Array("aaab9-.@")

    @Test func `lengths are limited in bytes`() {
        let local = String(repeating: "a", count: 64)
        let label = String(repeating: "b", count: 63)
        let domain = "\(label).\(label).\(label).\(String(repeating: "c", count: 61)).de"
        #expect(domain.utf8.count == 256)
        #expect(EmailAddress("\(local)@\(domain.dropFirst())")?.description.utf8.count == 320)
        #expect(EmailAddress("\(local)@\(domain)") == nil)
        #expect(EmailAddress("\(local)a@example.com") == nil)
        #expect(EmailAddress("a@\(label)b.com") == nil)
        #expect(EmailAddress(String(repeating: "ü", count: 33) + "@example.com") == nil)
        #expect(EmailAddress(String(repeating: "a@", count: 500_000)) == nil)
    }
}

@Suite struct PhoneNumberTests {
    @Test(arguments: [
        ("+12025550123", "+12025550123"), ("+1 (202) 555-0123", "+12025550123"), ("+44 20.7946/0958", "+442079460958"),
        (" +4930123456 ", "+4930123456"), ("+1234567", "+1234567"), ("+123456789012345", "+123456789012345"),
    ])
    func `numbers with a country code become E.164`(_ given: String, _ kept: String) {
        #expect(PhoneNumber(given)?.description == kept)
    }

    @Test(arguments: [
        "", "+", "12025550123", "0012025550123", "+0123456789", "+123456", "+1234567890123456", "+1-800-FLOWERS",
        "++12025550123", "+1202555+0123", "+1202555０123", "+١٢٣٤٥٦٧٨", "+12025550123 ext. 4", "+12025550123\n",
        "+12025550123\u{0}", "+1202\u{200B}5550123", "tel:+12025550123", "+1202555²123",
        "+                                                        12025550123",
    ])
    func `what is no E.164 number is refused`(_ text: String) {
        #expect(PhoneNumber(text) == nil)
    }
}

@Suite struct CountryTests {
    @Test func `the 249 countries of ISO 3166-1 and Kosovo are known`() {
        #expect(Country.codes.count == 250)
        #expect(["DE", "US", "XK", "AX", "SS"].allSatisfy(Country.isKnown))
    }

    @Test(arguments: ["", "de", "UK", "EU", "XX", "ZZ", "DEU", "D", "AN", "SU", "YU", "ＤＥ"])
    func `other codes are not`(_ code: String) {
        #expect(!Country.isKnown(code))
    }
}
