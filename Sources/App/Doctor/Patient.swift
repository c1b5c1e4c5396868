import Catalog
import EventLog
import FoundationEssentials
import Jobs
import Messaging
import Orders
import Payments
import Persistence
import Primitives
import Readiness
import Stores

/// An installation whose database can be read.
struct Patient: Sendable {
    let installation: Installation
    /// Leads to the server that runs on this machine; nil when none does.
    let console: Console?
    /// Where the running server takes Stripe to be.
    let stripe: String?
    let serverURL: String?

    private var settings: Settings { installation.settings }
    private var database: any Database { installation.database }

    private var context: CheckContext {
        var profile = Profile.multi
        if case .sqlite = settings.database { profile = .single }
        return CheckContext(
            database: database, profile: profile, isProduction: settings.isProduction,
            baseURL: serverURL ?? settings.publicURL, clock: installation.clock)
    }

    // MARK: The engine

    /// What the engine says about itself; the running server is asked, because only its connection writes.
    func engine() async throws -> [Complaint] {
        var facts: [EngineFact]
        if let console, let answer = try await console.askServer(.inspect) {
            facts = answer.array?.compactMap(EngineFact.init(json:)) ?? []
        } else {
            facts = try await database.inspect()
        }
        var found = facts.filter { !$0.isAcceptable }.map(complaint)
        if database.engine == .postgres, let version = facts.first(where: { $0.name == "server_version" }),
            !PostgresSupport.isSupported(version.value, at: installation.clock.now())
        {
            found.append(
                Complaint(
                    .warning, .database, "PostgreSQL \(version.value) is no longer supported by its makers.",
                    why: "Nobody mends its faults any more.", cure: "upgrade the server with pg_upgrade"))
        }
        return found
    }

    private func complaint(_ fact: EngineFact) -> Complaint {
        let what = "\(fact.name) is \(fact.value)" + (fact.expected.map { ", and has to be \($0)." } ?? ".")
        guard fact.isKnown else {
            return Complaint(
                .warning, .database, "\(fact.name): \(fact.value).", why: "So nobody knows whether it is well.",
                cure: "run it again when the machine has less to do")
        }
        switch fact.name {
        case "sqlite_version":
            return Complaint(
                .warning, .database, what,
                why: "Older versions can damage a database that two connections write at once (the WAL-reset bug); "
                    + "Shipshape lets only one write, and a second program would not know.",
                cure: "install SQLite 3.51.3 or newer, and open the file with no other program meanwhile")
        case "integrity_check", "foreign_key_check", "invalid_constraints", "invalid_indexes":
            let isPostgres = database.engine == .postgres
            return Complaint(
                .error, .database, what, why: "The data is damaged, and what is written now may be lost with it.",
                cure: isPostgres
                    ? "REINDEX INDEX <name>, or ALTER TABLE <table> VALIDATE CONSTRAINT <name>, in psql"
                    : "stop the server, keep a copy of the file, and restore a backup, or save what can be read: "
                        + "sqlite3 FILE .recover | sqlite3 NEW")
        case "connection":
            return Complaint(
                settings.isProduction ? .error : .warning, .database,
                "The connection to the database is not encrypted.",
                why: "Whoever is in between reads orders and credentials.",
                cure: "add sslmode=verify-full to SHIPSHAPE_DATABASE_URL, and switch ssl on at the server")
        case "clock":
            return Complaint(
                .error, .machine, "The clocks of this machine and of the database differ: \(fact.value).",
                why: "Leases of jobs, reservations and sessions are judged by both.",
                cure: "timedatectl set-ntp true, on both machines")
        default:
            return Complaint(
                .error, .database, what, why: "What was acknowledged to a buyer might not survive a power cut.",
                cure: database.engine == .postgres
                    ? "in psql: ALTER SYSTEM SET \(fact.name) = '\(fact.expected ?? "")'; SELECT pg_reload_conf();"
                    : "restart the server; it sets this itself when it opens the file")
        }
    }

    // MARK: The schema

    func schema() async throws -> [Complaint] {
        let state = try await installation.migrationState()
        var found: [Complaint] = []
        if let first = state.pending.first {
            let count = state.pending.count == 1 ? "1 migration" : "\(state.pending.count) migrations"
            found.append(
                Complaint(
                    .error, .schema, "The database lacks \(count), from \(first.number) (\(first.name)) on.",
                    why: "This version cannot serve it.",
                    cure: "shipshape migrate (on SQLite stop the server first; a copy is kept beside the file)"))
        }
        if let edited = state.edited.first {
            found.append(
                Complaint(
                    .error, .schema,
                    "Migration \(edited.number) (\(edited.name)) was applied with other statements than are here.",
                    why: "The tables may not be what the program takes them for; it does not start.",
                    cure: "run the build that made the database, or restore a backup of before"))
        }
        if let unknown = state.unknown.last {
            found.append(
                Complaint(
                    .warning, .schema,
                    "The database is newer than this program (\(Installation.version)): it has migration "
                        + "\(unknown.number) (\(unknown.name)).",
                    why: "This version runs beside a newer one while it is rolled out, and should not stay.",
                    cure: "install the newer version everywhere; to go back, restore the copy made before it migrated"))
        }
        return found
    }

    // MARK: The data

    func data() async throws -> [Complaint] {
        try await books() + credentials() + storefront() + prices() + checkouts()
    }

    /// Every part's own look at its books, as `preflight` has them; those of jobs are told apart below.
    private func books() async throws -> [Complaint] {
        var found: [Complaint] = []
        for part in Installation.checkParts where part.checkID != "JOB-02" {
            let finding = try await part.run(context)
            guard finding.verdict != .pass, finding.verdict != .na else { continue }
            let isMoney = part.checkID == "PAY-05"
            found.append(
                Complaint(
                    finding.verdict == .fail ? .error : .warning, .data, finding.sentence,
                    why: isMoney
                        ? "Stock, orders and money contradict each other: somebody gets too much or too little."
                        : "The check \(part.checkID) of readiness does not pass with it.",
                    cure: isMoney
                        ? "shipshape ledger verify lists what concerns money; shipshape preflight --json the rest"
                        : "shipshape preflight --json shows what was measured and what it has to be"))
        }
        return found
    }

    private func credentials() async throws -> [Complaint] {
        let connections = try await database.read("doctor.connections") { tx in
            try Payments.traffic(in: tx).map(\.connection)
        }
        guard !connections.isEmpty else { return [] }
        guard let key = try await masterKey() else {
            return [
                Complaint(
                    .error, .data, "Credentials of providers are kept, and there is no master key to open them.",
                    why: "Nobody can pay by card, and links to orders do not open.",
                    cure: "set SHIPSHAPE_MASTER_KEY to the key of this installation")
            ]
        }
        var found: [Complaint] = []
        for connection in connections {
            do {
                _ = try connection.credentials(.forProviders(masterKey: key))
            } catch {
                found.append(
                    Complaint(
                        .error, .data,
                        "The credentials of \(connection.provider)/\(connection.name) do not open with this key.",
                        why: "Card payments of that store fail, and their webhooks are refused.",
                        cure: "set SHIPSHAPE_MASTER_KEY to the key that they were sealed with"))
            }
        }
        return found
    }

    /// Looked up only: the one that development keeps in the database is not made here.
    private func masterKey() async throws -> Secret? {
        if let key = settings.masterKey { return key }
        return try await database.read("doctor.master_key") { tx in
            try Stores.installationSecret("master_key", in: tx)
        }
    }

    private func storefront() async throws -> [Complaint] {
        let stores = try await database.read("doctor.stores") { tx in try Stores.all(in: tx) }
        if stores.isEmpty {
            return [
                Complaint(
                    .note, .data, "There is no store yet.", why: "Nothing can be sold.",
                    cure: "shipshape stores create --name 'My shop' --currency EUR")
            ]
        }
        guard let wanted = settings.storefrontStore, !stores.contains(where: { $0.id == wanted }) else { return [] }
        return [
            Complaint(
                .error, .data, "SHIPSHAPE_STOREFRONT_STORE names \(wanted), and there is no such store.",
                why: "The storefront shows nothing.", cure: "shipshape stores list shows those there are")
        ]
    }

    /// Prices that somebody may have meant, and that lose money if nobody did.
    private func prices() async throws -> [Complaint] {
        let shops = try await database.read("doctor.prices") { tx in
            try Stores.all(in: tx).map { (name: $0.name, prices: try Catalog.doubtfulPrices(of: $0.id, in: tx)) }
        }
        return shops.flatMap { name, prices in
            [
                Self.complaint(
                    prices.free, "on sale for nothing in \(name)", why: "Buyers pay for the delivery at most."),
                Self.complaint(
                    prices.belowCost, "on sale below cost in \(name)", why: "Each that is sold loses money."),
            ].compactMap { $0 }
        }
    }

    private static func complaint(
        _ found: (count: Int, handle: String?), _ terms: String, why: String
    ) -> Complaint? {
        guard let handle = found.handle else { return nil }
        let variants = found.count == 1 ? "1 variant is" : "\(found.count) variants are"
        return Complaint(
            .note, .data, "\(variants) \(terms), such as one of \(handle).", why: why,
            cure: "where nobody meant it, correct the price in the dashboard, or import a CSV file with prices")
    }

    private func checkouts() async throws -> [Complaint] {
        let moment = installation.clock.now().adding(seconds: -3600)
        let overdue = try await database.read("doctor.checkouts") { tx in
            try Orders.openCheckouts(expiredBefore: moment, in: tx)
        }
        guard overdue > 0 else { return [] }
        return [
            Complaint(
                .warning, .data, "\(overdue) unfinished checkouts expired more than an hour ago and are still open.",
                why: "The job that ends them each minute does not run, and others with it.",
                cure: database.engine == .sqlite ? "shipshape serve" : "shipshape work")
        ]
    }

    // MARK: The work

    /// Jobs, events and webhooks that wait.
    func work(serverRuns: Bool) async throws -> [Complaint] {
        let now = installation.clock.now()
        let (jobs, unplaced, events) = try await database.read("doctor.work") { tx in
            (
                try Jobs.statistics(in: tx), try EventLog.unplaced(in: tx), try Payments.unprocessedEvents(in: tx)
            )
        }
        let runner = database.engine == .sqlite ? "shipshape serve" : "shipshape work"
        var found: [Complaint] = []
        if jobs.dead > 0 {
            found.append(
                Complaint(
                    .error, .work, jobs.dead == 1 ? "1 job was given up." : "\(jobs.dead) jobs were given up.",
                    why: "Each is something that was promised and not done: a mail, a payment's event, an image.",
                    cure: "shipshape jobs list shows why; then shipshape jobs retry --all, or discard"))
        }
        func waiting(_ what: String, since moment: Instant?, of count: Int, _ why: String) {
            let seconds = moment.map { Int(max(0, now.seconds(since: $0))) } ?? 0
            guard seconds >= 60 else { return }
            // On SQLite nothing is done while no server runs: then this is how it has to be.
            let isExpected = database.engine == .sqlite && !serverRuns
            found.append(
                Complaint(
                    isExpected ? .warning : .error, .work, "\(what) for \(seconds) s (\(count) in all).",
                    why: isExpected ? "No server runs, and it does the jobs." : why, cure: runner))
        }
        waiting(
            "A job has been waiting", since: jobs.oldestRunnableSince, of: jobs.queues.reduce(0) { $0 + $1.runnable },
            "Nothing works on its queue, or too little: mails and payments are late.")
        waiting(
            "An event has been waiting for its position", since: unplaced.oldestAt, of: unplaced.count,
            "The sequencer stands still: live pages and webhooks see nothing new.")
        waiting(
            "A provider's event has been waiting", since: events.oldestAt, of: events.count,
            "Orders that were paid do not become paid.")
        return found
    }

    // MARK: Outside

    /// What providers say, by the same checks as `preflight`.
    func outside(isReadable: Bool) async -> [Complaint] {
        guard isReadable else { return [] }
        let findKey = { @Sendable () async throws -> Secret in
            guard let key = try await masterKey() else { throw Refusal("There is no master key.") }
            return key
        }
        var found: [Complaint] = []
        if case .server = settings.mailRoute {
            found += await judge(
                .mail(settings), why: "Customers are not told of their orders, and staff cannot sign in by mail.",
                cure: "look at the mail server's log and at SHIPSHAPE_SMTP_URL, then shipshape jobs retry --all")
        } else {
            found.append(
                Complaint(
                    settings.isProduction ? .error : .note, .outside, "No mail server is set.",
                    why: "Customers are not told of their orders, and staff cannot sign in by mail.",
                    cure: "set SHIPSHAPE_SMTP_URL and SHIPSHAPE_SMTP_FROM"))
        }
        found += await judge(
            .paymentProviders(settings, at: stripe, masterKey: findKey),
            why: "Without its webhooks nobody's payment by card arrives at the order.",
            cure: "set the endpoint right at https://dashboard.stripe.com/webhooks")
        return found
    }

    private func judge(_ check: Check, why: String, cure: String) async -> [Complaint] {
        let finding: Finding
        do { finding = try await check.run(context) } catch { finding = .unknown(Refusal.sentence(for: error)) }
        switch finding.verdict {
        case .pass, .na, .waived: return []
        case .fail: return [Complaint(.error, .outside, finding.sentence, why: why, cure: cure)]
        case .warn: return [Complaint(.warning, .outside, finding.sentence, why: why, cure: cure)]
        case .unknown: return [Complaint(.note, .outside, finding.sentence, why: why, cure: cure)]
        }
    }
}
