public import Primitives

/// What a check says.
public enum CheckVerdict: String, Sendable, CaseIterable {
    case pass, warn, fail
    /// Nothing is known, or what was known is too old. Counts as a failure.
    case unknown
    /// Not applicable here.
    case na
    /// Failing, and someone answers for it until a date.
    case waived
}

/// How much a piece of evidence proves.
public enum EvidenceLevel: Int, Sendable, CaseIterable, Comparable, CustomStringConvertible {
    /// L0: someone says so.
    case attested
    /// L1: read from inside.
    case configured
    /// L2: observed from outside.
    case observed
    /// L3: done and measured.
    case drilled

    public static func < (left: EvidenceLevel, right: EvidenceLevel) -> Bool { left.rawValue < right.rawValue }

    public var description: String { "L\(rawValue)" }
}

/// A named value of a piece of evidence.
public struct Measure: Hashable, Sendable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: some CustomStringConvertible) {
        self.name = name
        self.value = value.description
    }
}

/// What one run of a check found.
public struct Finding: Hashable, Sendable {
    public let verdict: CheckVerdict
    /// One sentence that someone can act on.
    public let sentence: String
    /// What was seen. Never a secret.
    public let measured: [Measure]
    /// What it had to be.
    public let threshold: [Measure]
    public let level: EvidenceLevel
    /// Who says that the check does not apply, and why. Without it, `na` counts as unknown.
    public let exemption: Exemption?
    /// SHA-256 of the artefact that a manual check rests on, in hexadecimal.
    public let artefactDigest: String?

    public init(
        _ verdict: CheckVerdict, _ sentence: String, measured: [Measure] = [], threshold: [Measure] = [],
        level: EvidenceLevel = .configured, exemption: Exemption? = nil, artefactDigest: String? = nil
    ) {
        self.verdict = verdict
        self.sentence = sentence
        self.measured = measured
        self.threshold = threshold
        self.level = level
        self.exemption = exemption
        self.artefactDigest = artefactDigest
    }

    /// Nothing is known, and why.
    public static func unknown(_ sentence: String) -> Finding {
        Finding(.unknown, sentence, level: .attested)
    }
}

/// Why a check does not apply.
public enum Exemption: Hashable, Sendable {
    /// The profile says so.
    case profile
    /// A named person says so.
    case person(name: String, reason: String)
}

/// Which code ran with which settings. Evidence is bound to it.
public struct BuildIdentity: Hashable, Sendable {
    /// Digest of the running executable.
    public let build: String
    /// Digest of the effective settings.
    public let configuration: String

    public init(build: String, configuration: String) {
        self.build = build
        self.configuration = configuration
    }
}

/// A finding, stamped: what was looked at, by whom, when, and until when it holds.
public struct Evidence: Hashable, Sendable {
    public let checkID: String
    public let checkVersion: Int
    public let profile: Profile
    /// What was looked at, such as the address probed; without credentials.
    public let target: String
    public let identity: BuildIdentity
    public let takenAt: Instant
    public let durationMilliseconds: Int
    public let finding: Finding
    /// The program that looked, such as `shipshape 0.1.0`.
    public let runner: String
    public let host: String
    /// Nil when it holds as long as the build.
    public let expiresAt: Instant?

    public init(
        checkID: String, checkVersion: Int, profile: Profile, target: String, identity: BuildIdentity,
        takenAt: Instant, durationMilliseconds: Int, finding: Finding, runner: String, host: String,
        expiresAt: Instant?
    ) {
        self.checkID = checkID
        self.checkVersion = checkVersion
        self.profile = profile
        self.target = target
        self.identity = identity
        self.takenAt = takenAt
        self.durationMilliseconds = durationMilliseconds
        self.finding = finding
        self.runner = runner
        self.host = host
        self.expiresAt = expiresAt
    }

    /// Whether it still says something about what runs now.
    public func isFresh(at now: Instant, for running: BuildIdentity, check: Check) -> Bool {
        guard checkVersion == check.version else { return false }
        guard let expiresAt else { return identity == running }
        return now < expiresAt
    }
}
