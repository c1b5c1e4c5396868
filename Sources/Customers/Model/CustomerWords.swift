import Foundation
import Primitives

/// What customers are found by.
enum CustomerWords {
    /// The one spelling of an address: most mail servers take no notice of case, and no shop wants two customers who
    /// differ in nothing else.
    static func key(_ email: EmailAddress) -> String {
        email.description.lowercased().precomposedStringWithCanonicalMapping
    }

    /// Lower case, without accents.
    static func fold(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars.filter {
                    $0.properties.generalCategory != .nonspacingMark
                }))
    }

    /// The folded words of a text, each at most 64 bytes, without repetition.
    static func words(of text: String) -> [String] {
        var words: [String] = []
        for piece in fold(text).split(whereSeparator: { !($0.isLetter || $0.isNumber) }) where words.count < 40 {
            let word = String(piece)
            if word.utf8.count <= 64, !words.contains(word) { words.append(word) }
        }
        return words
    }

    /// What one may type to find a customer: words of the name, those of the address's first part, and the number.
    static func words(of details: CustomerDetails) -> [String] {
        var text = [details.name]
        if let email = details.email?.description { text.append(String(email.prefix { $0 != "@" })) }
        if let phone = details.phone { text.append(String(phone.description.dropFirst())) }
        return words(of: text.joined(separator: " "))
    }

    /// The digits of what looks like a telephone number; nil for anything else.
    static func digits(of query: String) -> String? {
        let digits = query.filter { $0.isASCII && $0.isNumber }
        guard digits.count >= 3, query.allSatisfy({ ($0.isASCII && $0.isNumber) || " +-./()".contains($0) }) else {
            return nil
        }
        return digits
    }
}
