/// How words that were typed wrongly are found: by what is left of both when letters are left out.
///
/// A word is kept under itself and under itself without any one letter, a long one also without any two of its first
/// eight (the symmetric deletion of SymSpell). A wrong word of the same language shares one of these forms.
enum Spelling {
    /// The fewest letters of a word that is corrected.
    static let shortest = 5
    /// So many letters from the front take part where two may be wrong.
    private static let front = 8
    private static let longest = 24

    /// How many letters may be wrong.
    static func tolerance(of word: String) -> Int {
        switch word.utf8.count {
        case ..<shortest: 0
        case ..<front: 1
        default: 2
        }
    }

    /// Whether a word takes part: letters only, as codes with digits are not typed from memory.
    static func isCorrectable(_ word: String) -> Bool {
        let count = word.unicodeScalars.count
        return count >= shortest - 1 && count <= longest
            && !word.unicodeScalars.contains { $0.properties.numericType != nil }
    }

    /// The forms under which a word is kept and looked up.
    static func forms(of word: String) -> Set<String> {
        let letters = Array(word.unicodeScalars)
        var forms: Set<[Unicode.Scalar]> = [letters]
        if letters.count < front {
            forms.formUnion(deletions(of: letters))
        } else {
            let start = Array(letters.prefix(front))
            let once = deletions(of: start)
            forms = once.union([start])
            for form in once { forms.formUnion(deletions(of: form)) }
            // What the front of a word with one letter fewer or more looks like.
            if letters.count == front { forms.insert(letters) }
        }
        return Set(forms.map { form in form.reduce(into: "") { $0.unicodeScalars.append($1) } })
    }

    private static func deletions(of letters: [Unicode.Scalar]) -> Set<[Unicode.Scalar]> {
        Set(
            letters.indices.map { index in
                var rest = letters
                rest.remove(at: index)
                return rest
            })
    }

    /// Letters left out, added, replaced, or exchanged with their neighbour, at least so many to get from one word to
    /// the other; nil when more than `most`.
    static func distance(_ first: String, _ second: String, most: Int) -> Int? {
        let (a, b) = (Array(first.unicodeScalars), Array(second.unicodeScalars))
        guard abs(a.count - b.count) <= most else { return nil }
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 1..<(a.count + 1) {
            var row = [i] + [Int](repeating: 0, count: b.count)
            for j in 1..<(b.count + 1) {
                var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
                row[j] = cost
            }
            if row.min() ?? 0 > most { return nil }
            (beforeLast, last) = (last, row)
        }
        return last[b.count] <= most ? last[b.count] : nil
    }

    /// The tails of a long word that may be words of their own: `kaffeemaschine` ends with `maschine`.
    static func tails(of word: String) -> [String] {
        guard word.utf8.count >= 8, word.utf8.allSatisfy({ (97...122).contains($0) }), word.utf8.count <= longest else {
            return []
        }
        return (3...(word.utf8.count - 4)).map { String(word.dropFirst($0)) }
    }
}
