import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Where guarded calls may go.
public struct OutboundGuard: Sendable {
    /// The ports that are called.
    public var ports: Set<Int>
    /// Whether this machine itself may be called, on any port: for tests and development, where the servers to
    /// call run beside this one.
    public var allowsLoopback: Bool

    public init(ports: Set<Int> = [80, 443], allowsLoopback: Bool = false) {
        self.ports = ports
        self.allowsLoopback = allowsLoopback
    }

    func allows(_ address: NetworkAddress, port: Int) -> Bool {
        address.isLoopback ? allowsLoopback : address.isPublic && ports.contains(port)
    }
}

/// Fetches what is at an address that somebody else wrote, without being led into a closed network.
///
/// A name is resolved once, every address of it is checked, and the connection goes to one that was checked; TLS
/// still verifies the name. Redirects are followed here, each of them checked like the first. Nothing secret travels:
/// there are no cookies and no credentials. See `docs/decisions/0016-addresses-from-strangers.md`.
public struct GuardedClient: Sendable {
    private let fence: OutboundGuard
    private let names: any NameResolver

    public init(_ fence: OutboundGuard = OutboundGuard(), names: any NameResolver = SystemNameResolver()) {
        self.fence = fence
        self.names = names
    }

    /// Redirects that are followed.
    public static let mostRedirects = 5
    /// The most bytes of an answer's head.
    static let mostHeadBytes = 64 << 10

    /// What is at the address, whatever the status that is not a redirect.
    /// - Parameters:
    ///   - accept: the media types wished for, as `Accept` takes them.
    ///   - timeoutSeconds: for everything together, redirects included.
    ///   - mostBytes: a longer answer is not read to its end.
    /// - Throws: `OutboundRefusal`.
    public func get(
        _ address: OutboundAddress, accept: String = "*/*", timeoutSeconds: Double = 15, mostBytes: Int = 1 << 20
    ) async throws(OutboundRefusal) -> OutboundAnswer {
        let end = NIODeadline.now() + .nanoseconds(Int64(timeoutSeconds * 1_000_000_000))
        var place = address
        for _ in 0...Self.mostRedirects {
            let answer = try await once(place, accept: accept, until: end, mostBytes: mostBytes)
            guard [301, 302, 303, 307, 308].contains(answer.status), let location = answer.header("Location") else {
                return answer
            }
            let next = try place.following(location)
            guard next.isEncrypted || !place.isEncrypted else { throw .downgraded }
            place = next
        }
        throw .tooManyRedirects
    }

    private func once(
        _ place: OutboundAddress, accept: String, until end: NIODeadline, mostBytes: Int
    ) async throws(OutboundRefusal) -> OutboundAnswer {
        let addresses = try await checked(place, until: end)
        var refusal = OutboundRefusal.failed(.refused)
        // Where a name has addresses of both kinds, this machine may have no way to the first.
        for address in addresses.prefix(3) {
            do throws(OutboundRefusal) {
                let answer = try await call(place, at: address, accept: accept, until: end, mostBytes: mostBytes)
                let coding = answer.header("Content-Encoding") ?? "identity"
                guard coding.lowercased() == "identity" else { throw OutboundRefusal.compressed }
                return answer
            } catch {
                refusal = error
                guard error == .failed(.refused) || error == .failed(.connectTimeout) else { throw error }
            }
        }
        throw refusal
    }

    /// All addresses of the host, or none: a name of which only some lead inside is not to be trusted with the rest.
    private func checked(
        _ place: OutboundAddress, until end: NIODeadline
    ) async throws(OutboundRefusal) -> [NetworkAddress] {
        var addresses = NetworkAddress(place.host).map { [$0] } ?? []
        if addresses.isEmpty {
            do {
                addresses = try await names.addresses(of: place.host, withinSeconds: Self.seconds(until: end))
            } catch {
                throw .failed(error as? OutboundFailure ?? .refused)
            }
        }
        guard !addresses.isEmpty else { throw .unknownName(host: place.host) }
        guard addresses.allSatisfy({ $0.isPublic || (fence.allowsLoopback && $0.isLoopback) }) else {
            throw .closedNetwork(host: place.host)
        }
        guard addresses.allSatisfy({ fence.allows($0, port: place.port) }) else { throw .port(place.port) }
        return addresses
    }

    private func call(
        _ place: OutboundAddress, at address: NetworkAddress, accept: String, until end: NIODeadline, mostBytes: Int
    ) async throws(OutboundRefusal) -> OutboundAnswer {
        let seconds = Self.seconds(until: end)
        guard seconds > 0 else { throw .failed(.timeout) }
        var request = HTTPClientRequest(url: place.description)
        request.headers.add(name: "Accept", value: accept)
        request.headers.add(name: "Accept-Encoding", value: "identity")
        request.headers.add(name: "User-Agent", value: "Shipshape")
        var configuration = OutboundClient.configuration
        // The name stays in the request and in the certificate's check; the connection goes to the checked address.
        configuration.dnsOverride = [place.host: address.description]
        // A client of its own: a connection that was kept for a name could not be told from one for another address.
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result: Result<OutboundAnswer, OutboundFailure>
        do {
            result = .success(
                try await OutboundClient.answer(to: request, within: seconds, mostBytes: mostBytes, over: client))
        } catch {
            result = .failure(OutboundClient.failure(error))
        }
        // ignored: it fails only when it was shut down before
        try? await client.shutdown()
        switch result {
        case .failure(let failure): throw .failed(failure)
        case .success(let answer):
            guard answer.headBytes <= Self.mostHeadBytes else { throw .failed(.tooLarge) }
            return answer
        }
    }

    private static func seconds(until end: NIODeadline) -> Double {
        Double((end - .now()).nanoseconds) / 1_000_000_000
    }
}
