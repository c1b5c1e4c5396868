import Foundation
import Primitives
import Testing

@Suite struct InstantTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000001Z", 1), ("1969-12-31T23:59:59.999999Z", -1),
        ("2010-12-01T08:26:00Z", 1_291_191_960_000_000), ("2000-02-29T12:00:00.500Z", 951_825_600_500_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000), ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ])
    func `known instants read and write alike`(_ text: String, _ microseconds: Int64) {
        #expect(Instant(rfc3339: text) == Instant(microseconds: microseconds))
        #expect(Instant(microseconds: microseconds).description == text)
    }

    @Test(arguments: [
        ("2010-12-01T09:26:00+01:00", "2010-12-01T08:26:00Z"), ("2010-12-01T00:00:00-23:59", "2010-12-01T23:59:00Z"),
        ("2011-01-01T00:30:00+05:45", "2010-12-31T18:45:00Z"), ("2010-12-01T08:26:00-00:00", "2010-12-01T08:26:00Z"),
        ("2010-12-01t08:26:00z", "2010-12-01T08:26:00Z"), ("2010-12-01 08:26:00Z", "2010-12-01T08:26:00Z"),
        ("2010-12-01T08:26:00.1Z", "2010-12-01T08:26:00.100Z"),
        ("2010-12-01T08:26:00.120000Z", "2010-12-01T08:26:00.120Z"),
        ("2010-12-01T08:26:00.1234567899Z", "2010-12-01T08:26:00.123456Z"),
        ("2010-12-01T08:26:00.0000009Z", "2010-12-01T08:26:00Z"),
        ("2012-02-29T00:00:00Z", "2012-02-29T00:00:00Z"),
    ])
    func `offsets, letters and fractions are understood`(_ given: String, _ expected: String) {
        #expect(Instant(rfc3339: given)?.description == expected)
    }

    @Test func `a leap second reads as the last moment of its minute`() {
        #expect(Instant(rfc3339: "2016-12-31T23:59:60Z")?.description == "2016-12-31T23:59:59.999999Z")
        #expect(Instant(rfc3339: "2017-01-01T00:59:60.5+01:00")?.description == "2016-12-31T23:59:59.999999Z")
        #expect(Instant(rfc3339: "2016-12-31T12:30:60Z") == nil)
        #expect(Instant(rfc3339: "2016-12-31T23:59:60+01:00") == nil)
        #expect(Instant(rfc3339: "2016-12-31T23:59:61Z") == nil)
    }

    @Test(arguments: [
        "", "Z", "2010", "2010-12-01", "2010-12-01T08:26Z", "2010-12-01T08:26:00", "2010-12-01T08:26:00+0100",
        "2010-12-01T08:26:00+01", "2010-12-01T08:26:00+24:00", "2010-12-01T08:26:00+01:60", "2010-12-01T08:26:00.Z",
        "2010-12-01T08:26:00,5Z", "2010-13-01T08:26:00Z", "2010-00-01T08:26:00Z", "2010-12-00T08:26:00Z",
        "2010-12-32T08:26:00Z", "2010-02-29T08:26:00Z", "1900-02-29T08:26:00Z", "2010-12-01T24:00:00Z",
        "2010-12-01T08:60:00Z", "10-12-01T08:26:00Z", "12010-12-01T08:26:00Z", "-010-12-01T08:26:00Z",
        "+2010-12-01T08:26:00Z", "2010-12-01T08:26:00Z ", " 2010-12-01T08:26:00Z", "2010-12-01T08:26:00ZZ",
        "2010-12-01T08:26:00Z\u{0}", "２０10-12-01T08:26:00Z", "2010−12−01T08:26:00Z", "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "2010-12-01T08:26:0", "2010-12-01T08:26:00+1:00",
    ])
    func `what is malformed or out of range is refused`(_ text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func `every beginning of an instant is refused`() {
        let text = "2010-12-01T08:26:00.123456+01:00"
        for length in 0..<text.utf8.count {
            #expect(Instant(rfc3339: String(text.prefix(length))) == nil, "\(length)")
        }
        #expect(Instant(rfc3339: text) != nil)
    }

    @Test func `a fraction of a million digits is read`() {
        let text = "2010-12-01T08:26:00." + String(repeating: "9", count: 1_000_000) + "Z"
        #expect(Instant(rfc3339: text)?.description == "2010-12-01T08:26:00.999999Z")
    }

    @Test func `reading what was written gives the same instant`() {
        var random = SeededRandom(9)
        for _ in 0..<5000 {
            let range = Instant.earliest.microseconds...Instant.latest.microseconds
            let instant = Instant(microseconds: .random(in: range, using: &random))
            #expect(Instant(rfc3339: instant.description) == instant)
        }
    }

    @Test func `Foundation reads and writes the same seconds`() throws {
        // From 1600 on, clear of the change of calendars.
        let earliest = try #require(Instant(rfc3339: "1600-01-01T00:00:00Z")).microseconds / 1_000_000
        let latest = Instant.latest.microseconds / 1_000_000
        var random = SeededRandom(10)
        for _ in 0..<2000 {
            let seconds = Int64.random(in: earliest...latest, using: &random)
            let text = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
            #expect(Instant(microseconds: seconds * 1_000_000).description == text)
            #expect(Instant(rfc3339: text)?.microseconds == seconds * 1_000_000)
        }
    }

    @Test func `days follow one another through four centuries`() {
        var instant = Instant(microseconds: -11_676_096_000_000_000)
        var previous = ""
        for _ in 0..<146_098 {
            let text = instant.description
            #expect(text > previous && text.hasSuffix("T00:00:00Z"))
            previous = text
            instant = Instant(microseconds: instant.microseconds + 86_400_000_000)
        }
        #expect(previous == "2000-01-01T00:00:00Z")
    }

    @Test func `adding seconds saturates at the ends`() {
        let instant = Instant(microseconds: 1_000_000)
        #expect(instant.adding(seconds: 1.5) == Instant(microseconds: 2_500_000))
        #expect(instant.adding(seconds: -1.0000004) == Instant(microseconds: 0))
        #expect(instant.adding(seconds: 1e300) == Instant(microseconds: .max))
        #expect(instant.adding(seconds: -.infinity) == Instant(microseconds: .min))
        #expect(Instant(microseconds: .max).adding(seconds: 1) == Instant(microseconds: .max))
        #expect(Instant(microseconds: .min).adding(seconds: -1) == Instant(microseconds: .min))
        #expect(Instant(microseconds: 5_000_000).seconds(since: Instant(microseconds: 2_500_000)) == 2.5)
    }

    @Test func `instants beyond the years of RFC 3339 can still be described`() {
        #expect(Instant(microseconds: .max).description == "294247-01-10T04:00:54.775807Z")
        #expect(Instant(microseconds: .min).description == "-290308-12-21T19:59:05.224192Z")
    }

    @Test func `the machine's clock agrees with Foundation`() {
        let difference = Double(SystemClock().now().microseconds) / 1_000_000 - Date().timeIntervalSince1970
        #expect(abs(difference) < 5)
    }
}
