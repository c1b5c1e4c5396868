import App
import ArgumentParser
import Foundation
import Primitives

struct ImportVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring a file in.",
        subcommands: [Products.self, Stock.self, Customers.self, Orders.self])

    struct Products: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import products from a CSV file in Shopify's format.",
            discussion: """
                Records of one product follow each other and are told together by their handle: a product that the \
                store has is changed to what the file says, any other is made. What the file has no column for stays, \
                and so do variants that it does not name. Products with a mistake are left out and reported by line, \
                column and reason. Stock is set where Variant Inventory Tracker says that it is tracked.

                Exit code 1 when anything was refused.
                """)

        @OptionGroup var options: ImportOptions

        func run() async throws { try await options.run("products", "products") }
    }

    struct Stock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set stock levels from Shopify's inventory file.",
            discussion: """
                Each record has the units of a variant at a location. Variants are told by Handle and options, or by \
                SKU where the file has no handles; locations by their names. “On hand (new)” is what is set; where it \
                is empty, “On hand (current)” fills levels that are not known here yet and changes no other. Records \
                with a mistake are left out and reported by line, column and reason.

                Exit code 1 when anything was refused.
                """)

        @OptionGroup var options: ImportOptions

        func run() async throws { try await options.run("stock", "levels") }
    }

    struct Customers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import customers from Shopify's customer file.",
            discussion: """
                Each record is a customer, told by the e-mail address whatever its case, or by the telephone number \
                where there is none. Those whom the store has are changed to what the file says. What has no field of \
                its own is kept as metadata under the column's name. Nobody is sent anything.

                Exit code 1 when anything was refused.
                """)

        @OptionGroup var options: ImportOptions

        func run() async throws { try await options.run("customers", "customers") }
    }

    struct Orders: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import orders of another shop from Shopify's order file.",
            discussion: """
                Records of one order follow each other and have the same name. Orders keep their names and numbers, \
                and the store's own numbers go on behind them. They take no stock, send no mail and ask no payment \
                provider; what was paid is booked as settled elsewhere. An order whose amounts do not add up is \
                refused, and so is one with refunds. One that the store has already stays as it is.

                Exit code 1 when anything was refused.
                """)

        @OptionGroup var options: ImportOptions

        func run() async throws { try await options.run("orders", "orders") }
    }
}

/// What every import takes.
struct ImportOptions: ParsableArguments {
    @Argument(help: "The CSV file, in UTF-8.")
    var file: String

    @Option(help: "The store's id (sto_…).")
    var store: String

    @Flag(help: "Only say what would be done.")
    var dryRun = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run(_ kind: String, _ things: String) async throws {
        let bar = ProgressBar("import")
        let answer = try await FileExchange().importFile(file, kind: kind, store: store, isDryRun: dryRun) {
            bar.show($0.bytesDone, of: $0.bytes)
        }
        bar.end()
        if json {
            Terminal.say(answer)
        } else {
            ImportWords.say(answer, things)
        }
        if answer["state"] != "done" || (answer["refused"]?.integer ?? 0) > 0 { throw ExitCode(1) }
    }
}

struct ExportVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a file to stdout.",
        subcommands: [Products.self, Stock.self, Customers.self, Orders.self])

    struct Products: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the products of a store as CSV in Shopify's format.",
            discussion: "Imported again, the file changes nothing.")

        @OptionGroup var options: ExportOptions

        func run() async throws { try await options.run("products", "products") }
    }

    struct Stock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the levels of stock as Shopify's inventory file.",
            discussion: "Imported again, the file changes nothing: what is to change goes into “On hand (new)”.")

        @OptionGroup var options: ExportOptions

        @Option(help: "The name of the only location to write; all when absent.")
        var location: String?

        func run() async throws { try await options.run("stock", "products", location: location) }
    }

    struct Customers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the customers of a store as Shopify's customer file.",
            discussion: "Imported again, the file changes nothing.")

        @OptionGroup var options: ExportOptions

        func run() async throws { try await options.run("customers", "customers") }
    }

    struct Orders: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write all orders of a store as Shopify's order file.",
            discussion: "Imported again, the file changes nothing; imported elsewhere, it makes the same orders.")

        @OptionGroup var options: ExportOptions

        func run() async throws { try await options.run("orders", "orders") }
    }
}

/// What every export takes.
struct ExportOptions: ParsableArguments {
    @Option(help: "The store's id (sto_…).")
    var store: String

    func run(_ kind: String, _ things: String, location: String? = nil) async throws {
        let bar = ProgressBar("export")
        let output = FileHandle.standardOutput
        try await FileExchange().exportFile(
            kind, store: store, location: location, write: { try output.write(contentsOf: Data($0)) },
            report: { bar.count($0, things) })
        bar.end()
    }
}

/// What came of an import, for people.
private enum ImportWords {
    static func say(_ answer: JSON, _ things: String) {
        func count(_ name: String) -> Int { answer[name]?.integer ?? 0 }
        if let failure = answer["failure"]?.string {
            Terminal.complain("The file was not imported: \(failure)")
        }
        for entry in answer["report"]?.array ?? [] {
            let column = entry["column"]?.string ?? ""
            let place = "line \(entry["row"]?.integer ?? 0)\(column.isEmpty ? "" : ", \(column)")"
            let note = entry["severity"] == "adjusted" ? "note" : "refused"
            Terminal.complain("\(place): \(note): \(entry["detail"]?.string ?? "") [\(entry["code"]?.string ?? "")]")
        }
        let kept = answer["report"]?.array?.count ?? 0
        if count("problems") > kept { Terminal.complain("… and \(count("problems") - kept) more.") }
        let prefix = answer["dry_run"] == true ? "Dry run, nothing was changed: " : ""
        Terminal.say(
            "\(prefix)\(count("rows")) rows; \(things): \(count("created")) created, \(count("updated")) updated, "
                + "\(count("unchanged")) unchanged, \(count("refused")) refused.")
    }
}
