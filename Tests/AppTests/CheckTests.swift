import Catalog
import Foundation
import EventLog
import HTTPServer
import Jobs
import Persistence
import Primitives
import Readiness
import Stores
import TestSupport
import Testing
import UseCases

@testable import App

/// Every check is seen failing once: a scratch installation is sabotaged for each.
@Suite struct CheckTests {
    private static func find(
        _ check: Check, in database: any Database, baseURL: String? = nil, clock: any Primitives.Clock = FixedClock()
    ) async throws -> Finding {
        try await check.run(
            CheckContext(
                database: database, profile: database.engine == .sqlite ? .single : .multi, isProduction: true,
                baseURL: baseURL, clock: clock))
    }

    /// A database with the demo's shop in it.
    private static func withShop(
        _ engine: TestEngine, _ body: (any Database) async throws -> Void
    ) async throws {
        try await withDatabase(engine, migrations: Installation.migrations) { database in
            _ = try await DemoStore.open(in: database)
            try await body(database)
        }
    }

    private static func sabotage(_ database: any Database, _ statement: String) async throws {
        try await database.write("sabotage") { tx in try tx.execute(SQL(trusted: statement)) }
    }

    // MARK: CFG-02

    @Test(
        arguments: [
            ([:], CheckVerdict.pass, "Every setting that production needs is set, understood and no placeholder."),
            (
                ["SHIPSHAPE_ENVIRONMENT": "development"], .fail,
                "The installation runs in development: set SHIPSHAPE_ENVIRONMENT=production."
            ),
            (
                ["SHIPSHAPE_PUBLIC_URL": "https://shop.example.com"], .fail,
                "Settings hold placeholders or test values: SHIPSHAPE_PUBLIC_URL."
            ),
            (
                ["SHIPSHAPE_PUBLIC_URL": "http://localhost:8080"], .fail,
                "Settings hold placeholders or test values: SHIPSHAPE_PUBLIC_URL."
            ),
            (
                ["SHIPSHAPE_MASTER_KEY": String(repeating: "0", count: 64)], .fail,
                "SHIPSHAPE_MASTER_KEY is no random key: make one with `openssl rand -base64 32`."
            ),
            (
                ["SHIPSHAPE_DATABASE_URL": "postgres://maya:changeme@db/shop"], .fail,
                "Settings hold placeholders or test values: SHIPSHAPE_DATABASE_URL."
            ),
            (
                ["SHIPSHAPE_LOGLEVEL": "red"], .fail,
                "There is no setting SHIPSHAPE_LOGLEVEL; the nearest is SHIPSHAPE_LOG_LEVEL."
            ),
            (
                ["SHIPSHAPE_DRAIN_SECONDS": "soon"], .fail,
                "SHIPSHAPE_DRAIN_SECONDS is \"soon\": it has to be a number of seconds from 0.0 to 30.0."
            ),
        ] as [([String: String], CheckVerdict, String)])
    func `settings are judged`(_ change: [String: String], _ verdict: CheckVerdict, _ sentence: String) async throws {
        let good = [
            "SHIPSHAPE_ENVIRONMENT": "production", "SHIPSHAPE_PUBLIC_URL": "https://shop.maya.se",
            "SHIPSHAPE_MASTER_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ]
        let settings = try await Settings.load(environment: good.merging(change) { $1 })
        try await withDatabase(.sqlite) { database in
            let finding = try await Self.find(.productionSettings(settings), in: database)
            #expect(finding.verdict == verdict)
            #expect(finding.sentence == sentence)
        }
    }

    // MARK: DAT-01

    @Test(
        arguments: TestEngine.available,
        [
            ("SELECT 1", CheckVerdict.pass, ""),
            ("DELETE FROM schema_migrations WHERE number = 400", .fail, "has not been applied"),
            ("UPDATE schema_migrations SET checksum = 'other' WHERE number = 100", .fail, "with other statements"),
            ("UPDATE schema_migrations SET number = 99999 WHERE number = 600", .fail, "does not know"),
        ])
    func `migrations are judged`(
        engine: TestEngine, example: (statement: String, verdict: CheckVerdict, sentence: String)
    ) async throws {
        try await withDatabase(engine, migrations: Installation.migrations) { database in
            if example.verdict != .pass { try await Self.sabotage(database, example.statement) }
            let finding = try await Self.find(.migrations, in: database)
            #expect(finding.verdict == example.verdict)
            if !example.sentence.isEmpty { #expect(finding.sentence.contains(example.sentence)) }
        }
    }

    // MARK: DAT-02 and SEC-10

    @Test(arguments: TestEngine.available)
    func `the engine's own facts are judged`(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Installation.migrations) { database in
            let facts = try await database.inspect()
            // The tests' server need not flush; what it says about everything else is sound.
            let sound = facts.map { fact in
                ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"].contains(fact.name)
                    ? EngineFact(name: fact.name, value: "on", expected: fact.expected, isAcceptable: true) : fact
            }
            let good = try await Self.find(.engineSettings { sound }, in: database)
            #expect(good.verdict == .pass, "\(good.sentence)")

            let setting = engine == .sqlite ? "synchronous" : "fsync"
            let weak = sound.map {
                $0.name == setting
                    ? EngineFact(name: setting, value: "off", expected: "on", isAcceptable: false) : $0
            }
            let bad = try await Self.find(.engineSettings { weak }, in: database)
            #expect(bad.verdict == .fail)
            #expect(bad.sentence == "\(setting) is off and has to be on.")

            let silent = try await Self.find(.engineSettings { sound.filter { $0.name != setting } }, in: database)
            #expect(silent.verdict == .unknown)
            #expect(silent.sentence == "The engine did not tell \(setting).")

            let unsummed =
                sound + [
                    EngineFact(name: "data_checksums", value: "off", expected: nil, isAcceptable: true)
                ]
            #expect(try await Self.find(.engineSettings { unsummed }, in: database).verdict == .warn)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an engine of an unsafe or unsupported version is a failure`(engine: TestEngine) async throws {
        let name = engine == .sqlite ? "sqlite_version" : "server_version"
        let examples: [(version: String, isAcceptable: Bool, moment: String, verdict: CheckVerdict)] =
            engine == .sqlite
            ? [
                ("3.40.1", false, "2026-01-01T00:00:00Z", .fail), ("3.51.3", true, "2026-01-01T00:00:00Z", .pass),
            ]
            : [
                ("15.18 (Debian 15.18-0)", true, "2027-11-10T00:00:00Z", .pass),
                ("15.18 (Debian 15.18-0)", true, "2027-11-11T00:00:00Z", .fail),
                ("19.1", true, "2027-11-11T00:00:00Z", .pass), ("13.3", true, "2026-01-01T00:00:00Z", .fail),
                ("13.3", false, "2020-01-01T00:00:00Z", .fail),
            ]
        try await withDatabase(engine) { database in
            for (version, isAcceptable, moment, verdict) in examples {
                let fact = EngineFact(name: name, value: version, expected: "newer", isAcceptable: isAcceptable)
                let clock = FixedClock(try #require(Instant(rfc3339: moment)))
                let finding = try await Self.find(.engineVersion { [fact] }, in: database, clock: clock)
                #expect(finding.verdict == verdict, "\(version) at \(moment)")
            }
            let silent = try await Self.find(.engineVersion { [] }, in: database)
            #expect(silent.verdict == .unknown)
        }
    }

    // MARK: PAY-05

    @Test(arguments: TestEngine.available)
    func `stock that no reservation explains is a failure`(engine: TestEngine) async throws {
        try await Self.withShop(engine) { database in
            #expect(try await Self.find(.invariants, in: database).verdict == .pass)
            try await Self.sabotage(database, "UPDATE stock_items SET reserved = reserved + 1 WHERE on_hand = 3")
            let finding = try await Self.find(.invariants, in: database)
            #expect(finding.verdict == .fail)
            #expect(finding.measured.count == 6)
            #expect(finding.measured.first == Measure("contradictions in stock", 1))
        }
    }

    // MARK: TAX-01 and SEA-01

    @Test(arguments: TestEngine.available)
    func `the demo's shop was told its taxes, and one that was not is named`(engine: TestEngine) async throws {
        try await Self.withShop(engine) { database in
            #expect(try await Self.find(.taxes, in: database).verdict == .pass)
            try await Self.sabotage(database, "DELETE FROM tax_settings")
            let finding = try await Self.find(.taxes, in: database)
            #expect(finding.verdict == .warn)
            #expect(finding.sentence.hasPrefix("Maya's Larder sells taxable goods"))
        }
    }

    @Test(
        arguments: TestEngine.available,
        [
            ("DELETE FROM search_documents WHERE document = 7", "does not know 1 of its products"),
            (
                "UPDATE products SET title = 'Submarine' WHERE handle = 'labneh-with-olive-oil'",
                "has labneh-with-olive-oil"
            ),
            ("DELETE FROM search_chunks WHERE key = '#*'", "otherwise than it is"),
        ])
    func `a search that does not know the products as they are is a failure`(
        engine: TestEngine, _ sabotage: (statement: String, words: String)
    ) async throws {
        try await Self.withShop(engine) { database in
            let good = try await Self.find(.search, in: database)
            #expect(good.verdict == .pass)
            #expect(good.measured == [Measure("products compared", 33), Measure(Self.wrong, 0)])
            try await Self.sabotage(database, sabotage.statement)
            // The shop's index was written with its products, and no job has looked since.
            let during = try await Self.find(.search, in: database)
            #expect(during.verdict == .warn)
            #expect(during.sentence == "The search of Maya's Larder is being written again: ask once more later.")
            try await Self.sabotage(database, "UPDATE search_states SET is_complete = TRUE")
            let bad = try await Self.find(.search, in: database)
            #expect(bad.verdict == .fail)
            #expect(bad.sentence.contains(sabotage.words))
            try await database.write("test.rebuild") { tx in
                let store = try #require(try Stores.all(in: tx).first)
                try Catalog.rebuildSearch(of: store.id, language: .english, in: tx)
            }
            while try await database.write("test.index", { tx in try ShelfAvailability.index(limit: 10, in: tx) }) > 0 {
            }
            let mended = try await Self.find(.search, in: database)
            #expect(mended.verdict == .pass)
            #expect(mended.measured == good.measured)
        }
    }

    private static let wrong = "products that the search has otherwise or not at all"

    // MARK: JOB-02

    @Test(arguments: TestEngine.available)
    func `a job that waits and a dead letter are failures`(engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Installation.migrations, clock: clock) { database in
            try await database.write("enqueue") { tx in
                try Jobs.enqueue([NewJob(JobKind("tests.wait"), key: "é")], in: tx)
            }
            clock.advance(seconds: 59)
            #expect(try await Self.find(.jobs, in: database, clock: clock).verdict == .pass)
            clock.advance(seconds: 1)
            let late = try await Self.find(.jobs, in: database, clock: clock)
            #expect(late.verdict == .fail)
            #expect(late.measured.first == Measure("oldest_runnable_seconds", 60))
            try await Self.sabotage(database, "UPDATE jobs SET state = 'dead', ended_at = 1")
            let dead = try await Self.find(.jobs, in: database, clock: clock)
            #expect(dead.verdict == .fail)
            #expect(dead.sentence == "A job was given up: retry or discard the dead letters (`shipshape jobs list`).")
        }
    }

    @Test(arguments: TestEngine.available)
    func `an event that no sequencer places is a failure`(_ engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: Installation.migrations, clock: clock) { database in
            try await database.write("append") { tx in
                let event = NewEvent(
                    store: tx.newIdentifier(), aggregate: Aggregate(kind: "order", id: OrderID(.init(high: 1, low: 2))),
                    version: 1, type: "order.placed", actor: .system, data: [:])
                try EventLog.append([event], in: tx)
            }
            clock.advance(seconds: 59)
            #expect(try await Self.find(.jobs, in: database, clock: clock).verdict == .pass)
            clock.advance(seconds: 1)
            let finding = try await Self.find(.jobs, in: database, clock: clock)
            // On SQLite the append places the event itself.
            #expect(finding.verdict == (engine == .sqlite ? .pass : .fail))
            let count = finding.measured.first { $0.name == "unplaced_events" }
            #expect(count == Measure("unplaced_events", engine == .sqlite ? 0 : 1))
        }
    }

    @Test func `parts make one check, which is as good as the worst of them and not at all without any`() {
        let good = Finding(.pass, "Good.", measured: [Measure("a", 1)], level: .observed)
        let doubtful = Finding.unknown("Who knows.")
        let bad = Finding(.fail, "Bad.", measured: [Measure("b", 2)])
        #expect(
            Finding.all([good, good], sound: "All good.")
                == Finding(
                    .pass, "All good.", measured: [Measure("a", 1), Measure("a", 1)], level: .observed))
        #expect(Finding.all([good, doubtful], sound: "").sentence == "Who knows.")
        let worst = Finding.all([doubtful, good, bad], sound: "")
        #expect(worst.verdict == .fail && worst.sentence == "Bad." && worst.level == .attested)
        #expect(Finding.all([], sound: "").verdict == .unknown)
    }
}
