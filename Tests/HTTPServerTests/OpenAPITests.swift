import Foundation
import HTTPServer
import Logging
import Observability
import Primitives
import TestSupport
import Testing

@Suite struct OpenAPITests {
    private static func server(_ endpoints: [Endpoint]) throws(DeclarationError) -> HTTPServer {
        try HTTPServer(
            endpoints, authenticator: SampleAuthenticator(), health: Health { [] }, accessLog: .none,
            logger: Logger(label: "test"))
    }

    @Test func `the document says what the declarations say`() throws {
        let document = try Self.server(AnswerTests.all).openAPI
        #expect(document["openapi"] == "3.1.0")
        let operation = try #require(document["paths"]?["/api/v1/things"]?["post"])
        #expect(operation["operationId"] == "makeThing")
        #expect(operation["security"] == [["publishableKey": []]])
        #expect(operation["requestBody"]?["required"] == true)
        #expect(operation["x-body-limit-bytes"] == 2000)
        #expect(operation["x-rate-limit"] == ["class": "sample", "requests": 10, "per_seconds": 1])
        let statuses = operation["responses"]?.object?.map(\.key)
        #expect(
            statuses == [
                "201", "400", "401", "408", "413", "415", "422", "429", "431", "500", "503", "default",
            ])
        let line = document["components"]?["schemas"]?["NewLine"]
        #expect(line?["additionalProperties"] == false)
        #expect(line?["required"] == ["variant_id"])
        #expect(
            line?["properties"]?["quantity"] == ["type": ["integer", "null"], "minimum": 1, "maximum": 1_000_000])
        let staff = document["paths"]?["/api/v1/staff"]
        #expect(staff?["get"]?["security"] == [["secretKey": ["orders:read"]]])
        #expect(staff?["delete"]?["responses"]?["204"] == ["description": "Done"])
    }

    @Test func `the document is served, itself included`() async throws {
        try await withServer(AnswerTests.all) { port, _ in
            let reply = try await send("GET", "/api/v1/openapi.json", port: port)
            #expect(reply.status == 200)
            let document = try reply.json
            #expect(document["paths"]?["/api/v1/openapi.json"]?["get"]?["operationId"] == "getOpenAPI")
        }
    }

    @Test(.enabled(if: Self.python("import openapi_spec_validator").status == 0))
    func `an independent validator accepts the document`() async throws {
        let document = try await withDatabase(.sqlite) { database in
            try Self.server(AnswerTests.all + [Samples.placeOrder(database) { _ in "" }]).openAPI
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "openapi-\(UUID()).json")
        try Data(document.bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let check = """
            import json, sys, openapi_spec_validator
            openapi_spec_validator.validate(json.load(open(sys.argv[1])))
            """
        let result = Self.python(check, file.path)
        #expect(result.status == 0, "\(result.said)")
    }

    private static func python(_ program: String, _ arguments: String...) -> (status: Int32, said: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program] + arguments
        // A file and not a pipe, which programs started by other tests could hold open.
        let file = FileManager.default.temporaryDirectory.appending(path: "python-\(UUID()).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        do {
            try Data().write(to: file)
            let output = try FileHandle(forWritingTo: file)
            process.standardOutput = output
            process.standardError = output
            try process.run()
            process.waitUntilExit()
            return (process.terminationStatus, try String(contentsOf: file, encoding: .utf8))
        } catch {
            return (-1, "\(error)")
        }
    }

    @Test func `declarations that contradict each other are refused at the start`() throws {
        let policy = Policy(.checkoutHolder, rateLimit: AnswerTests.rate)
        let twice = Endpoint(
            .get, "/api/v1/large", "large", summary: "Again", policy: policy, takes: .nothing,
            answers: .ok(AnswerTests.text)
        ) { _ in .value("") }
        let error = #expect(throws: DeclarationError.self) { try Self.server([AnswerTests.large, twice]) }
        #expect(
            error?.defects == [
                "GET /api/v1/large is declared twice.",
                "GET /api/v1/large: the holder of a checkout needs {checkout} in the path.",
                "Two endpoints have the name large.",
            ])
        let misnamed = Endpoint(
            .get, "/api/v1/large/{thing}", "other", summary: "Other",
            policy: Policy(.anyone, rateLimit: AnswerTests.rate),
            takes: .path(PathShape("other", .array(of: .text(1...2), most: 1))), answers: .ok(AnswerTests.text)
        ) { _ in .value("") }
        #expect(throws: DeclarationError.self) { try Self.server([misnamed]) }
    }
}
