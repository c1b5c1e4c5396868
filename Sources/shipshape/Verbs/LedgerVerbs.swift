import App
import ArgumentParser
import Foundation
import Primitives

struct LedgerVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Look after the ledger.", subcommands: [LedgerVerifyVerb.self])
}

struct LedgerVerifyVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare the ledger with itself and with every order.",
        discussion: """
            Every account has to sum to zero with the others, every order has to have earned its total, and every \
            payment status has to be what the postings say. Contradictions are listed, and the exit code is 1.
            """)

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let settings = try await Settings.loadSound()
        let installation = try Installation.open(settings, for: .read, logs: Logs(settings, quiet: true))
        try await installation.closing { installation in
            let found = try await installation.ledgerContradictions()
            if json {
                let object: JSON = [
                    "balanced": .bool(found.isEmpty), "contradictions": .array(found.map { .string($0) }),
                ]
                Terminal.say(object.description)
            } else if found.isEmpty {
                Terminal.say("The ledger is balanced.")
            } else {
                for sentence in found { Terminal.say(sentence) }
            }
            guard found.isEmpty else { throw ExitCode(1) }
        }
    }
}
