/// An e-mail address as shops accept them: the WHATWG HTML pattern plus UTF-8 in both parts (RFC 6531),
/// at most 64 + 1 + 255 bytes, no quoting, no comments, no controls.
public struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    /// As given, without surrounding spaces; the domain in lower case.
    public let description: String

    /// Nil when the text is not such an address.
    public init?(_ text: String) {
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
