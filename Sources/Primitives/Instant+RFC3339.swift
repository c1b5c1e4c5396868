extension Instant {
    /// The earliest instant accepted from outside: 0001-01-01T00:00:00Z.
    public static let earliest = Instant(microseconds: -62_135_596_800_000_000)
    /// The latest instant accepted from outside: 9999-12-31T23:59:59.999999Z.
    public static let latest = Instant(microseconds: 253_402_300_799_999_999)

    /// RFC 3339 in UTC with as many decimals as needed: none, three or six.
    public var description: String {
        let dayMicroseconds: Int64 = 86_400_000_000
        let days = microseconds.flooredQuotient(by: dayMicroseconds)
        // Not `microseconds - days * dayMicroseconds`, which overflows at the beginning of the range.
        var rest = microseconds % dayMicroseconds
        if rest < 0 { rest += dayMicroseconds }
        let (year, month, day) = Self.civil(fromDays: days)
        let fraction = rest % 1_000_000
        rest /= 1_000_000
        // Seven characters for the years that only `Instant.min` and its like lie in.
        return String(unsafeUninitializedCapacity: 23 + 7) { buffer in
            var end = 0
            func write(_ mark: Unicode.Scalar) {
                buffer[end] = UInt8(ascii: mark)
                end += 1
            }
            func write(_ value: Int64, digits: Int) {
                var value = value
                for place in stride(from: end + digits - 1, through: end, by: -1) {
                    buffer[place] = UInt8(ascii: "0") + UInt8(value % 10)
                    value /= 10
                }
                end += digits
            }
            if (0...9999).contains(year) {
                write(year, digits: 4)
            } else {
                for digit in Self.padded(year, 4).utf8 {
                    buffer[end] = digit
                    end += 1
                }
            }
            write("-")
            write(month, digits: 2)
            write("-")
            write(day, digits: 2)
            write("T")
            write(rest / 3600, digits: 2)
            write(":")
            write(rest / 60 % 60, digits: 2)
            write(":")
            write(rest % 60, digits: 2)
            if fraction != 0 {
                write(".")
                let isMilliseconds = fraction % 1000 == 0
                write(isMilliseconds ? fraction / 1000 : fraction, digits: isMilliseconds ? 3 : 6)
            }
            write("Z")
            return end
        }
    }

    /// Reads RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339) with any offset; digits beyond microseconds are dropped.
    /// A leap second, which only the last minute of a day has, reads as the last microsecond before it.
    /// Nil when malformed or outside the years 1 to 9999.
    public init?(rfc3339 text: String) {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let year = scanner.digits(4), scanner.skip("-"), let month = scanner.digits(2), scanner.skip("-"),
            let day = scanner.digits(2), scanner.skip("Tt "), let hour = scanner.digits(2), scanner.skip(":"),
            let minute = scanner.digits(2), scanner.skip(":"), let second = scanner.digits(2)
        else { return nil }
        guard year >= 1, (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        guard let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        var total = Self.days(fromCivil: year, month, day) * 86_400
        total += hour * 3600 + minute * 60 + min(second, 59) - offset
        guard second < 60 || (total + 1) % 86_400 == 0 else { return nil }
        let instant = Instant(microseconds: total * 1_000_000 + (second == 60 ? 999_999 : fraction))
        guard instant >= .earliest, instant <= .latest else { return nil }
        self = instant
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        switch month {
        case 2: return isLeap ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }

    // Both conversions follow Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static func days(fromCivil year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredQuotient(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func civil(fromDays days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

private struct Scanner {
    let bytes: [UInt8]
    var index = 0

    var isAtEnd: Bool { index == bytes.count }

    mutating func digits(_ count: Int) -> Int64? {
        guard index + count <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[index..<index + count] {
            guard byte >= 48, byte <= 57 else { return nil }
            value = value * 10 + Int64(byte - 48)
        }
        index += count
        return value
    }

    mutating func skip(_ accepted: String) -> Bool {
        guard index < bytes.count, accepted.utf8.contains(bytes[index]) else { return false }
        index += 1
        return true
    }

    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        var value: Int64 = 0
        var count = 0
        while index < bytes.count, bytes[index] >= 48, bytes[index] <= 57 {
            if count < 6 { value = value * 10 + Int64(bytes[index] - 48) }
            count += 1
            index += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 6)..<6 { value *= 10 }
        return value
    }

    /// Seconds east of UTC.
    mutating func offset() -> Int64? {
        if skip("Zz") { return 0 }
        let isEast = skip("+")
        guard isEast || skip("-") else { return nil }
        guard let hour = digits(2), skip(":"), let minute = digits(2), hour < 24, minute < 60 else { return nil }
        return (isEast ? 1 : -1) * (hour * 3600 + minute * 60)
    }
}
