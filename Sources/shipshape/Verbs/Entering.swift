import App
import ArgumentParser
import Primitives

struct StoresVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stores", abstract: "Stores, the tenants of an installation.", subcommands: [Create.self])

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
}

struct KeysVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "API keys of a store.", subcommands: [Create.self])

    enum Kind: String, EnumerableFlag {
        case publishable, secret

        static func help(for value: Kind) -> ArgumentHelp? {
            switch value {
            case .publishable: "A key for storefronts, which anyone may see (pk_…)."
            case .secret: "A key for back ends (sk_…)."
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key. It is shown this once: only its digest is kept.")

        @Option(help: "The store's id (sto_…).")
        var store: String

        @Option(help: "What the key is for, in your words.")
        var name: String

        @Flag var kind: Kind

        @Option(
            name: .customLong("origin"),
            help: ArgumentHelp(
                "A web origin that may use the publishable key, such as https://shop.example; repeat for more. "
                    + "Without one, any may.", valueName: "origin"))
        var origins: [String] = []

        @Option(
            name: .customLong("scope"),
            help: ArgumentHelp(
                "What the secret key may do, such as orders:read; repeat for more. Without one, everything.",
                valueName: "scope"))
        var scopes: [String] = []

        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            if kind == .publishable, !scopes.isEmpty {
                throw ValidationError("--scope goes with --secret: publishable keys have no scopes.")
            }
            if kind == .secret, !origins.isEmpty {
                throw ValidationError("--origin goes with --publishable: secret keys are not for browsers.")
            }
        }

        func run() async throws {
            let key = try await Console.perform(
                .createKey,
                [
                    "store": JSON(store), "name": JSON(name), "kind": JSON(kind.rawValue),
                    "origins": .array(origins.map { JSON($0) }), "scopes": .array(scopes.map { JSON($0) }),
                ])
            guard !json else { return Terminal.say(key) }
            Terminal.say(key["key"]?.string ?? "")
            Terminal.complain("This is \(key["id"]?.string ?? ""). Keep the key: it is shown this once.")
        }
    }
}
