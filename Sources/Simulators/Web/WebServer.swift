import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// A request as simulators see it: read whole.
struct WebRequest: Sendable {
    let method: String
    /// Decoded; without a trailing slash.
    let path: String
    /// Between the slashes.
    let segments: [String]
    /// As it came, without the question mark.
    let query: String
    let headers: HTTPFields
    let body: [UInt8]

    func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }
}

/// What a simulator answers.
struct WebResponse: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]
    /// Whether the connection breaks after the head, so that the client never gets the answer.
    var isCut = false

    init(_ status: Int, type: String, body: [UInt8], headers: [(name: String, value: String)] = []) {
        self.status = status
        self.headers = [("Content-Type", type), ("Cache-Control", "no-store")] + headers
        self.body = body
    }

    /// Sends a browser to another page, whatever its request was.
    static func redirect(to location: String) -> WebResponse {
        WebResponse(303, type: "text/plain; charset=utf-8", body: [], headers: [("Location", location)])
    }

    fileprivate var response: Response {
        var fields = HTTPFields()
        for header in headers {
            if let name = HTTPField.Name(header.name) { fields.append(HTTPField(name: name, value: header.value)) }
        }
        let body = body
        let content =
            isCut
            ? ResponseBody(contentLength: max(1, body.count)) { _ in throw ChannelError.ioOnClosedChannel }
            : ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        return Response(status: .init(code: status), headers: fields, body: content)
    }
}

/// An HTTP server around a closure.
struct WebServer: Service {
    let host: String
    let port: Int
    let mostBodyBytes: Int
    let logger: Logger
    let onListening: @Sendable (Int) async -> Void
    let respond: @Sendable (WebRequest) async -> WebResponse

    func run() async throws {
        let respond = respond
        let limit = mostBodyBytes
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            // ignored: whatever broke the body off, the client has to hear that it was too much
            guard let body = try? await request.body.collect(upTo: limit) else {
                return WebResponse(413, type: "text/plain; charset=utf-8", body: Array("Too large.\n".utf8)).response
            }
            let path = PercentText.decode(request.uri.path.utf8, isForm: false) ?? request.uri.path
            let seen = WebRequest(
                method: request.method.rawValue, path: path,
                segments: path.split(separator: "/").map(String.init), query: request.uri.query ?? "",
                headers: request.headers, body: Array(body.readableBytesView))
            return await respond(seen).response
        }
        let onListening = onListening
        let application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "shipshape-simulator"),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await application.run()
    }
}
