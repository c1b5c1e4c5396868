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
