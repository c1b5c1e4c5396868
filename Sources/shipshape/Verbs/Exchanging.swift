import App
import ArgumentParser
import Foundation
import Primitives

struct ImportVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring a file in.", subcommands: [Products.self])

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

        @Argument(help: "The CSV file, in UTF-8.")
        var file: String

        @Option(help: "The store's id (sto_…).")
        var store: String

        @Flag(help: "Only say what would be done.")
        var dryRun = false

        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let bar = ProgressBar("import")
            let answer = try await FileExchange().importFile(
                file, kind: "products", store: store, isDryRun: dryRun
            ) { bar.show($0.bytesDone, of: $0.bytes) }
            bar.end()
            if json {
                Terminal.say(answer)
            } else {
                ImportWords.say(answer, "products")
            }
            if answer["state"] != "done" || (answer["refused"]?.integer ?? 0) > 0 { throw ExitCode(1) }
        }
    }
}

struct ExportVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a file to stdout.", subcommands: [Products.self])

    struct Products: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the products of a store as CSV in Shopify's format.",
            discussion: "Imported again, the file changes nothing.")

        @Option(help: "The store's id (sto_…).")
        var store: String

        func run() async throws {
            let bar = ProgressBar("export")
            let output = FileHandle.standardOutput
            try await FileExchange().exportProducts(
                store: store, write: { try output.write(contentsOf: Data($0)) },
                report: { bar.count($0, "products") })
            bar.end()
        }
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
