import FoundationEssentials
import HTTPServer
import Persistence
import PersistenceSQLite
public import Primitives
public import Readiness

/// Runs every check of an installation, keeps the evidence, and judges.
public struct InstallationPreflight: Sendable {
    /// What the run came to.
    public struct Outcome: Sendable {
        public let assessment: Assessment
        /// Why the evidence could not be kept; nil when it was.
        public let unrecorded: String?

        public var text: String { assessment.text() }
        public var json: JSON { assessment.json }
        public var exitCode: Int32 { assessment.verdict.exitCode }
    }

    private let settings: Settings
    private let logs: Logs
    private let clock: any Clock

    public init(_ settings: Settings, clock: any Clock = SystemClock(), logs: Logs) {
        self.settings = settings
        self.clock = clock
        self.logs = logs
    }

    /// - Parameters:
    ///   - url: where to probe; nil takes the public address, or that of the server that runs here.
    ///   - waivers: a JSON array, as `Waiver.list` reads it.
    ///   - runsChecks: false judges the evidence that was kept instead.
    ///   - drills: does and measures on scratch installations what looking alone cannot prove.
    /// - Throws: when no check could be run at all.
    public func run(url: String?, waivers: [UInt8]? = nil, runsChecks: Bool = true, drills: Bool = false) async throws
        -> Outcome
    {
        let waivers = try waivers.map(Waiver.list) ?? []
        let console = Console(settings, logs: logs)
        // A running server has the lock: read beside it, and ask it for what only it knows.
        let running = try await console.askServer(.address)
        let installation = try Installation.open(
            settings, for: running == nil ? .write : .read, clock: clock, logs: logs)
        do {
            let outcome = try await judge(
                installation, console: console, server: running, url: url, waivers: waivers, runsChecks: runsChecks,
                drills: drills ? Drills(like: installation) : nil)
            await installation.database.close()
            return outcome
        } catch {
            await installation.database.close()
            throw error
        }
    }

    private func judge(
        _ installation: Installation, console: Console, server: JSON?, url: String?, waivers: [Waiver],
        runsChecks: Bool, drills: Drills?
    ) async throws -> Outcome {
        let facts = EngineFacts {
            guard server != nil else { return try await installation.database.inspect() }
            let answer = try await console.askServer(.inspect)
            return answer?.array?.compactMap(EngineFact.init(json:)) ?? []
        }
        let checks = Self.checks(
            settings, endpoints: installation.declarations, facts: { try await facts.all() },
            masterKey: { try await installation.masterKey() }, stripe: server?["stripe_address"]?.string,
            drills: drills)
        let identity = installation.identity()
        let objection = try await Self.objection(to: installation.database)
        guard runsChecks else {
            let ids = checks.map(\.id)
            let evidence =
                objection != nil
                ? []
                : try await installation.database.read("readiness.latest") { tx in
                    try Readiness.latestEvidence(of: ids, in: tx)
                }
            let newest = evidence.max { $0.takenAt < $1.takenAt }
            return Outcome(
                assessment: Assessment(
                    checks, evidence: evidence, waivers: waivers, root: newest?.identity ?? identity,
                    running: identity, objection: objection, at: clock.now()), unrecorded: nil)
        }
        let base = url ?? baseURL(server: server)
        let preflight = Preflight(
            checks: checks,
            context: CheckContext(
                database: installation.database, profile: profile, isProduction: settings.isProduction, baseURL: base,
                clock: clock),
            identity: identity, target: "\(settings.database.description) \(base)",
            runner: "shipshape \(Installation.version)", host: ProcessInfo.processInfo.hostName,
            timeoutSeconds: drills == nil ? Preflight.timeoutSeconds : Self.drillTimeoutSeconds,
            sentence: Refusal.sentence)
        let evidence = await preflight.run()
        let unrecorded = await keep(evidence, in: installation, console: server == nil ? nil : console)
        return Outcome(
            assessment: Assessment(
                checks, evidence: evidence, waivers: waivers, root: identity, running: identity,
                objection: objection ?? unrecorded, at: clock.now()),
            unrecorded: unrecorded)
    }

    /// Why what was kept may not be believed. Without the table nothing was kept yet.
    private static func objection(to database: any Database) async throws -> String? {
        guard try await database.appliedMigrations().contains(where: { $0.number == Readiness.evidenceMigration })
        else { return nil }
        let broken = try await database.read("readiness.chain") { tx in try Readiness.firstBrokenRecord(in: tx) }
        return broken.map {
            "The kept evidence was changed afterwards, from record \($0) on: none of it counts any more."
        }
    }

    /// How long a check with its drill may take.
    private static let drillTimeoutSeconds = 180.0

    private var profile: Profile {
        if case .sqlite = settings.database { .single } else { .multi }
    }

    /// The public address when it speaks plain HTTP, else that of the server on this machine.
    private func baseURL(server: JSON?) -> String {
        if let url = settings.publicURL, Origin(url)?.isSecure == false { return url }
        return server?["url"]?.string ?? "http://127.0.0.1:8080"
    }

    private func keep(_ evidence: [Evidence], in installation: Installation, console: Console?) async -> String? {
        do {
            if let console {
                _ = try await console.askServer(
                    .recordEvidence, ["evidence": .array(evidence.map(\.json))])
            } else {
                try await installation.database.write("readiness.record") { tx in
                    try Readiness.record(evidence, in: tx)
                }
            }
            return nil
        } catch {
            return "The evidence could not be kept: \(Refusal.sentence(for: error))"
        }
    }

    /// Every check of this version.
    /// - Parameter stripe: where the running server takes Stripe to be; nil for what the settings say.
    static func checks(
        _ settings: Settings, endpoints: [Endpoint], facts: @escaping @Sendable () async throws -> [EngineFact],
        masterKey: @escaping @Sendable () async throws -> Secret, stripe: String? = nil, drills: Drills? = nil
    ) -> [Check] {
        let (stock, jobs, policies): (Check, Check, Check) =
            (.invariants, .jobs, .endpointPolicies(endpoints))
        return [
            .productionSettings(settings), .migrations, .engineSettings(facts), .engineVersion(facts),
            drills.map { stock.drilled(by: $0.stock) } ?? stock, drills.map { jobs.drilled(by: $0.jobs) } ?? jobs,
            .paymentProviders(settings, at: stripe, masterKey: masterKey),
            drills.map { policies.drilled(by: $0.policies) } ?? policies, .mail(settings),
            .pageHeaders, .taxes, .search, .prices,
        ]
    }
}

/// What the engine says about itself, asked once for all checks: it reads the whole database for it.
private actor EngineFacts {
    private let ask: @Sendable () async throws -> [EngineFact]
    private var answer: Task<[EngineFact], any Error>?

    init(_ ask: @escaping @Sendable () async throws -> [EngineFact]) {
        self.ask = ask
    }

    func all() async throws -> [EngineFact] {
        let ask = ask
        let answer = answer ?? Task { try await ask() }
        self.answer = answer
        return try await answer.value
    }
}

extension Waiver {
    /// Reads `[{"check", "owner", "reason", "mitigation", "due", "approver"}]`.
    static func list(_ bytes: [UInt8]) throws(Refusal) -> [Waiver] {
        let document: JSON
        do { document = try JSON(parsing: bytes) } catch {
            throw Refusal("The waivers cannot be read: \(error)")
        }
        guard let array = document.array else { throw Refusal("The waivers have to be a JSON array.") }
        var waivers: [Waiver] = []
        for (index, element) in array.enumerated() {
            guard let check = element["check"]?.string, let owner = element["owner"]?.string,
                let reason = element["reason"]?.string, let mitigation = element["mitigation"]?.string,
                let due = element["due"]?.instant, let approver = element["approver"]?.string
            else {
                throw Refusal(
                    "Waiver \(index + 1) has to have check, owner, reason, mitigation, due (RFC 3339) and approver.")
            }
            waivers.append(
                Waiver(
                    checkID: check, owner: owner, reason: reason, mitigation: mitigation, due: due,
                    approver: approver))
        }
        return waivers
    }
}
