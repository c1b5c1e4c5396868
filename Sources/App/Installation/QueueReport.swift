import Logging
import Persistence
import ServiceLifecycle

/// Logs once a minute what waited for the database, when anything did.
struct QueueReport: Service {
    let database: any Database
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var last = database.statistics()
            while true {
                // A stop ends the wait.
                do { try await Task.sleep(for: .seconds(60)) } catch { return }
                let statistics = database.statistics()
                if let note = QueueNote(statistics, since: last) {
                    logger.log(level: note.level, "\(note.message)", metadata: note.metadata)
                }
                last = statistics
            }
        }
    }
}

/// What there is to say of the database's queue.
struct QueueNote: Hashable {
    /// Shorter waits are the ordinary handing over to a thread.
    static let shortestWaitSeconds = 0.01

    let waiting: Int
    /// Refused since the last note.
    let refusals: Int
    /// Since the start.
    let longestWaitMilliseconds: Int

    /// Nil when nobody waits, nobody was refused, and nobody waited longer than was said before.
    init?(_ statistics: DatabaseStatistics, since last: DatabaseStatistics) {
        waiting = statistics.waiting
        refusals = statistics.refusals - last.refusals
        longestWaitMilliseconds = Int(statistics.longestWaitSeconds * 1000)
        let isLonger =
            statistics.longestWaitSeconds > last.longestWaitSeconds
            && statistics.longestWaitSeconds >= Self.shortestWaitSeconds
        guard waiting > 0 || refusals > 0 || isLonger else { return nil }
    }

    var level: Logger.Level { refusals > 0 ? .warning : .info }

    var message: String {
        refusals > 0 ? "Transactions were refused: the database's queue was full." : "Transactions waited."
    }

    var metadata: Logger.Metadata {
        [
            "waiting": "\(waiting)", "refusals": "\(refusals)",
            "longest_wait_milliseconds": "\(longestWaitMilliseconds)",
        ]
    }
}
