public import Primitives

/// Where a setting's value came from.
public enum SettingSource: Hashable, Sendable, CustomStringConvertible {
    case environment
    /// The settings file.
    case file
    case standard
    /// Nowhere: it has no value.
    case unset

    public var description: String {
        switch self {
        case .environment: "environment"
        case .file: "file"
        case .standard: "default"
        case .unset: "not set"
        }
    }
}

/// A setting with the value that holds.
public struct SettingEntry: Hashable, Sendable {
    public let setting: Setting
    /// As written; nil when it has none. May be a secret: show `shown`.
    let value: String?
    public let source: SettingSource

    /// The value for people: a digest of a secret, a database address without credentials.
    public var shown: String? {
        guard let value else { return nil }
        if setting.isSecret { return Secret(value).description }
        switch setting.kind {
        // A malformed address may hold a password anywhere.
        case .databaseURL, .postgresURL: return DatabaseLocation(value)?.description ?? Secret(value).description
        default: return value
        }
    }
}

/// What is wrong with the settings: one sentence that names the variable.
public struct SettingFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The variable or the file.
    public let name: String
    public let description: String

    init(_ name: String, _ description: String) {
        self.name = name
        self.description = description
    }
}

/// The settings that hold, and what is wrong with them.
public struct Settings: Sendable {
    public let entries: [SettingEntry]
    /// In the order of the catalogue, unknown names last.
    public let faults: [SettingFault]
    /// Where the installation's data is.
    public let database: DatabaseLocation

    init(entries: [SettingEntry], faults: [SettingFault]) throws(SettingFault) {
        self.entries = entries
        self.faults = faults
        let url = entries.first { $0.setting == SettingCatalogue.databaseURL }?.value ?? ""
        guard let location = DatabaseLocation(url) else {
            throw faults.first { $0.name == SettingCatalogue.databaseURL.name }
                ?? SettingFault(SettingCatalogue.databaseURL.name, "There is no database URL.")
        }
        database = location
    }

    /// The same settings for another database.
    func at(_ place: DatabaseLocation) -> Settings {
        Settings(entries: entries, faults: faults, database: place)
    }

    private init(entries: [SettingEntry], faults: [SettingFault], database: DatabaseLocation) {
        self.entries = entries
        self.faults = faults
        self.database = database
    }

    /// - Throws: the first fault.
    public func requireSound() throws(SettingFault) {
        if let fault = faults.first { throw fault }
    }

    public var isProduction: Bool { text(SettingCatalogue.environment) == "production" }

    /// What is right while one tries things out and wrong in production: pages that anybody on the way can read, and
    /// payments that nobody has to pay.
    static func rehearsalFaults(in entries: [SettingEntry]) -> [SettingFault] {
        func value(_ setting: Setting) -> String? { entries.first { $0.setting == setting }?.value }
        let url = SettingCatalogue.publicURL
        let key = SettingCatalogue.stripeSecretKey
        var faults: [SettingFault] = []
        if let origin = value(url).flatMap(Origin.init), !origin.isSecure, !origin.isThisMachine {
            faults.append(
                SettingFault(url.name, "\(url.name) is \(origin.text): in production buyers come over https:// only."))
        }
        if let secret = value(key), secret.hasPrefix("sk_test_") || secret.hasPrefix("rk_test_") {
            faults.append(
                SettingFault(
                    key.name,
                    "\(key.name) is a key for tests, with which goods leave and no money comes: in "
                        + "production it has to be a live one."))
        }
        return faults
    }
    public var publicURL: String? { text(SettingCatalogue.publicURL).flatMap(Origin.init)?.text }
    public var masterKey: Secret? { text(SettingCatalogue.masterKey).flatMap(KeyText.bytes).map { Secret($0) } }
    var storefrontStore: StoreID? { text(SettingCatalogue.storefrontStore).flatMap { StoreID($0) } }
    public var logLevel: String { text(SettingCatalogue.logLevel) ?? "info" }
    var directURL: String? { text(SettingCatalogue.directURL) }
    var trustedProxies: Set<String> { text(SettingCatalogue.trustedProxies).flatMap(Addresses.parse) ?? [] }
    var mostConnections: Int { integer(SettingCatalogue.mostConnections) }
    var writers: Int { integer(SettingCatalogue.writers) }
    var readers: Int { integer(SettingCatalogue.readers) }
    var queue: Int { integer(SettingCatalogue.queue) }
    var statementTimeoutSeconds: Double { seconds(SettingCatalogue.statementTimeout) }
    var jobConcurrency: Int { integer(SettingCatalogue.jobConcurrency) }
    var drainSeconds: Double { seconds(SettingCatalogue.drain) }

    /// Every effective value in a stable order, secrets as digests; what evidence is bound to.
    var fingerprintText: String {
        entries.map { entry in
            let value = entry.value.map { Secret($0).description } ?? ""
            return "\(entry.setting.name)=\(entry.setting.isSecret ? value : entry.value ?? "")"
        }.joined(separator: "\n")
    }

    func text(_ setting: Setting) -> String? {
        let value = entries.first { $0.setting == setting }?.value
        // A malformed value is a fault already; what goes on in spite of it goes on with the default.
        return value.map { setting.kind.accepts($0) ? $0 : setting.standard } ?? setting.standard
    }

    private func integer(_ setting: Setting) -> Int { text(setting).flatMap { Int($0) } ?? 1 }
    private func seconds(_ setting: Setting) -> Double { text(setting).flatMap { Double($0) } ?? 1 }
}
