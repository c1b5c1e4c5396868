/// A number for each document, kept as one set for each binary digit (a bit-sliced index): comparing all documents
/// with a bound, and walking through them in order, takes a few operations on sets for each digit. Only for
/// `SearchMemory`.
public struct SlicedNumbers: Sendable {
    /// From the least significant digit.
    let slices: [DocumentSet]

    var bytes: Int { slices.reduce(0) { $0 + $1.words.count * 8 } }

    private var highestValue: Int64 { slices.count >= 63 ? .max : 1 << slices.count - 1 }

    /// Those of the documents whose number is at most so much.
    func atMost(_ bound: Int64, among documents: DocumentSet) -> DocumentSet {
        if bound < 0 { return documents.subtracting(documents) }
        if bound >= highestValue { return documents }
        let (below, equal) = compared(with: bound, among: documents)
        var set = below
        set.formUnion(equal)
        return set
    }

    /// Those of the documents whose number is at least so much.
    func atLeast(_ bound: Int64, among documents: DocumentSet) -> DocumentSet {
        if bound <= 0 { return documents }
        return documents.subtracting(atMost(bound - 1, among: documents))
    }

    /// Those whose number is less, and those whose number is the same.
    func compared(with bound: Int64, among documents: DocumentSet) -> (below: DocumentSet, equal: DocumentSet) {
        var below = documents.subtracting(documents)
        guard bound <= highestValue else { return (documents, below) }
        var equal = documents
        for digit in slices.indices.reversed() {
            if bound >> Int64(digit) & 1 == 1 {
                below.formUnion(equal.subtracting(slices[digit]))
                equal.formIntersection(slices[digit])
            } else {
                equal.subtract(slices[digit])
            }
        }
        return (below, equal)
    }

    /// The first documents in the order of their numbers, of equal ones in the order of the documents.
    func first(_ limit: Int, of documents: DocumentSet, isDescending: Bool) -> [(document: Int, number: Int64)] {
        var found: [(document: Int, number: Int64)] = []
        func visit(_ part: DocumentSet, _ digit: Int, _ number: Int64) {
            let count = part.count
            guard found.count < limit, count > 0 else { return }
            guard digit >= 0 else {
                part.scan { document in
                    found.append((document, number))
                    return found.count < limit
                }
                return
            }
            // Few are read and sorted: parting them by digits would go through all words of the sets each time.
            guard count > Self.few else {
                found += sorted(part, isDescending: isDescending).prefix(limit - found.count)
                return
            }
            let withDigit = number | 1 << Int64(digit)
            let (ones, zeros) = (part.intersection(slices[digit]), part.subtracting(slices[digit]))
            if isDescending {
                visit(ones, digit - 1, withDigit)
                visit(zeros, digit - 1, number)
            } else {
                visit(zeros, digit - 1, number)
                visit(ones, digit - 1, withDigit)
            }
        }
        visit(documents, slices.count - 1, 0)
        return found
    }

    private static let few = 512

    private func sorted(_ documents: DocumentSet, isDescending: Bool) -> [(document: Int, number: Int64)] {
        documents.members.map { (Int($0), number(of: Int($0))) }.sorted { first, second in
            if first.number == second.number { return first.document < second.document }
            return isDescending ? first.number > second.number : first.number < second.number
        }
    }

    private func number(of document: Int) -> Int64 {
        var number: Int64 = 0
        for (digit, slice) in slices.enumerated() where slice.contains(document) { number |= 1 << Int64(digit) }
        return number
    }
}
