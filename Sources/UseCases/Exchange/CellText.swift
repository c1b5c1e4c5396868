import Primitives

extension String {
    /// Without blanks and line breaks at either end.
    var trimmed: String {
        var view = unicodeScalars[...]
        while let first = view.first, Self.blanks.contains(first) { view = view.dropFirst() }
        while let last = view.last, Self.blanks.contains(last) { view = view.dropLast() }
        return String(view)
    }

    private static let blanks: Set<Unicode.Scalar> = [" ", "\t", "\n", "\r", "\u{A0}", "\u{FEFF}"]

    /// Neither line breaks nor other control characters.
    var isOneLine: Bool { unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) } }

    /// No control characters but tabs and line breaks.
    var isText: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: true
            default: scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
            }
        }
    }

    /// Digits with at most one point among them.
    var isPlainDecimal: Bool {
        let parts = split(separator: ".", omittingEmptySubsequences: false)
        return (1...2).contains(parts.count) && parts.contains { !$0.isEmpty }
            && parts.allSatisfy { part in part.utf8.allSatisfy { (48...57).contains($0) } }
    }
}

extension Money {
    /// Reads an amount such as `42.99` exactly: zeros beyond the currency's decimals are passed over, other digits are
    /// refused rather than rounded.
    init(decimal text: String, _ currency: Currency) throws(Problem) {
        let example = currency.exponent == 0 ? "1200" : "12." + String(repeating: "5", count: currency.exponent)
        guard text.isPlainDecimal, text.utf8.count <= 40 else {
            throw Problem(.invalid, "money", "An amount such as \(example) is expected, without a currency's sign.")
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        var digits = parts.count == 2 ? parts[1] : ""
        while digits.count > currency.exponent, digits.last == "0" { digits = digits.dropLast() }
        guard digits.count <= currency.exponent else {
            throw Problem(
                .invalid, "money.precision", "\(currency) has \(currency.exponent) decimals; the amount has more.")
        }
        let fraction = digits + String(repeating: "0", count: currency.exponent - digits.count)
        guard let amount = Int64(parts[0] + fraction) ?? (parts[0].isEmpty && fraction.isEmpty ? 0 : nil) else {
            throw Problem(.invalid, "money.out_of_range", "The amount is too large.")
        }
        try self.init(amount, currency)
    }

    /// The amount as `init(decimal:)` reads it, with all decimals of its currency. A negative one has its sign, so that
    /// it is refused there rather than read as what it is not.
    static func decimal(_ minorUnits: Int64, _ currency: Currency) -> String {
        let sign = minorUnits < 0 ? "-" : ""
        let digits = String(minorUnits.magnitude)
        guard currency.exponent > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, currency.exponent + 1 - digits.count)) + digits
        return "\(sign)\(padded.dropLast(currency.exponent)).\(padded.suffix(currency.exponent))"
    }
}
