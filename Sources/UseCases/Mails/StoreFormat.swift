import Primitives

/// How amounts and dates are written in the country of a store.
struct StoreFormat: Sendable {
    /// ISO 3166-1 alpha-2.
    let country: String

    private struct Style {
        var point = "."
        var group = ","
        /// Whether the currency stands after the amount.
        var isAfter = false
        /// What stands between the sign and the amount.
        var gap = ""
    }

    private static let nonBreakingSpace = "\u{A0}"

    /// Source: Unicode CLDR, currency formats of the countries' main languages.
    private var style: Style {
        switch country {
        case "DE", "ES", "IT", "GR", "PT", "SI", "HR", "RS", "DK", "RO", "VN":
            Style(point: ",", group: ".", isAfter: true, gap: Self.nonBreakingSpace)
        case "AT", "NL", "BR", "AR", "CL", "CO", "UY", "ID":
            Style(point: ",", group: ".", gap: Self.nonBreakingSpace)
        case "TR": Style(point: ",", group: ".")
        case "FR", "BE", "LU", "SE", "NO", "FI", "PL", "CZ", "SK", "HU", "BG", "UA", "RU", "EE", "LV", "LT":
            Style(point: ",", group: "\u{202F}", isAfter: true, gap: Self.nonBreakingSpace)
        case "CH", "LI": Style(group: "’", gap: Self.nonBreakingSpace)
        case "ZA": Style(point: ",", group: Self.nonBreakingSpace)
        default: Style()
        }
    }

    /// Such as `£1,234.50`, `1.234,50 €` or `¥1,200`.
    func money(_ money: Money) -> String {
        let style = style
        var digits = String(money.amount.magnitude)
        var fraction = ""
        let exponent = money.currency.exponent
        if exponent > 0 {
            digits = String(repeating: "0", count: max(0, exponent + 1 - digits.count)) + digits
            fraction = style.point + digits.suffix(exponent)
            digits = String(digits.dropLast(exponent))
        }
        let number = (money.amount < 0 ? "−" : "") + grouped(digits, by: style.group) + fraction
        let sign = sign(of: money.currency)
        if style.isAfter { return number + style.gap + sign }
        // A code needs room that a sign does not.
        let gap = style.gap.isEmpty && sign.count == 3 ? Self.nonBreakingSpace : style.gap
        return sign + gap + number
    }

    /// In India the groups after the thousands have two digits.
    private func grouped(_ digits: String, by separator: String) -> String {
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            let left = digits.count - index
            let isBoundary = country == "IN" ? left == 3 || (left > 3 && (left - 3).isMultiple(of: 2)) : left % 3 == 0
            if index > 0, isBoundary { grouped += separator }
            grouped.append(digit)
        }
        return grouped
    }

    /// A sign that several currencies share stands for the one of the country only.
    private func sign(of currency: Currency) -> String {
        switch currency.code {
        case "EUR": "€"
        case "GBP": "£"
        case "JPY": "¥"
        case "INR": "₹"
        case "KRW": "₩"
        case "ILS": "₪"
        case "TRY": "₺"
        case "UAH": "₴"
        case "VND": "₫"
        case "NGN": "₦"
        case "PHP": "₱"
        case "BRL": "R$"
        case "PLN": "zł"
        case "CZK": "Kč"
        case "HUF": "Ft"
        case "USD": country == "US" ? "$" : "US$"
        case "CAD": country == "CA" ? "$" : "CA$"
        case "AUD": country == "AU" ? "$" : "A$"
        case "NZD": country == "NZ" ? "$" : "NZ$"
        case "SEK", "NOK", "DKK":
            ["SE": "SEK", "NO": "NOK", "DK": "DKK"][country] == currency.code ? "kr" : currency.code
        case let code: code
        }
    }

    /// Such as `15 January 2026`.
    func date(_ moment: Instant) -> String {
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        let parts = moment.description.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return moment.description }
        return "\(parts[2]) \(months[parts[1] - 1]) \(parts[0])"
    }
}
