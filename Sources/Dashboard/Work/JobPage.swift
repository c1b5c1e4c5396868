import DesignSystem
import Jobs
import Markup
import Primitives

/// The work that is owed for a store, and what was given up of it.
struct JobPage: Sendable {
    let statistics: JobStatistics
    let letters: [DeadLetter]
    let isBeginning: Bool
    let next: DeadLetter.Cursor?

    var html: HTML {
        group {
            div(.class("page-head")) { h1 { "Jobs" } }
            div(.class("stats")) {
                stat("Due now", statistics.queues.reduce(0) { $0 + $1.runnable })
                stat("Running", statistics.queues.reduce(0) { $0 + $1.running })
                stat("Later", statistics.queues.reduce(0) { $0 + $1.scheduled })
                stat("Given up", statistics.dead)
            }
            if !statistics.queues.isEmpty {
                section(.class("card flush")) {
                    UI.table(
                        "Queues", statistics.queues,
                        [
                            .init("Queue") { $0.queue.description },
                            .init("Due now", isNumber: true) { $0.runnable },
                            .init("Running", isNumber: true) { $0.running },
                            .init("Later", isNumber: true) { $0.scheduled },
                            .init("Waiting since") { queue in
                                queue.oldestRunnableSince.map { UI.time($0) } ?? .text("–")
                            },
                        ])
                }
            }
            h2 { "Given up" }
            section(.class("card flush"), .aria("label", "Given up")) {
                if letters.isEmpty {
                    UI.empty("Nothing was given up", "A job that fails too often waits here for a person.")
                } else {
                    table
                    if next != nil || !isBeginning {
                        div(.class("table-foot")) {
                            UI.pagination(
                                first: isBeginning ? nil : "/dashboard/jobs",
                                next: next.map { "/dashboard/jobs?after=\($0.text)" }, more: "Older")
                        }
                    }
                }
            }
        }
    }

    private func stat(_ title: String, _ number: Int) -> HTML {
        div(.class("card stat")) {
            span(.class("muted")) { title }
            strong { number }
        }
    }

    private var table: HTML {
        UI.table(
            "Jobs that were given up", letters,
            [
                .init("Job") { letter in
                    strong { letter.kind }
                    div(.class("hint")) { letter.id.description }
                },
                .init("Given up") { letter in UI.time(letter.diedAt) },
                .init("Failures", isNumber: true) { letter in letter.failures },
                .init("Why") { letter in letter.lastError ?? "Unknown" },
                .init("What to do") { letter in
                    form(.method(.post), .action("/dashboard/jobs/\(letter.id)"), .class("row nowrap")) {
                        Markup.button(
                            .type("submit"), .class("button small"), .name("action"), .value("retry"),
                            .aria("label", "Retry \(letter.kind) \(letter.id)")
                        ) { "Retry" }
                        Markup.button(
                            .type("submit"), .class("button small danger"), .name("action"), .value("discard"),
                            .aria("label", "Discard \(letter.kind) \(letter.id)")
                        ) { "Discard" }
                    }
                },
            ])
    }
}
