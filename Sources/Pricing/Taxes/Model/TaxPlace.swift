/// Where a buyer's goods go, as far as taxes are concerned.
public struct TaxAddress: Hashable, Sendable {
    /// ISO 3166-1 alpha-2.
    public let country: String
    public let region: String
    public let postalCode: String

    public init(country: String, region: String = "", postalCode: String = "") {
        self.country = country
        self.region = region
        self.postalCode = postalCode
    }
}

/// A part of the world: a country, parts of it, or everywhere.
public struct TaxPlace: Hashable, Sendable {
    /// ISO 3166-1 alpha-2, or `*` for everywhere.
    public var country: String
    /// Any of these, as codes or names: `["CA", "California"]`. All regions when empty.
    public var regions: [String]
    /// Any of these. All when empty.
    public var postalCodes: [TaxPostalPattern]

    public init(country: String, regions: [String] = [], postalCodes: [TaxPostalPattern] = []) {
        self.country = country
        self.regions = regions
        self.postalCodes = postalCodes
    }

    /// The country of a place that is everywhere.
    public static let everywhere = "*"

    /// How closely the place fits the address: nil when it does not; postal codes count more than regions, regions
    /// more than a country.
    func fit(_ address: TaxAddress) -> Int? {
        if country == Self.everywhere { return 0 }
        guard country == address.country else { return nil }
        var fit = 1
        if !regions.isEmpty {
            let region = Self.key(address.region, of: country)
            guard !region.isEmpty, regions.contains(where: { Self.key($0, of: country) == region }) else { return nil }
            fit += 2
        }
        if !postalCodes.isEmpty {
            guard postalCodes.contains(where: { $0.matches(address.postalCode) }) else { return nil }
            fit += 4
        }
        return fit
    }

    /// Letters and digits in lower case; `US-CA` is `ca` in the United States.
    private static func key(_ region: String, of country: String) -> String {
        let trimmed = region.hasPrefix(country + "-") ? region.dropFirst(country.count + 1) : region[...]
        return trimmed.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}

extension TaxZone {
    /// How closely the best of its places fits; nil when none does.
    func fit(_ address: TaxAddress) -> Int? {
        places.compactMap { $0.fit(address) }.max()
    }
}

extension TaxSettings {
    /// The zone that an address is in: of those that fit, the one that fits most closely, and the first of equals.
    public func zone(of address: TaxAddress) -> TaxZone? {
        var best: (zone: TaxZone, fit: Int)?
        for zone in zones {
            guard let fit = zone.fit(address) else { continue }
            if fit > best?.fit ?? -1 { best = (zone, fit) }
        }
        return best?.zone
    }
}

/// Postal codes: one (`10115`), all that begin alike (`902*`), or a range (`90001..90899`).
///
/// Spaces and hyphens do not count, nor does case. A longer code is compared by its beginning, so that `90210-1234` is
/// in the range of `90210`.
public struct TaxPostalPattern: Hashable, Sendable {
    private enum Form: Hashable {
        case exactly(String)
        case prefix(String)
        case range(String, String)
    }

    private let form: Form
    /// As it was written.
    public let text: String

    /// Nil for what is no pattern: empty, longer than any postal code, or a range whose ends differ in length or order.
    public init?(_ text: String) {
        guard text.unicodeScalars.count <= 40 else { return nil }
        if let (from, to) = PostalPattern.ends(text) {
            guard let from = Self.code(from), let to = Self.code(to), from.utf8.count == to.utf8.count,
                !(Array(to.utf8).lexicographicallyPrecedes(Array(from.utf8)))
            else { return nil }
            form = .range(from, to)
        } else if text.last == "*" {
            guard let prefix = Self.code(String(text.dropLast())) else { return nil }
            form = .prefix(prefix)
        } else {
            guard let code = Self.code(text) else { return nil }
            form = .exactly(code)
        }
        self.text = text
    }

    /// Whether a postal code as a buyer wrote it is meant.
    public func matches(_ postalCode: String) -> Bool {
        guard let code = Self.code(postalCode) else { return false }
        switch form {
        case .exactly(let wanted): return code == wanted
        case .prefix(let prefix): return code.hasPrefix(prefix)
        case .range(let from, let to):
            let start = Array(code.utf8.prefix(from.utf8.count))
            guard start.count == from.utf8.count else { return false }
            return !start.lexicographicallyPrecedes(Array(from.utf8))
                && !Array(to.utf8).lexicographicallyPrecedes(start)
        }
    }

    /// No country's postal codes have more letters and digits than Iran's.
    private static let longest = 10

    /// ASCII letters in upper case and digits; nil when there are none, too many or others.
    private static func code(_ text: String) -> String? {
        var code: [UInt8] = []
        for byte in text.utf8 where byte != UInt8(ascii: " ") && byte != UInt8(ascii: "-") {
            switch byte {
            case 48...57, 65...90: code.append(byte)
            case 97...122: code.append(byte - 32)
            default: return nil
            }
        }
        return code.isEmpty || code.count > longest ? nil : String(decoding: code, as: UTF8.self)
    }
}
