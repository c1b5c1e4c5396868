/// The number under which a business is registered for VAT, GST or the like, with its check digits right where they are
/// published: of the members of the European Union, Northern Ireland, Great Britain, Switzerland, Norway, Australia and
/// India. Whether anybody has the number, only the country's own register knows.
public struct TaxNumber: Hashable, Sendable, CustomStringConvertible {
    /// ISO 3166-1 alpha-2 of the country that gave it. Northern Ireland's is `GB`.
    public let country: String
    /// With the prefix, without spaces: `DE136695976`, `EL094259216`, `CHE107787577`, `IN27AAPFU0939F1ZV`.
    public let description: String

    private let prefix: String

    /// Reads a number in any of the ways in which it is written; nil when it cannot be one.
    ///
    /// The prefix may be missing where the country is known: then `country` says which is meant.
    public init?(_ text: String, country: String? = nil) {
        guard text.utf8.count <= 40 else { return nil }
        var characters: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"): continue
            case 97...122: characters.append(byte - 32)
            case 48...57, 65...90, UInt8(ascii: "+"), UInt8(ascii: "*"): characters.append(byte)
            default: return nil
            }
        }
        let written = String(decoding: characters, as: UTF8.self)
        let candidates = [String(written.prefix(2))] + (country.map { [TaxNumberRule.prefix(of: $0)] } ?? [])
        for (index, candidate) in candidates.enumerated() {
            guard let rule = TaxNumberRule.all[candidate] else { continue }
            let body = rule.trimmed(Array(index == 0 ? characters.dropFirst(2) : characters[...]))
            guard rule.accepts(body) else { continue }
            prefix = candidate
            self.country = TaxNumberRule.country(of: candidate)
            description = candidate + String(decoding: body, as: UTF8.self)
            return
        }
        return nil
    }

    /// Whether it is of use for goods that go to a country: one of the European Union for all of its members, any other
    /// for its own country.
    public func covers(_ destination: String) -> Bool {
        if Self.union.contains(destination) { return prefix == "XI" || Self.union.contains(country) }
        return country == destination && prefix != "XI"
    }

    /// The members of the European Union by ISO 3166-1 alpha-2.
    public static let union: Set<String> = [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
        "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    ]

    /// What the numbers begin with: the country's code but for Greece (`EL`) and Northern Ireland (`XI`).
    public static let prefixes: [String] = TaxNumberRule.all.keys.sorted()

    /// The countries whose numbers are known.
    public static let countries: Set<String> = union.union(["GB", "CH", "NO", "AU", "IN"])
}

/// What the numbers behind a prefix look like.
struct TaxNumberRule: Sendable {
    /// Endings that are written behind the number and do not belong to it.
    var endings: [String] = []
    /// Zeros that are left out at the beginning are put back up to this length.
    var paddedTo = 0
    let accepts: @Sendable ([UInt8]) -> Bool

    func trimmed(_ body: [UInt8]) -> [UInt8] {
        var body = body
        for ending in endings
        where body.count > ending.utf8.count && body.suffix(ending.utf8.count) == Array(ending.utf8) {
            body.removeLast(ending.utf8.count)
            break
        }
        return Array(repeating: UInt8(ascii: "0"), count: max(0, paddedTo - body.count)) + body
    }

    static func prefix(of country: String) -> String { country == "GR" ? "EL" : country }

    static func country(of prefix: String) -> String {
        switch prefix {
        case "EL": "GR"
        case "XI": "GB"
        default: prefix
        }
    }

    /// By prefix, which is the country's code but for Greece (EL) and Northern Ireland (XI).
    static let all: [String: TaxNumberRule] = [
        "AT": .init { $0.first == UInt8(ascii: "U") && CheckDigits.austria(digits($0.dropFirst(), 8)) },
        "BE": .init(paddedTo: 10) { CheckDigits.belgium(digits($0, 10)) },
        "BG": .init { CheckDigits.bulgaria(digits($0, 9) ?? digits($0, 10)) },
        "CY": .init { CheckDigits.cyprus($0) },
        "CZ": .init { CheckDigits.czechia(digits($0, 8) ?? digits($0, 9) ?? digits($0, 10)) },
        "DE": .init { CheckDigits.germany(digits($0, 9)) },
        "DK": .init { CheckDigits.denmark(digits($0, 8)) },
        "EE": .init { CheckDigits.estonia(digits($0, 9)) },
        "EL": .init(paddedTo: 9) { CheckDigits.greece(digits($0, 9)) },
        "ES": .init { CheckDigits.spain($0) },
        "FI": .init { CheckDigits.finland(digits($0, 8)) },
        "FR": .init { CheckDigits.france($0) },
        "HR": .init { CheckDigits.croatia(digits($0, 11)) },
        "HU": .init { CheckDigits.hungary(digits($0, 8)) },
        "IE": .init { CheckDigits.ireland($0) },
        "IT": .init { CheckDigits.italy(digits($0, 11)) },
        "LT": .init { CheckDigits.lithuania(digits($0, 9) ?? digits($0, 12)) },
        "LU": .init { CheckDigits.luxembourg(digits($0, 8)) },
        "LV": .init { CheckDigits.latvia(digits($0, 11)) },
        "MT": .init { CheckDigits.malta(digits($0, 8)) },
        "NL": .init { CheckDigits.netherlands($0) },
        "PL": .init { CheckDigits.poland(digits($0, 10)) },
        "PT": .init { CheckDigits.portugal(digits($0, 9)) },
        "RO": .init { CheckDigits.romania($0) },
        "SE": .init { CheckDigits.sweden(digits($0, 12)) },
        "SI": .init { CheckDigits.slovenia(digits($0, 8)) },
        "SK": .init { CheckDigits.slovakia(digits($0, 10)) },
        "GB": .init { CheckDigits.britain($0) },
        "XI": .init { CheckDigits.britain($0) },
        "CH": .init(endings: ["MWST", "TVA", "IVA"]) { CheckDigits.switzerland($0) },
        "NO": .init(endings: ["MVA"]) { CheckDigits.norway(digits($0, 9)) },
        "AU": .init { CheckDigits.australia(digits($0, 11)) },
        "IN": .init { CheckDigits.india($0) },
    ]

    /// The digits of a text that consists of so many of them; nil for another.
    static func digits(_ text: some Collection<UInt8>, _ count: Int) -> [Int]? {
        guard text.count == count, text.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return text.map { Int($0) - 48 }
    }
}
