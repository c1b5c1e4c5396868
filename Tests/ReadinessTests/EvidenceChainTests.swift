import Persistence
import Primitives
import Readiness
import TestSupport
import Testing

@Suite struct EvidenceChainTests {
    private static func evidence(_ id: String, _ sentence: String) -> Evidence {
        Evidence(
            checkID: id, checkVersion: 1, profile: .single, target: "test",
            identity: BuildIdentity(build: "b1", configuration: "c1"), takenAt: .ofTests, durationMilliseconds: 3,
            finding: Finding(.pass, sentence, measured: [Measure("größe", 1)]), runner: "test", host: "kiosk-é",
            expiresAt: nil)
    }

    private static func recordFive(in database: any Database) async throws {
        try await database.write("record") { tx in
            try Readiness.record([evidence("A-1", "First."), evidence("B-1", "Second.")], in: tx)
        }
        try await database.write("record") { tx in
            try Readiness.record([evidence("A-1", "Third."), evidence("C-1", "Fourth.")], in: tx)
        }
        try await database.write("record") { tx in try Readiness.record([evidence("B-1", "Fifth.")], in: tx) }
    }

    private static func firstBroken(in database: any Database) async throws -> Int64? {
        try await database.read("follow") { tx in try Readiness.firstBrokenRecord(in: tx) }
    }

    @Test(arguments: TestEngine.available)
    func `the latest evidence of each check is found again`(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Readiness.migrations) { database in
            try await Self.recordFive(in: database)
            let latest = try await database.read("latest") { tx in
                try Readiness.latestEvidence(of: ["A-1", "B-1", "X-1"], in: tx)
            }
            #expect(latest == [Self.evidence("A-1", "Third."), Self.evidence("B-1", "Fifth.")])
            #expect(try await Self.firstBroken(in: database) == nil)
        }
    }

    @Test(
        arguments: TestEngine.available,
        [
            ("UPDATE readiness_evidence SET document = '{}' WHERE sequence = 2", 2),
            ("DELETE FROM readiness_evidence WHERE sequence = 3", 3),
            ("DELETE FROM readiness_evidence WHERE sequence = 1", 1),
            ("UPDATE readiness_evidence SET digest = previous WHERE sequence = 5", 5),
            ("UPDATE readiness_evidence SET previous = digest WHERE sequence = 4", 4),
        ] as [(String, Int64)])
    func `a record that was changed or removed is found`(
        engine: TestEngine, sabotage: (statement: String, broken: Int64)
    ) async throws {
        try await withDatabase(engine, migrations: Readiness.migrations) { database in
            try await Self.recordFive(in: database)
            try await database.write("sabotage") { tx in try tx.execute(SQL(trusted: sabotage.statement)) }
            #expect(try await Self.firstBroken(in: database) == sabotage.broken)
        }
    }

    @Test(arguments: TestEngine.available)
    func `writers at the same time make one chain`(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: Readiness.migrations) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await database.write("record") { tx in
                            try Readiness.record([Self.evidence("A-1", "Number \(number).")], in: tx)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let count = try await database.read("count") { tx in
                try tx.first("SELECT COUNT(*) FROM readiness_evidence") { try $0[0] as Int }
            }
            #expect(count == 20)
            #expect(try await Self.firstBroken(in: database) == nil)
        }
    }

    @Test func `a check that throws or never comes back is unknown, and one of another profile does not apply`()
        async throws
    {
        struct Failure: Error {}
        let checks = [
            Check("A-1", "throws", .blocker, modes: [.introspection], validity: .hours(1)) { _ in throw Failure() },
            Check("A-2", "never ends", .blocker, modes: [.introspection], validity: .build) { _ in
                try await Task.sleep(for: .seconds(3600))
                return Finding(.pass, "Too late.")
            },
            Check("A-3", "replicated", .blocker, modes: [.drill], profiles: [.ha], validity: .build) { _ in
                Finding(.fail, "Not run.")
            },
            Check("A-4", "fine", .low, modes: [.introspection], validity: .hours(2)) { _ in Finding(.pass, "Fine.") },
        ]
        try await withDatabase(.sqlite) { database in
            let identity = BuildIdentity(build: "b1", configuration: "c1")
            let preflight = Preflight(
                checks: checks,
                context: CheckContext(
                    database: database, profile: .single, isProduction: false, baseURL: nil, clock: FixedClock()),
                identity: identity, target: "test", runner: "test", host: "kiosk-é", timeoutSeconds: 0.05)
            let evidence = await preflight.run()
            #expect(evidence.map(\.finding.verdict) == [.unknown, .unknown, .na, .pass])
            #expect(evidence[0].finding.sentence == "The check could not be run: Failure()")
            #expect(evidence[1].finding.sentence == "The check did not finish within 0.05 s.")
            #expect(evidence[2].finding.exemption == .profile)
            #expect(evidence[3].expiresAt == Instant.ofTests.adding(seconds: 7200))
            #expect(evidence[1].expiresAt == nil)
        }
    }
}
