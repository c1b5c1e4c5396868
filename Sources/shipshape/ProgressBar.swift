import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Shows on stderr how far something is: on a terminal only, and once it has taken two seconds.
final class ProgressBar: Sendable {
    private let name: String
    private let start = ContinuousClock.now
    private let isShown = isatty(STDERR_FILENO) == 1

    init(_ name: String) {
        self.name = name
    }

    private var isDue: Bool { isShown && ContinuousClock.now - start > .seconds(2) }

    /// A share of a whole.
    func show(_ done: Int, of whole: Int) {
        guard isDue, whole > 0 else { return }
        let share = min(1, Double(done) / Double(whole))
        let filled = Int(share * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        let elapsed = ContinuousClock.now - start
        let seconds = Double(elapsed.components.seconds)
        let left = share > 0.02 ? ", about \(Int(seconds / share - seconds)) s left" : ""
        write("\(name) \(bar) \(Int(share * 100)) %\(left)")
    }

    /// So many, without a known end.
    func count(_ done: Int, _ things: String) {
        guard isDue else { return }
        write("\(name): \(done) \(things)")
    }

    /// Takes the bar away.
    func end() {
        if isDue { write("") }
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }
}
