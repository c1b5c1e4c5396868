public import Persistence
import Foundation
public import Testing

/// An engine that tests run on: `@Test(arguments: TestEngine.available)`.
public enum TestEngine: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case sqlite
    case postgres

    /// SQLite always; PostgreSQL where `SHIPSHAPE_TEST_POSTGRES` holds the URL of a server on which databases may be
    /// made, such as `postgres://postgres@127.0.0.1:5432/postgres`.
    public static let available: [TestEngine] = postgresURL == nil ? [.sqlite] : [.sqlite, .postgres]

    static let postgresURL = ProcessInfo.processInfo.environment["SHIPSHAPE_TEST_POSTGRES"].flatMap {
        $0.isEmpty ? nil : $0
    }

    /// The engine at the seam.
    public var engine: Engine {
        switch self {
        case .sqlite: .sqlite
        case .postgres: .postgres
        }
    }

    public var testDescription: String { rawValue }
}
