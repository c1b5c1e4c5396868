import Hummingbird
import HummingbirdCore
import NIOCore
import ServiceLifecycle
import Synchronization

extension EventStream {
    private static let comment = ByteBuffer(string: ":\n\n")
    /// Streams of a process, so that they cannot take every connection; who comes later is asked to come again.
    private static let mostOpen = 1024
    /// Safe: a count that is only added to and taken from.
    private static let open = Atomic(0)
    private static let later = ByteBuffer(string: "retry: 30000\n\n")
    /// Seconds after which a stream ends: browsers come again by themselves, and are asked anew who they are.
    private static let lifetimeSeconds = 900.0

    private enum Chunk {
        case message(ByteBuffer)
        case heartbeat
    }

    /// The stream as the body of a response. It ends with the messages, when the browser leaves, and when the server
    /// stops. A message is taken when the one before has been written: a slow browser leaves them where they wait.
    func body(of request: Request) -> ResponseBody {
        ResponseBody { [self] writer in
            let isTooMany = Self.open.add(1, ordering: .relaxed).newValue > Self.mostOpen
            defer { Self.open.subtract(1, ordering: .relaxed) }
            if isTooMany {
                try await writer.write(Self.later)
                return try await writer.finish(nil)
            }
            // The writer cannot go into another task, so the other tasks come to the writer.
            let (chunks, arrivals) = AsyncStream.makeStream(of: Chunk.self)
            let (written, acknowledgements) = AsyncStream.makeStream(of: Void.self)
            let messages = Task {
                // ignored: a browser that left is no failure, and nobody is there to be told
                try? await request.body.consumeWithCancellationOnInboundClose { _ in
                    await Self.pass(self.messages, to: arrivals, each: written)
                }
                arrivals.finish()
            }
            let end = ContinuousClock.now + .seconds(Self.lifetimeSeconds * .random(in: 1...1.2))
            let heartbeat = Task {
                while !Task.isCancelled, ContinuousClock.now < end {
                    try await Task.sleep(for: .seconds(heartbeatSeconds))
                    arrivals.yield(.heartbeat)
                }
                arrivals.finish()
            }
            defer {
                messages.cancel()
                heartbeat.cancel()
                acknowledgements.finish()
            }
            // At once, so that the browser knows that it is connected.
            try await writer.write(Self.comment)
            for await chunk in chunks {
                switch chunk {
                case .heartbeat: try await writer.write(Self.comment)
                case .message(let bytes):
                    try await writer.write(bytes)
                    acknowledgements.yield()
                }
            }
            try await writer.finish(nil)
        }
    }

    /// Passes messages on, each once the one before was written.
    private static func pass(
        _ messages: some AsyncSequence<Message, Never> & Sendable, to arrivals: AsyncStream<Chunk>.Continuation,
        each written: AsyncStream<Void>
    ) async {
        var acknowledged = written.makeAsyncIterator()
        for await message in messages.cancelOnGracefulShutdown() {
            arrivals.yield(.message(ByteBuffer(bytes: message.bytes)))
            guard await acknowledged.next() != nil else { return }
        }
    }
}
