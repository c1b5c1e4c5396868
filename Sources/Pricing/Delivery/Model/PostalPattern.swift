/// Which postal codes a merchant means: `EH6 6QW` is one code, `EH6*` all that begin so, `EH1 *` those of the British
/// district EH1 (and not of EH10), `10115...10999` (or with two dots) all whose first digits are in between.
///
/// Case, blanks and hyphens do not matter.
public struct PostalPattern: Hashable, Sendable {
    private enum Form: Hashable {
        case code(String)
        case prefix(String)
        case district(String)
        case range(Int, Int, digits: Int)
    }

    private let form: Form

    /// Nil when the text has none of the forms.
    public init?(_ text: String) {
        guard text.utf8.count <= 40, text.unicodeScalars.allSatisfy({ $0.isASCII }) else { return nil }
        if let dots = Self.ends(text) {
            let (least, most) = (Self.compact(dots.0), Self.compact(dots.1))
            guard least.utf8.count == most.utf8.count, (1...12).contains(least.utf8.count),
                let low = Self.number(least), let high = Self.number(most), low <= high
            else { return nil }
            form = .range(low, high, digits: least.utf8.count)
            return
        }
        let isPrefix = text.hasSuffix("*")
        let body = isPrefix ? String(text.dropLast()) : text
        let compact = Self.compact(body)
        guard !compact.isEmpty, compact.utf8.allSatisfy(Self.isLetterOrDigit) else { return nil }
        form = !isPrefix ? .code(compact) : body.hasSuffix(" ") ? .district(compact) : .prefix(compact)
    }

    /// Whether a postal code is meant.
    public func matches(_ code: String) -> Bool {
        let code = Self.compact(code)
        switch form {
        case .code(let exact): return code == exact
        case .prefix(let beginning): return code.hasPrefix(beginning)
        // The part after the district has three characters in every British code.
        case .district(let outward): return code.utf8.count > 3 && code.dropLast(3) == outward[...]
        case .range(let least, let most, let digits):
            guard code.utf8.count >= digits, let number = Self.number(String(code.prefix(digits))) else { return false }
            return (least...most).contains(number)
        }
    }

    /// Upper case, without blanks and hyphens: codes that are one have one such form.
    static func compact(_ text: String) -> String {
        text.uppercased().filter { $0 != " " && $0 != "-" }
    }

    /// The two ends of a range, which is written with two dots or three.
    static func ends(_ text: String) -> (String, String)? {
        guard let dots = text.firstRange(of: "...") ?? text.firstRange(of: "..") else { return nil }
        return (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
    }

    private static func number(_ text: String) -> Int? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte)
    }
}
