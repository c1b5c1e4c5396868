import Persistence
import Primitives
public import Readiness

extension EventLog {
    /// How long a committed event may wait for its position before no sequencer seems to work, in seconds.
    private static let longestWaitSeconds = 60.0

    /// The sequencer keeps up: what follows the log stops with it.
    public static let checks: [CheckPart] = [
        CheckPart("JOB-02") { context in
            let unplaced = try await context.database.read("readiness.events") { tx in try EventLog.unplaced(in: tx) }
            let waiting = unplaced.oldestAt.map { max(0, context.clock.now().seconds(since: $0)) } ?? 0
            let isLate = waiting >= longestWaitSeconds
            return Finding(
                isLate ? .fail : .pass,
                isLate
                    ? "An event has been waiting for its position for \(Int(waiting)) s: the sequencer stands still."
                    : "The sequencer keeps up.",
                measured: [
                    Measure("unplaced_events", unplaced.count), Measure("oldest_unplaced_seconds", Int(waiting)),
                ], threshold: [Measure("oldest_unplaced_seconds", "below \(Int(longestWaitSeconds))")])
        }
    ]
}
