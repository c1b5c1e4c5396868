import Logging
import NIOCore
import NIOPosix
import Primitives
import ServiceLifecycle

/// Listens for SMTP and puts what comes into the mailbox.
struct SMTPServer: Service {
    let host: String
    let port: Int
    let rules: SMTPDialogue.Rules
    let box: Mailbox
    let onListening: @Sendable (Int) async -> Void

    func run() async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ByteToMessageHandler(SMTPLineDecoder(), maximumBufferSize: SMTPDialogue.mostLineBytes * 16))
                    return try NIOAsyncChannel<[UInt8], ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        await onListening(server.channel.localAddress?.port ?? 0)
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await withThrowingDiscardingTaskGroup { group in
                try await server.executeThenClose { connections in
                    for try await connection in connections {
                        group.addTask {
                            // ignored: a client that breaks off harms nobody but itself
                            try? await converse(connection)
                        }
                    }
                }
                group.cancelAll()
            }
        } onCancelOrGracefulShutdown: {
            server.channel.close(promise: nil)
        }
    }

    private func converse(_ connection: NIOAsyncChannel<[UInt8], ByteBuffer>) async throws {
        try await connection.executeThenClose { lines, out in
            var dialogue = SMTPDialogue(rules)
            if let answer = await box.takeFault(.connection) {
                guard answer != "drop" else { return }
                return try await out.write(Self.line(answer))
            }
            try await out.write(Self.line(dialogue.greeting))
            for try await line in lines {
                var isDropped = false
                let armed = await box.armedFaults()
                var struck: MailFault.Stage?
                let step = dialogue.receive(line) { stage in
                    guard let answer = armed[stage] else { return nil }
                    struck = stage
                    isDropped = answer == "drop"
                    return answer
                }
                if let struck { _ = await box.takeFault(struck) }
                if isDropped { return }
                switch step {
                case nil: continue
                case .answer(let text)?: try await out.write(Self.line(text))
                case .take(let envelope, let text)?:
                    await box.put(envelope)
                    try await out.write(Self.line(text))
                case .close(let text)?: return try await out.write(Self.line(text))
                }
            }
        }
    }

    private static func line(_ text: String) -> ByteBuffer { ByteBuffer(string: text + "\r\n") }
}

/// Splits at line ends. A line that is too long ends the connection: the buffer in front of it is bounded.
private struct SMTPLineDecoder: ByteToMessageDecoder {
    typealias InboundOut = [UInt8]

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let end = buffer.readableBytesView.firstIndex(of: 10) else { return .needMoreData }
        guard var line = buffer.readBytes(length: end - buffer.readerIndex) else { return .needMoreData }
        buffer.moveReaderIndex(forwardBy: 1)
        if line.last == 13 { line.removeLast() }
        context.fireChannelRead(wrapInboundOut(line))
        return .continue
    }

    mutating func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        try decode(context: context, buffer: &buffer)
    }
}
