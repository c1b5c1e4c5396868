import NIOCore
import NIOHTTP1
import Primitives

/// What the gate asks of the server.
struct GateRules: Sendable {
    let headTimeout: TimeAmount
    let bodyTimeout: TimeAmount
    /// How long answers may wait for a client that does not read them.
    let writeTimeout: TimeAmount
    /// The longest body for a request.
    let bodyLimit: @Sendable (HTTPRequestHead) -> Int
    /// Bytes of bodies in memory, for all connections together.
    let budget: BodyBudget
    /// Makes, and logs, the answer to a request that is refused before it reaches the endpoint.
    let refuse: @Sendable (Problem, HTTPRequestHead?, SocketAddress?) -> (head: HTTPResponseHead, body: ByteBuffer)

    /// The longest target; longer ones are refused with the longest head in mind.
    static let mostTargetBytes = 8 * 1024
}

/// Lets only whole requests through: heads within their limits and in time, bodies collected, within their limits
/// and in time. All else is refused here, after the answers to earlier requests of the connection, which is then
/// closed.
///
/// It stands between NIO's decoder and the rest; `ByteGate` stands before the decoder and tells it of raw bytes. Both
/// are used on the connection's event loop only.
final class RequestGate: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// Between requests, or within a head.
        case head
        /// Within a body, which is collected and passed on once it is whole.
        case body(HTTPRequestHead, limit: Int)
        /// After the head of a request without a body.
        case passing
        /// Refused; the answer waits for those before it.
        case refusing(HTTPResponseHead, ByteBuffer)
        /// The refusal is sent; what still comes is thrown away.
        case refused
    }

    private let rules: GateRules
    private var state = State.head
    // Not within the state, so that it grows in place.
    private var collected = ByteBuffer()
    private var deadline: Scheduled<Void>?
    private var writeDeadline: Scheduled<Void>?
    private var unanswered = 0
    /// Whether a stream of events is being answered.
    private var isStreaming = false
    private var reserved = 0
    private var quiesceLater = false
    /// Counts parts, so that `ByteGate` sees whether bytes completed any.
    private(set) var parts = 0

    private var ownContext: ChannelHandlerContext?

    init(_ rules: GateRules) {
        self.rules = rules
    }

    func handlerAdded(context: ChannelHandlerContext) {
        ownContext = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancelDeadline()
        cancelWriteDeadline()
        release()
        ownContext = nil
    }

    var isRefused: Bool {
        switch state {
        case .refusing, .refused: true
        case .head, .body, .passing: false
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        parts += 1
        switch (unwrapInboundIn(data), state) {
        case (_, .refusing), (_, .refused): return
        case (.head(let head), _): read(head, context: context)
        case (.body(let bytes), .body(let head, let limit)): collect(bytes, head, limit: limit, context: context)
        case (.end, .body(let head, _)): pass(head, context: context)
        case (.end, .passing):
            state = .head
            context.fireChannelRead(data)
        case (.body, _), (.end, .head): context.fireChannelRead(data)
        }
    }

    private func read(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        cancelDeadline()
        guard !isStreaming else { return context.close(promise: nil) }
        var head = head
        if head.version.major != 1 || head.version.minor == 0 || !head.isKeepAlive {
            // Hummingbird looks for this spelling; HTTP/1.0 never keeps a connection here.
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        guard head.uri.utf8.count <= GateRules.mostTargetBytes else {
            return refuse(.targetTooLong, head, context: context)
        }
        guard Self.isWellFramed(head) else { return refuse(.badRequest, head, context: context) }
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        guard length > 0 || head.headers.contains(name: "transfer-encoding") else {
            unanswered += 1
            state = .passing
            return context.fireChannelRead(wrapInboundOut(.head(head)))
        }
        let limit = rules.bodyLimit(head)
        guard length <= limit else { return refuse(.bodyTooLarge(limit), head, context: context) }
        state = .body(head, limit: limit)
        if unanswered == 0, head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            let goOn = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(goOn)), promise: nil)
        }
    }

    /// Whether nothing in front of this server can read the request otherwise (RFC 9112, sections 3.2 and 6.1): one
    /// host, and a body that ends where everyone thinks it does.
    private static func isWellFramed(_ head: HTTPRequestHead) -> Bool {
        let isOld = head.version.major == 1 && head.version.minor == 0
        let hosts = head.headers[canonicalForm: "host"]
        guard hosts.count == 1 || (isOld && hosts.isEmpty) else { return false }
        let codings = head.headers[canonicalForm: "transfer-encoding"]
        return codings.isEmpty || (!isOld && codings.count == 1 && codings[0].lowercased() == "chunked")
    }

    private func collect(_ bytes: ByteBuffer, _ head: HTTPRequestHead, limit: Int, context: ChannelHandlerContext) {
        guard !isStreaming else { return context.close(promise: nil) }
        guard collected.readableBytes + bytes.readableBytes <= limit else {
            return refuse(.bodyTooLarge(limit), head, context: context)
        }
        guard rules.budget.reserve(bytes.readableBytes) else { return refuse(.tooManyBodies, head, context: context) }
        reserved += bytes.readableBytes
        collected.writeImmutableBuffer(bytes)
    }

    private func pass(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        cancelDeadline()
        state = .head
        unanswered += 1
        let body = collected
        collected = ByteBuffer()
        context.fireChannelRead(wrapInboundOut(.head(head)))
        if body.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(.body(body))) }
        context.fireChannelRead(wrapInboundOut(.end(nil)))
        if quiesceLater {
            quiesceLater = false
            context.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    /// From `ByteGate`, after bytes went through the decoder.
    func bytesPassed(completedParts: Bool) {
        guard deadline == nil, let context = ownContext else { return }
        switch state {
        case .head where !completedParts:
            schedule(rules.headTimeout, .slowHead, context: context)
        case .body(let head, _):
            schedule(rules.bodyTimeout, .slowBody, head, context: context)
        case .head, .passing, .refusing, .refused: break
        }
    }

    private func schedule(
        _ delay: TimeAmount, _ problem: Problem, _ head: HTTPRequestHead? = nil, context: ChannelHandlerContext
    ) {
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        let gate = NIOLoopBound(self, eventLoop: context.value.eventLoop)
        deadline = context.value.eventLoop.scheduleTask(in: delay) {
            gate.value.deadline = nil
            gate.value.refuse(problem, head, context: context.value)
        }
    }

    private func cancelDeadline() {
        deadline?.cancel()
        deadline = nil
    }

    private func cancelWriteDeadline() {
        writeDeadline?.cancel()
        writeDeadline = nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            follow(head, context: context)
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            isStreaming = false
            unanswered -= 1
            if unanswered == 0, case .head = state { release() }
            context.write(data, promise: promise)
            if unanswered == 0, case .refusing(let head, let body) = state {
                sendRefusal(head, body, context: context)
            }
        }
    }

    /// Nothing may wait behind a stream of events, which has no end: what was sent after the request for it would be
    /// held in memory as long as the sender likes. No browser does that.
    private func follow(_ answer: HTTPResponseHead, context: ChannelHandlerContext) {
        guard answer.headers.first(name: "content-type")?.hasPrefix("text/event-stream") == true else { return }
        isStreaming = true
        if unanswered > 1 || reserved > 0 { context.close(promise: nil) }
    }

    /// Closes the connection when what is to be sent has waited too long: a client that does not read would keep its
    /// answers in memory, and a stop waiting.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        cancelWriteDeadline()
        if !context.channel.isWritable {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            writeDeadline = context.eventLoop.scheduleTask(in: rules.writeTimeout) { bound.value.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isRefused else { return }
        switch error {
        case HTTPParserError.headerOverflow: refuse(.headersTooLarge, nil, context: context)
        case is HTTPParserError: refuse(.badRequest, nil, context: context)
        default: context.fireErrorCaught(error)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch (event, state) {
        case (is ChannelShouldQuiesceEvent, .body): quiesceLater = true
        case (is ChannelShouldQuiesceEvent, .refusing), (is ChannelShouldQuiesceEvent, .refused): break
        case (ChannelEvent.inputClosed, .refused): context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelDeadline()
        cancelWriteDeadline()
        release()
        ownContext = nil
        context.fireChannelInactive()
    }

    private func release() {
        rules.budget.release(reserved)
        reserved = 0
    }
}

extension RequestGate {
    /// How long a refused sender may go on sending, so that it gets to read the refusal.
    private static let lingering = TimeAmount.seconds(2)

    private func refuse(_ problem: Problem, _ head: HTTPRequestHead?, context: ChannelHandlerContext) {
        guard !isRefused else { return }
        cancelDeadline()
        collected = ByteBuffer()
        let answer = rules.refuse(problem, head, context.remoteAddress)
        state = .refusing(answer.head, answer.body)
        if unanswered == 0 { sendRefusal(answer.head, answer.body, context: context) }
    }

    private func sendRefusal(_ head: HTTPResponseHead, _ body: ByteBuffer, context: ChannelHandlerContext) {
        state = .refused
        release()
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            // Closing at once would make the system reset the connection under what the sender has not read yet.
            bound.value.close(mode: .output, promise: nil)
            bound.value.eventLoop.scheduleTask(in: Self.lingering) { bound.value.close(promise: nil) }
        }
    }
}

/// Tells the gate of raw bytes, and throws them away once it has refused.
final class ByteGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Bytes that a refused sender may still send.
    private static let mostDiscardedBytes = 16 << 20

    private let gate: RequestGate
    private var discarded = 0

    init(_ gate: RequestGate) {
        self.gate = gate
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !gate.isRefused else {
            discarded += unwrapInboundIn(data).readableBytes
            if discarded > Self.mostDiscardedBytes { context.close(promise: nil) }
            return
        }
        let parts = gate.parts
        context.fireChannelRead(data)
        gate.bytesPassed(completedParts: gate.parts != parts)
    }
}

extension Problem {
    fileprivate static func bodyTooLarge(_ limit: Int) -> Problem {
        Problem(.bodyTooLarge, "body.too_large", "At most \(limit) bytes are accepted here.")
    }

    fileprivate static let targetTooLong = Problem(
        .headersTooLarge, "headers.too_large", "The request's target is longer than 8 KiB.")
    fileprivate static let headersTooLarge = Problem(
        .headersTooLarge, "headers.too_large", "The head of a request has at most 16 KiB and 100 fields.")
    fileprivate static let badRequest = Problem(.malformed, "http.malformed", "This is not a valid HTTP/1.1 request.")
    fileprivate static let slowHead = Problem(
        .requestTimeout, "request.timeout", "The head of the request took too long to arrive.")
    fileprivate static let slowBody = Problem(
        .requestTimeout, "request.timeout", "The body of the request took too long to arrive.")
    fileprivate static let tooManyBodies = Problem(
        .unavailable, "busy", "There is too much to do at the moment. Try again.", retryAfterSeconds: 1)
}
