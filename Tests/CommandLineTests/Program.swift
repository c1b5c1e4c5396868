import Foundation
import Primitives
import TestSupport
import Testing

/// The built program, run as a process of its own in a folder of its own.
struct Program: Sendable {
    struct Outcome: Sendable {
        let status: Int32
        let out: String
        let err: String

        /// The first line of stderr.
        var complaint: String { err.split(separator: "\n").first.map(String.init) ?? "" }

        func json() throws -> JSON { try JSON(parsing: out.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    let folder: URL
    var environment: [String: String] = [:]

    /// The test bundle and the program are built into one folder.
    static let executable: URL = {
        let beside = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("shipshape")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
            .appendingPathComponent(".build/debug/shipshape")
    }()

    init() throws {
        folder = try TestFolder.make()
    }

    /// Whether the program made something in its folder.
    var hasDatabase: Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(".shipshape").path)
    }

    /// Starts it; stdout and stderr go to files, so that nothing blocks.
    func start(_ arguments: String...) throws -> RunningProgram {
        try start(arguments: arguments)
    }

    func start(arguments: [String]) throws -> RunningProgram {
        try RunningProgram(self, arguments)
    }

    /// Runs it to its end.
    func run(_ arguments: String...) async throws -> Outcome {
        try await RunningProgram(self, arguments).outcome()
    }
}

/// A process that was started; killed when the test forgets it.
final class RunningProgram {
    private let process = Process()
    private let outFile: URL
    private let errFile: URL

    init(_ program: Program, _ arguments: [String]) throws {
        let name = UUID().uuidString
        outFile = program.folder.appendingPathComponent("\(name).out")
        errFile = program.folder.appendingPathComponent("\(name).err")
        for file in [outFile, errFile] {
            #expect(FileManager.default.createFile(atPath: file.path, contents: nil))
        }
        process.executableURL = Program.executable
        process.arguments = arguments
        process.currentDirectoryURL = program.folder
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/tmp"].merging(program.environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: outFile)
        process.standardError = try FileHandle(forWritingTo: errFile)
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var out: String { text(outFile) }
    var err: String { text(errFile) }

    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for the end, which has to come within a minute.
    func outcome() async throws -> Program.Outcome {
        let deadline = ContinuousClock.now + .seconds(60)
        while process.isRunning {
            guard ContinuousClock.now < deadline else {
                kill(process.processIdentifier, SIGKILL)
                throw Stuck(what: "The program did not end: \(out)\(err)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return Program.Outcome(status: process.terminationStatus, out: out, err: err)
    }

    /// Waits for a line on stdout that holds the address, and gives the address.
    func address() async throws -> String {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let lines = out.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let line = lines.first(where: { $0.contains("http://") }), let start = line.range(of: "http://") {
                return String(line[start.lowerBound...])
            }
            guard process.isRunning else { throw Stuck(what: "The program ended: \(err)") }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw Stuck(what: "No address came: \(out)\(err)")
    }

    private func text(_ file: URL) -> String {
        FileManager.default.contents(atPath: file.path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

struct Stuck: Error {
    let what: String
}
