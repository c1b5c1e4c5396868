import Foundation
import Primitives
import Testing

@Suite struct DemoTests {
    private func file(_ program: Program, _ suffix: String = "") -> URL {
        program.folder.appendingPathComponent(".shipshape/shipshape.sqlite" + suffix)
    }

    /// Starts the demo, gives its publishable key, and stops it.
    private func key(_ program: Program, _ arguments: String...) async throws -> String {
        let demo = try program.start(arguments: ["demo", "--port", "0"] + arguments)
        _ = try await demo.address()
        let line = try #require(demo.out.split(separator: "\n").first { $0.hasPrefix("publishable key") })
        demo.send(SIGINT)
        let ended = try await demo.outcome()
        #expect(ended.status == 0, "\(ended.err)")
        return String(try #require(line.split(separator: " ").last))
    }

    @Test func `a second start shows the same shop and a reset makes a new one`() async throws {
        let program = try Program()
        let first = try await key(program)
        #expect(try await key(program) == first)
        #expect(try await key(program, "--reset") != first)
    }

    @Test func `preflight asks Stripe whether it knows the shop`() async throws {
        func judged(_ program: Program) async throws -> JSON {
            let preflight = try await program.run("preflight", "--json")
            let check = try preflight.json()["checks"]?.array?.first { $0["id"]?.string == "PAY-01" }
            return try #require(check?["evidence"])
        }
        let shop = try Program()
        let demo = try shop.start(arguments: ["demo", "--port", "0"])
        _ = try await demo.address()
        let registered = try await judged(shop)
        #expect(registered["sentence"]?.string?.hasPrefix("No event has ever arrived") == true)
        #expect(registered["measured"]?.array?.contains(["name": "registered", "value": "1"]) == true)

        let line = try #require(demo.out.split(separator: "\n").first { $0.hasPrefix("simulated Stripe") })
        var other = try Program()
        other.environment = [
            "SHIPSHAPE_STRIPE_API_BASE": String(try #require(line.split(separator: " ").last)),
            "SHIPSHAPE_STRIPE_SECRET_KEY": "sk_test_of_another_shop",
            "SHIPSHAPE_STRIPE_WEBHOOK_SECRET": "whsec_of_another_shop",
        ]
        #expect(try await other.run("migrate").status == 0)
        let created = try await other.run(
            "stores", "create", "--name", "Other", "--currency", "GBP", "--country", "GB")
        #expect(created.status == 0, "\(created.err)")
        let server = try other.start("serve", "--port", "0")
        let address = try await server.address()
        let unknown = try await judged(other)
        #expect(
            unknown["sentence"]?.string
                == "Stripe does not know \(address)/api/v1/webhooks/stripe/default: "
                + "register it there as a webhook endpoint.")
        for running in [demo, server] {
            running.send(SIGINT)
            #expect(try await running.outcome().status == 0)
        }
    }

    @Test func `a demo that was interrupted is made anew, whatever it left behind`() async throws {
        let program = try Program()
        let first = try await key(program)
        let notes = file(program, ".demo.json")
        // Interrupted in a reset; notes cut short by a crash; a database that is none.
        for (left, damages) in [(#"{"state":"unfinished"}"#, false), ("", false), (#"{"store": "#, true)] {
            try Data(left.utf8).write(to: notes)
            if damages { try Data(repeating: 0xFF, count: 9000).write(to: file(program)) }
            #expect(try await key(program) != first)
        }
        // A disk that was full leaves a file without content.
        try FileManager.default.removeItem(at: notes)
        try Data().write(to: file(program))
        #expect(try await key(program) != first)
    }

    @Test func `a database that is not the demo's is left alone, also by a reset`() async throws {
        let program = try Program()
        #expect(try await program.run("migrate").status == 0)
        let before = try Data(contentsOf: file(program))
        for arguments in [["demo"], ["demo", "--reset"]] {
            let outcome = try await program.start(arguments: arguments).outcome()
            #expect(outcome.status == 1)
            #expect(outcome.complaint.hasSuffix("was not made by the demo: give SHIPSHAPE_DATABASE_URL another file."))
        }
        #expect(try Data(contentsOf: file(program)) == before)
    }
}
