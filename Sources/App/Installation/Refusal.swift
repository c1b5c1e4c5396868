import FoundationEssentials
import HTTPServer
import NIOCore
import Persistence
import Primitives

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Why a verb cannot be carried out: one sentence for the person at the command line.
public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ sentence: String) {
        description = sentence
    }

    /// The sentence for any error that reaches the command line.
    public static func sentence(for error: any Error) -> String {
        switch error {
        case let refusal as Refusal: refusal.description
        case let fault as SettingFault: fault.description
        case let problem as Problem: sentence(for: problem)
        case let error as MigrationError: error.description
        case let error as DatabaseError: sentence(for: error)
        case let error as IOError: "\(String(cString: strerror(error.errnoCode))) (\(error.description))."
        default: "Something failed that should not: \(error)"
        }
    }

    private static func sentence(for problem: Problem) -> String {
        guard !problem.errors.isEmpty else { return problem.detail }
        return problem.errors.map(\.detail).joined(separator: " ")
    }

    private static func sentence(for error: DatabaseError) -> String {
        switch error {
        case .unavailable(let sentence): sentence
        case .constraint(_, let name): "The database refused the change (\(name ?? "constraint"))."
        case .conflict: "The change met other changes again and again; try once more."
        case .queueFull: "The database has too much to do; try again later."
        case .statementTimeout: "The database took too long and was stopped."
        case .ambiguousCommit: "The connection was lost during the commit: the change may or may not have happened."
        case .misuse(let code, let message): "The database refused a statement (\(code)): \(message)"
        case .decoding(let what): "The database holds something unexpected: \(what)."
        }
    }
}
