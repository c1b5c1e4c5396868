import App
import ArgumentParser
import Primitives

struct JobsVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Jobs that were given up: dead letters.",
        discussion: """
            A job that failed as often as its kind allows, or that cannot succeed, becomes a dead letter and waits for \
            a person: `retry` gives it all its attempts again, `discard` gives it up for good.
            """,
        subcommands: [List.self, Retry.self, Discard.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the dead letters, the newest first.")

        @Option(help: "How many at most, up to 500.")
        var limit = 50

        @Option(help: ArgumentHelp("Go on where a page ended: its `next`.", valueName: "next"))
        var after: String?

        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let answer = try await Console.perform(.listDeadLetters, ["limit": JSON(limit), "after": JSON(after)])
            guard !json else { return Terminal.say(answer) }
            let letters = answer["dead_letters"]?.array ?? []
            for letter in letters {
                Terminal.say(
                    [
                        letter["id"]?.string, letter["died_at"]?.string, letter["kind"]?.string,
                        letter["last_error"]?.string,
                    ].map { $0 ?? "" }.joined(separator: "  "))
            }
            if letters.isEmpty { Terminal.complain("There are no dead letters.") }
            if let next = answer["next"]?.string { Terminal.complain("There are more: --after \(next)") }
        }
    }

    /// Which dead letters a verb is about.
    struct Selection: ParsableArguments {
        @Argument(help: "The ids of dead letters (job_…), as `jobs list` shows them.")
        var ids: [String] = []

        @Flag(help: "All dead letters there are.")
        var all = false

        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            guard ids.isEmpty == all else { throw ValidationError("Name dead letters, or give --all.") }
        }

        func perform(_ verb: ConsoleVerb, _ done: String) async throws {
            let answer = try await Console.perform(
                verb, ["ids": .array(ids.map { JSON($0) }), "all": .bool(all)])
            guard !json else { return Terminal.say(answer) }
            let count = answer["jobs"]?.array?.count ?? 0
            Terminal.say(count == 1 ? "1 job is \(done)." : "\(count) jobs are \(done).")
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Have dead letters done after all, at once.")

        @OptionGroup var selection: Selection

        func run() async throws {
            try await selection.perform(.retryDeadLetters, "to be tried again")
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give dead letters up for good.")

        @OptionGroup var selection: Selection

        func run() async throws {
            try await selection.perform(.discardDeadLetters, "discarded")
        }
    }
}
