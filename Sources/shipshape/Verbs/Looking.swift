import App
import ArgumentParser
import Foundation
import Primitives

struct SettingsVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "List every setting: its meaning, default, value and where the value comes from.",
        discussion:
            "Secrets are shown as digests. Settings that are wrong are listed on stderr, and the exit code is 1.")

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let settings = try await SettingList.read()
        Terminal.say(json ? settings.json.description : settings.listing)
        for fault in settings.faults { Terminal.complain(fault.description) }
        if !settings.faults.isEmpty { throw ExitCode(1) }
    }
}

struct PreflightVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preflight",
        abstract: "Check whether this installation may be trusted with orders.",
        discussion: """
            Runs every check, keeps the evidence in the database, and prints each check with its evidence, a score \
            and a verdict. The running server is probed as well; without one its checks are unknown, which counts as \
            failed.

            With --drills it also does what can only be proved by doing, on scratch databases that it makes and throws \
            away, beside the file on SQLite and on the same server on PostgreSQL, never on your data: 200 buyers at \
            once for 10 units, a job runner that is stopped in the middle of its work, and every endpoint as everyone \
            who may not call it. It takes about a minute. Without it those checks earn half the credit.

            What this version cannot prove is not passed over: DAT-01 stays at half the credit, because no migration \
            is rehearsed on a copy of your data; SEC-10 fails where the system's SQLite is older than 3.51.3; and a \
            GO needs OPS-03, signed statements of the people who answer for the launch, which no program can give \
            and this version does not record, so that CONDITIONAL GO is the best there is.

            Exit codes: 0 GO, 1 NO-GO, 2 CONDITIONAL GO, 3 the checks themselves could not be run.
            """)

    @Option(help: "Where to probe the running server, such as http://127.0.0.1:8080.")
    var url: String?

    @Option(
        help: ArgumentHelp(
            "A file of waivers: a JSON array of objects with check, owner, reason, mitigation, due, approver.",
            valueName: "file"))
    var waivers: String?

    @Flag(help: "Run the drills as well, on scratch databases.")
    var drills = false

    @Flag(help: "Judge the evidence kept by the last run instead of running the checks.")
    var latest = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        if drills, latest { throw ValidationError("--latest runs nothing, and --drills does.") }
        if let url, !url.hasPrefix("http://") {
            throw ValidationError("--url has to be a plain address such as http://127.0.0.1:8080.")
        }
    }

    func run() async throws {
        let outcome: InstallationPreflight.Outcome
        do {
            let settings = try await Settings.load()
            outcome = try await InstallationPreflight(settings, logs: Logs(settings, quiet: true))
                .run(url: url, waivers: try readWaivers(), runsChecks: !latest, drills: drills)
        } catch {
            Terminal.complain(Refusal.sentence(for: error))
            throw ExitCode(3)
        }
        Terminal.say(json ? outcome.json.description : outcome.text)
        if let unrecorded = outcome.unrecorded { Terminal.complain(unrecorded) }
        throw ExitCode(outcome.exitCode)
    }

    private func readWaivers() throws -> [UInt8]? {
        guard let waivers else { return nil }
        guard let data = FileManager.default.contents(atPath: waivers) else {
            throw Refusal("The file \(waivers) cannot be read.")
        }
        return Array(data)
    }
}
