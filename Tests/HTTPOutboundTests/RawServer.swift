import HTTPOutbound
import NIOCore
import NIOPosix
import TestSupport
import Testing

/// A server that answers each head of a request with the bytes it was told.
struct RawServer: Sendable {
    /// What it does with a request.
    enum Reply: Sendable {
        /// Sends this; nothing where it is empty.
        case text(String)
        /// Sends the beginning, and then this again and again, as fast as it is read.
        case endless(String, piece: String)
        /// Sends the beginning, and then a byte from time to time.
        case drip(String)
        /// Ends the connection.
        case end
    }

    let port: Int
    let seen: Observations<String>
    let connections: Observations<Void>

    var client: OutboundClient { OutboundClient(base: "http://127.0.0.1:\(port)") }

    /// Answers with the same bytes always; without any, it ends the connection.
    @discardableResult
    static func run<Value>(
        answering answer: String?, _ body: (RawServer) async throws -> Value
    ) async throws -> Value {
        try await run(replying: { _ in answer.map { .text($0) } ?? .end }, body)
    }

    @discardableResult
    static func run<Value>(
        host: String = "127.0.0.1", replying reply: @escaping @Sendable (String) -> Reply,
        _ body: (RawServer) async throws -> Value
    ) async throws -> Value {
        let (seen, connections) = (Observations<String>(), Observations<Void>())
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                connections.add(())
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answerer(reply: reply, seen: seen))
                }
            }
            .bind(host: host, port: 0).get()
        let port = try #require(channel.localAddress?.port)
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(RawServer(port: port, seen: seen, connections: connections)))
        } catch {
            result = .failure(error)
        }
        try await channel.close()
        return try result.get()
    }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let reply: @Sendable (String) -> Reply
        private let seen: Observations<String>
        private var pieces: RepeatedTask?

        init(reply: @escaping @Sendable (String) -> Reply, seen: Observations<String>) {
            self.reply = reply
            self.seen = seen
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            seen.add(text)
            let answer = reply(text)
            if case .end = answer { return context.close(promise: nil) }
            // The head and a small body may come apart: one answer for each head.
            guard text.contains(" HTTP/1.1\r\n") else { return }
            switch answer {
            case .text(let text):
                if !text.isEmpty { send(text, context) }
            case .endless(let text, let piece):
                send(text, context)
                repeatedly(piece, every: .milliseconds(1), context)
            case .drip(let text):
                send(text, context)
                repeatedly("x", every: .milliseconds(20), context)
            case .end: break
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            pieces?.cancel()
            context.fireChannelInactive()
        }

        private func send(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }

        /// Until the other side has gone; what it does not read is not sent.
        private func repeatedly(_ piece: String, every delay: TimeAmount, _ context: ChannelHandlerContext) {
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            pieces = context.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: delay) { _ in
                let (answerer, context) = bound.value
                if context.channel.isWritable { answerer.send(piece, context) }
            }
        }
    }
}
