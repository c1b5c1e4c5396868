import Foundation
import Glibc

/// A line on stderr that tells how far something is that takes long.
///
/// It appears after two seconds, on a terminal only, is drawn over and over, and is gone at the end; whoever reads
/// stdout or a log sees nothing of it.
actor ProgressLine {
    private let what: String
    private let isShown: Bool
    private let began = ContinuousClock.now
    private var done = 0
    private var total: Int?
    private var detail = ""
    private var turn = 0
    private var isDrawn = false

    /// Seconds without a line.
    static let patienceSeconds = 2.0

    private init(_ what: String, isShown: Bool) {
        self.what = what
        self.isShown = isShown
    }

    /// Runs something that takes long, with a line that the body keeps up to date.
    /// - Parameter what: such as "Importing products".
    static func during<Value: Sendable>(
        _ what: String, isShown: Bool = isatty(STDERR_FILENO) == 1,
        _ body: (ProgressLine) async throws -> Value
    ) async rethrows -> Value {
        let line = ProgressLine(what, isShown: isShown)
        let drawing = Task {
            // Ends when the work has.
            while isShown, !Task.isCancelled {
                // ignored: a cancelled sleep is the end
                try? await Task.sleep(for: .milliseconds(200))
                if !Task.isCancelled { await line.draw() }
            }
        }
        do {
            let value = try await body(line)
            drawing.cancel()
            await line.clear()
            return value
        } catch {
            drawing.cancel()
            await line.clear()
            throw error
        }
    }

    /// Tells how much is done. Costs next to nothing: drawing has its own time.
    /// - Parameter total: nil while nobody knows.
    func tell(_ done: Int, of total: Int?, _ detail: String = "") {
        self.done = done
        self.total = total
        self.detail = detail
    }

    private func draw() {
        let seconds = Self.seconds(ContinuousClock.now - began)
        guard isShown, seconds >= Self.patienceSeconds else { return }
        turn += 1
        isDrawn = true
        let text = Self.text(
            what, done: done, total: total, detail: detail, seconds: seconds, turn: turn, columns: Self.columns())
        FileHandle.standardError.write(Data(("\r" + text + "\u{1B}[K").utf8))
    }

    private func clear() {
        guard isDrawn else { return }
        isDrawn = false
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }

    /// The line, no wider than the terminal.
    static func text(
        _ what: String, done: Int, total: Int?, detail: String, seconds: Double, turn: Int, columns: Int
    ) -> String {
        var parts: [String] = [what]
        if let total, total > 0 {
            let share = min(1, max(0, Double(done) / Double(total)))
            let filled = Int(share * 20)
            parts.append(
                "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: 20 - filled) + "]")
            parts.append("\(Int(share * 100)) %")
            // The rest at the pace so far; the first moments say nothing of it.
            if share > 0.02, share < 1 { parts.append("\(duration(seconds / share - seconds)) left") }
        } else {
            parts.append(["|", "/", "-", "\\"][turn % 4])
            if done > 0 { parts.append("\(done)") }
            parts.append(duration(seconds))
        }
        if !detail.isEmpty { parts.append(detail) }
        return String(parts.joined(separator: "  ").prefix(max(10, columns - 1)))
    }

    private static func duration(_ seconds: Double) -> String {
        let seconds = Int(seconds.rounded())
        return seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private static func columns() -> Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
