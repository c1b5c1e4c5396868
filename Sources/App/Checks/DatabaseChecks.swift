import Persistence
import Primitives
import Readiness

extension Check {
    /// DAT-01: the schema is this build's. A rehearsal on a copy of the data would be the drill.
    static let migrations = Check(
        "DAT-01", "migrations", .blocker, modes: [.introspection, .drill], validity: .build
    ) { context in
        let state = MigrationState(
            Installation.migrations, applied: try await context.database.appliedMigrations())
        let measured = [
            Measure("current", state.current), Measure("pending", state.pending.count),
            Measure("edited", state.edited.count), Measure("unknown", state.unknown.count),
        ]
        let threshold = [Measure("pending", 0), Measure("edited", 0), Measure("unknown", 0)]
        let sentence: String? =
            if let migration = state.edited.first {
                "Migration \(migration.number) (\(migration.name)) was applied with other statements."
            } else if let migration = state.unknown.first {
                "The database has migration \(migration.number) (\(migration.name)), which this build does not know."
            } else if let migration = state.pending.first {
                "Migration \(migration.number) (\(migration.name)) has not been applied: run `shipshape migrate`."
            } else {
                nil
            }
        return Finding(
            sentence == nil ? .pass : .fail,
            sentence ?? "All \(state.current) migrations are applied as this build has them.",
            measured: measured, threshold: threshold)
    }

    /// DAT-02: the engine is set so that what is acknowledged stays, and finds no damage.
    /// - Parameter facts: what the engine says; on SQLite the connection that writes has to be asked.
    static func engineSettings(_ facts: @escaping @Sendable () async throws -> [EngineFact]) -> Check {
        Check(
            "DAT-02", version: 2, "engine settings and integrity", .blocker, modes: [.introspection],
            validity: .hours(24)
        ) { context in
            let facts = try await facts().filter { !versions.contains($0.name) }
            let missing = needed(context.database.engine).subtracting(facts.map(\.name)).sorted()
            let wrong = facts.filter { !$0.isAcceptable }
            let measured = facts.map { Measure($0.name, $0.value) }
            let threshold = facts.compactMap { fact in fact.expected.map { Measure(fact.name, $0) } }
            guard missing.isEmpty else {
                return Finding(
                    .unknown, "The engine did not tell \(missing.joined(separator: ", ")).", measured: measured,
                    threshold: threshold)
            }
            if let first = wrong.first(where: { !$0.isKnown }) {
                return Finding(
                    .unknown, "\(first.name): \(first.value).", measured: measured, threshold: threshold,
                    level: .attested)
            }
            if let first = wrong.first {
                return Finding(
                    .fail, "\(first.name) is \(first.value) and has to be \(first.expected ?? "otherwise").",
                    measured: measured, threshold: threshold)
            }
            if facts.contains(where: { $0.name == "data_checksums" && $0.value != "on" }) {
                return Finding(
                    .warn, "The server keeps no data checksums: damage on the disk would go unnoticed.",
                    measured: measured, threshold: threshold)
            }
            return Finding(
                .pass, "The engine's settings keep what is acknowledged, and it finds no damage.",
                measured: measured, threshold: threshold)
        }
    }

    /// SEC-10: the engine is a version without known damage, and still supported.
    static func engineVersion(_ facts: @escaping @Sendable () async throws -> [EngineFact]) -> Check {
        Check("SEC-10", "engine version", .high, modes: [.introspection], validity: .hours(7 * 24)) { context in
            guard let version = try await facts().first(where: { versions.contains($0.name) }) else {
                return .unknown("The engine did not tell its version.")
            }
            let measured = [Measure(version.name, version.value)]
            let threshold = [Measure(version.name, version.expected ?? "supported")]
            guard version.isAcceptable else {
                let why =
                    context.database.engine == .sqlite
                    ? "older ones can damage a database that two connections write at once (the WAL-reset bug)"
                    : "older ones are not supported"
                return Finding(
                    .fail, "\(version.name) is \(version.value) and has to be \(version.expected ?? "newer"): \(why).",
                    measured: measured, threshold: threshold)
            }
            if context.database.engine == .postgres,
                !PostgresSupport.isSupported(version.value, at: context.clock.now())
            {
                return Finding(
                    .fail, "PostgreSQL \(version.value) is no longer supported by its makers.", measured: measured,
                    threshold: threshold)
            }
            return Finding(
                .pass, "\(version.name) \(version.value) is supported.", measured: measured, threshold: threshold)
        }
    }

    /// PAY-05: the books of stock, orders and money contradict neither each other nor themselves.
    static let invariants = Check(
        "PAY-05", version: 3, "invariants of stock, orders and ledger", .blocker, modes: [.introspection, .drill],
        validity: .hours(24), parts: Installation.checkParts,
        sound: "Stock, orders and ledger contradict neither each other nor themselves.")

    /// JOB-02: what is owed is done soon, nothing was given up, and the log of events keeps up.
    static let jobs = Check(
        "JOB-02", version: 2, "oldest job, dead letters and sequencer", .high, modes: [.introspection, .drill],
        validity: .hours(24), parts: Installation.checkParts,
        sound: "No job waits long, none was given up, and the log of events keeps up.")

    /// TAX-01: whoever sells taxable goods was asked which taxes to charge. Only the merchant knows the answer.
    static let taxes = Check(
        "TAX-01", "taxes of what is sold", .medium, modes: [.introspection], validity: .hours(24),
        parts: Installation.checkParts,
        sound: "Every store that sells taxable goods was told which taxes to charge.")

    /// SEA-01: what buyers search for is what there is.
    static let search = Check(
        "SEA-01", "search and products", .medium, modes: [.introspection], validity: .hours(24),
        parts: Installation.checkParts, sound: "The search knows the products as they are.")

    /// PRC-01: exchange rates were looked at not long ago, and price lists count for somebody.
    static let prices = Check(
        "PRC-01", "exchange rates and price lists", .low, modes: [.introspection], validity: .hours(24),
        parts: Installation.checkParts,
        sound: "Every exchange rate is recent, and every price list counts for somebody.")

    private static let versions: Set<String> = ["sqlite_version", "server_version"]

    private static func needed(_ engine: Engine) -> Set<String> {
        switch engine {
        case .sqlite:
            ["journal_mode", "synchronous", "foreign_keys", "mmap_size", "integrity_check", "foreign_key_check"]
        case .postgres:
            ["fsync", "full_page_writes", "synchronous_commit", "TimeZone", "connection", "invalid_constraints"]
        }
    }
}

/// Until when each major version of PostgreSQL gets fixes (https://www.postgresql.org/support/versioning/).
enum PostgresSupport {
    private static let lastDays: [Int: String] = [
        14: "2026-11-12T00:00:00Z", 15: "2027-11-11T00:00:00Z", 16: "2028-11-09T00:00:00Z",
        17: "2029-11-08T00:00:00Z", 18: "2030-11-14T00:00:00Z",
    ]

    /// - Parameter version: such as `15.18 (Debian 15.18-0+deb12u1)`. A newer major than is known here is supported.
    static func isSupported(_ version: String, at now: Instant) -> Bool {
        guard let major = Int(version.prefix { $0.isNumber }) else { return false }
        guard let last = lastDays[major] else { return major > (lastDays.keys.max() ?? 0) }
        return Instant(rfc3339: last).map { now < $0 } ?? false
    }
}
