import Foundation
import Primitives

/// A product's name in addresses: lower-case letters, digits and hyphens.
enum Handle {
    /// Makes a handle from a title: accents folded, everything else a hyphen.
    /// - Parameter fallback: what is taken when nothing is left.
    static func make(from title: String, orElse fallback: String = "product") -> String {
        var handle = ""
        for scalar in SearchWords.fold(title).unicodeScalars {
            if ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) {
                handle.unicodeScalars.append(scalar)
            } else if !handle.isEmpty, !handle.hasSuffix("-") {
                handle.append("-")
            }
            if handle.utf8.count >= 100 { break }
        }
        while handle.hasSuffix("-") { handle.removeLast() }
        return handle.isEmpty ? fallback : handle
    }

    /// The one spelling of a handle: lower case, composed. Two handles that read the same are the same.
    static func normal(_ text: String) -> String {
        let lower = text.lowercased()
        return lower.utf8.allSatisfy { $0 < 0x80 } ? lower : lower.precomposedStringWithCanonicalMapping
    }

    /// Whether a text is words of lower-case ASCII letters and digits joined by hyphens, and no id.
    static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 200 && !isIdentifier(text)
            && text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
                !word.isEmpty
                    && word.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
            }
    }

    private static func isIdentifier(_ text: String) -> Bool {
        ProductID(text) != nil || CategoryID(text) != nil || CollectionID(text) != nil
    }

    /// Whether a text in its normal spelling is a handle. What reads as an id is none: the id would be found.
    static func isValid(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 200 && !text.hasPrefix("-") && !isIdentifier(text)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar == "-" || scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            }
    }
}

/// How text becomes words that can be looked up.
enum SearchWords {
    /// Lower case without accents: `Crème Brûlée` and `creme brulee` are the same.
    static func fold(_ text: String) -> String {
        text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars
            .filter { !$0.properties.isDiacritic && $0.properties.generalCategory != .nonspacingMark }
            .reduce(into: "") { folded, scalar in
                switch scalar {
                case "ß": folded.append("ss")
                case "æ": folded.append("ae")
                case "œ": folded.append("oe")
                case "ø": folded.append("o")
                case "ł": folded.append("l")
                case "đ": folded.append("d")
                default: folded.unicodeScalars.append(scalar)
                }
            }
    }

    /// The folded words of a text, each at most 64 bytes, without repetition, at most 200.
    static func words(of text: String) -> [String] {
        var words: [String] = []
        var seen: Set<String> = []
        let pieces = fold(text).split { !($0.isLetter || $0.isNumber) }
        for piece in pieces where piece.utf8.count <= 64 && words.count < 200 {
            let word = String(piece)
            if seen.insert(word).inserted { words.append(word) }
        }
        return words
    }
}
