import Foundation
import Primitives
import Testing

@Suite struct EnteringTests {
    @Test func `a store and keys are made without a server, and shown once`() async throws {
        let program = try Program()
        let missing = try await program.run("stores", "create", "--name", "Käse", "--currency", "EUR")
        #expect(missing.status == 1)
        #expect(missing.complaint.contains("run `shipshape migrate`"))
        let migration = try await program.run("migrate")
        #expect(migration.status == 0)
        #expect(migration.out.contains("Applied 10 "))
        #expect(try await program.run("migrate").out == "The database is up to date.\n")
        let store = try await program.run(
            "stores", "create", "--name", "Käse & Söhne", "--currency", "EUR", "--country", "DE", "--json")
        #expect(store.status == 0)
        let id = try #require(try store.json()["id"]?.string)
        #expect(id.hasPrefix("sto_"))
        let key = try await program.run(
            "keys", "create", "--store", id, "--name", "Till", "--secret", "--scope", "orders:read", "--json")
        #expect(try key.json()["key"]?.string?.hasPrefix("sk_") == true)
        #expect(try key.json()["id"]?.string?.hasPrefix("key_") == true)
        #expect(try key.json()["scopes"] == ["orders:read"])
        try await expectRefusals(of: program, store: id)
    }

    private func expectRefusals(of program: Program, store: String) async throws {
        let refusals = [
            (["stores", "create", "--name", "x", "--currency", "XXQ"], "XXQ is no ISO 4217 currency."),
            (["stores", "create", "--name", "", "--currency", "EUR"], "A store's name has 1 to 200 bytes"),
            (["keys", "create", "--store", "sto_x", "--name", "x", "--secret"], "The store is no id"),
            (
                ["keys", "create", "--store", "sto_01m7xa8p21ebk91g08fh3t0bss", "--name", "x", "--secret"],
                "There is no such store."
            ),
            (
                ["keys", "create", "--store", store, "--name", "x", "--publishable", "--origin", "shop"],
                "shop is no origin"
            ),
            (["keys", "list", "--store", "sto_01m7xa8p21ebk91g08fh3t0bss"], "There is no such store."),
            (["keys", "revoke", "key_x"], "The key is no id"),
            (["keys", "revoke", "key_01m7xa8p21ebk91g08fh3t0bss"], "There is no such active key."),
            (["jobs", "list", "--limit", "501"], "The limit has to be between 1 and 500."),
            (["jobs", "list", "--after", "x"], "The page to go on from"),
            (["jobs", "retry", "job_x"], "job_x is no id"),
            (["jobs", "discard", "job_01m7xa8p21ebk91g08fh3t0bss"], "There is no dead letter"),
        ]
        for (arguments, sentence) in refusals {
            let outcome = try await RunningProgram(program, arguments).outcome()
            #expect(outcome.status == 1)
            #expect(outcome.complaint.hasPrefix(sentence), "\(outcome.complaint)")
            #expect(outcome.out.isEmpty)
        }
    }

    @Test(arguments: ["orders:raed", "orders:read *", "*", "", " ", "session"])
    func `a scope that no endpoint asks for is refused, and the scopes there are told`(_ scope: String) async throws {
        let program = try Program()
        #expect(try await program.run("migrate").status == 0)
        let store = try await program.run("stores", "create", "--name", "x", "--currency", "EUR", "--json")
        let id = try #require(try store.json()["id"]?.string)
        let outcome = try await program.run(
            "keys", "create", "--store", id, "--name", "x", "--secret", "--scope", "orders:read", "--scope", scope)
        #expect(outcome.status == 1)
        #expect(outcome.out.isEmpty)
        #expect(outcome.complaint.hasPrefix("\"\(scope)\" is no scope: there are "))
        #expect(outcome.complaint.contains("orders:read, orders:write"))
        let keys = try await program.run("keys", "list", "--store", id, "--json")
        #expect(try keys.json() == ["keys": []])
    }

    @Test func `keys are listed and revoked, through a server that runs`() async throws {
        let program = try Program()
        let server = try program.start("serve", "--port", "0", "--migrate")
        _ = try await server.address()
        let store = try await program.run("stores", "create", "--name", "x", "--currency", "EUR", "--json")
        let id = try #require(try store.json()["id"]?.string)
        let key = try await program.run(
            "keys", "create", "--store", id, "--name", "Kasse", "--secret", "--scope", "orders:read", "--json")
        let keyID = try #require(try key.json()["id"]?.string)
        let secret = try #require(try key.json()["key"]?.string)
        let listed = try await program.run("keys", "list", "--store", id)
        #expect(listed.out == "\(keyID)  secret  active  orders:read  Kasse\n")
        #expect(try await program.run("keys", "revoke", keyID).out == "The key \(keyID) is revoked.\n")
        let after = try await program.run("keys", "list", "--store", id, "--json")
        #expect(!after.out.contains(secret))
        #expect(try after.json()["keys"]?.array?.map { $0["revoked_at"]?.instant != nil } == [true])
        #expect(try await program.run("keys", "revoke", keyID).status == 1)
        server.send(SIGTERM)
        #expect(try await server.outcome().status == 0)
    }

    @Test func `the demo opens a shop, keeps it, and starts over when told`() async throws {
        let program = try Program()
        func keys(_ arguments: String...) async throws -> [String] {
            let demo = try RunningProgram(program, ["demo", "--port", "0"] + arguments)
            _ = try await demo.address()
            demo.send(SIGINT)
            let outcome = try await demo.outcome()
            #expect(outcome.status == 0, "\(outcome.err)")
            #expect(outcome.out.components(separatedBy: "curl ").count == 4)
            return outcome.out.split(whereSeparator: { " '\n".contains($0) }).map(String.init)
                .filter { $0.hasPrefix("pk_") || $0.hasPrefix("sk_") }
        }
        let first = try await keys()
        #expect(try await keys() == first)
        let fresh = try await keys("--reset")
        #expect(Set(fresh).isDisjoint(with: first))
        #expect(!fresh.isEmpty)
    }

    @Test func `the demo leaves a database alone that it did not make`() async throws {
        let program = try Program()
        #expect(try await program.run("migrate").status == 0)
        let outcome = try await program.run("demo", "--port", "0", "--reset")
        #expect(outcome.status == 1)
        #expect(outcome.complaint.contains("was not made by the demo"))
    }
}
