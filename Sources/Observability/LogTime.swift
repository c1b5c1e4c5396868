import Primitives
import Synchronization

/// Moments in log lines: RFC 3339 with milliseconds. The part down to the second is made once a second.
enum LogTime {
    private struct Second {
        var number: Int64 = .min
        var text: [UInt8] = []
    }

    private static let latest = Mutex(Second())

    static func append(_ instant: Instant, to writer: inout JSONWriter) {
        let milliseconds = instant.microseconds / 1000
        let number = milliseconds / 1000
        let thousandths = milliseconds % 1000
        let whole = latest.withLock { latest in
            if latest.number != number {
                latest.number = number
                latest.text = Array(Instant(microseconds: number * 1_000_000).description.dropLast().utf8)
            }
            return latest.text
        }
        var text: [UInt8] = []
        text.reserveCapacity(28)
        text.append(UInt8(ascii: "\""))
        text.append(contentsOf: whole)
        text.append(UInt8(ascii: "."))
        for divisor in [100, 10, 1] as [Int64] {
            text.append(UInt8(ascii: "0") + UInt8(clamping: thousandths / divisor % 10))
        }
        text.append(UInt8(ascii: "Z"))
        text.append(UInt8(ascii: "\""))
        writer.raw(text)
    }
}
