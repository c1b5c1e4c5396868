import App
import ArgumentParser
import Primitives

struct StoresVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stores", abstract: "Stores, the tenants of an installation.",
        subcommands: [Create.self, List.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Open a store.")

        @Option(help: "What the store is called.")
        var name: String

        @Option(help: "The currency of all its prices, such as USD (ISO 4217).")
        var currency: String

        @Option(help: "The country it sells from, such as US (ISO 3166).")
        var country = "US"

        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let store = try await Console.perform(
                .createStore, ["name": JSON(name), "currency": JSON(currency), "country": JSON(country)])
            guard !json else { return Terminal.say(store) }
            Terminal.say("Store \(store["id"]?.string ?? "") is open.")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the stores, oldest first.")

        @Flag(help: "Print one JSON array.")
        var json = false

        func run() async throws {
            let stores = try await Console.perform(.listStores, .null)
            guard !json else { return Terminal.say(stores) }
            for store in stores.array ?? [] {
                Terminal.say(
                    "\(store["id"]?.string ?? "")  \(store["currency"]?.string ?? "")  \(store["name"]?.string ?? "")")
            }
        }
    }
}
