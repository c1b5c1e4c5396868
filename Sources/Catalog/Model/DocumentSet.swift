/// Documents of a store by their numbers: one bit each, from 0.
///
/// A store's documents are numbered densely, so what words and filters mean together is a few machine words each.
struct DocumentSet: Hashable, Sendable {
    private(set) var words: [UInt64]

    /// An empty set.
    /// - Parameter capacity: above every number that it will be asked for.
    init(capacity: Int) {
        words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
    }

    var isEmpty: Bool { !words.contains { $0 != 0 } }

    var count: Int {
        var count = 0
        for word in words { count += word.nonzeroBitCount }
        return count
    }

    func contains(_ document: Int) -> Bool {
        document >= 0 && document >> 6 < words.count && words[document >> 6] >> (document & 63) & 1 == 1
    }

    mutating func insert(_ document: Int) {
        guard document >> 6 < words.count else { return }
        words[document >> 6] |= 1 << (document & 63)
    }

    mutating func remove(_ document: Int) {
        guard document >> 6 < words.count else { return }
        words[document >> 6] &= ~(1 << (document & 63))
    }

    mutating func formUnion(_ other: DocumentSet) { combine(other, |) }

    mutating func formIntersection(_ other: DocumentSet) { combine(other, &) }

    mutating func subtract(_ other: DocumentSet) { combine(other) { $0 & ~$1 } }

    /// Word by word; what the other set is too short for counts as empty there.
    @inline(__always)
    private mutating func combine(_ other: DocumentSet, _ operation: (UInt64, UInt64) -> UInt64) {
        // Unchecked, so that several words are worked on at a time.
        words.withUnsafeMutableBufferPointer { words in
            other.words.withUnsafeBufferPointer { others in
                let shared = min(words.count, others.count)
                for index in 0..<shared { words[index] = operation(words[index], others[index]) }
                for index in shared..<words.count { words[index] = operation(words[index], 0) }
            }
        }
    }

    func intersection(_ other: DocumentSet) -> DocumentSet {
        var set = self
        set.formIntersection(other)
        return set
    }

    func subtracting(_ other: DocumentSet) -> DocumentSet {
        var set = self
        set.subtract(other)
        return set
    }

    /// How many are in both.
    func overlap(_ other: DocumentSet) -> Int {
        words.withUnsafeBufferPointer { words in
            other.words.withUnsafeBufferPointer { others in
                var count = 0
                for index in 0..<min(words.count, others.count) {
                    count += (words[index] & others[index]).nonzeroBitCount
                }
                return count
            }
        }
    }

    /// The numbers in ascending order.
    var members: [Int32] {
        var members: [Int32] = []
        members.reserveCapacity(count)
        scan {
            members.append(Int32(truncatingIfNeeded: $0))
            return true
        }
        return members
    }

    /// Everything up to and including a number goes.
    mutating func removeAll(through document: Int) {
        for index in words.indices {
            if index < document >> 6 { words[index] = 0 }
            if index == document >> 6 {
                words[index] &= ~((document & 63) == 63 ? .max : (1 << (document & 63 + 1)) - 1)
            }
        }
    }

    /// Everything from a number on goes.
    mutating func removeAll(from document: Int) {
        for index in words.indices where index >= document >> 6 {
            words[index] &= index == document >> 6 ? (1 << (document & 63)) - 1 : 0
        }
    }

    /// The numbers in ascending order until the body says false.
    func scan(_ body: (Int) -> Bool) {
        for (index, word) in words.enumerated() where word != 0 {
            var rest = word
            while rest != 0 {
                guard body(index << 6 + rest.trailingZeroBitCount) else { return }
                rest &= rest - 1
            }
        }
    }

    /// The numbers in descending order until the body says false.
    func scanBackwards(_ body: (Int) -> Bool) {
        for index in words.indices.reversed() where words[index] != 0 {
            var rest = words[index]
            while rest != 0 {
                let bit = 63 - rest.leadingZeroBitCount
                guard body(index << 6 + bit) else { return }
                rest &= ~(1 << bit)
            }
        }
    }

    /// Takes out those that another set has, and names them.
    mutating func take(_ other: DocumentSet, _ body: (Int) -> Void) {
        for index in 0..<min(words.count, other.words.count) {
            var hits = words[index] & other.words[index]
            guard hits != 0 else { continue }
            words[index] &= ~hits
            while hits != 0 {
                body(index << 6 + hits.trailingZeroBitCount)
                hits &= hits - 1
            }
        }
    }

    /// Takes out those that a chunk has, from the place where it begins, and names them.
    mutating func take(_ chunk: PackedSet, at number: Int, _ body: (Int) -> Void) {
        let start = number * PackedSet.span
        if chunk.isBitmap {
            for (index, bits) in chunk.words.enumerated() where start / 64 + index < words.count {
                var hits = words[start / 64 + index] & bits
                guard hits != 0 else { continue }
                words[start / 64 + index] &= ~hits
                while hits != 0 {
                    body(start + index << 6 + hits.trailingZeroBitCount)
                    hits &= hits - 1
                }
            }
        } else {
            chunk.forEachOfFew { offset in
                guard contains(start + offset) else { return }
                remove(start + offset)
                body(start + offset)
            }
        }
    }

    /// How many of a chunk are in the set.
    func overlap(_ chunk: PackedSet, at number: Int) -> Int {
        let start = number * PackedSet.span
        var count = 0
        if chunk.isBitmap {
            chunk.bytes.withUnsafeBytes { bytes in
                for index in 0..<min(PackedSet.span / 64, max(0, words.count - start / 64)) {
                    let bits = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
                    count += (words[start / 64 + index] & bits).nonzeroBitCount
                }
            }
        } else {
            chunk.forEachOfFew { if contains(start + $0) { count += 1 } }
        }
        return count
    }

    /// Ors words of a chunk into the place where it begins.
    mutating func formUnion(_ chunk: PackedSet, at number: Int) {
        chunk.unpack(into: &words, from: number * PackedSet.span / 64)
    }
}

/// A part of a set as it is stored: the documents of one chunk, as sorted 16-bit numbers while they are few and as bits
/// when they are many, little-endian.
struct PackedSet: Hashable, Sendable {
    /// Documents to a chunk. Changing one product writes each of its words' last chunk again, so a chunk is small;
    /// reading a word reads all its chunks, so it is not smaller.
    static let span = 16_384
    private static let bitmapSize = span / 8

    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// - Parameter words: `span / 64` of them.
    init(words: [UInt64]) {
        var count = 0
        for word in words { count += word.nonzeroBitCount }
        var bytes: [UInt8] = []
        if count * 2 < Self.bitmapSize {
            bytes.reserveCapacity(count * 2)
            for (index, word) in words.enumerated() where word != 0 {
                var rest = word
                while rest != 0 {
                    let number = index << 6 + rest.trailingZeroBitCount
                    bytes.append(UInt8(truncatingIfNeeded: number))
                    bytes.append(UInt8(truncatingIfNeeded: number >> 8))
                    rest &= rest - 1
                }
            }
        } else {
            bytes.reserveCapacity(Self.bitmapSize)
            for word in words {
                for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
            }
        }
        self.bytes = bytes
    }

    /// Whether it is bits rather than numbers.
    var isBitmap: Bool { bytes.count == Self.bitmapSize }

    /// The numbers of a chunk that is not a bitmap.
    func forEachOfFew(_ body: (Int) -> Void) {
        bytes.withUnsafeBytes { bytes in
            for offset in stride(from: 0, to: bytes.count - 1, by: 2) {
                body(Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))))
            }
        }
    }

    /// The numbers in ascending order.
    func forEach(_ body: (Int) -> Void) {
        guard isBitmap else { return forEachOfFew(body) }
        for (index, word) in words.enumerated() where word != 0 {
            var rest = word
            while rest != 0 {
                body(index << 6 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    var count: Int {
        guard isBitmap else { return bytes.count / 2 }
        var count = 0
        for byte in bytes { count += byte.nonzeroBitCount }
        return count
    }

    /// All bits of the chunk.
    var words: [UInt64] {
        var words = [UInt64](repeating: 0, count: Self.span / 64)
        unpack(into: &words, from: 0)
        return words
    }

    func unpack(into words: inout [UInt64], from start: Int) {
        guard bytes.count <= Self.bitmapSize else { return }
        bytes.withUnsafeBytes { bytes in
            if isBitmap {
                for index in 0..<min(Self.span / 64, max(0, words.count - start)) {
                    words[start + index] |= UInt64(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
                }
            } else {
                for offset in stride(from: 0, to: bytes.count - 1, by: 2) {
                    let number = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
                    let index = start + number >> 6
                    if index < words.count { words[index] |= 1 << (number & 63) }
                }
            }
        }
    }
}
