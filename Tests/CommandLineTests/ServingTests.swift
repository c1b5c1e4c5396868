import Foundation
import Primitives
import Testing

@Suite struct ServingTests {
    @Test func `a server serves, takes verbs while it runs, and stops when asked`() async throws {
        let program = try Program()
        let unmigrated = try await program.run("serve", "--port", "0")
        #expect(unmigrated.status == 1)
        let server = try program.start("serve", "--port", "0", "--migrate")
        _ = try await server.address()
        let store = try await program.run("stores", "create", "--name", "x", "--currency", "USD", "--json")
        let id = try #require(try store.json()["id"]?.string)
        let key = try await program.run("keys", "create", "--store", id, "--name", "x", "--publishable")
        #expect(key.out.hasPrefix("pk_"))
        let second = try await program.run("serve", "--port", "0")
        #expect(second.status == 1)
        #expect(second.complaint.contains("is in use by process"))
        server.send(SIGTERM)
        let ended = try await server.outcome()
        #expect(ended.status == 0, "\(ended.err)")
    }

    @Test func `a taken port is said in one sentence`() async throws {
        let server = try Program().start("serve", "--port", "0", "--migrate")
        let address = try await server.address()
        let port = try #require(address.split(separator: ":").last)
        var elsewhere = try Program()
        elsewhere.environment = ["SHIPSHAPE_LOG_LEVEL": "critical"]
        let taken = try await elsewhere.run("serve", "--migrate", "--port", String(port))
        #expect(taken.status == 1)
        #expect(
            taken.err
                == "Port \(port) of 127.0.0.1 is taken: stop what uses it, or choose another with --port.\n")
        server.send(SIGTERM)
        #expect(try await server.outcome().status == 0)
    }

    @Test func `preflight looks beside a running server, and without one knows less`() async throws {
        let program = try Program()
        let blind = try await program.run("preflight")
        #expect(blind.status == 3)
        #expect(blind.complaint.hasPrefix("There is no database"))
        let server = try program.start("serve", "--port", "0", "--migrate")
        _ = try await server.address()
        let preflight = try await program.run("preflight", "--json")
        #expect(preflight.status == 1)
        #expect(preflight.err.isEmpty)
        func verdicts(_ outcome: Program.Outcome) throws -> [String: String] {
            let checks = try #require(try outcome.json()["checks"]?.array)
            return Dictionary(
                uniqueKeysWithValues: checks.map { ($0["id"]?.string ?? "", $0["verdict"]?.string ?? "") })
        }
        let seen = try verdicts(preflight)
        let checks: Set = [
            "CFG-02", "DAT-01", "DAT-02", "SEC-10", "PAY-01", "PAY-05", "JOB-02", "SEC-01", "ORD-04", "WEB-03",
            "TAX-01", "SEA-01", "PRC-01",
        ]
        #expect(Set(seen.keys) == checks)
        for id in ["DAT-01", "DAT-02", "PAY-05", "JOB-02", "SEC-01", "TAX-01", "SEA-01", "PRC-01"] {
            #expect(seen[id] == "pass", "\(id)")
        }
        #expect(seen["CFG-02"] == "fail")
        server.send(SIGTERM)
        #expect(try await server.outcome().status == 0)
        // What was recorded through the server is still there.
        #expect(try verdicts(try await program.run("preflight", "--latest", "--json")) == seen)
        // An address of this machine where nothing listens.
        let after = try await program.run("preflight", "--json", "--url", "http://127.0.0.1:1")
        #expect(after.status == 1)
        #expect(try verdicts(after)["SEC-01"] == "unknown")
        #expect(try after.json()["verdict"] == "NO-GO")
    }

    @Test func `a smoke test buys something and leaves nothing behind`() async throws {
        let program = try Program()
        let closed = try await program.run("smoke")
        #expect(closed.status == 1)
        #expect(closed.complaint == "No server runs here: start one, or say where it answers with --url.")
        let demo = try program.start("demo", "--port", "0")
        _ = try await demo.address()
        let smoke = try await program.run("smoke", "--json")
        let steps = try smoke.out.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(steps.filter { $0["result"] != "ok" } == [])
        #expect(smoke.status == 0, "\(smoke.err)")
        let store = try #require(try await program.run("stores", "list", "--json").json().array?.first?["id"]?.string)
        let keys = try await program.run("keys", "list", "--store", store, "--json").json()
        let made = (keys["keys"]?.array ?? []).filter { $0["name"] == "smoke test" }
        #expect(made.count == 2 && made.allSatisfy { $0["revoked_at"] != .null })
        demo.send(SIGINT)
        #expect(try await demo.outcome().status == 0)
    }

    @Test func `a killed server leaves nothing that stops the next one`() async throws {
        let program = try Program()
        let server = try program.start("serve", "--port", "0", "--migrate")
        _ = try await server.address()
        server.send(SIGKILL)
        _ = try await server.outcome()
        #expect(try await program.run("stores", "create", "--name", "x", "--currency", "USD").status == 0)
        let next = try program.start("serve", "--port", "0")
        _ = try await next.address()
        next.send(SIGINT)
        #expect(try await next.outcome().status == 0)
    }

    @Test func `a path too long for a socket works all the same`() async throws {
        var program = try Program()
        let folder = program.folder.appendingPathComponent(String(repeating: "lång-", count: 30))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        program.environment = ["SHIPSHAPE_DATABASE_URL": "sqlite:\(folder.path)/shop.sqlite"]
        let server = try program.start("serve", "--port", "0", "--migrate")
        _ = try await server.address()
        let store = try await program.run("stores", "create", "--name", "x", "--currency", "USD")
        #expect(store.status == 0, "\(store.err)")
        server.send(SIGTERM)
        #expect(try await server.outcome().status == 0)
    }

    @Test func `work has nothing to do on SQLite and says so`() async throws {
        let outcome = try await Program().run("work")
        #expect(outcome.status == 1)
        #expect(outcome.complaint.hasPrefix("On SQLite `shipshape serve` runs the jobs too"))
    }
}
