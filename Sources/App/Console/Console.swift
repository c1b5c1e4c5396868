import FoundationEssentials
import Persistence
public import Primitives

/// How the command line changes an installation: through the server that runs, or by itself when none does.
public struct Console: Sendable {
    private let settings: Settings
    private let logs: Logs

    public init(_ settings: Settings, logs: Logs) {
        self.settings = settings
        self.logs = logs
    }

    /// Carries a verb out.
    /// - Throws: an error with a sentence.
    public func perform(_ verb: ConsoleVerb, _ arguments: JSON = .null) async throws -> JSON {
        if let answer = try await askServer(verb, arguments) { return answer }
        let installation: Installation
        do {
            installation = try Installation.open(settings, for: .write, logs: logs)
        } catch let error as DatabaseError {
            // A server that is just starting has the lock and listens in a moment.
            for _ in 0..<20 {
                try await Task.sleep(for: .milliseconds(100))
                if let answer = try await askServer(verb, arguments) { return answer }
            }
            throw error
        }
        do {
            try await installation.requireMigrated()
            let answer = try await installation.desk(address: nil)
                .perform(verb, arguments)
            await installation.database.close()
            return answer
        } catch {
            await installation.database.close()
            throw error
        }
    }

    /// The running server's answer; nil when none runs. On PostgreSQL everyone works for himself.
    public func askServer(_ verb: ConsoleVerb, _ arguments: JSON = .null) async throws -> JSON? {
        guard case .sqlite(let file) = settings.database, FileManager.default.fileExists(atPath: file) else {
            return nil
        }
        let path = try ConsolePlace.socket(ofDatabase: file)
        let request = ConsoleLine.request(verb, arguments)
        let line = try await OwnThread.run { try Self.exchange(request, over: path) }
        return try line.map(ConsoleLine.result)
    }

    /// Sends a line and waits for the one that comes back; nil when nobody listens.
    private static func exchange(_ line: [UInt8], over path: String) throws -> [UInt8]? {
        do throws(StreamConnection.Failure) {
            let connection = try StreamConnection.connect(path: path, timeoutSeconds: 60)
            try connection.send(line)
            return try connection.receive(until: UInt8(ascii: "\n"), limit: 4 << 20)
        } catch {
            // No socket, or the socket of a server that was killed: no server runs.
            if error.isNobodyThere { return nil }
            throw Refusal("The running server did not answer: \(error.sentence)")
        }
    }
}
