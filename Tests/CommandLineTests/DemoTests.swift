import Foundation
import Primitives
import Testing

@Suite struct DemoTests {
    private func file(_ program: Program, _ suffix: String = "") -> URL {
        program.folder.appendingPathComponent(".shipshape/shipshape.sqlite" + suffix)
    }

    /// Starts the demo, gives its publishable key, and stops it.
    private func key(_ program: Program, _ arguments: String...) async throws -> String {
        let demo = try program.start(arguments: ["demo", "--port", "0"] + arguments)
        _ = try await demo.address()
        let line = try #require(demo.out.split(separator: "\n").first { $0.hasPrefix("publishable key") })
        demo.send(SIGINT)
        let ended = try await demo.outcome()
        #expect(ended.status == 0, "\(ended.err)")
        return String(try #require(line.split(separator: " ").last))
    }

    @Test func `a second start shows the same shop and a reset makes a new one`() async throws {
        let program = try Program()
        let first = try await key(program)
        #expect(try await key(program) == first)
        #expect(try await key(program, "--reset") != first)
    }

    @Test func `a demo that was interrupted is made anew, whatever it left behind`() async throws {
        let program = try Program()
        let first = try await key(program)
        let notes = file(program, ".demo.json")
        // Interrupted in a reset; notes cut short by a crash; a database that is none.
        for (left, damages) in [(#"{"state":"unfinished"}"#, false), ("", false), (#"{"store": "#, true)] {
            try Data(left.utf8).write(to: notes)
            if damages { try Data(repeating: 0xFF, count: 9000).write(to: file(program)) }
            #expect(try await key(program) != first)
        }
        // A disk that was full leaves a file without content.
        try FileManager.default.removeItem(at: notes)
        try Data().write(to: file(program))
        #expect(try await key(program) != first)
    }

    @Test func `a database that is not the demo's is left alone, also by a reset`() async throws {
        let program = try Program()
        #expect(try await program.run("migrate").status == 0)
        let before = try Data(contentsOf: file(program))
        for arguments in [["demo"], ["demo", "--reset"]] {
            let outcome = try await program.start(arguments: arguments).outcome()
            #expect(outcome.status == 1)
            #expect(outcome.complaint.hasSuffix("was not made by the demo: give SHIPSHAPE_DATABASE_URL another file."))
        }
        #expect(try Data(contentsOf: file(program)) == before)
    }
}
