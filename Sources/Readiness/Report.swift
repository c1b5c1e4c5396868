import Primitives

extension Assessment {
    /// The report for people: one line a check, aligned, with its evidence and age; then the score, never alone, and
    /// the verdict with its reasons.
    public func text() -> String {
        var lines: [String] = []
        let idWidth = results.map(\.check.id.count).max() ?? 0
        let titleWidth = results.map(\.check.title.count).max() ?? 0
        for result in results {
            let evidence = result.evidence
            let isBelow = result.verdict == .pass && result.credit < 1
            let level = (evidence?.finding.level).map { "\($0)" } ?? "--"
            lines.append(
                [
                    result.verdict.rawValue.uppercased().padded(to: 7), result.check.id.padded(to: idWidth),
                    result.check.severity.rawValue.padded(to: 7), result.check.title.padded(to: titleWidth),
                    (isBelow ? "\(level)<\(result.check.requiredLevel)" : level).padded(to: 5),
                    (evidence.map { Assessment.age(of: $0.takenAt, at: at) } ?? "never").padded(to: 8),
                ].joined(separator: "  "))
            let indent = String(repeating: " ", count: 9)
            lines.append(indent + (evidence?.finding.sentence ?? "There is no evidence."))
            if let evidence, result.verdict == .unknown, evidence.finding.verdict != .unknown {
                lines.append(
                    indent + "That evidence is too old, or of another build or other settings: it does not count.")
            }
            let measured = evidence?.finding.measured ?? []
            if !measured.isEmpty {
                lines.append(indent + measured.map { "\($0.name) \($0.value)" }.joined(separator: " · "))
            }
        }
        lines.append("")
        lines.append(summary)
        if results.contains(where: { $0.verdict == .pass && $0.credit < 1 }) {
            lines.append("Lx<Ly: the evidence is of a lower level than the check asks for; it earns half the credit.")
        }
        lines.append("")
        lines.append(verdict.rawValue)
        lines += reasons.map { "- \($0)" }
        return lines.joined(separator: "\n")
    }

    /// `score 93 · verified 97 % of weight (L3 61 %) · blockers 0 open · high 1 open, 1 waived · build … ·
    /// expires in 6 d`
    public var summary: String {
        let levels = levelPercents.reversed().filter { $0.percent > 0 }
            .map { "\($0.level) \(Int($0.percent)) %" }.joined(separator: ", ")
        return [
            "score \(score)",
            "verified \(Int(verifiedPercent)) % of weight" + (levels.isEmpty ? "" : " (\(levels))"),
            "blockers \(openBlockers.count) open",
            "high \(openHighs.count) open, \(waivedHighs.count) waived",
            areas.map { "\($0.area) \($0.score)" }.joined(separator: ", "),
            "build \(running.build)",
            expiresAt.map { "expires in \(Assessment.span($0.seconds(since: at)))" } ?? "expires with the build",
        ].joined(separator: " · ")
    }

    static func age(of moment: Instant, at now: Instant) -> String {
        let seconds = now.seconds(since: moment)
        return seconds < 1 ? "now" : "\(span(seconds)) ago"
    }

    /// A duration in its largest unit, rounded down, such as `6 d`.
    static func span(_ seconds: Double) -> String {
        switch max(0, seconds) {
        case 86_400...: "\(Int(seconds / 86_400)) d"
        case 3600...: "\(Int(seconds / 3600)) h"
        case 60...: "\(Int(seconds / 60)) min"
        default: "\(Int(max(0, seconds))) s"
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
