import EventLog
import HTTPServer
import Jobs
import Logging
import Persistence
import Primitives
import Readiness
import ServiceLifecycle
import Synchronization

/// Finds out every few seconds whether the process can still do its work, so that the health pages answer at once and
/// know what no single read shows: whether writing works, and whether anybody does the jobs.
final class HealthProbe: Service, Sendable {
    /// A full disk or a lock that another program holds is noticed this late.
    private static let intervalSeconds = 10.0
    /// Jobs that could be done and wait longer have nobody who does them.
    private static let longestWaitSeconds = 60.0

    private let database: any Database
    private let clock: any Clock
    private let logger: Logger
    // Held to read or replace the value only.
    private let findings = Mutex<[Health.Part]?>(nil)

    init(database: any Database, clock: any Clock, logger: Logger) {
        self.database = database
        self.clock = clock
        self.logger = logger
    }

    /// What was found last; before the first finding, what can be asked at once.
    var health: Health {
        Health { [self] in
            if let found = findings.withLock({ $0 }) { return found }
            return await look()
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while true {
                let parts = await look()
                // What a stop cut short has found nothing.
                guard !Task.isCancelled else { return }
                tell(of: parts)
                do { try await Task.sleep(for: .seconds(Self.intervalSeconds)) } catch { return }
            }
        }
    }

    /// Keeps what was found, and logs what was well before.
    private func tell(of parts: [Health.Part]) {
        let before = findings.withLock { found in
            defer { found = parts }
            return found
        }
        for part in parts where before?.first(where: { $0.name == part.name })?.failure == nil {
            guard let failure = part.failure else { continue }
            logger.error("A part is not well.", metadata: ["part": "\(part.name)", "failure": "\(failure)"])
        }
    }

    private func look() async -> [Health.Part] {
        async let writing = failure { [database] in
            try await database.write("health.probe") { tx in try Readiness.probeWriting(in: tx) }
        }
        async let jobs = failure { [database, clock] in
            let statistics = try await database.read("health.jobs") { tx in try Jobs.statistics(in: tx) }
            guard let since = statistics.oldestRunnableSince else { return }
            let seconds = clock.now().seconds(since: since)
            guard seconds > Self.longestWaitSeconds else { return }
            throw Refusal("A job has been waiting for \(Int(seconds)) s.")
        }
        return [
            Health.Part("database", failure: await writing),
            Health.Part("jobs", failure: await jobs, isNeededToServe: false),
        ]
    }

    private func failure(of work: () async throws -> Void) async -> String? {
        do {
            try await work()
            return nil
        } catch {
            return Refusal.sentence(for: error)
        }
    }
}
