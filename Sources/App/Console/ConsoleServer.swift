import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Lets the command line work through the running server: a Unix domain socket that only this user may use.
struct ConsoleServer: Service {
    /// The longest request, in bytes.
    private static let longestLine = 4 << 20

    private let path: String
    private let desk: ConsoleDesk
    private let logger: Logger

    init(path: String, desk: ConsoleDesk, logger: Logger) {
        self.path = path
        self.desk = desk
        self.logger = logger
    }

    func run() async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(try Self.boundSocket(path)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        defer { unlink(path) }
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await server.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections {
                        group.addTask { await serve(connection) }
                    }
                }
            }
        } onCancelOrGracefulShutdown: {
            server.channel.close(promise: nil)
        }
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                var line: [UInt8] = []
                for try await buffer in inbound {
                    let bytes = buffer.readableBytesView
                    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
                        line += bytes
                        guard line.count <= Self.longestLine else { return }
                        continue
                    }
                    line += bytes[..<end]
                    let answer = await ConsoleLine.answer(to: line, at: desk)
                    try await outbound.write(ByteBuffer(bytes: answer))
                    return
                }
            }
        } catch {
            logger.info("A console connection broke.", metadata: ["error": "\(error)"])
        }
    }

    /// A listening socket that nobody else can open at any moment: its mode is set before it has a name.
    /// What lies at the path is the remains of a process that was killed: we hold the database's lock.
    private static func boundSocket(_ path: String) throws -> CInt {
        #if canImport(Glibc)
            let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        #else
            let type = SOCK_STREAM
        #endif
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0, let address = StreamConnection.address(of: path) else {
            throw Refusal("The console's socket \(path) cannot be made.")
        }
        unlink(path)
        fchmod(descriptor, 0o600)
        let status = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0, listen(descriptor, 16) == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw Refusal("The console's socket \(path) cannot be made: \(reason).")
        }
        return descriptor
    }
}
