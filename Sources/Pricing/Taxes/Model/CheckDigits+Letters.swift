/// The countries whose numbers have letters in them.
extension CheckDigits {
    static func spain(_ text: [UInt8]) -> Bool {
        guard text.count == 9, let last = text.last, let middle = TaxNumberRule.digits(text[1..<8], 7) else {
            return false
        }
        let people = Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)
        let first = text[0]
        switch first {
        case 48...57: return last == people[number([Int(first) - 48] + middle) % 23]
        case UInt8(ascii: "X")...UInt8(ascii: "Z"): return last == people[number([Int(first) - 88] + middle) % 23]
        case UInt8(ascii: "K"), UInt8(ascii: "L"), UInt8(ascii: "M"): return last == people[number(middle) % 23]
        default: break
        }
        guard "ABCDEFGHJNPQRSUVW".utf8.contains(first) else { return false }
        // Either a digit or the letter for it: sources do not agree on which kinds of company have which.
        let check = (0...9).first { luhn(middle + [$0]) } ?? 0
        return last == UInt8(48 + check) || last == Array("JABCDEFGHI".utf8)[check]
    }

    static func france(_ text: [UInt8]) -> Bool {
        guard text.count == 11, let siren = TaxNumberRule.digits(text[2...], 9) else { return false }
        // Numbers of Monaco begin with 000 and are no number of the French register.
        guard siren[..<3].allSatisfy({ $0 == 0 }) || luhn(siren) else { return false }
        if let key = TaxNumberRule.digits(text[..<2], 2) {
            return number(key) == (number(siren) * 100 + 12) % 97
        }
        let alphabet = Array("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ".utf8)
        guard let first = alphabet.firstIndex(of: text[0]), let second = alphabet.firstIndex(of: text[1]) else {
            return false
        }
        let check = first < 10 ? first * 24 + second - 10 : first * 34 + second - 100
        return (number(siren) + 1 + check / 11) % 11 == check % 11
    }

    static func ireland(_ text: [UInt8]) -> Bool {
        let alphabet = Array("WABCDEFGHIJKLMNOPQRSTUV".utf8)
        guard text.count == 8 || text.count == 9 else { return false }
        func letter(_ digits: [Int], _ second: Int) -> UInt8 {
            alphabet[(weighted(digits, [8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23]
        }
        if let digits = TaxNumberRule.digits(text[..<7], 7) {
            let second = text.count == 9 ? alphabet.firstIndex(of: text[8]) : 0
            guard let second else { return false }
            return text[7] == letter(digits, second)
        }
        // As they were given until 2013: a letter or a sign in the second place.
        guard text.count == 8, let first = TaxNumberRule.digits(text[..<1], 1)?.first,
            let rest = TaxNumberRule.digits(text[2..<7], 5)
        else { return false }
        switch text[1] {
        case 65...90, UInt8(ascii: "+"), UInt8(ascii: "*"): return text[7] == letter([0] + rest + [first], 0)
        default: return false
        }
    }

    static func netherlands(_ text: [UInt8]) -> Bool {
        guard text.count == 12, text[9] == UInt8(ascii: "B"), let digits = TaxNumberRule.digits(text[..<9], 9),
            let suffix = TaxNumberRule.digits(text[10...], 2), number(suffix) > 0, number(digits) > 0
        else { return false }
        let company = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
        if company == digits[8] { return true }
        // Since 2020 people in business have numbers that say nothing about them: MOD 97-10 of the whole, NL being 2321
        // and B being 11.
        var remainder = 2321
        for digit in digits { remainder = (remainder * 10 + digit) % 97 }
        return (remainder * 10_000 + 1100 + number(suffix)) % 97 == 1
    }

    static func romania(_ text: [UInt8]) -> Bool {
        guard (2...10).contains(text.count), text[0] != UInt8(ascii: "0"),
            let digits = TaxNumberRule.digits(text, text.count)
        else { return false }
        let padded = Array(repeating: 0, count: 10 - digits.count) + digits
        return weighted(padded, [7, 5, 3, 2, 1, 7, 5, 3, 2]) * 10 % 11 % 10 == padded[9]
    }

    static func britain(_ text: [UInt8]) -> Bool {
        if text.count == 5, let number = TaxNumberRule.digits(text[2...], 3).map({ self.number($0) }) {
            // Departments of the government, and authorities of health.
            if text[..<2] == [71, 68] { return number < 500 }
            return text[..<2] == [72, 65] && number >= 500
        }
        guard let digits = TaxNumberRule.digits(text, 9) ?? TaxNumberRule.digits(text, 12) else { return false }
        let rest = weighted(digits, [8, 7, 6, 5, 4, 3, 2, 10, 1]) % 97
        // Since 2010 there is a second series, and a third, of which none begins with a zero.
        return number(digits[..<7]) > 0 && (rest == 0 || (digits[0] > 0 && (rest == 42 || rest == 55)))
    }

    static func switzerland(_ text: [UInt8]) -> Bool {
        guard text.first == UInt8(ascii: "E"), let digits = TaxNumberRule.digits(text.dropFirst(), 9) else {
            return false
        }
        return weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 1]) % 11 == 0
    }

    static func india(_ text: [UInt8]) -> Bool {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        guard text.count == 15, let state = TaxNumberRule.digits(text[..<2], 2).map({ number($0) }),
            (1...38).contains(state) || state == 97 || state == 99,
            text[2..<7].allSatisfy({ (65...90).contains($0) }), TaxNumberRule.digits(text[7..<11], 4) != nil,
            (65...90).contains(text[11]), text[12] != UInt8(ascii: "0"), text[13] == UInt8(ascii: "Z")
        else { return false }
        var sum = 0
        for (index, character) in text.reversed().enumerated() {
            guard let value = alphabet.firstIndex(of: character) else { return false }
            let weighted = value * (index % 2 == 0 ? 1 : 2)
            sum += weighted / 36 + weighted % 36
        }
        return sum % 36 == 0
    }
}
