/// Why a guarded call brought nothing.
public enum OutboundRefusal: Error, Hashable, Sendable {
    /// The address cannot be read; the reason completes the sentence "The address is refused: …".
    case malformed(String)
    /// The port is not one of the web's.
    case port(Int)
    /// The name leads into a network that is not the open internet.
    case closedNetwork(host: String)
    /// The name has no address.
    case unknownName(host: String)
    /// More redirects than are followed.
    case tooManyRedirects
    /// A redirect from an encrypted address to one that is not.
    case downgraded
    /// The answer is compressed, though that was declined.
    case compressed
    /// The call itself failed.
    case failed(OutboundFailure)

    /// Whether the same call may bring something later.
    public var isWorthRetrying: Bool {
        switch self {
        case .malformed, .port, .closedNetwork, .tooManyRedirects, .downgraded, .compressed: false
        case .unknownName: true
        case .failed(let failure): failure != .tooLarge && failure != .malformed
        }
    }

    /// Stable, lower-case words.
    public var code: String {
        switch self {
        case .malformed: "malformed_address"
        case .port: "port_refused"
        case .closedNetwork: "closed_network"
        case .unknownName: "unknown_name"
        case .tooManyRedirects: "too_many_redirects"
        case .downgraded: "downgraded"
        case .compressed: "compressed"
        case .failed(let failure): failure.code
        }
    }

    /// A sentence for whoever wrote the address.
    public var sentence: String {
        switch self {
        case .malformed(let reason): "The address is refused: \(reason)."
        case .port(let port): "Port \(port) is refused: only 80 and 443 are called."
        case .closedNetwork(let host): "\(host) leads into a network that is not the open internet."
        case .unknownName(let host): "There is no address for the name \(host)."
        case .tooManyRedirects: "The server redirects too often."
        case .downgraded: "The server redirects from https to http."
        case .compressed: "The server sends a compressed answer, which was declined."
        case .failed(.refused): "The server cannot be reached."
        case .failed(.connectTimeout): "The server does not answer."
        case .failed(.timeout): "The server took too long to answer."
        case .failed(.interrupted): "The server ended the connection before its answer was whole."
        case .failed(.tooLarge): "The answer is larger than is allowed."
        case .failed(.canceled): "The call was given up."
        case .failed(.malformed): "The request cannot be sent."
        }
    }
}
