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
    /// How long to let jobs gather after a claim that found less than it asked for.
    public var gatherSeconds = 0.02
    /// The most jobs that a runner holds in a queue.
    public var largestClaim = 500

    public init() {}
}

/// Works on jobs until the service group shuts down, then drains: takes no more, gives back what was not started,
/// lets handlers finish for up to 30 seconds, then cancels them and makes their jobs runnable at once.
///
/// Cancelling its task instead leaves everything as a crash would: the leases run out and others take over.
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
    ///   - queues: settings of queues; the queues of handlers that are not named here have the default settings.
    public init(
        database: any Database, handlers: [JobHandler], queues: [QueueSettings] = [], cron: [CronEntry] = [],
        settings: JobRunnerSettings = JobRunnerSettings(), clock: any Clock = SystemClock(), logger: Logger
    ) {
        self.database = database
        let handlers = handlers + [Pruning.handler(database: database, settings: settings)]
        self.handlers = Dictionary(handlers.map { ($0.kind.name, $0) }, uniquingKeysWith: { first, _ in first })
        let named = Set(queues.map(\.name))
        let others = Set(handlers.map(\.kind.queue)).subtracting(named).sorted { $0.description < $1.description }
        self.queues = queues + others.map { QueueSettings($0) }
        self.cron = cron + [Pruning.entry]
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    public func run() async throws {
        let desk = RunnerDesk(self)
        await withGracefulShutdownHandler {
            await desk.run()
        } onGracefulShutdown: {
            desk.drain()
        }
    }
}

/// Removes jobs that ended long ago, and with them their keys.
enum Pruning {
    static let kind = JobKind("jobs.prune", queue: .maintenance, maxAttempts: 3, timeoutSeconds: 50)
    static let entry = CronEntry("jobs.prune", .every(seconds: 60)) { _ in NewJob(kind) }
    /// Small, so that no order waits for long.
    static let batchSize = 500

    static func handler(database: any Database, settings: JobRunnerSettings) -> JobHandler {
        .inBatches(kind, of: batchSize, in: database, "jobs.prune") { limit, tx in
            let moment = tx.now.adding(seconds: -settings.keepFinishedSeconds)
            return try JobTable.prune(endedBefore: moment, limit: limit, in: tx)
        }
    }
}
