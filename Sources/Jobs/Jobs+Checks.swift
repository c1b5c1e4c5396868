import Persistence
import Primitives
public import Readiness

extension Jobs {
    /// How long a due job may wait before nothing seems to work on it, in seconds.
    private static let longestWaitSeconds = 60.0

    /// What is owed is done soon, and nothing was given up.
    public static let checks: [CheckPart] = [
        CheckPart("JOB-02") { context in
            let statistics = try await context.database.read("readiness.jobs") { tx in try Jobs.statistics(in: tx) }
            let now = context.clock.now()
            let waiting = statistics.oldestRunnableSince.map { max(0, now.seconds(since: $0)) } ?? 0
            let runnable = statistics.queues.reduce(0) { $0 + $1.runnable }
            let sentence: String? =
                if statistics.dead > 0 {
                    "\(count(statistics.dead)) given up: retry or discard the dead letters (`shipshape jobs list`)."
                } else if waiting >= longestWaitSeconds {
                    "A job has been waiting for \(Int(waiting)) s: nothing works on its queue, or too little."
                } else {
                    nil
                }
            return Finding(
                sentence == nil ? .pass : .fail, sentence ?? "No job waits long and none was given up.",
                measured: [
                    Measure("oldest_runnable_seconds", Int(waiting)), Measure("runnable", runnable),
                    Measure("dead_letters", statistics.dead),
                ],
                threshold: [
                    Measure("oldest_runnable_seconds", "below \(Int(longestWaitSeconds))"), Measure("dead_letters", 0),
                ])
        }
    ]

    private static func count(_ jobs: Int) -> String {
        jobs == 1 ? "A job was" : "\(jobs) jobs were"
    }
}
