public import Primitives

/// An event as a provider sent it, stored once.
public struct ProviderEvent: Hashable, Sendable {
    /// The provider's.
    public let id: String
    public let provider: String
    public let type: String
    /// The body, byte for byte.
    public let payload: [UInt8]
    public let receivedAt: Instant
    /// Nil until it was acted upon.
    public let processedAt: Instant?
    /// What it led to; empty until then.
    public let outcome: String
}

/// An event without its payload, for lists.
public struct ReceivedEvent: Hashable, Sendable {
    /// The provider's.
    public let id: String
    public let provider: String
    public let type: String
    public let receivedAt: Instant
    /// Nil until it was acted upon.
    public let processedAt: Instant?
    /// What it led to; empty until then.
    public let outcome: String
}

/// What arrived over a connection, for those who look after the installation.
public struct WebhookTraffic: Hashable, Sendable {
    public let connection: ProviderConnection
    /// When the newest event arrived; nil when none ever did.
    public let newestAt: Instant?
}
