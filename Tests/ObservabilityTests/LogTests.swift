import Glibc
import Logging
import Observability
import Primitives
import Testing

/// A file whose lines are read back. Not a pipe: programs that other tests start would inherit its writing end, and
/// its end would never come.
private struct Recording {
    let output: LogOutput
    private let file: UnsafeMutablePointer<FILE>

    init(mostBytes: Int = 1 << 20) throws {
        file = try #require(tmpfile())
        output = LogOutput(descriptor: fileno(file), mostBytes: mostBytes)
    }

    func lines() throws -> [JSON] {
        output.flush()
        rewind(file)
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSON(parsing: $0) }
    }
}

@Suite struct LogTests {
    @Test func `a record is one line of JSON with its metadata as members`() throws {
        let recording = try Recording()
        var logger = Logger(label: "orders") { JSONLogHandler(label: $0, output: recording.output) }
        logger[metadataKey: "store"] = "sto_1"
        logger.warning(
            "Late\nby \"two\" days",
            metadata: ["order": "#1001", "lines": ["a", "b"], "at": ["x": "ü"], "level": "mine"])
        logger.debug("Not told.")
        let lines = try recording.lines()
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line["level"] == "warning")
        #expect(line["logger"] == "orders")
        #expect(line["message"] == "Late\nby \"two\" days")
        #expect(line["store"] == "sto_1")
        #expect(line["order"] == "#1001")
        #expect(line["lines"] == ["a", "b"])
        #expect(line["at"] == ["x": "ü"])
        #expect(line["time"]?.instant != nil)
    }

    @Test func `an error is told in full`() throws {
        let recording = try Recording()
        let logger = Logger(label: "x") { JSONLogHandler(label: $0, output: recording.output) }
        logger.error("It broke.", error: Problem(.conflict, "some.code", "No."))
        #expect(try #require(recording.lines().first)["error"]?.string?.contains("some.code") == true)
    }

    @Test func `a request is one line, and its moment has milliseconds`() throws {
        let recording = try Recording()
        let key = try #require(APIKeyID("key_00000000000000000000000001"))
        AccessLog(output: recording.output).record(
            AccessRecord(
                requestID: "r1", method: "GET", route: "/api/v1/checkouts/{checkout}", status: 200,
                durationMicroseconds: 1_234_005, bytes: 17, key: key, remote: "127.0.0.1"))
        let line = try #require(recording.lines().first)
        #expect(line["route"] == "/api/v1/checkouts/{checkout}")
        #expect(line["status"] == 200)
        #expect(line["duration_ms"] == 1234.005)
        #expect(line["bytes"] == 17)
        #expect(line["key"] == .string(key.description))
        #expect(line["remote"] == "127.0.0.1")
        #expect(line["code"] == nil)
        #expect(line["time"]?.string?.count == "2026-01-01T00:00:00.000Z".count)
    }

    @Test func `what comes faster than it can be written is dropped, and said so`() throws {
        let recording = try Recording(mostBytes: 1000)
        for _ in 0..<100 { recording.output.write([UInt8](repeating: UInt8(ascii: "1"), count: 99)) }
        let lines = try recording.lines()
        #expect(lines.count < 100)
        #expect(lines.contains { ($0["dropped"]?.integer ?? 0) > 0 })
    }
}
