import Logging
public import ServiceLifecycle

/// Tells where a simulator listens, once it does.
actor Listening {
    private var outcome: Result<Int, any Error>?
    private var waiters: [CheckedContinuation<Int, any Error>] = []

    func announce(_ port: Int) { settle(.success(port)) }

    func fail(_ error: any Error) { settle(.failure(error)) }

    private func settle(_ result: Result<Int, any Error>) {
        guard outcome == nil else { return }
        outcome = result
        for waiter in waiters { waiter.resume(with: result) }
        waiters = []
    }

    /// Waits until connections are accepted, or cannot be.
    func port() async throws -> Int {
        if let outcome { return try outcome.get() }
        return try await withCheckedThrowingContinuation { waiters.append($0) }
    }
}

/// A simulator that was started outside a service group: in a test, or beside a demo.
public final class RunningSimulator: Sendable {
    /// The port that it got.
    public let port: Int
    private let group: ServiceGroup
    private let task: Task<Void, Never>

    init(_ service: any Service, listening: Listening, logger: Logger) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: logger))
        self.group = group
        task = Task {
            do {
                try await group.run()
                await listening.fail(CancellationError())
            } catch {
                await listening.fail(error)
            }
        }
        port = try await listening.port()
    }

    /// Stops it and waits until it has ended.
    public func stop() async {
        await group.triggerGracefulShutdown()
        await task.value
    }
}

/// A simulator of an outside system: a server that speaks its protocol.
public protocol Simulator: Service {
    /// Starts it on a task of its own and returns when connections are accepted.
    func start() async throws -> RunningSimulator
}
