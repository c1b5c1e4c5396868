import Primitives

/// Prices as people type them.
enum Price {
    /// Such as `4.20`, for a field.
    static func field(_ minorUnits: Int64, _ currency: Currency) -> String {
        var digits = String(minorUnits.magnitude)
        guard currency.exponent > 0 else { return digits }
        digits = String(repeating: "0", count: max(0, currency.exponent + 1 - digits.count)) + digits
        return "\(digits.dropLast(currency.exponent)).\(digits.suffix(currency.exponent))"
    }

    /// Nil unless the text is digits with at most as many decimals as the currency has, behind a point or a comma.
    static func read(_ text: String, _ currency: Currency) -> Money? {
        let parts = text.trimmed.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            parts[0].utf8.count <= 15
        else { return nil }
        let decimals = parts.count == 2 ? parts[1] : ""
        guard decimals.count <= currency.exponent else { return nil }
        let padding = String(repeating: "0", count: currency.exponent - decimals.count)
        guard let amount = Int64(parts[0] + decimals + padding) else { return nil }
        // ignored: an amount beyond the limit is no price
        return try? Money(amount, currency)
    }
}
