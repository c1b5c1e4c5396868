import HTTPOutbound
import TestSupport
import Testing

struct OutboundClientTests {
    @Test func `a request carries its headers, its body and the id of what causes it`() async throws {
        let answer = "HTTP/1.1 402 Payment Required\r\nContent-Length: 2\r\nX-Thing: a\r\n\r\n{}"
        try await RawServer.run(answering: answer) { server in
            let client = OutboundClient(base: "http://127.0.0.1:\(server.port)")
            let reply = try await client.send(
                OutboundRequest(
                    .post, "/v1/things?a=b", headers: [("Idempotency-Key", "k 1")], body: Array("x=1".utf8),
                    requestID: "req-7"))
            #expect(reply.status == 402)
            #expect(reply.header("x-thing") == "a")
            #expect(reply.header("absent") == nil)
            #expect(reply.body == Array("{}".utf8))
            let seen = server.seen.values.joined()
            #expect(seen.hasPrefix("POST /v1/things?a=b HTTP/1.1\r\n"))
            for line in ["Idempotency-Key: k 1", "X-Request-ID: req-7", "x=1"] { #expect(seen.contains(line)) }
        }
    }

    @Test func `a redirect is an answer, not a way to another server`() async throws {
        let answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        try await RawServer.run(answering: answer) { server in
            let reply = try await server.client.send(OutboundRequest(.get, "/"))
            #expect(reply.status == 302)
        }
    }

    @Test func `a connection is used again`() async throws {
        try await RawServer.run(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") { server in
            for _ in 0..<3 {
                let reply = try await server.client.send(OutboundRequest(.get, "/"))
                #expect(reply.status == 200)
            }
            #expect(server.connections.values.count == 1)
        }
    }

    @Test func `a longer answer than allowed is not taken`() async throws {
        let body = String(repeating: "x", count: 5000)
        try await RawServer.run(answering: "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n\(body)") { server in
            await #expect(throws: OutboundFailure.tooLarge) {
                try await server.client.send(OutboundRequest(.get, "/", mostAnswerBytes: 4999))
            }
            let reply = try await server.client.send(OutboundRequest(.get, "/", mostAnswerBytes: 5000))
            #expect(reply.body.count == 5000)
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"])
    func `an answer that does not end in time may have been acted upon`(_ beginning: String) async throws {
        try await RawServer.run(answering: beginning) { server in
            let failure = await #expect(throws: OutboundFailure.self) {
                try await server.client.send(OutboundRequest(.get, "/", timeoutSeconds: 0.3))
            }
            #expect(failure == .timeout)
            #expect(failure?.mayHaveBeenSent == true)
        }
    }

    @Test func `a connection that ends before the answer may have been acted upon`() async throws {
        try await RawServer.run(answering: nil) { server in
            let failure = await #expect(throws: OutboundFailure.self) {
                try await server.client.send(OutboundRequest(.get, "/"))
            }
            #expect(failure == .interrupted)
            #expect(failure?.mayHaveBeenSent == true)
        }
    }

    @Test func `where nobody listens nothing was sent`() async throws {
        // A port that was free a moment ago may be another test's by now; this one needs rights to listen on.
        let failure = await #expect(throws: OutboundFailure.self) {
            try await OutboundClient(base: "http://127.0.0.1:1").send(OutboundRequest(.get, "/"))
        }
        #expect(failure == .refused)
        #expect(failure?.mayHaveBeenSent == false)
    }

    @Test func `who does not wait any more is told so`() async throws {
        try await RawServer.run(answering: "") { server in
            let call = Task { try await server.client.send(OutboundRequest(.get, "/", timeoutSeconds: 60)) }
            await server.seen.wait(for: 1)
            call.cancel()
            let result = await call.result
            #expect(throws: OutboundFailure.canceled) { try result.get() }
        }
    }
}
