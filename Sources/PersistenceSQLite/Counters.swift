import Persistence
import Synchronization

/// What the connections count; each counter stands for itself.
final class Counters: Sendable {
    let commits = Atomic(0)
    let retries = Atomic(0)
    let flushes = Atomic(0)

    func count(into statistics: inout DatabaseStatistics) {
        statistics.commits += commits.load(ordering: .relaxed)
        statistics.retries += retries.load(ordering: .relaxed)
        statistics.flushes += flushes.load(ordering: .relaxed)
    }
}

extension SQLiteSettings {
    func reportIfSlow(_ name: StaticString, since start: UInt64) {
        guard let onSlowTransaction else { return }
        let seconds = Double(monotonicNanoseconds() - start) / 1e9
        if seconds >= slowTransactionSeconds { onSlowTransaction(name.description, seconds) }
    }
}
