import Foundation
import Primitives
import Testing

@Suite struct UsageTests {
    @Test(arguments: [
        ["frobnicate"], ["serve", "--prot", "80"], ["serve", "--port", "eighty"], ["serve", "--port", "65536"],
        ["serve", "--port", "-1"], ["serve", "--host", ""], ["stores", "create"], ["stores", "create", "--name", "x"],
        ["keys", "create", "--store", "sto_x", "--name", "x"],
        ["keys", "create", "--store", "sto_x", "--name", "x", "--publishable", "--secret"],
        ["keys", "create", "--store", "sto_x", "--name", "x", "--publishable", "--scope", "orders:read"],
        ["keys", "create", "--store", "sto_x", "--name", "x", "--secret", "--origin", "https://a.se"],
        ["preflight", "--url", "ftp://x"], ["preflight", "--drills", "--latest"], ["migrate", "now"],
        ["demo", "--port"], ["doctor", "--port", "0"],
        ["keys", "revoke"], ["keys", "list"], ["jobs", "retry"], ["jobs", "discard", "--all", "job_x"],
        ["jobs", "list", "--limit", "many"],
    ])
    func `wrong usage is 64, said on stderr, and nothing is made`(_ arguments: [String]) async throws {
        let program = try Program()
        let outcome = try await RunningProgram(program, arguments).outcome()
        #expect(outcome.status == 64)
        #expect(outcome.out.isEmpty)
        #expect(!outcome.complaint.isEmpty)
        #expect(!program.hasDatabase)
    }

    @Test(arguments: [
        [], ["serve"], ["work"], ["migrate"], ["stores"], ["stores", "create"], ["keys", "create"], ["keys", "list"],
        ["keys", "revoke"],
        ["jobs"], ["jobs", "list"], ["jobs", "retry"], ["jobs", "discard"],
        ["settings"],
        ["preflight"], ["doctor"], ["smoke"], ["stores", "list"], ["demo"], ["simulators"],
    ])
    func `every verb explains itself`(_ verb: [String]) async throws {
        let outcome = try await RunningProgram(Program(), verb + ["--help"]).outcome()
        #expect(outcome.status == 0)
        #expect(outcome.out.contains("OVERVIEW: "))
        #expect(outcome.out.contains("USAGE: shipshape"))
    }

    @Test func `it tells its version`() async throws {
        let outcome = try await Program().run("--version")
        #expect(outcome.out.hasPrefix("shipshape "))
        #expect(outcome.status == 0)
    }

    @Test(arguments: [
        (["SHIPSHAPE_DATABASE_URL": "mysql://x"], "The value of SHIPSHAPE_DATABASE_URL is malformed"),
        (["SHIPSHAPE_DATABASE_URL": ""], "SHIPSHAPE_DATABASE_URL is empty"),
        (["SHIPSHAPE_LOG_LVL": "info"], "There is no setting SHIPSHAPE_LOG_LVL; the nearest is SHIPSHAPE_LOG_LEVEL."),
        (["SHIPSHAPE_DRAIN_SECONDS": "31"], "SHIPSHAPE_DRAIN_SECONDS is \"31\""),
        (["SHIPSHAPE_SETTINGS_FILE": "/nowhere"], "The settings file /nowhere"),
        (["SHIPSHAPE_ENVIRONMENT": "production"], "SHIPSHAPE_PUBLIC_URL is required in production"),
    ])
    func `wrong settings stop every start with a sentence`(
        _ environment: [String: String], _ sentence: String
    ) async throws {
        let verbs = [
            ["serve"], ["work"], ["migrate"], ["demo"], ["stores", "create", "--name", "x", "--currency", "EUR"],
        ]
        for verb in verbs {
            var program = try Program()
            program.environment = environment
            let outcome = try await RunningProgram(program, verb).outcome()
            #expect(outcome.status == 1)
            #expect(outcome.complaint.hasPrefix(sentence), "\(outcome.complaint)")
            #expect(outcome.out.isEmpty)
            #expect(!program.hasDatabase)
        }
    }

    @Test func `settings are listed with their sources, secrets as digests`() async throws {
        var program = try Program()
        program.environment = [
            "SHIPSHAPE_MASTER_KEY": String(repeating: "0f", count: 32), "SHIPSHAPE_LOG_LEVEL": "debug",
        ]
        let outcome = try await program.run("settings", "--json")
        #expect(outcome.status == 0)
        let settings = try #require(try outcome.json()["settings"]?.array)
        let key = try #require(settings.first { $0["name"] == "SHIPSHAPE_MASTER_KEY" })
        #expect(key["value"]?.string?.hasPrefix("sha256:") == true)
        #expect(key["secret"]?.bool == true)
        let level = try #require(settings.first { $0["name"] == "SHIPSHAPE_LOG_LEVEL" })
        #expect(level["value"] == "debug")
        #expect(level["source"] == "environment")
        #expect(level["default"] == "info")
        #expect(settings.allSatisfy { $0["meaning"]?.string?.isEmpty == false })
        program.environment["SHIPSHAPE_COLOUR"] = "red"
        let wrong = try await program.run("settings")
        #expect(wrong.status == 1)
        #expect(wrong.complaint.hasPrefix("There is no setting SHIPSHAPE_COLOUR; the nearest is SHIPSHAPE_"))
        #expect(wrong.out.contains("SHIPSHAPE_DATABASE_URL"))
    }

    @Test func `settings are listed even when the database is not known`() async throws {
        var program = try Program()
        program.environment = ["SHIPSHAPE_DATABASE_URL": "mysql://maya:geheim@db/shop"]
        let outcome = try await program.run("settings")
        #expect(outcome.status == 1)
        #expect(outcome.out.contains("SHIPSHAPE_LOG_LEVEL"))
        #expect(outcome.complaint.hasPrefix("The value of SHIPSHAPE_DATABASE_URL is malformed"))
        #expect(!(outcome.out + outcome.err).contains("geheim"))
    }

    @Test func `preflight cannot judge a database that does not answer`() async throws {
        var program = try Program()
        program.environment = ["SHIPSHAPE_DATABASE_URL": "postgres://maya:geheim@127.0.0.1:1/shop"]
        let outcome = try await program.run("preflight", "--json")
        #expect(outcome.status == 3)
        #expect(outcome.out.isEmpty)
        #expect(outcome.complaint.contains("127.0.0.1"))
        #expect(!outcome.err.contains("geheim"))
        #expect(!outcome.err.contains("unavailable("))
    }
}
