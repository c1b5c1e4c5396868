import Foundation
import Primitives
import Testing

@testable import shipshape

@Suite struct DoctorVerbTests {
    @Test func `the doctor works before, during and after a server, and changes nothing`() async throws {
        let program = try Program()
        let before = try await program.run("doctor", "--json")
        #expect(before.status == 1)
        #expect(before.err.isEmpty)
        #expect(try before.json()["healthy"]?.bool == false)
        #expect(!program.hasDatabase)
        let first = try #require(try before.json()["complaints"]?.array?.first)
        #expect(first["what"]?.string?.hasPrefix("There is no database .shipshape/shipshape.sqlite") == true)
        #expect(first["cure"]?.string?.hasPrefix("shipshape migrate") == true)

        let server = try program.start("serve", "--port", "0", "--migrate")
        let port = try #require(try await server.address().split(separator: ":").last)
        let during = try await program.run("doctor", "--port", String(port))
        #expect(during.status == 0, "\(during.out)\(during.err)")
        #expect(during.out.contains("note"))
        #expect(!during.out.contains("NOT EXAMINED"))
        server.send(SIGTERM)
        #expect(try await server.outcome().status == 0)

        let after = try await program.run("doctor", "--port", "1", "--json")
        #expect(try after.json()["unexamined"]?.array?.isEmpty == true)
        let areas =
            try after.json()["complaints"]?.array?.filter { $0["severity"]?.string == "error" }
            .compactMap { $0["area"]?.string } ?? []
        // A port below 1024 needs rights, unless the tests have them.
        #expect(Set(areas).isSubset(of: ["outside"]))
    }
}

struct ProgressLineTests {
    @Test func `the line tells how far it is, and keeps to the width`() {
        let half = ProgressLine.text(
            "Importing", done: 50, total: 100, detail: "row 50", seconds: 60, turn: 3, columns: 80)
        #expect(half == "Importing  [##########----------]  50 %  1 min 0 s left  row 50")
        let narrow = ProgressLine.text(
            "Importing", done: 50, total: 100, detail: "row 50", seconds: 60, turn: 3, columns: 20)
        #expect(narrow == "Importing  [#######")
        let open = ProgressLine.text("Reading", done: 7, total: nil, detail: "", seconds: 5, turn: 1, columns: 80)
        #expect(open == "Reading  /  7  5 s")
        let over = ProgressLine.text("x", done: 9, total: 3, detail: "", seconds: 5, turn: 1, columns: 80)
        #expect(over == "x  [####################]  100 %")
    }

    @Test func `what is done within the line is its result, also when it fails`() async throws {
        let value = await ProgressLine.during("x", isShown: false) { line in
            await line.tell(1, of: 2)
            return 7
        }
        #expect(value == 7)
        await #expect(throws: CancellationError.self) {
            try await ProgressLine.during("x", isShown: false) { _ in throw CancellationError() }
        }
    }
}
