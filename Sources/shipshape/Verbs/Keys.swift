import App
import ArgumentParser
import Primitives

struct KeysVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "API keys of a store.",
        subcommands: [Create.self, List.self, Revoke.self])

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
                "What the secret key may do, such as orders:read; repeat for more. Without one, everything. "
                    + "A scope that no endpoint asks for is refused with the list of those there are.",
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

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a store's keys, revoked ones too: what each may do, never the key itself.")

        @Option(help: "The store's id (sto_…).")
        var store: String

        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let answer = try await Console.perform(.listKeys, ["store": JSON(store)])
            guard !json else { return Terminal.say(answer) }
            for key in answer["keys"]?.array ?? [] { Terminal.say(Self.line(key)) }
        }

        private static func line(_ key: JSON) -> String {
            func texts(_ name: String) -> String? {
                let texts = key[name]?.array?.compactMap(\.string) ?? []
                return texts.isEmpty ? nil : texts.joined(separator: " ")
            }
            let rights = key["kind"] == "secret" ? texts("scopes") : texts("origins") ?? "any origin"
            let end = key["revoked_at"]?.string.map { "revoked \($0)" } ?? "active"
            return [key["id"]?.string, key["kind"]?.string, end, rights, key["name"]?.string]
                .map { $0 ?? "" }.joined(separator: "  ")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a key for good. Every process stops honouring it within a second.")

        @Argument(help: "The key's id (key_…), as `keys list` shows it.")
        var id: String

        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let answer = try await Console.perform(.revokeKey, ["id": JSON(id)])
            guard !json else { return Terminal.say(answer) }
            Terminal.say("The key \(id) is revoked.")
        }
    }
}
