/// The `$n` placeholders of a statement: those outside of quotes and comments.
public enum Placeholders {
    /// Writes each placeholder with another sign and a number that is greater by `offset`: for a fragment that is
    /// taken into a statement (`$2` becomes `$5`) and for an engine with another sign (`?2`).
    public static func rewrite(_ text: String, sign: Unicode.Scalar, adding offset: Int) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + 16)
        var text = text
        text.withUTF8 { bytes in
            var index = 0
            while index < bytes.count {
                let end = endOfPassage(at: index, of: bytes)
                if end > index {
                    output.append(contentsOf: bytes[index..<end])
                    index = end
                    continue
                }
                index += 1
                var number = 0
                while index < bytes.count, (48...57).contains(bytes[index]) {
                    number = number * 10 + Int(bytes[index] - 48)
                    index += 1
                }
                output.append(contentsOf: String(sign).utf8)
                output.append(contentsOf: String(number + offset).utf8)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Where the passage that begins at `start` ends and that has to be copied: a quotation, a comment or one byte.
    /// The start itself when a placeholder stands there.
    private static func endOfPassage(at start: Int, of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let first = bytes[start]
        let second = start + 1 < bytes.count ? bytes[start + 1] : 0
        switch (first, second) {
        case (UInt8(ascii: "$"), 48...57):
            return start
        case (UInt8(ascii: "'"), _), (UInt8(ascii: "\""), _):
            let close = bytes[(start + 1)...].firstIndex(of: first)
            return close.map { $0 + 1 } ?? bytes.count
        case (UInt8(ascii: "-"), UInt8(ascii: "-")):
            return bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        case (UInt8(ascii: "/"), UInt8(ascii: "*")):
            var index = start + 2
            while index + 1 < bytes.count, (bytes[index], bytes[index + 1]) != (UInt8(ascii: "*"), UInt8(ascii: "/")) {
                index += 1
            }
            return min(index + 2, bytes.count)
        default:
            return start + 1
        }
    }
}
