import App
import ArgumentParser

/// Where a server listens.
struct ListeningOptions: ParsableArguments {
    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 8080

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("The port has to be between 0 and 65535.")
        }
        guard !host.isEmpty else { throw ValidationError("The host is empty.") }
    }
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the HTTP API until SIGTERM or SIGINT.",
        discussion: """
            On SQLite it runs the jobs too; on PostgreSQL start `shipshape work` beside it, and as many of both as \
            you like. A stop finishes the requests in flight, for at most SHIPSHAPE_DRAIN_SECONDS.
            """)

    @OptionGroup var listening: ListeningOptions

    @Flag(help: "Run pending migrations first, making the database file if there is none.")
    var migrate = false

    func run() async throws {
        let settings = try await Settings.loadSound()
        let installation = try Installation.open(
            settings, for: migrate ? .create : .write, logs: Logs(settings))
        try await installation.closing { installation in
            try await installation.serve(host: listening.host, port: listening.port, migrates: migrate) { address in
                Terminal.say("Shipshape listens at \(address)")
            }
        }
    }
}

struct Work: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run jobs until SIGTERM or SIGINT (PostgreSQL; on SQLite `serve` does).",
        discussion: "A stop lets running jobs finish, for at most SHIPSHAPE_DRAIN_SECONDS.")

    func run() async throws {
        let settings = try await Settings.loadSound()
        guard case .postgres = settings.database else {
            throw Refusal("On SQLite `shipshape serve` runs the jobs too: there is nothing for `work` to do.")
        }
        let installation = try Installation.open(settings, for: .write, logs: Logs(settings))
        try await installation.closing { try await $0.work() }
    }
}

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database's schema up to this version.",
        discussion: "Makes the database file if there is none. Safe to run again, and while servers run on PostgreSQL.")

    func run() async throws {
        let settings = try await Settings.loadSound()
        let installation = try Installation.open(settings, for: .create, logs: Logs(settings))
        try await installation.closing { installation in
            let applied = try await installation.migrate()
            for migration in applied { Terminal.say("Applied \(migration)") }
            if applied.isEmpty { Terminal.say("The database is up to date.") }
        }
    }
}

struct DemoVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Serve a demo shop from a database of its own.",
        discussion: """
            The first time, and with --reset, it makes the database file, fills it with a food shop and makes two \
            keys. Stripe and a mail server are simulated on the ports from 10 above the given one. Ctrl-C stops it; \
            the next start shows the same shop.
            """)

    @OptionGroup var listening: ListeningOptions

    @Flag(help: "Throw the earlier demo away first.")
    var reset = false

    func run() async throws {
        try await Demo().run(host: listening.host, port: listening.port, startsOver: reset) { opening in
            let commands = Demo.commands(opening.address, opening.notes).joined(separator: "\n\n")
            Terminal.say(
                """
                The demo shop is open.

                storefront       \(opening.address)
                dashboard        \(opening.signIn)
                simulated Stripe \(opening.world.stripe)
                mailbox          \(opening.world.mailbox)
                store            \(opening.notes.store)
                publishable key  \(opening.notes.publishableKey)
                secret key       \(opening.notes.secretKey)

                Or by hand: list products, place an order, show it:

                \(commands)

                Ctrl-C stops it.
                """)
        }
    }
}
