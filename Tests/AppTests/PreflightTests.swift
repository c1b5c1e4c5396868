import Foundation
import Persistence
import Primitives
import Readiness
import TestSupport
import Testing

@testable import App

/// A whole run over an installation of its own.
@Suite struct PreflightTests {
    private static func withInstallation(
        _ engine: TestEngine, _ body: (Settings) async throws -> Void
    ) async throws {
        func run(_ url: String) async throws {
            let settings = try await Settings.load(environment: ["SHIPSHAPE_DATABASE_URL": url])
            try await change(settings) { try await $0.migrate() }
            try await body(settings)
        }
        switch engine {
        case .sqlite: try await run("sqlite:\(TestFolder.make().path)/shop.sqlite")
        case .postgres: try await withFixture(.postgres) { try await run($0.url) }
        }
    }

    private static func change(_ settings: Settings, _ body: (Installation) async throws -> Void) async throws {
        let installation = try Installation.open(settings, for: .create, logs: Logs(settings, quiet: true))
        try await installation.closing(body)
    }

    private static func verdicts(_ assessment: Assessment) -> [String: CheckVerdict] {
        Dictionary(uniqueKeysWithValues: assessment.results.map { ($0.check.id, $0.verdict) })
    }

    @Test(arguments: TestEngine.available)
    func `evidence that was changed afterwards counts for nothing, and why is said`(_ engine: TestEngine) async throws {
        try await Self.withInstallation(engine) { settings in
            let preflight = InstallationPreflight(settings, logs: Logs(settings, quiet: true))
            let fresh = try await preflight.run(url: "http://127.0.0.1:1")
            #expect(fresh.unrecorded == nil)
            let kept = try await preflight.run(url: nil, runsChecks: false)
            #expect(Self.verdicts(kept.assessment) == Self.verdicts(fresh.assessment))
            #expect(Self.verdicts(kept.assessment)["PAY-05"] == .pass)

            try await Self.change(settings) { installation in
                try await installation.database.write("test.forge") { tx in
                    let document = try tx.first(
                        "SELECT document FROM readiness_evidence WHERE sequence = 1", { try $0[0] as String })
                    let better = (document ?? "").replacing("\"verdict\":\"fail\"", with: "\"verdict\":\"pass\"")
                    #expect(better != document)
                    try tx.execute("UPDATE readiness_evidence SET document = \(better) WHERE sequence = 1")
                }
            }
            let forged = try await preflight.run(url: nil, runsChecks: false)
            #expect(Set(Self.verdicts(forged.assessment).values) == [.unknown])
            #expect(forged.assessment.verdict == .noGo)
            #expect(
                forged.assessment.reasons.first
                    == "The kept evidence was changed afterwards, from record 1 on: none of it counts any more.")
        }
    }

    @Test(arguments: TestEngine.available)
    func `a database without the table of evidence is judged all the same`(_ engine: TestEngine) async throws {
        try await Self.withInstallation(engine) { settings in
            try await Self.change(settings) { installation in
                try await installation.database.write("test.older") { tx in
                    try tx.execute("DROP TABLE readiness_evidence")
                    try tx.execute("DELETE FROM schema_migrations WHERE number = 40")
                }
            }
            let outcome = try await InstallationPreflight(settings, logs: Logs(settings, quiet: true))
                .run(url: "http://127.0.0.1:1")
            #expect(Self.verdicts(outcome.assessment)["DAT-01"] == .fail)
            let unrecorded = try #require(outcome.unrecorded)
            #expect(unrecorded.hasPrefix("The evidence could not be kept: "))
            #expect(outcome.assessment.verdict == .noGo)
            #expect(outcome.json["reasons"]?.array?.first == JSON(unrecorded))
        }
    }
}
