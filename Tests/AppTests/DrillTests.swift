import Foundation
import HTTPServer
import Persistence
import Primitives
import Readiness
import TestSupport
import Testing

@testable import App

/// Each drill is seen passing on a sound installation and failing on a sabotaged one.
@Suite(.serialized) struct DrillTests {
    /// Lets in whoever shows a token of an order, whosever it is.
    private struct GullibleAuthenticator: Authenticator {
        let inner: any Authenticator

        func caller(
            showing credentials: Credentials, for requirement: CallerRequirement, path: PathParameters
        ) async throws -> Caller {
            guard requirement.acceptsOrderToken, credentials.orderToken?.utf8.count == 94,
                let order = path["order"].flatMap({ OrderID($0) })
            else { return try await inner.caller(showing: credentials, for: requirement, path: path) }
            return Caller(.orderToken(order), store: StoreID(.init(high: 1, low: 1)))
        }

        func isAllowed(origin: String) async -> Bool { false }
    }

    private static func withInstallation(
        _ engine: TestEngine, _ body: @Sendable (Installation) async throws -> Void
    ) async throws {
        @Sendable func run(_ url: String) async throws {
            let settings = try await Settings.load(environment: ["SHIPSHAPE_DATABASE_URL": url])
            let installation = try Installation.open(settings, for: .create, logs: Logs(settings, quiet: true))
            try await installation.closing { installation in
                try await installation.migrate()
                try await body(installation)
            }
        }
        switch engine {
        case .sqlite:
            let folder = try TestFolder.make()
            try await run("sqlite:\(folder.path)/shop.sqlite")
            // Nothing is left of the scratch.
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left.allSatisfy { $0.hasPrefix("shop.sqlite") }, "\(left)")
        case .postgres:
            try await withFixture(.postgres) { fixture in
                try await run(fixture.url)
                let left = try await fixture.database.read("test.left") { tx in
                    try tx.query("SELECT datname::text FROM pg_database WHERE datname LIKE 'shipshape_drill%'") {
                        try $0[0] as String
                    }
                }
                #expect(left == [])
            }
        }
    }

    private static func context(_ installation: Installation) -> CheckContext {
        CheckContext(
            database: installation.database, profile: installation.database.engine == .sqlite ? .single : .multi,
            isProduction: false, baseURL: nil)
    }

    @Test(arguments: TestEngine.available)
    func `every drill passes on a sound installation and leaves no trace`(_ engine: TestEngine) async throws {
        try await Self.withInstallation(engine) { installation in
            let drills = Drills(like: installation)
            let context = Self.context(installation)
            let stock = try await drills.stock(context)
            #expect(stock.verdict == .pass, "\(stock.sentence)")
            #expect(stock.measured.contains(Measure("drill_orders", 10)))
            #expect(stock.measured.contains(Measure("drill_refusals", 190)))
            let jobs = try await drills.jobs(context)
            #expect(jobs.verdict == .pass, "\(jobs.sentence)")
            let policies = try await drills.policies(context)
            #expect(policies.verdict == .pass, "\(policies.sentence)")
            #expect([stock, jobs, policies].map(\.level) == [.drilled, .drilled, .drilled])
            // The live data is as it was.
            let stores = try await installation.database.read("test.stores") { tx in
                try tx.first("SELECT COUNT(*) FROM stores") { try $0[0] as Int }
            }
            #expect(stores == 0)
        }
    }

    @Test func `stock that is given back unasked makes the drill fail`() async throws {
        try await Self.withInstallation(.sqlite) { installation in
            try await installation.database.write("test.sabotage") { tx in
                try tx.execute(
                    """
                    CREATE TRIGGER forgetful AFTER UPDATE OF reserved ON stock_items WHEN NEW.reserved = 10
                    BEGIN UPDATE stock_items SET reserved = 9 WHERE variant_id = NEW.variant_id; END
                    """)
            }
            let finding = try await StockDrill(installation, Self.context(installation)).run()
            #expect(finding.verdict == .fail)
            #expect(finding.measured.contains(Measure("drill_orders", 200)))
        }
    }

    @Test func `jobs that wait for the end of a lease make the drill fail`() async throws {
        try await Self.withInstallation(.sqlite) { installation in
            try await installation.database.write("test.sabotage") { tx in
                try tx.execute(
                    """
                    CREATE TRIGGER late AFTER UPDATE OF runner ON jobs
                    WHEN NEW.runner IS NULL AND OLD.runner IS NOT NULL AND NEW.state = 'active'
                    BEGIN UPDATE jobs SET due_at = due_at + 3600000000 WHERE id = NEW.id; END
                    """)
            }
            let finding = try await JobsDrill(installation, patienceSeconds: 4).run()
            #expect(finding.verdict == .fail)
            #expect(finding.sentence.contains("jobs were not done in time"))
        }
    }

    @Test func `a server that believes any token makes the drill fail`() async throws {
        try await Self.withInstallation(.sqlite) { installation in
            let finding = try await PolicyDrill.run(installation) { GullibleAuthenticator(inner: $0) }
            #expect(finding.verdict == .fail)
            #expect(finding.sentence.contains("by the token of another order was answered 404"))
        }
    }

    @Test(.enabled(if: TestEngine.available.contains(.postgres)))
    func `a user who may not make databases knows nothing by drilling`() async throws {
        try await withFixture(.postgres) { fixture in
            let role = "no_drills_\(UInt32.random(in: 0...UInt32.max))"
            try await fixture.database.write("test.role") { tx in
                try tx.execute(SQL(trusted: "CREATE ROLE \(role) LOGIN PASSWORD 'x'"))
            }
            var components = try #require(URLComponents(string: fixture.url))
            components.user = role
            components.password = "x"
            let settings = try await Settings.load(
                environment: ["SHIPSHAPE_DATABASE_URL": try #require(components.string)])
            let installation = try Installation.open(settings, for: .read, logs: Logs(settings, quiet: true))
            let finding = try await Drills(like: installation).stock(Self.context(installation))
            await installation.database.close()
            try await fixture.database.write("test.role") { tx in
                try tx.execute(SQL(trusted: "DROP ROLE \(role)"))
            }
            #expect(finding.verdict == .unknown)
            #expect(
                finding.sentence
                    == "The database's user may not make the scratch database of a drill: give it CREATEDB.")
        }
    }

    @Test func `a check is drilled only when what it saw and what it did are both right`() async throws {
        let good = Finding(.pass, "Seen.", measured: [Measure("a", 1)])
        let done = Finding(.pass, "Done.", measured: [Measure("b", 2)], level: .drilled)
        func level(_ seen: Finding, _ done: Finding) async throws -> Finding {
            let check = Check("A-1", "a", .blocker, modes: [.drill], validity: .build) { _ in seen }
                .drilled { _ in done }
            return try await withDatabase(.sqlite) { database in
                try await check.run(
                    CheckContext(database: database, profile: .single, isProduction: false, baseURL: nil))
            }
        }
        let both = try await level(good, done)
        #expect(both.level == .drilled && both.verdict == .pass && both.sentence == "Seen. Done.")
        #expect(both.measured == [Measure("a", 1), Measure("b", 2)])
        #expect(try await level(.unknown("No server."), done).verdict == .unknown)
        #expect(try await level(good, Finding(.fail, "Bad.", level: .drilled)).verdict == .fail)
        #expect(try await level(good, .unknown("No right.")).sentence == "No right.")
    }
}
