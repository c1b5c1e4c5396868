import App
import ArgumentParser
import Primitives

struct SignInVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-in", abstract: "Make a link that signs the owner of a store in to the dashboard.",
        discussion: "The account is made when the store has none. The link works once, within 15 minutes.")

    @Option(help: "The store's id (sto_…).")
    var store: String

    @Option(help: "The owner's e-mail address, to which later links can be sent.")
    var email: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let answer = try await Console.perform(.signIn, ["store": JSON(store), "email": JSON(email)])
        guard !json else { return Terminal.say(answer) }
        Terminal.say(answer["url"]?.string ?? "")
        Terminal.complain("It works once, within 15 minutes.")
    }
}
