import App
import ArgumentParser

struct SimulatorsVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulators",
        abstract: "Play the outside systems: Stripe and a mail server.",
        discussion: """
            They keep everything in memory and reach nobody but the addresses that they are told. Ctrl-C stops them.
            """)

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port of the simulated Stripe; the others follow. 0 takes free ones.")
    var port = 8090

    func validate() throws {
        guard (0...65_533).contains(port) else {
            throw ValidationError("The port has to be between 0 and 65533.")
        }
        guard !host.isEmpty else { throw ValidationError("The host is empty.") }
    }

    func run() async throws {
        let settings = try await Settings.loadSound()
        try await Simulation(host: host, port: port, settings: settings).run { addresses in
            Terminal.say(
                """
                stripe   \(addresses.stripe)
                mailbox  \(addresses.mailbox)
                smtp     \(addresses.smtp)
                """)
        }
    }
}
