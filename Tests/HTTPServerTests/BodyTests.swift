import HTTPServer
import Primitives
import Testing

@Suite struct BodyTests {
    private func post(
        _ body: [UInt8], type: String = "application/json", _ check: @escaping @Sendable (Reply) throws -> Void
    ) async throws {
        try await withServer(AnswerTests.all) { port, _ in
            try await RawConnection.with(port: port) { connection in
                try await connection.send(
                    """
                    POST /api/v1/things HTTP/1.1\r\nHost: x\r\nShipshape-Key: pk_good\r\nContent-Type: \(type)\r
                    Content-Length: \(body.count)\r\n\r\n
                    """)
                try await connection.send(bytes: body)
                try check(try #require(try await connection.reply()))
            }
        }
    }

    @Test(arguments: [
        "{", "[1,]", "{\"lines\": 1}}", "\u{FEFF}{}", "{\"lines\": [], \"lines\": []}", "{'lines': []}",
        "nul", "\"\\ud800\"",
        "\"\\u0000\"", "{\"note\": \"a\nb\"}", String(repeating: "[", count: 500) + String(repeating: "]", count: 500),
    ])
    func `a body that is no acceptable JSON is refused`(text: String) async throws {
        try await post(Array(text.utf8)) { reply in
            #expect(reply.status == 400)
            #expect(reply.code == "body.malformed")
        }
    }

    @Test func `a body that is not UTF-8 is refused`() async throws {
        try await post(Array("{\"note\": \"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)) { reply in
            #expect(reply.status == 400)
            #expect(reply.code == "body.malformed")
            #expect(reply.errors == ["/note malformed"])
        }
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
    func `a body that is not declared as JSON is refused`(type: String) async throws {
        try await post(Array("{}".utf8), type: type) { #expect($0.status == 415) }
    }

    @Test(arguments: ["application/json; charset=utf-8", "Application/JSON"])
    func `a body declared as JSON with parameters is taken`(type: String) async throws {
        try await post(Array("{}".utf8), type: type) { reply in
            #expect(reply.status == 422)
            #expect(reply.errors == ["/lines required"])
        }
    }

    @Test func `a body where none is taken is refused`() async throws {
        try await withServer(AnswerTests.all) { port, _ in
            let reply = try await send(
                "DELETE", "/api/v1/staff", port: port, headers: ["Authorization": "Bearer sk_good"], body: "{}")
            #expect(reply.status == 403)
            let staff = try await send(
                "GET", "/api/v1/staff", port: port, headers: ["Authorization": "Bearer sk_good"], body: "{}")
            #expect(staff.status == 400)
            #expect(staff.code == "body.unexpected")
        }
    }

    @Test func `no more than a hundred errors are told`() throws {
        let fields = (0..<300).map { "\"f\($0)\": 1" }.joined(separator: ",")
        let document = try JSON(parsing: "{\(fields)}")
        let problem = #expect(throws: Problem.self) { try Samples.newCheckout.value(of: document) }
        #expect(problem?.errors.count == 100)
        #expect(problem?.detail == "301 fields are not valid; the first 100 follow.")
    }
}
