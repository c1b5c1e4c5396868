import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Finds the addresses of a name. One question per connection: whoever asks again may be told something else.
public protocol NameResolver: Sendable {
    /// - Returns: in the order of preference; empty when the name has none.
    /// - Throws: `OutboundFailure.connectTimeout` when there is no answer in time.
    func addresses(of name: String, withinSeconds seconds: Double) async throws -> [NetworkAddress]
}

/// Asks the operating system.
public struct SystemNameResolver: NameResolver {
    public init() {}

    public func addresses(of name: String, withinSeconds seconds: Double) async throws -> [NetworkAddress] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: [NetworkAddress].self)
        // The system's question cannot be called back: it goes on in its thread, and nobody waits for it any more.
        // Whichever comes second finds the promise kept and changes nothing.
        let patience = loop.scheduleTask(in: .nanoseconds(Int64(max(0.001, seconds) * 1_000_000_000))) {
            promise.fail(OutboundFailure.connectTimeout)
        }
        Self.threads.submit { state in
            guard case .active = state else { return promise.fail(OutboundFailure.canceled) }
            promise.succeed(Self.ask(name))
        }
        defer { patience.cancel() }
        return try await promise.futureResult.get()
    }

    /// Threads of its own: a name server that does not answer holds up no other work of the process.
    private static let threads: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 8)
        pool.start()
        return pool
    }()

    private static func ask(_ name: String) -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [NetworkAddress] = []
        var next = first
        while let info = next?.pointee {
            if info.ai_family == AF_INET {
                info.ai_addr.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                    found.append(NetworkAddress(bytes: withUnsafeBytes(of: pointer.pointee.sin_addr) { Array($0) }))
                }
            } else if info.ai_family == AF_INET6 {
                info.ai_addr.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                    found.append(NetworkAddress(bytes: withUnsafeBytes(of: pointer.pointee.sin6_addr) { Array($0) }))
                }
            }
            next = info.ai_next
        }
        return found
    }
}
