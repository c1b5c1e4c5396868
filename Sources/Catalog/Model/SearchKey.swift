import Foundation
import Primitives

/// The names of the sets of documents that make up the index.
///
/// A word has one set for each kind of place that it stands in. What is not a word begins with `#` or `=`, which no
/// word does.
enum SearchKey {
    /// Where a word stands, by how much that says about the product.
    enum Place: String, CaseIterable {
        /// A title, by how many words it has: what has one word is that thing.
        case title1 = "1"
        case title2 = "2"
        case title3 = "3"
        case title4 = "4"
        case longTitle = "5"
        /// An SKU or a barcode as a whole.
        case code = "c"
        /// The vendor, a tag, a category, an option's value, a part of an SKU.
        case detail = "d"
        case description = "t"

        static func title(words: Int) -> Place {
            switch words {
            case ...1: .title1
            case 2: .title2
            case 3: .title3
            case 4: .title4
            default: .longTitle
            }
        }

        var weight: Int {
            switch self {
            case .code: 130
            case .title1: 110
            case .title2: 104
            case .title3: 100
            case .title4: 97
            case .longTitle: 94
            case .detail: 55
            case .description: 18
            }
        }
    }

    static func word(_ stem: String, in place: Place) -> String { "\(stem)\u{1}\(place.rawValue)" }

    /// All sets of a word.
    static func word(_ stem: String) -> [String] { Place.allCases.map { word(stem, in: $0) } }

    /// What a key of a word says; nil for another.
    static func place(of key: String) -> (stem: String, place: Place)? {
        guard let last = key.last.flatMap({ Place(rawValue: String($0)) }), key.utf8.dropLast().last == 1 else {
            return nil
        }
        return (String(key.utf8.dropLast(2)) ?? "", last)
    }

    /// Two words that stand side by side in a title.
    static func pair(_ first: String, _ second: String) -> String { "=\(first) \(second)" }

    /// Every document.
    static let all = "#*"
    static let available = "#a"
    /// Active, and not shown yet or no longer.
    static let hidden = "#h"
    static func status(_ status: ProductStatus) -> String { "#s\(status.rawValue)" }

    /// One binary digit of a number that every document has.
    static func digit(_ digit: Int, of number: Number) -> String { "#\(number.rawValue)\(digit)" }

    /// All sets of a number, from the least significant digit.
    static func digits(of number: Number) -> [String] { (0..<number.digits).map { digit($0, of: number) } }

    enum Number: String {
        case lowestPrice = "p"
        case highestPrice = "q"
        /// The beginning of the title that products are sorted by.
        case title = "t"

        var digits: Int { self == .title ? 32 : 53 }
    }

    /// The first four bytes of a title's key, ordered as the key is.
    static func number(ofTitle key: String) -> Int64 {
        let bytes = Array(key.utf8.prefix(4)) + [0, 0, 0, 0]
        return bytes.prefix(4).reduce(0) { $0 << 8 | Int64($1) }
    }

    /// A text that no title with this number comes before.
    static func beginning(ofTitle number: Int64) -> String {
        let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }.prefix { $0 != 0 }
        // The four bytes may end within a character.
        return (0...3).lazy.compactMap { String(validating: bytes.dropLast($0), as: UTF8.self) }.first ?? ""
    }

    /// What can be counted and filtered by, all under one beginning.
    static let facets = "#f"
    static func category(_ id: CategoryID) -> String { "#fc\(id)" }
    static func tag(_ tag: String) -> String { "#ft\(composed(tag))" }
    static func vendor(_ vendor: String) -> String { "#fv\(composed(vendor))" }
    static func option(_ name: String, _ value: String) -> String { "#fo\(composed(name))\u{1}\(composed(value))" }

    /// What reads the same is one value, as it is for Swift's comparisons; databases compare bytes.
    private static func composed(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCanonicalMapping
    }

    /// The least text above every text with this beginning: no word and no name contains its last scalar.
    static func end(of beginning: String) -> String { beginning + "\u{10FFFF}" }
}

extension String {
    /// By bytes, as both engines order texts.
    func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
