import App
import ArgumentParser
import Primitives

struct DoctorVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is wrong with this machine, the settings or the data, and how to mend it.",
        discussion: """
            Looks at the settings, the machine (memory, files, disk, clock), the database and its schema, the books of \
            stock, orders and money, what waits to be done, and what this installation talks to. It changes nothing, \
            and works with and without a running server, also when the database is away or damaged.

            Each finding says what is wrong, why it matters, and what mends it. To judge whether an installation may \
            be trusted with orders, use `shipshape preflight`.

            Exit codes: 0 nothing is wrong that has to be mended, 1 there is an error, or something could not be \
            looked at.
            """)

    @Option(help: "The address at which `serve` listens, or would.")
    var host = "127.0.0.1"

    @Option(help: "The port on which `serve` listens, or would.")
    var port = 8080

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...65_535).contains(port) else { throw ValidationError("The port has to be between 1 and 65535.") }
        guard !host.isEmpty else { throw ValidationError("The host is empty.") }
    }

    func run() async throws {
        let report = await ProgressLine.during("Examining") { line in
            await Doctor(host: host, port: port).examine { area, done, total in
                await line.tell(done, of: total, area.rawValue)
            }
        }
        Terminal.say(json ? report.json.description : report.text)
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }
}
