import App
import ArgumentParser
import Primitives

struct SmokeVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smoke",
        abstract: "Buy something from the running installation, look at what came of it, and clean up.",
        discussion: """
            The orders are tagged `test` and canceled, their units go back, and the keys that are made for it are \
            revoked. A card payment is only begun, unless Stripe is simulated.

            Exit codes: 0 all went well, 1 something did not.
            """)

    @Option(help: "Where the installation answers, such as http://127.0.0.1:8080; the running server when not given.")
    var url: String?

    @Option(help: "The store to buy from (sto_…); the storefront's when not given.")
    var store: String?

    @Flag(help: "Print one JSON object for each step.")
    var json = false

    func validate() throws {
        if let store, StoreID(store) == nil { throw ValidationError("--store has to be a store's id, such as sto_…") }
        if let url, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            throw ValidationError("--url has to be an address such as http://127.0.0.1:8080.")
        }
    }

    func run() async throws {
        let settings = try await Settings.loadSound()
        let isJSON = json
        let isWell = try await Smoke(settings, logs: Logs(settings, quiet: true)).run(
            store: store.flatMap { StoreID($0) }, url: url
        ) { step in
            Terminal.say(isJSON ? step.document.description : step.line)
        }
        guard isWell else { throw Refusal("The smoke test failed.") }
    }
}

extension Smoke.Step {
    fileprivate var line: String {
        let mark = failure == nil ? "ok" : "FAIL"
        let padding = String(repeating: " ", count: max(1, 5 - mark.count))
        return "\(mark)\(padding)\(name): \(failure ?? detail) (\(milliseconds) ms)"
    }

    fileprivate var document: JSON {
        [
            "step": JSON(name), "result": JSON(failure == nil ? "ok" : "failed"),
            "detail": JSON(failure ?? detail), "milliseconds": JSON(milliseconds),
        ]
    }
}
