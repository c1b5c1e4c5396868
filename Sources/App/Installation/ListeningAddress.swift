import Synchronization

/// Where the server listens, once it does: the port may be chosen by the system.
final class ListeningAddress: Sendable {
    /// Safe: one short assignment or read at a time; nothing is called while it is held.
    private let known = Mutex<String?>(nil)

    var url: String? { known.withLock { $0 } }

    /// An address that a program on this machine can call.
    static func url(host: String, port: Int) -> String {
        let host =
            switch host {
            case "0.0.0.0", "": "127.0.0.1"
            case "::": "[::1]"
            case let other where other.contains(":"): "[\(other)]"
            case let other: other
            }
        return "http://\(host):\(port)"
    }

    func set(host: String, port: Int) -> String {
        let url = Self.url(host: host, port: port)
        known.withLock { $0 = url }
        return url
    }
}
