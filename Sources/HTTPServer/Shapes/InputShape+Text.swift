import Primitives

extension InputShape where Value == String {
    /// A text of so many Unicode scalars, on one line. Control characters are refused.
    ///
    /// Where at least one is needed, spaces alone do not count.
    public static func text(_ length: ClosedRange<Int>) -> InputShape {
        text(length, isMultiline: false)
    }

    /// A text of so many Unicode scalars, in which line ends and tabs are accepted. Other control characters are
    /// refused.
    public static func multilineText(_ length: ClosedRange<Int>) -> InputShape {
        text(length, isMultiline: true)
    }

    /// A text that has to match a pattern.
    /// - Parameters:
    ///   - pattern: an ECMA-262 regular expression that accepts what `isAccepted` does, and maybe more: what fits it
    ///     and is not accepted all the same, such as the 31st of June, is refused as `invalid`.
    ///   - expected: the sentence for what is not.
    public static func text(
        _ length: ClosedRange<Int>, pattern: String, expected: String,
        isAccepted: @escaping @Sendable (String) -> Bool
    ) -> InputShape {
        let plain = text(length)
        let schema = plain.schema.with("pattern", .string(pattern))
        return InputShape(schema, parameter: { .string($0) }) { json, decoding in
            guard let text = plain.decode(json, &decoding) else { return nil }
            guard isAccepted(text) else {
                decoding.refuse(fits(text, pattern) ? "invalid" : "format", expected)
                return nil
            }
            return text
        }
    }

    /// Asked of what was refused, to tell why.
    private static func fits(_ text: String, _ pattern: String) -> Bool {
        // ignored: a pattern that cannot be read fits nothing, and what is told is that the format is wrong
        guard let expression = try? Regex(pattern) else { return false }
        return text.wholeMatch(of: expression) != nil
    }

    /// Lower-case words of ASCII letters and digits joined by hyphens, such as `blue-mug`.
    public static func handle(_ most: Int = 200) -> InputShape {
        text(
            1...most, pattern: "^[a-z0-9]+(?:-[a-z0-9]+)*$",
            expected: "Lower-case letters and digits joined by hyphens are expected."
        ) { text in
            let words = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            return words.allSatisfy { word in
                !word.isEmpty && word.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
            }
        }
    }

    /// An ISO 3166-1 alpha-2 country code in upper case.
    public static var country: InputShape {
        text(
            ["type": "string", "enum": .array(Country.codes.map { .string($0) })],
            expected: "An ISO 3166 country code such as GB is expected."
        ) { $0.utf8.count == 2 && Country.isKnown($0) ? $0 : nil }
    }

    /// An absolute http or https address: an ASCII host, an optional port, then visible ASCII characters.
    public static var webAddress: InputShape {
        text(
            8...2048, pattern: "^https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:[/?#][!-~]*)?$",
            expected: "An address that begins with https:// is expected.", isAccepted: isWebAddress)
    }

    private static func text(_ length: ClosedRange<Int>, isMultiline: Bool) -> InputShape {
        let refused =
            isMultiline
            ? "\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F" : "\\u0000-\\u001F\\u007F-\\u009F"
        let any = "[^\(refused)]*"
        let blank = isMultiline ? " \\t\\n\\r" : " "
        let pattern = length.lowerBound == 0 ? "^\(any)$" : "^\(any)[^\(blank)\(refused)]\(any)$"
        var schema: JSONObject = ["type": "string"]
        if length.lowerBound > 0 { schema["minLength"] = .integer(Int64(length.lowerBound)) }
        schema["maxLength"] = .integer(Int64(length.upperBound))
        schema["pattern"] = .string(pattern)
        return InputShape(Schema(.object(schema)), parameter: { .string($0) }) { json, decoding in
            guard case .string(let text) = json else {
                decoding.refuse("type", "A text is expected.")
                return nil
            }
            return accept(text, length, isMultiline: isMultiline, &decoding) ? text : nil
        }
    }

    private static func accept(
        _ text: String, _ length: ClosedRange<Int>, isMultiline: Bool, _ decoding: inout Decoding
    ) -> Bool {
        var count = 0
        var isBlank = true
        for scalar in text.unicodeScalars {
            count += 1
            switch scalar.value {
            case 0x20: break
            case 0x09, 0x0A, 0x0D:
                guard isMultiline else { return refuseControl(&decoding) }
            case 0..<0x20, 0x7F...0x9F: return refuseControl(&decoding)
            default: isBlank = false
            }
        }
        if count > length.upperBound {
            decoding.refuse("too_long", "At most \(length.upperBound) characters are accepted.")
        } else if length.lowerBound > 0, isBlank {
            decoding.refuse("required", "This must not be empty.")
        } else if count < length.lowerBound {
            decoding.refuse("too_short", "At least \(length.lowerBound) characters are needed.")
        } else {
            return true
        }
        return false
    }

    private static func refuseControl(_ decoding: inout Decoding) -> Bool {
        decoding.refuse("control_character", "Control characters are not accepted.")
        return false
    }

    @Sendable
    private static func isWebAddress(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
        var rest = text[...]
        if rest.hasPrefix("https://") {
            rest = rest.dropFirst(8)
        } else if rest.hasPrefix("http://") {
            rest = rest.dropFirst(7)
        } else {
            return false
        }
        let authority = rest.prefix { !"/?#".contains($0) }.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = authority.first?.utf8, authority.count <= 2, let first = host.first, let last = host.last,
            isLetterOrDigit(first), isLetterOrDigit(last),
            host.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
        else { return false }
        guard authority.count == 2 else { return true }
        return (1...5).contains(authority[1].utf8.count) && authority[1].utf8.allSatisfy { (48...57).contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: false
        }
    }
}
