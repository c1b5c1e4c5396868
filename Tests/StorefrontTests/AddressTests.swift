import HTTPServer
import Orders
import Payments
import Primitives
@testable import Storefront
import Testing

struct AddressTests {
    /// A country, a postal code of it, and one that is none.
    static let codes: [(country: String, good: String, bad: String)] = [
        ("GB", "ec1a1bb", "12345"), ("IE", "D02 X285", "1234"), ("US", "94103-1234", "9410"), ("CA", "k1a0b1", "12345"),
        ("AU", "2000", "20000"), ("NZ", "6011", "ABC"), ("DE", "10115", "1011"), ("AT", "1010", "10100"),
        ("CH", "8001", "80011"), ("FR", "75001", "7500A"), ("BE", "1000", "10000"), ("LU", "L-1009", "10099"),
        ("NL", "1012AB", "1012"), ("DK", "1050", "105"), ("SE", "11122", "1112"), ("NO", "0150", "15"),
        ("FI", "00100", "100"), ("PL", "00-001", "0001"), ("CZ", "11000", "1100"), ("HU", "1011", "10111"),
        ("PT", "1000-001", "1000"), ("ES", "28001", "2800"), ("IT", "00184", "184"), ("GR", "104 31", "1043"),
        ("RO", "010011", "10011"), ("JP", "1000001", "100-001"), ("KR", "04524", "0452"), ("IN", "110001", "11000"),
        ("BR", "01310-100", "01310"), ("MX", "06000", "6000"), ("SG", "018956", "18956"), ("ZA", "8001", "80011"),
        ("MT", "VLT1117", "1117"), ("AR", "C1002AAA", "C10"),
    ]

    private static func form(_ fields: [String: String]) -> CheckoutForm {
        var all = [
            "email": "a@b.example", "name": "N", "line1": "L", "city": "C", "region": "R", "payment": "card",
        ]
        all.merge(fields) { $1 }
        return CheckoutForm(Form(all.map { Form.Field($0.key, $0.value) }), country: "GB")
    }

    private static func faults(_ fields: [String: String]) -> [String] {
        form(fields).faults(needsAddress: true, payment: [.card]).map(\.field)
    }

    @Test(arguments: codes)
    func `postal codes are judged by the country's own form`(country: String, good: String, bad: String) {
        #expect(Self.faults(["country": country, "postal_code": good]) == [])
        #expect(Self.faults(["country": country, "postal_code": bad]) == ["postal_code"])
    }

    @Test
    func `a country without an entry asks for as little as possible`() {
        #expect(Self.faults(["country": "TD", "region": ""]) == [])
        #expect(Self.faults(["country": "AE", "region": ""]) == ["region"])
        #expect(AddressFormat.of("AE").postalLabel == nil)
        #expect(AddressFormat.known.count >= 25)
    }

    @Test
    func `every country that can be chosen is one, and has a name`() {
        #expect(CountryNames.all.count == 244)
        #expect(CountryNames.all.allSatisfy { Country.isKnown($0.code) && !$0.name.isEmpty })
        #expect(AddressFormat.known.keys.allSatisfy { CountryNames.name($0) != $0 })
    }

    @Test(arguments: [
        ("GB", "0131 496 0000", "+441314960000"), ("US", "(415) 555-0100", "+14155550100"),
        ("IT", "06 123 4567", "+39061234567"),
        ("GB", "+49 30 901820", "+4930901820"), ("GB", "0049 30 901820", "+4930901820"),
    ])
    func `a phone number without its country's code is taken to be of the country`(
        country: String, typed: String, number: String
    ) {
        #expect(Self.form(["country": country, "phone": typed]).phoneNumber?.description == number)
    }
}
