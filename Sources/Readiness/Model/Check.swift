public import Persistence
public import Primitives

/// How much a failing check matters. The weights are those of the OpenSSF Scorecard.
public enum Severity: String, Sendable, CaseIterable {
    case blocker, high, medium, low

    /// The check's part in the score.
    public var weight: Double {
        switch self {
        case .blocker: 10
        case .high: 7.5
        case .medium: 5
        case .low: 2.5
        }
    }
}

/// How a check comes to its evidence. A pass rule may need several.
public enum CheckMode: String, Sendable, CaseIterable {
    /// A person attests, with an artefact.
    case manual
    /// Looks at the running installation from inside.
    case introspection = "self"
    /// Looks from outside, over the network.
    case probe
    /// Does the thing and measures it.
    case drill

    /// The level of evidence that this mode yields.
    public var level: EvidenceLevel {
        switch self {
        case .manual: .attested
        case .introspection: .configured
        case .probe: .observed
        case .drill: .drilled
        }
    }
}

/// The shape of an installation, which decides what applies to it.
public enum Profile: String, Sendable, CaseIterable {
    /// SQLite, one process.
    case single
    /// PostgreSQL, several processes.
    case multi
    /// `multi` with a replicated database.
    case ha
}

/// How long evidence holds. Afterwards it says nothing: unknown, not pass.
public enum Validity: Hashable, Sendable {
    /// Until this many hours have passed.
    case hours(Double)
    /// Until the build or the settings change.
    case build
}

/// One thing that must hold before an installation may be trusted with orders.
public struct Check: Sendable {
    /// Such as `DAT-01`. The part before the dash is its area.
    public let id: String
    /// Grows when the pass rule or a threshold changes; evidence of another version counts for nothing.
    public let version: Int
    /// Lower-case words.
    public let title: String
    public let severity: Severity
    /// What the pass rule needs. Evidence below the highest of their levels gets half the credit at most.
    public let modes: [CheckMode]
    /// The profiles it applies to; in the others it is not applicable.
    public let profiles: Set<Profile>
    public let validity: Validity
    /// Looks and says what it found. An error means that nothing is known.
    public let run: @Sendable (CheckContext) async throws -> Finding

    public init(
        _ id: String, version: Int = 1, _ title: String, _ severity: Severity, modes: [CheckMode],
        profiles: Set<Profile> = Set(Profile.allCases), validity: Validity,
        run: @escaping @Sendable (CheckContext) async throws -> Finding
    ) {
        self.id = id
        self.version = version
        self.title = title
        self.severity = severity
        self.modes = modes
        self.profiles = profiles
        self.validity = validity
        self.run = run
    }

    /// The part of the id before the dash, such as `DAT`.
    public var area: String { String(id.prefix { $0 != "-" }) }

    /// The level that evidence must have for the whole credit.
    public var requiredLevel: EvidenceLevel { modes.map(\.level).max() ?? .attested }
}

/// What a check may look at.
public struct CheckContext: Sendable {
    public let database: any Database
    public let profile: Profile
    /// Whether the installation says it is in production.
    public let isProduction: Bool
    /// Where the running installation answers, such as `http://127.0.0.1:8080`; nil when nobody said.
    public let baseURL: String?
    public let clock: any Clock

    public init(
        database: any Database, profile: Profile, isProduction: Bool, baseURL: String?, clock: any Clock = SystemClock()
    ) {
        self.database = database
        self.profile = profile
        self.isProduction = isProduction
        self.baseURL = baseURL
        self.clock = clock
    }
}
