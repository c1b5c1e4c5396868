import FoundationEssentials
import HTTPServer
import Persistence
import Primitives
import TestSupport
import Testing

@Suite struct IdempotencyTests {
    private static let store = SampleAuthenticator.store
    private static let owner = UUID(high: 7, low: 7)

    private func request(_ key: String = "k-1", body: String = "{}") throws -> IdempotentRequest {
        try IdempotentRequest(owner: Self.owner, key: key, method: "POST", path: "/x", body: Array(body.utf8))
    }

    /// Does under a key what answers with `text`, unless it was done before.
    private func once(
        _ database: any Database, _ request: IdempotentRequest, answering text: String, hiding secret: String? = nil,
        before: (@Sendable () -> Void)? = nil
    ) async throws -> StoredAnswer {
        try await database.write("once") { tx in
            let claim = try IdempotencyKeys.claim(request, store: Self.store, in: tx)
            if let earlier = try claim.earlierAnswer(in: tx) { return earlier }
            before?()
            return try claim.keep(
                StoredAnswer(status: 201, body: Array(text.utf8), resource: Self.owner, hiding: secret), in: tx)
        }
    }

    @Test(arguments: TestEngine.available)
    func `the same again gets the same answer`(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: IdempotencyKeys.migrations) { database in
            let first = try await once(database, request(), answering: "first")
            #expect(!first.isReplay)
            let again = try await once(database, request(), answering: "second")
            #expect(again.isReplay)
            #expect(again.status == 201)
            #expect(again.body == Array("first".utf8))
            #expect(again.resource == Self.owner)
            let other = try await once(database, request("k-2"), answering: "third")
            #expect(!other.isReplay)
        }
    }

    @Test(arguments: TestEngine.available)
    func `another request under the key is refused`(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: IdempotencyKeys.migrations) { database in
            _ = try await once(database, request(), answering: "first")
            let problem = await #expect(throws: Problem.self) {
                try await once(database, request(body: "{\"a\":1}"), answering: "second")
            }
            #expect(problem?.code == "idempotency_key.reused")
            #expect(problem?.kind == .invalid)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a failure keeps nothing`(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: IdempotencyKeys.migrations) { database in
            let request = try request()
            await #expect(throws: Problem.self) {
                try await database.write("fail") { tx in
                    let claim = try IdempotencyKeys.claim(request, store: Self.store, in: tx)
                    _ = try claim.earlierAnswer(in: tx)
                    throw Problem(.conflict, "stock.insufficient", "Too few.")
                }
            }
            #expect(try await once(database, request, answering: "later").isReplay == false)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a secret is not kept, and is derived again`(engine: TestEngine) async throws {
        try await withDatabase(engine, migrations: IdempotencyKeys.migrations) { database in
            let text = #"{"token":"s3cret","x":"ü"}"#
            let first = try await once(database, request(), answering: text, hiding: "s3cret")
            #expect(first.revealing { _ in "never" }.body == Array(text.utf8))
            let kept = try await database.read("look") { tx in
                try tx.first("SELECT body FROM idempotency_keys") { try $0[0] as [UInt8] }
            }
            #expect(kept.map { !$0.contains(Array("s3cret".utf8)) } == true)
            let again = try await once(database, request(), answering: "-")
            #expect(again.revealing { $0 == Self.owner ? "s3cret" : "wrong" }.body == Array(text.utf8))
        }
    }

    @Test(.enabled(if: TestEngine.available.contains(.postgres)))
    func `a twin waits and then gets the first one's answer`() async throws {
        try await withDatabase(.postgres, migrations: IdempotencyKeys.migrations) { database in
            let request = try request()
            let arrived = Gate()
            let goOn = Gate()
            async let first = once(database, request, answering: "first") {
                arrived.open()
                goOn.block()
            }
            await arrived.wait()
            async let twin = once(database, request, answering: "twin")
            // The twin stands in the engine's queue for the row once it waits for a lock.
            var isWaiting = false
            while !isWaiting {
                isWaiting = try await database.read("locks") { tx in
                    try tx.first(
                        """
                        SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                                       WHERE NOT l.granted AND a.datname = current_database())
                        """
                    ) { try $0[0] as Bool } ?? false
                }
            }
            goOn.open()
            let answers = try await [first, twin]
            #expect(answers.map(\.isReplay) == [false, true])
            #expect(answers.map { String(decoding: $0.body, as: UTF8.self) } == ["first", "first"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `old keys are pruned, the oldest first, and are free again`(engine: TestEngine) async throws {
        let clock = ManualClock()
        try await withDatabase(engine, migrations: IdempotencyKeys.migrations, clock: clock) { database in
            for number in 0..<5 {
                _ = try await once(database, request("k-\(number)"), answering: "\(number)")
                clock.advance(seconds: 3600)
            }
            let before = Instant.ofTests.adding(seconds: 3 * 3600)
            let pruned = try await database.write("prune") { tx in
                [
                    try IdempotencyKeys.prune(before: before, limit: 2, in: tx),
                    try IdempotencyKeys.prune(before: before, limit: 2, in: tx),
                ]
            }
            #expect(pruned == [2, 1])
            #expect(try await once(database, request("k-2"), answering: "new").isReplay == false)
            #expect(try await once(database, request("k-3"), answering: "new").isReplay == true)
        }
    }

    @Test func `a key is 1 to 255 printable ASCII characters`() throws {
        for key in ["", "ü", "a\tb", String(repeating: "k", count: 256)] {
            let problem = #expect(throws: Problem.self) { try request(key) }
            #expect(problem?.code == "idempotency_key.malformed")
        }
        #expect(try request(String(repeating: "k", count: 255)).key.count == 255)
    }

    @Test(arguments: TestEngine.available)
    func `over HTTP the same again is replayed with its token, and a missing key is refused`(
        engine: TestEngine
    ) async throws {
        try await withDatabase(engine, migrations: IdempotencyKeys.migrations) { database in
            let endpoint = Samples.placeOrder(database) { "token-\($0)" }
            try await withServer([endpoint]) { port, _ in
                let path = "/api/v1/checkouts/\(CheckoutID(UUID(high: 3, low: 4)))/order"
                let body = #"{"lines": [{"variant_id": "\#(AnswerTests.variant)"}]}"#
                let missing = try await send(
                    "POST", path, port: port, headers: ["Shipshape-Key": "pk_good"], body: body)
                #expect(missing.status == 400)
                #expect(missing.code == "idempotency_key.missing")
                let headers = ["Shipshape-Key": "pk_good", "Idempotency-Key": "abc"]
                let first = try await send("POST", path, port: port, headers: headers, body: body)
                #expect(first.status == 201)
                #expect(first.headers["idempotency-replayed"] == nil)
                #expect(try first.json["token"]?.string?.hasPrefix("token-") == true)
                let again = try await send("POST", path, port: port, headers: headers, body: body)
                #expect(again.status == 201)
                #expect(again.headers["idempotency-replayed"] == "true")
                #expect(again.body == first.body)
                let reused = try await send("POST", path, port: port, headers: headers, body: body + " ")
                #expect(reused.status == 422)
                #expect(reused.code == "idempotency_key.reused")
            }
        }
    }
}
