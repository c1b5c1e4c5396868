import Catalog
import Foundation
import Jobs
import Payments
import Persistence
import Primitives
import Stores
import TestSupport
import Testing

@testable import App

/// Each thing that may be wrong is made so, and then found, with what mends it.
@Suite struct DoctorTests {
    /// An installation that is migrated, and what its settings would be called.
    private static func withInstallation(
        _ engine: TestEngine, _ body: ([String: String], Installation) async throws -> Void
    ) async throws {
        func run(_ url: String) async throws {
            let environment = ["SHIPSHAPE_DATABASE_URL": url]
            let settings = try await Settings.load(environment: environment)
            let installation = try Installation.open(settings, for: .create, logs: Logs(settings, quiet: true))
            try await installation.closing { installation in
                try await installation.migrate()
                try await body(environment, installation)
            }
        }
        switch engine {
        case .sqlite: try await run("sqlite:\(TestFolder.make().path)/shop.sqlite")
        case .postgres: try await withFixture(.postgres) { try await run($0.url) }
        }
    }

    private static func examine(
        _ environment: [String: String], adding more: [String: String] = [:]
    ) async -> DoctorReport {
        // Nobody but the superuser listens there, so that no other test is in the way.
        await Doctor(environment: environment.merging(more) { $1 }, port: 1).examine()
    }

    private static func errors(_ report: DoctorReport, _ area: Complaint.Area) -> [Complaint] {
        report.complaints.filter { $0.severity == .error && $0.area == area }
    }

    @Test(arguments: TestEngine.available)
    func `a sound installation has no errors but for what its engine is`(_ engine: TestEngine) async throws {
        try await Self.withInstallation(engine) { environment, _ in
            let report = await Self.examine(environment)
            #expect(report.unexamined.isEmpty)
            for area in [Complaint.Area.settings, .schema, .data, .work] {
                #expect(Self.errors(report, area).isEmpty, "\(area): \(report.text)")
            }
            #expect(report.complaints.contains { $0.what == "There is no store yet." && $0.severity == .note })
            #expect(report.complaints.allSatisfy { !$0.why.isEmpty && !$0.cure.isEmpty })
        }
    }

    @Test func `settings that are unknown, malformed or against each other are found`() async throws {
        try await Self.withInstallation(.sqlite) { environment, _ in
            let report = await Self.examine(
                environment,
                adding: [
                    "SHIPSHAPE_LOG_LEVL": "info", "SHIPSHAPE_DRAIN_SECONDS": "soon",
                    "SHIPSHAPE_STRIPE_SECRET_KEY": "sk_live_1", "SHIPSHAPE_SMTP_FROM": "a@shop.example",
                    "SHIPSHAPE_STRIPE_API_BASE": "http://127.0.0.1:1",
                ])
            let errors = Self.errors(report, .settings).map(\.what)
            #expect(
                errors == [
                    "SHIPSHAPE_DRAIN_SECONDS is \"soon\": it has to be a number of seconds from 0.0 to 30.0.",
                    "There is no setting SHIPSHAPE_LOG_LEVL; the nearest is SHIPSHAPE_LOG_LEVEL.",
                    "SHIPSHAPE_STRIPE_SECRET_KEY is set, and SHIPSHAPE_STRIPE_WEBHOOK_SECRET is not.",
                ])
            #expect(report.complaints.contains { $0.what == "Development has a live key of Stripe." })
            #expect(
                report.complaints.contains {
                    $0.severity == .note
                        && $0.what == "SHIPSHAPE_SMTP_FROM has no effect: SHIPSHAPE_SMTP_URL is not set."
                })
            let outside = Self.errors(report, .outside).map(\.what)
            #expect(outside.count == 1)
            #expect(outside.first?.hasPrefix("Stripe cannot be reached at http://127.0.0.1:1 (") == true)
            #expect(report.exitCode == 1)
        }
    }

    @Test(arguments: [
        ("mysql://x", "The value of SHIPSHAPE_DATABASE_URL is malformed", 5),
        ("sqlite:/nowhere/at/all.sqlite", "There is no database /nowhere/at/all.sqlite", 3),
        ("postgres://nobody@127.0.0.1:1/none", "The database postgres://127.0.0.1:1/none cannot be read: ", 3),
    ])
    func `a database that is not there is one error, and what was not looked at is said`(
        _ url: String, _ sentence: String, _ unexamined: Int
    ) async {
        let report = await Self.examine(["SHIPSHAPE_DATABASE_URL": url])
        let errors = report.complaints.filter { $0.severity == .error && [.settings, .database].contains($0.area) }
        #expect(errors.count == 1)
        #expect(errors.first?.what.hasPrefix(sentence) == true, "\(report.text)")
        #expect(report.unexamined.count == unexamined)
        #expect(report.exitCode == 1)
    }

    @Test func `a file that is no database, one that is damaged, and one that others may read are told apart`()
        async throws
    {
        let folder = try TestFolder.make().path
        let file = folder + "/shop.sqlite"
        let environment = ["SHIPSHAPE_DATABASE_URL": "sqlite:\(file)"]
        try Data("not a database at all, but a note of some length".utf8).write(to: URL(fileURLWithPath: file))
        let foreign = await Self.examine(environment)
        #expect(
            Self.errors(foreign, .database).map(\.what)
                == ["\(file) is not an SQLite database, or its beginning is damaged."])
        #expect(
            foreign.complaints.contains { $0.what == "Other users of this machine may read or change \(file)." })

        try await Self.withInstallation(.sqlite) { environment, installation in
            await installation.database.close()
            let path = try #require(environment["SHIPSHAPE_DATABASE_URL"]?.dropFirst("sqlite:".count))
            var bytes = try Data(contentsOf: URL(fileURLWithPath: String(path)))
            for index in 4096..<bytes.count where index % 7 == 0 { bytes[index] ^= 0x5A }
            try bytes.write(to: URL(fileURLWithPath: String(path)))
            let damaged = await Self.examine(environment)
            #expect(damaged.exitCode == 1)
            #expect(!Self.errors(damaged, .database).isEmpty || !damaged.unexamined.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a schema that is behind, and one that is ahead, are told with what to do`(_ engine: TestEngine) async throws {
        try await Self.withInstallation(engine) { environment, installation in
            let newer = Migration(9_999, "from_the_future", ["CREATE TABLE from_the_future (id BIGINT PRIMARY KEY)"])
            _ = try await installation.database.migrate(Installation.migrations + [newer])
            let ahead = await Self.examine(environment)
            let warning = ahead.complaints.first { $0.area == .schema }
            #expect(warning?.severity == .warning)
            #expect(warning?.what.contains("it has migration 9999 (from_the_future)") == true)
            #expect(ahead.unexamined.isEmpty)
        }
        let folder = try TestFolder.make().path
        let environment = ["SHIPSHAPE_DATABASE_URL": "sqlite:\(folder)/shop.sqlite"]
        let settings = try await Settings.load(environment: environment)
        let installation = try Installation.open(settings, for: .create, logs: Logs(settings, quiet: true))
        try await installation.closing { installation in
            _ = try await installation.database.migrate(Array(Installation.migrations.prefix(3)))
        }
        let behind = await Self.examine(environment)
        #expect(Self.errors(behind, .schema).first?.cure.hasPrefix("shipshape migrate") == true)
        #expect(behind.unexamined.map(\.area) == [.data, .work])
    }

    @Test(arguments: TestEngine.available)
    func `jobs that were given up and jobs that wait are found`(_ engine: TestEngine) async throws {
        try await Self.withInstallation(engine) { environment, installation in
            try await installation.database.write("test.jobs") { tx in
                try Jobs.enqueue([NewJob(JobKind("test.one")), NewJob(JobKind("test.two"))], in: tx)
            }
            try await installation.database.write("test.age") { tx in
                try tx.execute("UPDATE jobs SET due_at = due_at - 3600000000")
                try tx.execute("UPDATE jobs SET state = 'dead', ended_at = 1 WHERE kind = 'test.one'")
            }
            let report = await Self.examine(environment)
            let found = report.complaints.filter { $0.area == .work }
            #expect(found.first?.what == "1 job was given up.")
            #expect(found.first?.cure.contains("shipshape jobs list") == true)
            let waiting = found.dropFirst().first
            #expect(waiting?.what.hasPrefix("A job has been waiting for 36") == true)
            #expect(waiting?.severity == (engine == .sqlite ? .warning : .error))
        }
    }

    @Test(arguments: TestEngine.available)
    func `prices of nothing and prices below cost are noted, those of drafts are not`(
        _ engine: TestEngine
    ) async throws {
        try await Self.withInstallation(engine) { environment, installation in
            let store = try await DemoStore.open(in: installation.database).store
            func save(
                _ title: String, _ status: ProductStatus, _ price: Int64, cost: Int64?, until: Instant? = nil
            ) async throws {
                let draft = ProductDraft(
                    title: title, status: status,
                    variants: [
                        .init(
                            price: try Money(price, store.currency),
                            cost: try cost.map { try Money($0, store.currency) })
                    ], unpublishedAt: until)
                _ = try await installation.database.write("test.save") { tx in
                    try SaveProduct(store: store.id, currency: store.currency, draft: draft, actor: .system).run(in: tx)
                }
            }
            func notes() async -> [String] {
                await Self.examine(environment).complaints.filter { $0.severity == .note && $0.area == .data }
                    .map(\.what)
            }
            try await save("Coming", .draft, 0, cost: 900)
            try await save("Loaf", .active, 400, cost: 400)
            try await save("Easter", .active, 0, cost: 900, until: Instant(microseconds: 1))
            #expect(await notes() == [])
            try await save("Sample", .active, 0, cost: nil)
            try await save("Gift", .active, 0, cost: 10)
            try await save("Jam", .active, 399, cost: 400)
            #expect(
                await notes() == [
                    "2 variants are on sale for nothing in \(store.name), such as one of gift.",
                    "1 variant is on sale below cost in \(store.name), such as one of jam.",
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `credentials that another key sealed are found, and nothing secret is said`(
        _ engine: TestEngine
    ) async throws {
        try await Self.withInstallation(engine) { environment, installation in
            _ = try await DemoStore.open(in: installation.database)
            let key = String(repeating: "0123456789abcdef", count: 4)
            let sealing = try await Settings.load(
                environment: environment.merging([
                    "SHIPSHAPE_MASTER_KEY": key, "SHIPSHAPE_STRIPE_SECRET_KEY": "sk_test_hidden",
                    "SHIPSHAPE_STRIPE_WEBHOOK_SECRET": "whsec_hidden",
                ]) { $1 })
            let sealed = Installation(
                settings: sealing, database: installation.database, clock: installation.clock, logs: installation.logs)
            _ = try await sealed.paymentDesk()
            let other = String(key.reversed())
            let report = await Self.examine(
                environment,
                adding: ["SHIPSHAPE_MASTER_KEY": other, "SHIPSHAPE_STRIPE_API_BASE": "http://127.0.0.1:1"])
            #expect(
                Self.errors(report, .data).map(\.what)
                    == ["The credentials of stripe/default do not open with this key."])
            for secret in ["hidden", other, key] { #expect(!report.json.description.contains(secret)) }
        }
    }

    @Test func `little memory, few files and a full disk are found`() async throws {
        #expect(Machine.memory(free: 300 << 20).isEmpty)
        #expect(Machine.memory(free: 200 << 20).map(\.severity) == [.warning])
        #expect(Machine.memory(free: 10 << 20).map(\.severity) == [.error])
        #expect(Machine.space(free: 2 << 30, inodes: nil, folder: "/x/").isEmpty)
        #expect(Machine.space(free: 500 << 20, inodes: 5000, folder: "/x/").map(\.severity) == [.warning])
        #expect(Machine.space(free: 1 << 20, inodes: 5000, folder: "/x/").map(\.severity) == [.error])
        #expect(Machine.space(free: 2 << 30, inodes: 3, folder: "/x/").map(\.severity) == [.error])
        let settings = try await Settings.load(environment: [:])
        #expect(Machine.files(soft: 1024, settings: settings).map(\.severity) == [.warning])
        #expect(Machine.files(soft: 65_536, settings: settings).isEmpty)
    }

    @Test func `who holds the lock is known without taking it`() async throws {
        try await Self.withInstallation(.sqlite) { environment, _ in
            let path = try #require(environment["SHIPSHAPE_DATABASE_URL"]?.dropFirst("sqlite:".count))
            #expect(Machine.lockHolder(of: path + ".lock") == getpid())
        }
        let free = try TestFolder.make().appendingPathComponent("free.lock").path
        #expect(FileManager.default.createFile(atPath: free, contents: nil))
        #expect(Machine.lockHolder(of: free) == nil)
    }
}
