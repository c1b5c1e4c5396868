import Hummingbird
import HummingbirdCore
import NIOCore
import ServiceLifecycle

extension EventStream {
    /// Messages that wait for a slow browser at most; then its stream ends, and it comes again with `Last-Event-ID`.
    private static let mostWaiting = 256
    private static let comment = ByteBuffer(string: ":\n\n")

    /// The stream as the body of a response. It ends with the messages, when the browser leaves, and when the server
    /// stops.
    func body(of request: Request) -> ResponseBody {
        ResponseBody { [self] writer in
            let (chunks, continuation) = AsyncStream.makeStream(
                of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(Self.mostWaiting))
            // The writer cannot go into another task, so the other task comes to the writer.
            let messages = Task {
                // ignored: a browser that left is no failure, and nobody is there to be told
                try? await request.body.consumeWithCancellationOnInboundClose { _ in
                    for await message in self.messages.cancelOnGracefulShutdown() {
                        let result = continuation.yield(ByteBuffer(bytes: message.bytes))
                        guard case .enqueued = result else { return }
                    }
                }
                continuation.finish()
            }
            let heartbeat = Task {
                while !Task.isCancelled {
                    try await Task.sleep(for: .seconds(heartbeatSeconds))
                    continuation.yield(Self.comment)
                }
            }
            defer {
                messages.cancel()
                heartbeat.cancel()
            }
            // At once, so that the browser knows that it is connected.
            try await writer.write(Self.comment)
            for await chunk in chunks { try await writer.write(chunk) }
            try await writer.finish(nil)
        }
    }
}
