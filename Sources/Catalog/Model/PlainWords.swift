/// Words that say nothing about a product. A query may have them, but a product need not.
enum PlainWords {
    private static let english: Set = [
        "a", "an", "and", "the", "for", "of", "in", "on", "with", "to", "from", "by", "at",
    ]
    private static let german: Set = [
        "der", "die", "das", "den", "dem", "ein", "eine", "einen", "und", "fur", "mit", "von", "im", "in",
        "aus", "zum", "zur", "auf",
    ]
    private static let french: Set = [
        "le", "la", "les", "l", "un", "une", "des", "de", "du", "d", "et", "pour", "avec", "en", "au", "aux",
        "sur", "a",
    ]

    static func contains(_ word: String, language: SearchLanguage) -> Bool {
        switch language {
        case .english: english.contains(word)
        case .german: german.contains(word)
        case .french: french.contains(word)
        case .other: false
        }
    }
}
