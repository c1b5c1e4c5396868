import Foundation
import Glibc
import Persistence
import Synchronization
import Testing

/// Stands between libpq and the server, and can close a connection around a COMMIT.
final class CommitProxy: Sendable {
    enum Loss: Sendable {
        case beforeItReachesTheServer, afterItReachesTheServer
    }

    /// The server's URL through the proxy.
    let url: String
    private let listener = Listener()
    private let server: sockaddr_in
    private let loss = Mutex<Loss?>(nil)

    init(url: String) throws {
        var components = try #require(URLComponents(string: url))
        server = Listener.address(port: UInt16(components.port ?? 5432))
        components.host = "127.0.0.1"
        components.port = Int(listener.port)
        self.url = try #require(components.string)
        try OwnThread.start { [self] in accept() }
    }

    func loseNextCommit(_ loss: Loss) {
        self.loss.withLock { $0 = loss }
    }

    func close() {
        listener.close()
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener.descriptor, nil, nil)
            guard client >= 0 else { return }
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = self.server
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            do {
                try OwnThread.start { [self] in forward(client, server) }
            } catch {
                _ = Glibc.close(client)
            }
        }
    }

    private func forward(_ client: Int32, _ server: Int32) {
        var bytes = [UInt8](repeating: 0, count: 65536)
        var swallowsAnswer = false
        defer {
            _ = Glibc.close(client)
            _ = Glibc.close(server)
        }
        while true {
            var pollers = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&pollers, 2, -1) > 0 else { return }
            for (index, poller) in pollers.enumerated() where poller.revents != 0 {
                let count = read(poller.fd, &bytes, bytes.count)
                guard count > 0 else { return }
                if index == 0, Self.hasCommit(bytes[..<count]) {
                    switch loss.withLock({ $0.take() }) {
                    case .beforeItReachesTheServer: return
                    case .afterItReachesTheServer: swallowsAnswer = true
                    case nil: break
                    }
                }
                if index == 1, swallowsAnswer { return }
                _ = write(index == 0 ? server : client, bytes, count)
            }
        }
    }

    /// A Bind of the statement named `commit` to the portal without name; messages travel in one piece here.
    private static func hasCommit(_ bytes: ArraySlice<UInt8>) -> Bool {
        Array(bytes).firstRange(of: [0] + Array("commit".utf8) + [0]) != nil
    }
}
