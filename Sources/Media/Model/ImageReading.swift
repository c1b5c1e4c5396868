public import Primitives

extension ImageFacts {
    /// Recognises an image by its bytes, whatever anybody says that it is, and reads its size.
    ///
    /// The whole of the file's structure is walked, so that half a file is refused; the pixels are not decoded.
    /// - Throws: `image.unknown`, `image.damaged`, `image.too_large`, each with a sentence.
    public static func read(_ bytes: [UInt8]) throws(Problem) -> ImageFacts {
        guard bytes.count <= Media.mostBytes else {
            throw refusal("image.too_large", "An image has at most \(Media.mostBytes >> 20) MiB.")
        }
        let (kind, size): (ImageKind, ImageSize?)
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            (kind, size) = (.png, PNGStructure.size(of: bytes))
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            (kind, size) = (.jpeg, JPEGStructure.size(of: bytes))
        } else if bytes.starts(with: Array("GIF87a".utf8)) || bytes.starts(with: Array("GIF89a".utf8)) {
            (kind, size) = (.gif, GIFStructure.size(of: bytes))
        } else if bytes.count >= 12, bytes.starts(with: Array("RIFF".utf8)), bytes[8..<12].elementsEqual("WEBP".utf8) {
            (kind, size) = (.webp, WebPStructure.size(of: bytes))
        } else {
            throw refusal("image.unknown", "That is no PNG, JPEG, GIF or WebP image.")
        }
        guard let size else { throw refusal("image.damaged", "The image is not whole, or damaged.") }
        guard let facts = ImageFacts(kind, size.width, size.height) else {
            throw refusal(
                "image.too_large",
                "An image has at most \(mostSide) pixels on a side and \(mostPixels / 1_000_000) million in all.")
        }
        return facts
    }

    private static func refusal(_ code: String, _ sentence: String) -> Problem {
        Problem(.invalid, code, sentence)
    }
}

/// Pixels, as the file says.
struct ImageSize: Hashable {
    let width: Int
    let height: Int
}

/// Numbers in a file, none beyond its end.
struct ByteReader {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    var count: Int { bytes.count }

    subscript(offset: Int) -> Int? {
        guard offset >= 0, offset < bytes.count else { return nil }
        return Int(bytes[bytes.startIndex + offset])
    }

    /// - Parameter count: 2 to 4 bytes.
    func big(_ offset: Int, _ count: Int) -> Int? {
        guard let slice = slice(offset, count) else { return nil }
        return slice.reduce(0) { $0 << 8 | Int($1) }
    }

    func little(_ offset: Int, _ count: Int) -> Int? {
        guard let slice = slice(offset, count) else { return nil }
        return slice.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    func slice(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
        return bytes[(bytes.startIndex + offset)..<(bytes.startIndex + offset + count)]
    }

    func says(_ text: StaticString, at offset: Int) -> Bool {
        slice(offset, text.utf8CodeUnitCount)?.elementsEqual(text.description.utf8) ?? false
    }
}

/// Chunks from IHDR to IEND (https://www.w3.org/TR/png-3/#5DataRep).
enum PNGStructure {
    static func size(of bytes: [UInt8]) -> ImageSize? {
        let file = ByteReader(bytes)
        guard file.big(8, 4) == 13, file.says("IHDR", at: 12), let width = file.big(16, 4),
            let height = file.big(20, 4), width > 0, height > 0
        else { return nil }
        var offset = 8
        var hasData = false
        while let length = file.big(offset, 4) {
            // Four bytes of length, four of type, the content, four of checksum.
            guard file.slice(offset, 12 + length) != nil else { return nil }
            if file.says("IDAT", at: offset + 4) { hasData = true }
            if file.says("IEND", at: offset + 4) { return hasData ? ImageSize(width: width, height: height) : nil }
            offset += 12 + length
        }
        return nil
    }
}

/// Blocks up to the trailer (https://www.w3.org/Graphics/GIF/spec-gif89a.txt).
enum GIFStructure {
    /// The canvas, or else a frame that is larger than an image may be: whoever shows the image may hold all of a
    /// frame in memory, however little of it the canvas shows.
    static func size(of bytes: [UInt8]) -> ImageSize? {
        let file = ByteReader(bytes)
        guard let width = file.little(6, 2), let height = file.little(8, 2), width > 0, height > 0,
            let flags = file[10]
        else { return nil }
        var offset = 13 + colours(flags)
        var hasImage = false
        var size = ImageSize(width: width, height: height)
        while let mark = file[offset] {
            switch mark {
            case 0x3B: return hasImage ? size : nil
            case 0x21:
                guard let end = endOfBlocks(in: file, from: offset + 2) else { return nil }
                offset = end
            case 0x2C:
                guard let width = file.little(offset + 5, 2), let height = file.little(offset + 7, 2),
                    let flags = file[offset + 9],
                    let end = endOfBlocks(in: file, from: offset + 11 + colours(flags))
                else { return nil }
                // A frame of nothing fills no memory.
                if ImageFacts(.gif, max(1, width), max(1, height)) == nil {
                    size = ImageSize(width: width, height: height)
                }
                hasImage = true
                offset = end
            default: return nil
            }
        }
        return nil
    }

    /// Bytes of the table of colours that the flags announce.
    private static func colours(_ flags: Int) -> Int { flags & 0x80 == 0 ? 0 : 3 << ((flags & 7) + 1) }

    private static func endOfBlocks(in file: ByteReader, from start: Int) -> Int? {
        var offset = start
        while let length = file[offset] {
            offset += 1 + length
            if length == 0 { return offset }
        }
        return nil
    }
}

/// The first chunk of a RIFF container that is wholly there
/// (https://developers.google.com/speed/webp/docs/riff_container).
enum WebPStructure {
    static func size(of bytes: [UInt8]) -> ImageSize? {
        let file = ByteReader(bytes)
        guard let length = file.little(4, 4), file.count >= 8 + length, let first = file.little(16, 4),
            file.slice(20, first) != nil
        else { return nil }
        if file.says("VP8 ", at: 12) {
            guard file.slice(23, 3)?.elementsEqual([0x9D, 0x01, 0x2A]) == true, first >= 10,
                let width = file.little(26, 2), let height = file.little(28, 2)
            else { return nil }
            return size(width & 0x3FFF, height & 0x3FFF)
        }
        if file.says("VP8L", at: 12) {
            guard first >= 5, file[20] == 0x2F, let bits = file.little(21, 4) else { return nil }
            return size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        }
        guard file.says("VP8X", at: 12), first >= 10, let width = file.little(24, 3), let height = file.little(27, 3)
        else { return nil }
        return size(width + 1, height + 1)
    }

    private static func size(_ width: Int, _ height: Int) -> ImageSize? {
        width > 0 && height > 0 ? ImageSize(width: width, height: height) : nil
    }
}

/// Segments up to the start of the picture, whose end has to be there (ITU-T T.81).
enum JPEGStructure {
    static func size(of bytes: [UInt8]) -> ImageSize? {
        let file = ByteReader(bytes)
        var offset = 2
        var found: ImageSize?
        var isTurned = false
        while let (mark, start) = marker(in: file, from: offset) {
            if mark == 0xDA {
                guard let found, hasEnd(file, from: start) else { return nil }
                return isTurned ? ImageSize(width: found.height, height: found.width) : found
            }
            guard mark != 0xD9, let length = file.big(start, 2), length >= 2,
                let segment = file.slice(start + 2, length - 2)
            else { return nil }
            let isFrame = (0xC0...0xCF).contains(mark) && ![0xC4, 0xC8, 0xCC].contains(mark)
            if isFrame, found == nil {
                let frame = ByteReader(segment)
                guard let height = frame.big(1, 2), let width = frame.big(3, 2), width > 0, height > 0 else {
                    return nil
                }
                found = ImageSize(width: width, height: height)
            }
            if mark == 0xE1, isSideways(ByteReader(segment)) { isTurned = true }
            offset = start + length
        }
        return nil
    }

    /// The marker that stands here, after any number of filling bytes.
    private static func marker(in file: ByteReader, from start: Int) -> (mark: Int, next: Int)? {
        guard file[start] == 0xFF else { return nil }
        var offset = start + 1
        while file[offset] == 0xFF { offset += 1 }
        guard let mark = file[offset], mark != 0 else { return nil }
        return (mark, offset + 1)
    }

    /// Whether the mark of the end follows. From behind, where it is in all files but odd ones.
    private static func hasEnd(_ file: ByteReader, from start: Int) -> Bool {
        var offset = file.count - 2
        while offset >= start {
            if file[offset] == 0xFF, file[offset + 1] == 0xD9 { return true }
            offset -= 1
        }
        return false
    }

    /// Whether the camera was held upright: then browsers turn the picture, and its sides change places
    /// (Exif 2.32, tag 0x0112).
    private static func isSideways(_ segment: ByteReader) -> Bool {
        guard segment.says("Exif\0\0", at: 0), segment.count > 14 else { return false }
        let isLittle = segment.says("II", at: 6)
        func number(_ offset: Int, _ count: Int) -> Int? {
            isLittle ? segment.little(6 + offset, count) : segment.big(6 + offset, count)
        }
        guard number(2, 2) == 42, let directory = number(4, 4), let entries = number(directory, 2) else { return false }
        for index in 0..<min(entries, 200) {
            let entry = directory + 2 + index * 12
            guard let tag = number(entry, 2) else { return false }
            if tag == 0x0112 { return (5...8).contains(number(entry + 8, 2) ?? 0) }
        }
        return false
    }
}
