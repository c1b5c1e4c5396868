import Persistence
public import Primitives

/// A job that is enqueued by the clock: once a tick, however many processes run.
public struct CronEntry: Sendable {
    /// Unique in the installation and stored: a renamed entry is a new one.
    public let name: String
    public let schedule: CronSchedule
    /// Makes the job of a tick; its key is set to the entry and the tick.
    let job: @Sendable (Instant) -> NewJob

    /// - Parameter job: gets the tick's moment.
    public init(_ name: String, _ schedule: CronSchedule, job: @escaping @Sendable (Instant) -> NewJob) {
        self.name = name
        self.schedule = schedule
        self.job = job
    }
}

/// When a cron entry ticks. After an interruption only the newest tick that was missed is made up for.
public enum CronSchedule: Hashable, Sendable {
    /// Every so many seconds, counted from 1970-01-01T00:00:00Z.
    case every(seconds: Int)
    /// Once a day, in UTC.
    case daily(hour: Int, minute: Int)

    /// The newest tick at or before a moment.
    public func tick(atOrBefore moment: Instant) -> Instant {
        let (period, offset) = periodAndOffset
        let since = moment.microseconds - offset
        let (quotient, remainder) = since.quotientAndRemainder(dividingBy: period)
        return Instant(microseconds: (quotient - (remainder < 0 ? 1 : 0)) * period + offset)
    }

    /// Microseconds.
    private var periodAndOffset: (period: Int64, offset: Int64) {
        switch self {
        case .every(let seconds): (Int64(max(1, seconds)) * 1_000_000, 0)
        case .daily(let hour, let minute): (86_400_000_000, Int64(hour * 3600 + minute * 60) * 1_000_000)
        }
    }
}

extension CronEntry {
    /// Enqueues the job of a tick, unless this or another process did.
    ///
    /// The row of the entry moves on to the tick, once; it is locked until the commit. An entry that has no row yet
    /// begins with the tick that follows.
    /// - Returns: whether it did.
    func fire(_ tick: Instant, in transaction: borrowing Transaction) throws -> Bool {
        let isNew = try transaction.changes(
            "INSERT INTO cron_ticks (name, tick) VALUES (\(name), \(tick)) ON CONFLICT (name) DO NOTHING")
        guard isNew == 0 else { return false }
        let moved = try transaction.changes(
            "UPDATE cron_ticks SET tick = \(tick) WHERE name = \(name) AND tick < \(tick)")
        guard moved == 1 else { return false }
        var job = job(tick)
        job.key = "cron:\(name):\(tick)"
        try Jobs.enqueue([job], in: transaction)
        return true
    }
}

/// Which entries may have a tick to fire; the table decides.
struct CronPlan {
    private let entries: [CronEntry]
    /// By entry, the newest tick that was tried.
    private var tried: [String: Instant] = [:]

    init(_ entries: [CronEntry]) {
        self.entries = entries
    }

    func due(at now: Instant) -> [(entry: CronEntry, tick: Instant)] {
        entries.compactMap { entry in
            let tick = entry.schedule.tick(atOrBefore: now)
            return tried[entry.name].map { $0 >= tick } ?? false ? nil : (entry, tick)
        }
    }

    mutating func done(_ entry: CronEntry, _ tick: Instant) {
        tried[entry.name] = tick
    }
}
