/// An e-mail address as shops accept them: the WHATWG HTML pattern plus UTF-8 in both parts (RFC 6531),
/// at most 64 + 1 + 255 bytes, no quoting, no comments, no controls.
public struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    /// As given, without surrounding spaces; the domain in lower case.
    public let description: String

    /// Nil when the text is not such an address.
    public init?(_ text: String) {
        // Nearly every address is one of these, and each is read again with its order.
        if let isPlain = text.utf8.withContiguousStorageIfAvailable(Self.isPlain), isPlain {
            description = text
            return
        }
        let trimmed = text.trimmingSpaces
        guard trimmed.utf8.count <= 320, let at = trimmed.lastIndex(of: "@") else { return nil }
        let local = trimmed[..<at]
        let domain = trimmed[trimmed.index(after: at)...].lowercased()
        guard !local.isEmpty, local.utf8.count <= 64, local.unicodeScalars.allSatisfy(Self.isLocalCharacter),
            local.unicodeScalars.first != ".", local.unicodeScalars.last != ".", !local.contains("..")
        else { return nil }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard domain.utf8.count <= 255, labels.count >= 2, labels.allSatisfy(Self.isLabel) else { return nil }
        description = "\(local)@\(domain)"
    }

    /// Whether an address is made of lower-case ASCII letters, digits, hyphens and single dots alone, and written as
    /// this type writes it. False does not mean that it is none.
    static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var at: Int?
        var label = 0
        var labels = 0
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "-") where index > label && index + 1 < text.count: break
            case UInt8(ascii: "@") where at == nil && index > label && index <= 64:
                at = index
                label = index + 1
                continue
            case UInt8(ascii: ".") where index > label && text[index - 1] != UInt8(ascii: "-"):
                if at != nil { labels += 1 }
                guard index - label <= 63 else { return false }
                label = index + 1
                continue
            default: return false
            }
        }
        let rest = text.count - label
        return at != nil && labels > 0 && rest > 0 && rest <= 63 && text.count <= 255
    }

    private static func isLocalCharacter(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar.isASCIILetterOrDigit || "!#$%&'*+-/=?^_`{|}~.".unicodeScalars.contains(scalar)
        }
        return isPrintable(scalar)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        guard !label.isEmpty, label.utf8.count <= 63, !label.hasPrefix("-"), !label.hasSuffix("-") else { return false }
        return label.unicodeScalars.allSatisfy {
            $0.isASCII ? $0.isASCIILetterOrDigit || $0 == "-" : isPrintable($0)
        }
    }

    // Bidirectional controls and invisible separators (Cf, Z*, C*) make two different addresses look alike.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }
}

extension Unicode.Scalar {
    var isASCIILetterOrDigit: Bool {
        switch value {
        case 48...57, 65...90, 97...122: true
        default: false
        }
    }
}

extension String {
    /// Without the ASCII spaces around it.
    var trimmingSpaces: String {
        var view = self[...]
        while view.first == " " { view.removeFirst() }
        while view.last == " " { view.removeLast() }
        return String(view)
    }
}
