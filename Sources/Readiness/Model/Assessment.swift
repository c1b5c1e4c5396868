public import Primitives

/// A check with what is known of it.
public struct CheckResult: Sendable {
    public let check: Check
    /// Nil when there never was any.
    public let evidence: Evidence?
    /// What counts: unknown when the evidence is missing or stale, waived when a waiver counts.
    public let verdict: CheckVerdict
    /// What the evidence says, whether waived or not.
    let underlying: CheckVerdict
    /// Whether it stays in the denominator of the score.
    let counts: Bool
    /// Between 0 and 1.
    public let credit: Double

    /// Whether it stands in the way of a launch, as far as its severity goes.
    var isOpen: Bool { verdict == .fail || verdict == .unknown }

    init(_ check: Check, _ evidence: Evidence?, waiver: Waiver?, at now: Instant, running: BuildIdentity) {
        self.check = check
        self.evidence = evidence
        guard let evidence, evidence.isFresh(at: now, for: running, check: check) else {
            (underlying, counts, credit) = (.unknown, true, 0)
            verdict = check.severity == .high && waiver != nil ? .waived : .unknown
            return
        }
        let finding = evidence.finding
        switch finding.verdict {
        case .na: underlying = finding.exemption == nil ? .unknown : .na
        // A check cannot waive itself.
        case .waived: underlying = .unknown
        case let said: underlying = said
        }
        counts = underlying != .na
        let isWaived = check.severity == .high && waiver != nil && (underlying == .fail || underlying == .unknown)
        verdict = isWaived ? .waived : underlying
        let isBelowItsMode =
            finding.level < check.requiredLevel || (check.modes == [.manual] && finding.artefactDigest == nil)
        switch verdict {
        case .pass: credit = isBelowItsMode ? 0.5 : 1
        case .warn: credit = 0.5
        case .fail, .unknown, .na, .waived: credit = 0
        }
    }
}

/// What all checks together say.
public enum LaunchVerdict: String, Sendable, CaseIterable {
    case go = "GO"
    case conditional = "CONDITIONAL GO"
    case noGo = "NO-GO"

    /// 0, 2 and 1. 3 means that the tool itself failed.
    public var exitCode: Int32 {
        switch self {
        case .go: 0
        case .conditional: 2
        case .noGo: 1
        }
    }
}

/// The score and the verdict over a set of checks, and the reasons.
public struct Assessment: Sendable {
    /// The check that holds the sign-offs; without its evidence nothing is a full GO.
    public static let signOffs = "OPS-03"

    public let results: [CheckResult]
    /// 0 to 100. Never to be shown alone.
    public let score: Int
    /// The score of each area, by name.
    public let areas: [(area: String, score: Int)]
    /// The part of the weight that fresh evidence decides, in percent, unrounded.
    public let verifiedPercent: Double
    /// The part of the weight with evidence of each level, in percent, by rising level.
    public let levelPercents: [(level: EvidenceLevel, percent: Double)]
    public let openBlockers: [String]
    public let openHighs: [String]
    public let waivedHighs: [String]
    public let verdict: LaunchVerdict
    /// Why the verdict is not a better one, in sentences.
    public let reasons: [String]
    /// When the first piece of evidence or waiver runs out; nil when all hold as long as the build.
    public let expiresAt: Instant?
    public let at: Instant
    public let running: BuildIdentity

    /// Judges.
    /// - Parameters:
    ///   - evidence: at most one piece a check; later ones replace earlier ones.
    ///   - root: which build and settings the evidence was gathered for.
    ///   - running: which build and settings run now.
    ///   - objection: why the evidence that was kept may not be believed; nil when it may.
    public init(
        _ checks: [Check], evidence: [Evidence], waivers: [Waiver] = [], root: BuildIdentity, running: BuildIdentity,
        objection: String? = nil, at now: Instant
    ) {
        let latest = Dictionary(evidence.map { ($0.checkID, $0) }, uniquingKeysWith: { $1 })
        let good = waivers.filter { $0.objection(at: now) == nil }
        let waiverOf = Dictionary(good.map { ($0.checkID, $0) }, uniquingKeysWith: { $1 })
        let results = checks.map {
            CheckResult($0, latest[$0.id], waiver: waiverOf[$0.id], at: now, running: running)
        }
        self.results = results
        let tally = Tally(results)
        score = tally.score
        verifiedPercent = tally.verifiedPercent
        levelPercents = tally.levelPercents
        areas = Set(checks.map(\.area)).sorted().map { area in
            (area, Tally(results.filter { $0.check.area == area }).score)
        }
        openBlockers = results.filter { $0.check.severity == .blocker && $0.isOpen }.map(\.check.id)
        openHighs = results.filter { $0.check.severity == .high && $0.isOpen }.map(\.check.id)
        waivedHighs = results.filter { $0.check.severity == .high && $0.verdict == .waived }.map(\.check.id)
        at = now
        self.running = running
        let dates =
            results.compactMap { $0.verdict == .unknown ? nil : $0.evidence?.expiresAt }
            + waivedHighs.compactMap { waiverOf[$0]?.due }
        expiresAt = dates.min()
        var judgement = Judgement()
        judgement.refuse(unsound: objection)
        judgement.refuse(
            unsound: root == running ? nil : "The evidence was gathered for another build or other settings.",
            openBlockers: openBlockers, openHighs: openHighs, score: score, verifiedPercent: verifiedPercent)
        judgement.refuse(
            waivers: results.filter { $0.verdict == .waived }.map(\.check),
            objections: waivers.compactMap {
                $0.objection(at: now)
            })
        judgement.hold(
            score: score, verifiedPercent: verifiedPercent, waived: waivedHighs,
            isSignedOff: results.contains { $0.check.id == Assessment.signOffs && $0.verdict == .pass })
        (verdict, reasons) = (judgement.verdict, judgement.reasons)
    }
}

/// Weights added up.
private struct Tally {
    let score: Int
    let verifiedPercent: Double
    let levelPercents: [(level: EvidenceLevel, percent: Double)]

    init(_ results: [CheckResult]) {
        let counted = results.filter(\.counts)
        let all = counted.reduce(0) { $0 + $1.check.severity.weight }
        let earned = counted.reduce(0) { $0 + $1.check.severity.weight * $1.credit }
        let decided = counted.filter { $0.underlying != .unknown }
        func percent(_ part: Double) -> Double { all == 0 ? 0 : 100 * part / all }
        score = Int(percent(earned).rounded())
        verifiedPercent = percent(decided.reduce(0) { $0 + $1.check.severity.weight })
        levelPercents = EvidenceLevel.allCases.map { level in
            let part = decided.filter { $0.evidence?.finding.level == level }
            return (level, percent(part.reduce(0) { $0 + $1.check.severity.weight }))
        }
    }
}

/// Starts at GO and can only be lowered, each time with a reason.
private struct Judgement {
    private(set) var verdict = LaunchVerdict.go
    private(set) var reasons: [String] = []

    private mutating func lower(to lower: LaunchVerdict, _ reason: String) {
        if verdict != .noGo { verdict = lower }
        reasons.append(reason)
    }

    mutating func refuse(unsound: String?) {
        if let unsound { lower(to: .noGo, unsound) }
    }

    mutating func refuse(
        unsound: String?, openBlockers: [String], openHighs: [String], score: Int, verifiedPercent: Double
    ) {
        refuse(unsound: unsound)
        if !openBlockers.isEmpty {
            lower(to: .noGo, "Blockers are open: \(openBlockers.joined(separator: ", ")).")
        }
        if !openHighs.isEmpty {
            lower(to: .noGo, "High checks are open without a waiver: \(openHighs.joined(separator: ", ")).")
        }
        if score < 75 { lower(to: .noGo, "The score \(score) is below 75.") }
        if verifiedPercent < 85 {
            lower(to: .noGo, "Only \(Int(verifiedPercent)) % of the weight is verified, not 85 %.")
        }
    }

    mutating func refuse(waivers waived: [Check], objections: [String]) {
        if waived.count > Waiver.most {
            lower(to: .noGo, "\(waived.count) checks are waived; at most \(Waiver.most) may be.")
        }
        for (area, checks) in Dictionary(grouping: waived, by: \.area).sorted(by: { $0.key < $1.key })
        where checks.count > Waiver.mostInOneArea {
            lower(to: .noGo, "\(checks.count) checks of \(area) are waived; at most \(Waiver.mostInOneArea) may be.")
        }
        // An objection lowers nothing by itself: the check it was for is then open, and says so.
        reasons += objections
    }

    mutating func hold(score: Int, verifiedPercent: Double, waived: [String], isSignedOff: Bool) {
        if !waived.isEmpty { lower(to: .conditional, "Waived: \(waived.joined(separator: ", ")).") }
        if score < 90, score >= 75 { lower(to: .conditional, "The score \(score) is below 90.") }
        if verifiedPercent < 95, verifiedPercent >= 85 {
            lower(to: .conditional, "Only \(Int(verifiedPercent)) % of the weight is verified, not 95 %.")
        }
        if !isSignedOff { lower(to: .conditional, "Nobody has signed off (\(Assessment.signOffs)).") }
    }
}
