import Primitives

/// How the address forms of a country are filled in: which parts there are, how they are called, and how a postal code
/// looks. Sources: the Universal Postal Union's addressing sheets and what shops in these countries ask for.
struct AddressFormat: Sendable {
    var cityLabel = "Town or city"
    /// Nil where addresses have no such part.
    var regionLabel: String?
    var needsRegion = false
    /// Nil where there are no postal codes.
    var postalLabel: String? = "Postal code"
    var needsPostalCode = false
    /// `9` stands for a digit, `A` for a letter, anything else for itself; blanks and hyphens are optional. Empty: any.
    var postalForms: [String] = []
    var isPostalCodeFirst = true

    /// What a postal code looks like, for a sentence.
    var postalExample = ""

    /// The form of a country; what countries without an entry share asks for as little as possible.
    static func of(_ country: String) -> AddressFormat { known[country] ?? standard }

    private static let standard = AddressFormat(
        regionLabel: "State, province or region", postalLabel: "Postal code")

    /// A country with a code before its town and no regions.
    private static func plain(_ forms: [String], _ example: String, label: String = "Postcode") -> AddressFormat {
        AddressFormat(
            cityLabel: "Town or city", postalLabel: label, needsPostalCode: true, postalForms: forms,
            postalExample: example)
    }

    /// A country with regions, which stand between town and code.
    private static func regional(
        _ region: String, needed: Bool = true, _ forms: [String], _ example: String, label: String = "Postal code",
        city: String = "City"
    ) -> AddressFormat {
        AddressFormat(
            cityLabel: city, regionLabel: region, needsRegion: needed, postalLabel: label, needsPostalCode: true,
            postalForms: forms, isPostalCodeFirst: false, postalExample: example)
    }

    private static let britain = AddressFormat(
        cityLabel: "Town or city", regionLabel: "County", postalLabel: "Postcode", needsPostalCode: true,
        postalForms: ["A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA"], isPostalCodeFirst: false,
        postalExample: "EH6 6QW")

    static let known: [String: AddressFormat] = [
        "GB": britain, "GG": britain, "JE": britain, "IM": britain,
        "IE": AddressFormat(
            cityLabel: "Town or city", regionLabel: "County", postalLabel: "Eircode",
            postalForms: ["A99 ****", "A9A ****"],
            isPostalCodeFirst: false, postalExample: "D02 X285"),
        "US": regional("State", ["99999", "99999-9999"], "94103", label: "ZIP code"),
        "PR": regional("Area", needed: false, ["99999", "99999-9999"], "00926", label: "ZIP code"),
        "CA": regional("Province or territory", ["A9A 9A9"], "K1A 0B1"),
        "AU": regional("State or territory", ["9999"], "2000", label: "Postcode", city: "Suburb"),
        "NZ": regional("Suburb", needed: false, ["9999"], "6011", label: "Postcode", city: "Town or city"),
        "DE": plain(["99999"], "10115"), "AT": plain(["9999"], "1010"), "CH": plain(["9999"], "8001"),
        "LI": plain(["9999"], "9490"), "FR": plain(["99999"], "75001"), "MC": plain(["99999"], "98000"),
        "BE": plain(["9999"], "1000"), "LU": plain(["9999", "L-9999"], "1009"), "NL": plain(["9999 AA"], "1012 AB"),
        "DK": plain(["9999"], "1050"), "SE": plain(["999 99"], "111 22"), "NO": plain(["9999"], "0150"),
        "FI": plain(["99999"], "00100"), "IS": plain(["999"], "101"), "PL": plain(["99-999"], "00-001"),
        "CZ": plain(["999 99"], "110 00"), "SK": plain(["999 99"], "811 01"), "HU": plain(["9999"], "1011"),
        "SI": plain(["9999"], "1000"), "HR": plain(["99999"], "10000"), "RO": plain(["999999"], "010011"),
        "BG": plain(["9999"], "1000"), "GR": plain(["999 99"], "104 31"), "PT": plain(["9999-999"], "1000-001"),
        "EE": plain(["99999"], "10111"), "LV": plain(["LV-9999", "9999"], "LV-1010"),
        "LT": plain(["LT-99999", "99999"], "LT-01001"), "MT": plain(["AAA 9999"], "VLT 1117"),
        "CY": plain(["9999"], "1010"), "UA": plain(["99999"], "01001"), "TR": plain(["99999"], "34000"),
        "ES": regional("Province", ["99999"], "28001", label: "Código postal"),
        "IT": regional("Province", ["99999"], "00184", label: "CAP"),
        "JP": AddressFormat(
            cityLabel: "City, ward or town", regionLabel: "Prefecture", needsRegion: true, postalLabel: "Postal code",
            needsPostalCode: true, postalForms: ["999-9999"], postalExample: "100-0001"),
        "KR": regional("Province or metropolitan city", needed: false, ["99999"], "04524"),
        "CN": regional("Province", ["999999"], "100000"),
        "IN": regional("State", ["999999"], "110001", label: "PIN code"),
        "BR": regional("State", ["99999-999"], "01310-100", label: "CEP"),
        "MX": regional("State", ["99999"], "06000"), "AR": regional("Province", ["9999", "A9999AAA"], "C1002AAA"),
        "ZA": regional("Province", needed: false, ["9999"], "8001", city: "City or town"),
        "SG": AddressFormat(
            cityLabel: "Town or district", postalLabel: "Postal code", needsPostalCode: true, postalForms: ["999999"],
            isPostalCodeFirst: false, postalExample: "018956"),
        "IL": plain(["9999999", "99999"], "9100001", label: "Postal code"),
        "MY": regional("State", ["99999"], "50000", label: "Postcode"),
        "AE": AddressFormat(cityLabel: "Area or district", regionLabel: "Emirate", needsRegion: true, postalLabel: nil),
        "HK": AddressFormat(cityLabel: "District", regionLabel: "Area", needsRegion: true, postalLabel: nil),
        "QA": AddressFormat(postalLabel: nil),
    ]

    /// Whether a text has the form of the country's postal codes.
    func acceptsPostalCode(_ text: String) -> Bool {
        guard !postalForms.isEmpty else { return true }
        let code = Self.letters(text)
        return postalForms.contains { form in
            let form = Self.letters(form)
            return form.count == code.count && zip(form, code).allSatisfy(Self.fits)
        }
    }

    private static func letters(_ text: String) -> [Character] {
        text.uppercased().filter { $0 != " " && $0 != "-" }
    }

    private static func fits(_ form: Character, _ character: Character) -> Bool {
        guard character.isASCII else { return false }
        switch form {
        case "9": return character.isNumber
        case "A": return character.isLetter
        case "*": return character.isNumber || character.isLetter
        default: return form == character
        }
    }
}
