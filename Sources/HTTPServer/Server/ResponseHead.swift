import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Primitives

/// Puts answers into responses, with the headers that every answer has.
enum ResponseHead {
    private static let common: HTTPFields = [
        .xContentTypeOptions: "nosniff",
        .referrerPolicy: "no-referrer",
        .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
    ]

    /// A year of nothing but HTTPS (RFC 6797), for this host: what other hosts of the domain do is not ours to say.
    private static let strictTransport = "max-age=31536000"

    static func response(_ outgoing: Outgoing, to exchange: Exchange) -> Response {
        switch outgoing.content {
        case .web(let answer): return response(answer, to: exchange)
        case .json(let body): return response(outgoing, body, to: exchange)
        case .nothing: return response(outgoing, nil, to: exchange)
        }
    }

    private static func response(_ outgoing: Outgoing, _ body: EncodedBody?, to exchange: Exchange) -> Response {
        var headers = headers(outgoing.headers, exchange)
        guard let body else { return finish(outgoing.status, headers, ByteBuffer(), exchange) }
        headers[.contentType] = "application/json"
        let buffer = encode(body, &headers, exchange)
        return finish(outgoing.status, headers, buffer, exchange)
    }

    private static func response(_ answer: WebAnswer, to exchange: Exchange) -> Response {
        var headers = headers(answer.headers, exchange)
        for cookie in answer.cookies {
            headers.append(HTTPField(name: .setCookie, value: cookie.header(isSecure: exchange.isSecure)))
        }
        switch answer.content {
        case .nothing: return finish(answer.status, headers, ByteBuffer(), exchange)
        case .bytes(let body, let type):
            headers[.contentType] = type
            let buffer = isText(type) ? encode(body, &headers, exchange) : body.plain
            return finish(answer.status, headers, buffer, exchange)
        case .stream(let stream):
            headers[.contentType] = "text/event-stream; charset=utf-8"
            let status = HTTPResponse.Status(code: answer.status)
            guard exchange.method != .head else { return Response(status: status, headers: headers) }
            return Response(status: status, headers: headers, body: stream.body(of: exchange.request))
        }
    }

    /// Those of every answer, and then those of this one, which go before them.
    private static func headers(_ own: [(name: String, value: String)], _ exchange: Exchange) -> HTTPFields {
        var headers = headers(of: exchange)
        headers[.requestID] = exchange.requestID
        headers[.cacheControl] = "no-store"
        for header in own {
            guard let name = HTTPField.Name(header.name) else { continue }
            headers[name] = header.value
        }
        return headers
    }

    /// Those that every answer has.
    private static func headers(of exchange: Exchange) -> HTTPFields {
        guard exchange.isSecure else { return common }
        var headers = common
        headers[.strictTransportSecurity] = strictTransport
        return headers
    }

    /// The body in the form that the client takes.
    private static func encode(_ body: EncodedBody, _ headers: inout HTTPFields, _ exchange: Exchange) -> ByteBuffer {
        guard body.isCompressible else { return body.plain }
        headers.append(HTTPField(name: .vary, value: "Accept-Encoding"))
        guard acceptsGzip(exchange.request.headers[.acceptEncoding]), let gzip = body.gzip else { return body.plain }
        headers.append(HTTPField(name: .contentEncoding, value: "gzip"))
        return gzip
    }

    private static func isText(_ type: String) -> Bool {
        type.hasPrefix("text/") || type.contains("javascript") || type.contains("json") || type.contains("svg")
    }

    static func response(_ problem: Problem, to exchange: Exchange) -> Response {
        var headers = headers(of: exchange)
        headers.append(HTTPField(name: .requestID, value: exchange.requestID))
        headers.append(HTTPField(name: .cacheControl, value: "no-store"))
        headers.append(HTTPField(name: .contentType, value: "application/problem+json"))
        if let seconds = problem.retryAfterSeconds {
            headers.append(HTTPField(name: .retryAfter, value: String(seconds)))
        }
        if problem.kind == .unauthenticated {
            headers.append(HTTPField(name: .wwwAuthenticate, value: "Bearer"))
        }
        let body = ByteBuffer(bytes: problem.document(requestID: exchange.requestID))
        return finish(problem.kind.status, headers, body, exchange)
    }

    /// The answer of the gate, which has no request to speak of and closes the connection.
    static func refusal(_ problem: Problem, requestID: String) -> (head: HTTPResponseHead, body: ByteBuffer) {
        let body = ByteBuffer(bytes: problem.document(requestID: requestID))
        var headers = HTTPHeaders(common.map { ($0.name.rawName, $0.value) })
        headers.add(name: "X-Request-ID", value: requestID)
        headers.add(name: "Cache-Control", value: "no-store")
        headers.add(name: "Content-Type", value: "application/problem+json")
        headers.add(name: "Content-Length", value: String(body.readableBytes))
        headers.add(name: "Connection", value: "close")
        if let seconds = problem.retryAfterSeconds { headers.add(name: "Retry-After", value: String(seconds)) }
        let status = HTTPResponseStatus(statusCode: problem.kind.status, reasonPhrase: problem.kind.title)
        return (HTTPResponseHead(version: .http1_1, status: status, headers: headers), body)
    }

    static func addVary(_ name: String, to response: inout Response) {
        response.headers[.vary] = response.headers[.vary].map { "\($0), \(name)" } ?? name
    }

    private static func finish(
        _ status: Int, _ headers: HTTPFields, _ body: ByteBuffer, _ exchange: Exchange
    ) -> Response {
        var headers = headers
        if exchange.request.headers[.connection] == "close" {
            headers.append(HTTPField(name: .connection, value: "close"))
        }
        let status = HTTPResponse.Status(code: status)
        guard status.code != 204, status.code != 304 else {
            return Response(status: status, headers: headers, body: ResponseBody())
        }
        headers.append(HTTPField(name: .contentLength, value: String(body.readableBytes)))
        let isHead = exchange.method == .head
        let sent = isHead ? ResponseBody() : ResponseBody(byteBuffer: body)
        return Response(status: status, headers: headers, body: sent)
    }

    /// Whether `Accept-Encoding` (RFC 9110, section 12.5.3) names gzip or anything, and not with a weight of 0.
    static func acceptsGzip(_ header: String?) -> Bool {
        guard let header else { return false }
        for choice in header.split(separator: ",") {
            let parts = choice.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let coding = parts.first, coding == "gzip" || coding == "*" else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return weight > 0
        }
        return false
    }
}
