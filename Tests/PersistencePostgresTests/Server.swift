import Foundation
import Testing

/// The server that these tests use.
enum Server {
    static let url = ProcessInfo.processInfo.environment["SHIPSHAPE_TEST_POSTGRES"].flatMap { $0.isEmpty ? nil : $0 }
    static let isAvailable = url != nil
    static let missing: Comment =
        "Set SHIPSHAPE_TEST_POSTGRES to the URL of a PostgreSQL server on which databases may be made."
}
