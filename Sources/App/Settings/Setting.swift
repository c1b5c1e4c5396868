import Messaging
import Primitives

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
    /// Printable characters without spaces.
    case token
    /// A store's id.
    case store
    case email
    /// A mail server with its credentials.
    case smtpURL
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
        case .token: "printable characters without spaces"
        case .store: "the id of a store, such as sto_…"
        case .email: "an e-mail address"
        case .smtpURL: "an address such as smtp://user:password@mail.example:587"
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
        case .token: text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        case .store: StoreID(text) != nil
        case .email: EmailAddress(text) != nil
        case .smtpURL: MailServerAddress(text) != nil
        case .file: true
        }
    }
}

/// Every setting there is.
public enum SettingCatalogue {
    public static let all: [Setting] = [
        databaseURL, directURL, environment, publicURL, masterKey, logLevel, trustedProxies,
        mostConnections, writers, readers, queue, statementTimeout, jobConcurrency, drain, storefrontStore,
        stripeSecretKey, stripeWebhookSecret, stripeAPIBase, smtpURL, smtpFrom, smtpCertificates, imagesFromLoopback,
        file,
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
        "The secret from which order tokens and the key that seals providers' credentials are derived. In development "
            + "one is made and kept in the database. Make one with: openssl rand -base64 32", .key, isSecret: true,
        isRequiredInProduction: true)
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
        "SHIPSHAPE_DATABASE_READERS",
        "Connections that only read. On SQLite as many work at once as there are cores, and the others while those are"
            + " held up; on PostgreSQL all of them.",
        .integer(1...500), standard: "4")
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
    static let storefrontStore = Setting(
        "SHIPSHAPE_STOREFRONT_STORE", "The store whose storefront is shown (sto_…); the oldest when not set.", .store)
    static let stripeSecretKey = Setting(
        "SHIPSHAPE_STRIPE_SECRET_KEY",
        "The secret key (sk_…) with which the oldest store takes card payments at Stripe.", .token, isSecret: true)
    static let stripeWebhookSecret = Setting(
        "SHIPSHAPE_STRIPE_WEBHOOK_SECRET",
        "The signing secret (whsec_…) of Stripe's webhooks to /api/v1/webhooks/stripe/default; while it is being "
            + "changed, the new and the old one with a comma between.", .token, isSecret: true)
    static let stripeAPIBase = Setting(
        "SHIPSHAPE_STRIPE_API_BASE",
        "Where Stripe's API is; another address, such as the simulator's, is refused in "
            + "production.", .origin, standard: "https://api.stripe.com")
    static let smtpURL = Setting(
        "SHIPSHAPE_SMTP_URL",
        "The mail server: smtp://user:password@host:587 (STARTTLS is required), smtps://user:password@host:465, or "
            + "smtp+insecure://host:port without encryption, which is refused in production.", .smtpURL,
        isSecret: true)
    static let smtpFrom = Setting(
        "SHIPSHAPE_SMTP_FROM", "The address that mails come from, such as orders@shop.example.", .email)
    static let imagesFromLoopback = Setting(
        "SHIPSHAPE_IMAGES_FROM_LOOPBACK",
        "Whether images of products are fetched from this machine itself as well, for development; refused in "
            + "production.", .choice(["refused", "allowed"]), standard: "refused")
    static let smtpCertificates = Setting(
        "SHIPSHAPE_SMTP_CA_FILE",
        "A file of certificates in PEM to trust when talking to the mail server, instead of the system's.", .file)
    static let file = Setting(
        "SHIPSHAPE_SETTINGS_FILE",
        "A file of lines NAME=value with more settings; the environment goes before it.", .file)
}
