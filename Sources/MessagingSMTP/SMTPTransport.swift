public import Messaging
import NIOCore
import NIOPosix
import NIOSSL
import Primitives

/// Hands mails to a mail server: one connection for each, encrypted as the server's address says and never less.
public struct SMTPTransport: MailTransport {
    private let server: MailServerAddress
    private let replySeconds: Int64
    private let trustRoots: NIOSSLTrustRoots

    /// - Parameters:
    ///   - trustedCertificates: a file of certificates in PEM to trust instead of the system's; nil for those.
    ///   - replySeconds: how long to wait for the connection and for each reply.
    public init(server: MailServerAddress, trustedCertificates: String? = nil, replySeconds: Int = 20) {
        self.server = server
        self.replySeconds = Int64(replySeconds)
        trustRoots = trustedCertificates.map { .file($0) } ?? .default
    }

    public func send(_ mail: Mail) async throws(MailRefusal) {
        let document = MIMEDocument(mail)
        let outcome: MailRefusal?
        do {
            outcome = try await converse(mail, document)
        } catch {
            throw .temporary("The mail server \(server.host) cannot be used: \(Self.sentence(for: error))")
        }
        if let outcome { throw outcome }
    }

    /// - Returns: why the mail was refused; nil when it was taken.
    private func converse(_ mail: Mail, _ document: MIMEDocument) async throws -> MailRefusal? {
        let tls = server.encryption == .none ? nil : try tlsContext()
        let server = server
        let replySeconds = replySeconds
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(replySeconds))
            .connect(host: server.host, port: server.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls, server.encryption == .implicit {
                        try channel.pipeline.syncOperations.addHandler(Self.tlsHandler(tls, host: server.host))
                    }
                    try channel.pipeline.syncOperations.addHandler(ReplyLineReader())
                    return try NIOAsyncChannel<ReplyLine, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { lines, out in
            var conversation = SMTPConversation(server: server, mail: mail, document: document)
            var parser = SMTPReplyParser()
            var isEncrypted = server.encryption == .implicit
            var iterator = lines.makeAsyncIterator()
            while true {
                // Closing ends the wait for a reply that never comes.
                let alarm = connection.channel.eventLoop.scheduleTask(in: .seconds(replySeconds)) {
                    connection.channel.close(promise: nil)
                }
                defer { alarm.cancel() }
                guard let line = try await iterator.next() else { throw SMTPSilence(seconds: replySeconds) }
                // What arrived before the encryption, and was not asked for, may come from anybody.
                guard line.isEncrypted == isEncrypted else { throw SMTPGarbage() }
                guard let reply = try parser.receive(line.bytes) else { continue }
                var step = conversation.receive(reply)
                if step == .encrypt, let tls {
                    try await Self.encrypt(connection.channel, tls, host: server.host)
                    isEncrypted = true
                    step = conversation.encrypted()
                }
                switch step {
                case .say(let text): try await out.write(ByteBuffer(string: text + "\r\n"))
                case .sendContent:
                    try await out.write(ByteBuffer(bytes: SMTPConversation.stuffed(document.bytes)))
                case .finish:
                    // ignored: the mail is taken, whether or not the server hears the goodbye
                    try? await out.write(ByteBuffer(string: "QUIT\r\n"))
                    return nil
                case .fail(let refusal):
                    // ignored: the refusal stands, whether or not the server hears the goodbye
                    try? await out.write(ByteBuffer(string: "QUIT\r\n"))
                    return refusal
                case .encrypt: throw SMTPGarbage()
                }
            }
        }
    }

    private static func encrypt(_ channel: any Channel, _ tls: NIOSSLContext, host: String) async throws {
        try await channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.handler(type: ReplyLineReader.self).beginEncryption()
            try pipeline.addHandler(tlsHandler(tls, host: host), position: .first)
        }.get()
    }

    private func tlsContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.trustRoots = trustRoots
        return try NIOSSLContext(configuration: configuration)
    }

    private static func tlsHandler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        // A server's name cannot be an address of digits; the certificate is then compared with the address itself.
        let isName = (try? SocketAddress(ipAddress: host, port: 0)) == nil  // ignored: then it is a name
        return try NIOSSLClientHandler(context: context, serverHostname: isName ? host : nil)
    }

    private static func sentence(for error: any Error) -> String {
        switch error {
        case is SMTPGarbage: "what it says is not SMTP."
        case let silence as SMTPSilence: "it closed the connection or said nothing for \(silence.seconds) s."
        default: "\(error)"
        }
    }
}

/// The server closed the connection, or we did because nothing came.
struct SMTPSilence: Error {
    let seconds: Int64
}

/// One line from the server, and whether it came encrypted.
struct ReplyLine: Hashable, Sendable {
    let bytes: [UInt8]
    let isEncrypted: Bool
}

/// Splits what the server sends at line ends. Used on its event loop only.
final class ReplyLineReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ReplyLine

    private static let mostBytes = 8192

    private var rest = ByteBuffer()
    private var isEncrypted = false

    func handlerAdded(context: ChannelHandlerContext) {
        // ignored: without such a handler the connection begins in the clear
        isEncrypted = (try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)) != nil
    }

    /// - Throws: `SMTPGarbage` when something came in the clear that was not read yet: it must not be taken for
    ///   something that came encrypted.
    func beginEncryption() throws(SMTPGarbage) {
        guard rest.readableBytes == 0 else { throw SMTPGarbage() }
        isEncrypted = true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        rest.writeBuffer(&bytes)
        while let end = rest.readableBytesView.firstIndex(of: 10),
            var line = rest.readBytes(length: end - rest.readerIndex)
        {
            rest.moveReaderIndex(forwardBy: 1)
            if line.last == 13 { line.removeLast() }
            context.fireChannelRead(wrapInboundOut(ReplyLine(bytes: line, isEncrypted: isEncrypted)))
        }
        rest.discardReadBytes()
        if rest.readableBytes > Self.mostBytes {
            context.fireErrorCaught(SMTPGarbage())
            context.close(promise: nil)
        }
    }
}
