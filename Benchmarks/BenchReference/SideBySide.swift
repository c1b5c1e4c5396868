import App
import Foundation
import Hummingbird
import Logging

/// The program's server and a bare route in one process, for the same load generator.
struct SideBySide {
    private let host: String
    private let port: Int
    private let barePort: Int
    private let body: ByteBuffer
    private let type: String

    init(_ arguments: [String], _ environment: [String: String]) throws {
        guard arguments.count == 5, arguments[1] == "--host", arguments[3] == "--port", let port = Int(arguments[4]),
            let barePort = environment["BARE_PORT"].flatMap({ Int($0) }), let path = environment["BARE_BODY"]
        else { throw BenchReference.Usage() }
        host = arguments[2]
        self.port = port
        self.barePort = barePort
        body = ByteBuffer(bytes: try Data(contentsOf: URL(fileURLWithPath: path)))
        type = environment["BARE_TYPE"] ?? "application/json"
    }

    func run() async throws {
        var logger = Logger(label: "bench-reference")
        logger.logLevel = .error
        let router = Router()
        router.get("page") { [body, type] _, _ in
            Response(status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: body))
        }
        let bare = Application(
            router: router, configuration: .init(address: .hostname(host, port: barePort)), logger: logger)
        let running = Task { try await bare.run() }
        defer { running.cancel() }
        let settings = try await Settings.load()
        let installation = try Installation.open(settings, for: .write, logs: Logs(settings))
        try await installation.serve(host: host, port: port, migrates: false)
    }
}
