import App
import ArgumentParser
import Foundation

/// The command line of Shipshape.
@main
struct Shipshape: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shipshape",
        abstract: "An order-to-fulfilment commerce backend in one program.",
        discussion: """
            Settings come from SHIPSHAPE_* variables; `shipshape settings` lists them. Without any, the data is in \
            the file .shipshape/shipshape.sqlite.

            Exit codes: 0 done, 1 failed, 64 wrong usage; `preflight` has its own.
            """,
        version: "shipshape \(Installation.version)",
        subcommands: [
            Serve.self, Work.self, Migrate.self, StoresVerb.self, KeysVerb.self, SignInVerb.self, JobsVerb.self,
            LedgerVerb.self, SettingsVerb.self, PreflightVerb.self, DoctorVerb.self, SmokeVerb.self, DemoVerb.self,
            SimulatorsVerb.self, ImportVerb.self, ExportVerb.self,
        ])

    /// Usage errors are the parser's to explain; of everything else one sentence is said on stderr.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var verb = command as? any AsyncParsableCommand {
                try await verb.run()
            } else {
                try command.run()
            }
        } catch {
            let isOurs = exitCode(for: error) == .failure && !(error is ExitCode)
            guard isOurs else { exit(withError: error) }
            Terminal.complain(Refusal.sentence(for: error))
            exit(withError: ExitCode(1))
        }
    }
}
