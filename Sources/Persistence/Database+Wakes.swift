public import Primitives

extension Database {
    /// Yields at once, after each commit that woke `topic`, and at least every so many seconds in case a wake-up was
    /// missed. What comes while the consumer is busy becomes one.
    public func wakes(for topic: Topic, orEverySeconds seconds: Double, clock: any Clock) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let wakes = self.wakes(for: topic)
        let pump = Task {
            for await _ in wakes { continuation.yield() }
        }
        let ticker = Task {
            while !Task.isCancelled {
                // Read before the consumer looks: time that passes meanwhile brings the next look forward.
                let next = clock.now().adding(seconds: seconds)
                continuation.yield()
                try await clock.sleep(until: next)
            }
        }
        continuation.onTermination = { _ in
            pump.cancel()
            ticker.cancel()
        }
        return stream
    }
}
