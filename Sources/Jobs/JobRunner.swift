public import Logging
public import Persistence
public import Primitives
public import ServiceLifecycle

/// How a queue is worked on by each process.
public struct QueueSettings: Hashable, Sendable {
    public let name: QueueName
    /// Handlers that run at once in a process. Jobs of a transactional kind that share a transaction count as one.
    public let concurrency: Int
    /// Jobs started a second in a process; nil for no limit.
    public let ratePerSecond: Double?

    public init(_ name: QueueName, concurrency: Int = 8, ratePerSecond: Double? = nil) {
        self.name = name
        self.concurrency = max(1, concurrency)
        self.ratePerSecond = ratePerSecond
    }
}

/// The times that a runner keeps to.
public struct JobRunnerSettings: Hashable, Sendable {
    /// A job that is not heard of for so long is given to another runner.
    public var leaseSeconds = 60.0
    /// How often to look for jobs when no wake-up came.
    public var pollSeconds = 1.0
    /// How long running jobs may go on after a graceful shutdown began.
    public var drainSeconds = 30.0
    /// How long finished jobs, and so their keys, are kept.
    public var keepFinishedSeconds = 86_400.0
    /// The most jobs that a runner holds in a queue.
    public var largestClaim = 500

    public init() {}
}

/// Works on jobs until the service group shuts down, then drains.
public struct JobRunner: Service {
    let database: any Database
    let handlers: [String: JobHandler]
    let queues: [QueueSettings]
    let cron: [CronEntry]
    let settings: JobRunnerSettings
    let clock: any Clock
    let logger: Logger

    /// - Parameters:
    ///   - handlers: one for each kind; jobs of other kinds are left alone and reported.
    ///   - queues: settings of queues; those not named here have the default settings.
    public init(
        database: any Database, handlers: [JobHandler], queues: [QueueSettings] = [], cron: [CronEntry] = [],
        settings: JobRunnerSettings = JobRunnerSettings(), clock: any Clock = SystemClock(), logger: Logger
    ) {
        self.database = database
        self.handlers = Dictionary(handlers.map { ($0.kind.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.queues = queues
        self.cron = cron
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    public func run() async throws {
        try await gracefulShutdown()
    }
}
