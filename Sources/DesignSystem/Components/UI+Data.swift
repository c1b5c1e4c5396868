public import Markup
public import Primitives

extension UI {
    /// A box with a heading.
    public static func card(_ title: String? = nil, @HTMLBuilder content: () -> HTML) -> HTML {
        section(.class("card")) {
            if let title { h2 { title } }
            content()
        }
    }

    /// A column of a table.
    public struct Column<Row> {
        let title: String
        let isNumber: Bool
        let cell: (Row) -> HTML

        /// - Parameter isNumber: set right, so that digits stand below each other.
        public init(_ title: String, isNumber: Bool = false, @HTMLBuilder cell: @escaping (Row) -> HTML) {
            self.title = title
            self.isNumber = isNumber
            self.cell = cell
        }
    }

    /// A table that scrolls on its own where the page is too narrow; the dashboard's become cards on a phone. The roles
    /// are said because a table that is laid out as anything else loses them.
    /// - Parameter rowAttributes: such as an id for live updates.
    public static func table<Row>(
        _ caption: String, _ rows: [Row], _ columns: [Column<Row>],
        rowAttributes: (Row) -> [Attribute] = { _ in [] }
    ) -> HTML {
        div(.class("table-frame"), .tabindex(0), .role("region"), .aria("label", caption)) {
            Markup.table(.class("table"), .role("table")) {
                Markup.caption(.class("visually-hidden")) { caption }
                thead(.role("rowgroup")) {
                    tr(.role("row")) {
                        for column in columns {
                            th(.scope("col"), .role("columnheader"), .class(column.isNumber ? "number" : nil)) {
                                column.title
                            }
                        }
                    }
                }
                tbody(.role("rowgroup")) {
                    for row in rows {
                        tr(.role("row"), .several(rowAttributes(row))) {
                            for column in columns {
                                td(
                                    .role("cell"), .data("label", column.title),
                                    .class(column.isNumber ? "number" : nil)
                                ) { column.cell(row) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Names and values below each other; the last may be their sum.
    public static func facts(_ rows: [(name: String, value: HTML)], sum: (name: String, value: HTML)? = nil) -> HTML {
        dl(.class("facts")) {
            for row in rows {
                dt { row.name }
                dd { row.value }
            }
            if let sum {
                dt(.class("sum")) { sum.name }
                dd(.class("sum")) { sum.value }
            }
        }
    }

    /// One thing that happened.
    public struct TimelineItem: Sendable {
        public let title: HTML
        public let at: Instant
        public let tone: Tone

        public init(_ title: HTML, at: Instant, tone: Tone = .neutral) {
            self.title = title
            self.at = at
            self.tone = tone
        }
    }

    /// What happened, in the order given.
    public static func timeline(_ items: [TimelineItem]) -> HTML {
        ol(.class("timeline")) {
            for item in items {
                li(.class(item.tone.className)) {
                    item.title
                    time(item.at)
                }
            }
        }
    }

    /// A price, beside the former one where there was a higher.
    public static func price(_ now: Money, was: Money? = nil) -> HTML {
        guard let was, was.amount > now.amount else {
            return span(.class("price")) { span(.class("now")) { now.text } }
        }
        return span(.class("price")) {
            span(.class("visually-hidden")) { "Now " }
            span(.class("now reduced")) { now.text }
            " "
            span(.class("visually-hidden")) { "before " }
            s { was.text }
        }
    }

    /// A moment in UTC; scripts show it in the reader's own time.
    public static func time(_ moment: Instant) -> HTML {
        Markup.time(.datetime(moment.description)) { moment.text }
    }
}

extension Money {
    /// As people write it: `£4.20`, `¥1,200`, `CHF 12.50`.
    public var text: String {
        var digits = String(amount.magnitude)
        var fraction = ""
        if currency.exponent > 0 {
            digits = String(repeating: "0", count: max(0, currency.exponent + 1 - digits.count)) + digits
            fraction = "." + digits.suffix(currency.exponent)
            digits = String(digits.dropLast(currency.exponent))
        }
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        let symbol = Self.symbols[currency.code] ?? "\(currency.code)\u{A0}"
        return (amount < 0 ? "−" : "") + symbol + grouped + fraction
    }

    /// Signs that stand for one currency only in a shop's own country are left to their codes.
    private static let symbols = [
        "GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "TRY": "₺", "UAH": "₴",
        "VND": "₫", "NGN": "₦", "PHP": "₱", "BRL": "R$",
    ]
}

extension Instant {
    /// As people write it: `21 November 2026, 10:05 UTC`.
    public var text: String {
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        let parts = description.split { !$0.isNumber }.compactMap { Int($0) }
        guard parts.count >= 5, months.indices.contains(parts[1] - 1) else { return description }
        let clock = description.dropFirst(11).prefix(5)
        return "\(parts[2]) \(months[parts[1] - 1]) \(parts[0]), \(clock) UTC"
    }
}
