/// One setting: its name, what it means, and what it may be.
public struct Setting: Hashable, Sendable {
    /// Such as `SHIPSHAPE_LOG_LEVEL`.
    public let name: String
    /// A sentence.
    public let meaning: String
    public let kind: SettingKind
    /// What holds when it is not set, as it would be written; nil when nothing does.
    public let standard: String?
    /// Shown as a digest.
    public let isSecret: Bool
    public let isRequiredInProduction: Bool

    init(
        _ name: String, _ meaning: String, _ kind: SettingKind, standard: String? = nil, isSecret: Bool = false,
        isRequiredInProduction: Bool = false
    ) {
        self.name = name
        self.meaning = meaning
        self.kind = kind
        self.standard = standard
        self.isSecret = isSecret
        self.isRequiredInProduction = isRequiredInProduction
    }
}

/// What a setting's value has to look like.
public enum SettingKind: Hashable, Sendable {
    case databaseURL
    case postgresURL
    case choice([String])
    /// `http://` or `https://`, a host, no path.
    case origin
    /// 32 bytes, in base64 or 64 hexadecimal digits.
    case key
    case integer(ClosedRange<Int>)
    case seconds(ClosedRange<Double>)
    /// IP addresses, separated by commas.
    case addresses
    case file

    /// What a good value looks like, for people.
    public var description: String {
        switch self {
        case .databaseURL: "sqlite:/path/to/file or postgres://user:password@host:port/database"
        case .postgresURL: "postgres://user:password@host:port/database"
        case .choice(let choices): choices.count == 1 ? choices[0] : "one of " + choices.joined(separator: ", ")
        case .origin: "an address such as https://shop.example"
        case .key: "32 bytes in base64 or as 64 hexadecimal digits"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .seconds(let range): "a number of seconds from \(range.lowerBound) to \(range.upperBound)"
        case .addresses: "IP addresses separated by commas"
        case .file: "the path of a file"
        }
    }

    /// Whether a value looks as it has to.
    func accepts(_ text: String) -> Bool {
        guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            return false
        }
        return switch self {
        case .databaseURL: DatabaseLocation(text) != nil
        case .postgresURL: if case .postgres = DatabaseLocation(text) { true } else { false }
        case .choice(let choices): choices.contains(text)
        case .origin: Origin(text) != nil
        case .key: KeyText.bytes(text)?.count == 32
        case .integer(let range): Int(text).map(range.contains) ?? false
        case .seconds(let range): Double(text).map(range.contains) ?? false
        case .addresses: Addresses.parse(text) != nil
        case .file: true
        }
    }
}

/// Every setting there is.
public enum SettingCatalogue {
    public static let all: [Setting] = [
        databaseURL, directURL, environment, publicURL, masterKey, rateLimits, logLevel, trustedProxies,
        mostConnections, writers, readers, queue, statementTimeout, jobConcurrency, drain, file,
    ]

    /// Variables with our prefix that belong to the build and the tests.
    static let foreign: Set<String> = ["SHIPSHAPE_TEST_POSTGRES", "SHIPSHAPE_STRICT"]

    static let databaseURL = Setting(
        "SHIPSHAPE_DATABASE_URL", "Where the data is: a file (SQLite) or a server (PostgreSQL).", .databaseURL,
        standard: "sqlite:.shipshape/shipshape.sqlite")
    static let directURL = Setting(
        "SHIPSHAPE_DATABASE_DIRECT_URL",
        "The PostgreSQL server itself when SHIPSHAPE_DATABASE_URL leads to a pooler; used by migrations and "
            + "notifications.", .postgresURL)
    static let environment = Setting(
        "SHIPSHAPE_ENVIRONMENT",
        "In production, the settings marked as required must be set, and secrets come from them alone.",
        .choice(["development", "production"]), standard: "development")
    static let publicURL = Setting(
        "SHIPSHAPE_PUBLIC_URL", "The address at which buyers reach this installation; readiness probes go there.",
        .origin, isRequiredInProduction: true)
    static let masterKey = Setting(
        "SHIPSHAPE_MASTER_KEY",
        "The secret from which order tokens are derived. In development one is made and kept in the database. "
            + "Make one with: openssl rand -base64 32", .key, isSecret: true, isRequiredInProduction: true)
    static let rateLimits = Setting(
        "SHIPSHAPE_RATE_LIMITS", "Declared rate limits are documented, not enforced, in this version.",
        .choice(["report"]), standard: "report")
    static let logLevel = Setting(
        "SHIPSHAPE_LOG_LEVEL", "The least important messages that are logged.",
        .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]), standard: "info")
    static let trustedProxies = Setting(
        "SHIPSHAPE_TRUSTED_PROXIES", "Proxies whose X-Request-ID and X-Forwarded-For are believed.", .addresses)
    static let mostConnections = Setting(
        "SHIPSHAPE_MAX_CONNECTIONS", "Connections that the server serves at once; more wait.", .integer(1...1_000_000),
        standard: "4096")
    static let writers = Setting(
        "SHIPSHAPE_DATABASE_WRITERS", "Connections that change data, on PostgreSQL; SQLite has one.",
        .integer(1...500), standard: "24")
    static let readers = Setting(
        "SHIPSHAPE_DATABASE_READERS", "Connections that only read.", .integer(1...500), standard: "8")
    static let queue = Setting(
        "SHIPSHAPE_DATABASE_QUEUE", "Transactions that may wait for a connection; one more is answered with 503.",
        .integer(1...1_000_000), standard: "1024")
    static let statementTimeout = Setting(
        "SHIPSHAPE_STATEMENT_TIMEOUT_SECONDS", "A statement that runs longer is ended.", .seconds(0.1...3600),
        standard: "10")
    static let jobConcurrency = Setting(
        "SHIPSHAPE_JOB_CONCURRENCY", "Jobs that a process works on at once in each queue.", .integer(1...500),
        standard: "8")
    static let drain = Setting(
        "SHIPSHAPE_DRAIN_SECONDS", "How long requests and jobs may go on after a stop was asked for.",
        .seconds(0...30), standard: "30")
    static let file = Setting(
        "SHIPSHAPE_SETTINGS_FILE",
        "A file of lines NAME=value with more settings; the environment goes before it.", .file)
}
