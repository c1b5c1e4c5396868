import Logging
import Persistence
import Testing

@testable import App

@Suite struct QueueNoteTests {
    private static func statistics(
        waiting: Int = 0, refusals: Int = 0, longest: Double = 0
    ) -> DatabaseStatistics {
        var statistics = DatabaseStatistics()
        statistics.waiting = waiting
        statistics.refusals = refusals
        statistics.longestWaitSeconds = longest
        return statistics
    }

    @Test func `what waited is said once, and refusals are a warning`() throws {
        let quiet = Self.statistics(longest: 0.009)
        #expect(QueueNote(quiet, since: Self.statistics()) == nil)
        let waited = Self.statistics(longest: 0.25)
        let note = try #require(QueueNote(waited, since: quiet))
        #expect(note.level == .info)
        #expect(note.metadata == ["waiting": "0", "refusals": "0", "longest_wait_milliseconds": "250"])
        #expect(QueueNote(waited, since: waited) == nil)
        let full = Self.statistics(waiting: 1024, refusals: 3, longest: 0.25)
        let warning = try #require(QueueNote(full, since: waited))
        #expect(warning.level == .warning)
        #expect(warning.metadata["refusals"] == "3")
        #expect(try #require(QueueNote(full, since: full)).refusals == 0)
    }
}
