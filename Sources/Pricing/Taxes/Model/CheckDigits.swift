/// How each country tells a tax number from a slip of the pen. Numbers that are no digits at all come as nil.
///
/// Rules as the countries publish them and the European Commission gathers them in its VIES documentation.
enum CheckDigits {
    static func austria(_ digits: [Int]?) -> Bool {
        guard let digits else { return false }
        let sum = zip(digits, [1, 2, 1, 2, 1, 2, 1]).reduce(0) { $0 + ($1.0 * $1.1) / 10 + ($1.0 * $1.1) % 10 }
        return digits[7] == (96 - sum) % 10
    }

    static func belgium(_ digits: [Int]?) -> Bool {
        guard let digits, digits[0] <= 1, number(digits[..<8]) > 0 else { return false }
        return 97 - number(digits[..<8]) % 97 == number(digits[8...])
    }

    static func bulgaria(_ digits: [Int]?) -> Bool {
        guard let digits else { return false }
        if digits.count == 9 {
            var check = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8]) % 11
            if check == 10 { check = weighted(digits, [3, 4, 5, 6, 7, 8, 9, 10]) % 11 }
            return digits[8] == check % 10
        }
        // People, foreigners, and others, each with weights of their own.
        let month = number(digits[2..<4]) % 20
        let isBirth = (1...12).contains(month) && (1...31).contains(number(digits[4..<6]))
        return (isBirth && digits[9] == weighted(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10)
            || digits[9] == weighted(digits, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10
            || digits[9] == (11 - weighted(digits, [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11
    }

    static func cyprus(_ text: [UInt8]) -> Bool {
        guard text.count == 9, let digits = TaxNumberRule.digits(text.dropLast(), 8),
            !(digits[0] == 1 && digits[1] == 2)
        else { return false }
        let odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
        let sum = digits.enumerated().reduce(0) { $0 + ($1.offset % 2 == 0 ? odd[$1.element] : $1.element) }
        return Int(text[8]) == 65 + sum % 26
    }

    static func czechia(_ digits: [Int]?) -> Bool {
        guard let digits else { return false }
        switch digits.count {
        case 8:
            let check = (11 - weighted(digits, [8, 7, 6, 5, 4, 3, 2]) % 11) % 11
            return digits[0] != 9 && digits[7] == (check == 0 ? 1 : check) % 10
        case 9 where digits[0] == 6:
            let check = weighted(Array(digits[1...]), [8, 7, 6, 5, 4, 3, 2]) % 11
            return digits[8] == (8 - (10 - check) % 11 + 10) % 10
        case 9:
            // Given until 1953, without a check digit.
            return isDate(digits)
        default:
            return isDate(digits) && (number(digits[..<9]) % 11) % 10 == digits[9]
        }
    }

    /// Whether a Czech number begins with the year, month and day of a birth: women's months plus 50, since 2004 also
    /// plus 20. Those of nine digits were given until 1953.
    private static func isDate(_ digits: [Int]) -> Bool {
        var month = number(digits[2..<4]) % 50
        if digits.count == 9 {
            if (54...80).contains(number(digits[..<2])) { return false }
        } else if month > 20 {
            month -= 20
        }
        let days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...12).contains(month) && (1...days[month - 1]).contains(number(digits[4..<6]))
    }

    static func germany(_ digits: [Int]?) -> Bool {
        guard let digits, digits[0] != 0 else { return false }
        return iso7064(digits)
    }

    static func croatia(_ digits: [Int]?) -> Bool { digits.map(iso7064) ?? false }

    static func denmark(_ digits: [Int]?) -> Bool {
        guard let digits, digits[0] != 0 else { return false }
        return weighted(digits, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
    }

    static func estonia(_ digits: [Int]?) -> Bool {
        guard let digits else { return false }
        return weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0
    }

    static func greece(_ digits: [Int]?) -> Bool {
        guard let digits else { return false }
        return weighted(digits, [256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == digits[8]
    }

    static func finland(_ digits: [Int]?) -> Bool {
        guard let digits else { return false }
        return weighted(digits, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 == 0
    }

    static func hungary(_ digits: [Int]?) -> Bool {
        guard let digits else { return false }
        return weighted(digits, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 == 0
    }

    static func italy(_ digits: [Int]?) -> Bool {
        guard let digits, number(digits[..<7]) > 0 else { return false }
        let office = number(digits[7..<10])
        return ((1...100).contains(office) || [120, 121, 888, 999].contains(office)) && luhn(digits)
    }

    static func lithuania(_ digits: [Int]?) -> Bool {
        guard let digits, digits[digits.count - 2] == 1 else { return false }
        let body = Array(digits.dropLast())
        var check = body.enumerated().reduce(0) { $0 + (1 + $1.offset % 9) * $1.element } % 11
        if check == 10 { check = body.enumerated().reduce(0) { $0 + (1 + ($1.offset + 2) % 9) * $1.element } % 11 }
        return digits.last == check % 10
    }

    static func luxembourg(_ digits: [Int]?) -> Bool {
        guard let digits else { return false }
        return number(digits[..<6]) % 89 == number(digits[6...])
    }

    static func latvia(_ digits: [Int]?) -> Bool {
        guard let digits else { return false }
        if digits[0] > 3 { return weighted(digits, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3 }
        // People's codes begin with a date, or with 32; their check digit was never published.
        let (day, month) = (number(digits[..<2]), number(digits[2..<4]))
        return day == 32 || ((1...31).contains(day) && (1...12).contains(month) && digits[6] <= 2)
    }

    static func malta(_ digits: [Int]?) -> Bool {
        guard let digits, digits[0] != 0 else { return false }
        return (weighted(digits, [3, 4, 6, 7, 8, 9]) + number(digits[6...])) % 37 == 0
    }

    static func poland(_ digits: [Int]?) -> Bool {
        guard let digits else { return false }
        return weighted(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digits[9]
    }

    static func portugal(_ digits: [Int]?) -> Bool {
        guard let digits, digits[0] != 0 else { return false }
        return (11 - weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 == digits[8]
    }

    static func sweden(_ digits: [Int]?) -> Bool {
        guard let digits, digits[10] * 10 + digits[11] > 0 else { return false }
        return luhn(Array(digits[..<10]))
    }

    static func slovenia(_ digits: [Int]?) -> Bool {
        guard let digits, digits[0] != 0 else { return false }
        let check = 11 - weighted(digits, [8, 7, 6, 5, 4, 3, 2]) % 11
        return check != 11 && check % 10 == digits[7]
    }

    static func slovakia(_ digits: [Int]?) -> Bool {
        guard let digits, digits[0] != 0, [2, 3, 4, 7, 8, 9].contains(digits[2]) else { return false }
        return number(digits[...]) % 11 == 0
    }

    static func norway(_ digits: [Int]?) -> Bool {
        guard let digits else { return false }
        return weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
    }

    static func australia(_ digits: [Int]?) -> Bool {
        guard var digits, digits[0] != 0 else { return false }
        digits[0] -= 1
        return weighted(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) % 89 == 0
    }
}

/// The arithmetic that the countries share.
extension CheckDigits {
    static func number(_ digits: some Collection<Int>) -> Int { digits.reduce(0) { $0 * 10 + $1 } }

    static func weighted(_ digits: [Int], _ weights: [Int]) -> Int {
        zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }

    static func luhn(_ digits: [Int]) -> Bool {
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let value = index % 2 == 0 ? digit : digit * 2
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }

    /// MOD 11,10 of ISO 7064.
    static func iso7064(_ digits: [Int]) -> Bool {
        var product = 10
        for digit in digits.dropLast() {
            let sum = (digit + product) % 10
            product = (sum == 0 ? 10 : sum) * 2 % 11
        }
        return (product + (digits.last ?? 0)) % 10 == 1
    }
}
