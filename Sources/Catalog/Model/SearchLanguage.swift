/// The language in which a store's products are described; it decides which endings of words count as the same.
public enum SearchLanguage: String, Sendable, CaseIterable {
    case english = "en"
    case german = "de"
    case french = "fr"
    /// Any other: words are compared as they are, without accents.
    case other = ""

    /// The language that most shops of a country write in; `other` where none of those known is meant.
    /// - Parameter country: ISO 3166-1 alpha-2.
    public init(country: String) {
        switch country {
        case "GB", "US", "IE", "AU", "NZ", "CA": self = .english
        case "DE", "AT", "CH", "LI": self = .german
        case "FR", "MC", "LU": self = .french
        default: self = .other
        }
    }

    /// What stays of a folded word without the endings of plural and case. Words with digits stay as they are.
    ///
    /// Light on purpose: an ending too few is made up for by prefixes and typing mistakes, one too many finds what
    /// nobody meant. After Harman's S-stemmer for English and Savoy's light stemmers for German and French.
    func stem(_ word: String) -> String {
        guard word.utf8.count > 3, word.utf8.allSatisfy({ (97...122).contains($0) }) else { return word }
        switch self {
        case .english: return Self.english(word)
        case .german: return Self.german(word)
        case .french: return Self.french(word)
        case .other: return word
        }
    }

    /// Other stems that a folded word may mean: in German an umlaut may have been typed as two letters.
    func otherStems(_ word: String) -> [String] {
        guard self == .german else { return [] }
        let respelled = word.replacing("ae", with: "a").replacing("oe", with: "o").replacing("ue", with: "u")
        return respelled == word ? [] : [stem(respelled)]
    }

    private static func english(_ word: String) -> String {
        guard word.hasSuffix("s"), !word.hasSuffix("ss"), !word.hasSuffix("us") else { return word }
        if word.hasSuffix("ies") {
            return word.utf8.count > 4 ? word.dropLast(3) + "y" : String(word.dropLast())
        }
        for ending in ["sses", "shes", "ches", "xes", "zes"] where word.hasSuffix(ending) {
            return String(word.dropLast(2))
        }
        return String(word.dropLast())
    }

    private static func german(_ word: String) -> String {
        for ending in ["nen", "ern", "em", "en", "er", "es", "e", "n", "s"]
        where word.hasSuffix(ending) && word.utf8.count - ending.utf8.count >= (ending == "nen" ? 6 : 4) {
            // An s is an ending only behind some consonants, as in Snowball's stemmer: not in Weinglas.
            if ending == "s", !"bdfghklmnrt".utf8.contains(word.utf8.dropLast().last ?? 0) { break }
            return String(word.dropLast(ending == "nen" ? 2 : ending.utf8.count))
        }
        return word
    }

    private static func french(_ word: String) -> String {
        var stem = word
        if stem.hasSuffix("aux"), !stem.hasSuffix("eaux"), stem.utf8.count > 5 { return stem.dropLast(3) + "al" }
        if stem.hasSuffix("x") || stem.hasSuffix("s") { stem.removeLast() }
        if stem.utf8.count > 4, stem.hasSuffix("ee") { stem.removeLast() }
        if stem.utf8.count > 3, stem.hasSuffix("e") { stem.removeLast() }
        let tail = stem.utf8.suffix(2)
        if stem.utf8.count > 4, tail.first == tail.last { stem.removeLast() }
        return stem
    }
}
