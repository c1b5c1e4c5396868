import Foundation

/// How text becomes words that can be looked up.
enum SearchWords {
    /// The longest word that is looked up, in bytes; longer ones are cut.
    static let longest = 64

    /// Lower case without accents: `Crème Brûlée` and `creme brulee` are the same.
    static func fold(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        return text.lowercased().decomposedStringWithCompatibilityMapping.unicodeScalars
            .filter { !$0.properties.isDiacritic && $0.properties.generalCategory != .nonspacingMark }
            .reduce(into: "") { folded, scalar in
                switch scalar {
                case "ß": folded.append("ss")
                case "æ": folded.append("ae")
                case "œ": folded.append("oe")
                case "ø": folded.append("o")
                case "ł": folded.append("l")
                case "đ": folded.append("d")
                case "ı": folded.append("i")
                default: folded.unicodeScalars.append(scalar)
                }
            }
    }

    /// The folded words of a text in their order, with repetitions. A character of a script that puts no spaces
    /// between words is a word of its own, and an apostrophe belongs to its word: `l'huile` is `huile`, `men's` `mens`.
    static func words(of text: String, most: Int = 200) -> [String] {
        var words: [String] = []
        var word = ""
        func finish() {
            guard !word.isEmpty else { return }
            words.append(word.utf8.count <= longest ? word : cut(word))
            word = ""
        }
        for scalar in fold(text).unicodeScalars {
            if words.count >= most { return words }
            if scalar.isSpaceless {
                finish()
                words.append(String(scalar))
            } else if scalar.isPartOfWord {
                word.unicodeScalars.append(scalar)
            } else if scalar == "'" || scalar == "’" {
                // One letter before it is an article; anything else belongs to what follows.
                if word.utf8.count == 1 || word == "qu" { word = "" }
            } else {
                finish()
            }
        }
        finish()
        return Array(words.prefix(most))
    }

    /// What is written as one word by some and as several by others: `t-shirt` is `tshirt` too, `AB-12/3` `ab123`.
    static func joined(of text: String, most: Int = 50) -> [String] {
        var joined: [String] = []
        for piece in text.split(whereSeparator: \.isWhitespace) where joined.count < most {
            let parts = words(of: String(piece), most: 8)
            let whole = parts.joined()
            if parts.count > 1, whole.utf8.count <= longest { joined.append(whole) }
        }
        return joined
    }

    private static func cut(_ word: String) -> String {
        var short = ""
        for scalar in word.unicodeScalars {
            if short.utf8.count + 4 > longest { break }
            short.unicodeScalars.append(scalar)
        }
        return short
    }
}

extension Unicode.Scalar {
    fileprivate var isPartOfWord: Bool {
        if isASCII { return (97...122).contains(value) || (48...57).contains(value) }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .spacingMark:
            return true
        default: return false
        }
    }

    /// Ideographs and kana.
    fileprivate var isSpaceless: Bool {
        (0x3040...0x30FF).contains(value) || (0x3400...0x4DBF).contains(value) || (0x4E00...0x9FFF).contains(value)
            || (0x20000...0x3FFFF).contains(value)
    }
}
