public import FoundationEssentials
public import Primitives

/// What happened, such as `order.placed`: the aggregate's kind, a dot and a past participle.
public struct EventType: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// Lower-case letters, underscores and one dot.
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        rawValue = value
    }

    public var description: String { rawValue }
}

/// The thing whose changes are numbered by version: an order, a product, a stock item.
public struct Aggregate: Hashable, Sendable {
    /// Lower-case, such as `order`.
    public let kind: String
    /// Unique within the store and the kind.
    public let id: UUID

    public init(kind: String, id: UUID) {
        self.kind = kind
        self.id = id
    }

    public init<Kind>(kind: String, id: Identifier<Kind>) {
        self.init(kind: kind, id: id.uuid)
    }
}

/// An event to be appended.
public struct NewEvent: Hashable, Sendable {
    public var store: StoreID
    public var aggregate: Aggregate
    /// The aggregate's version after the change, from 1. Take it while the aggregate's row is locked (an
    /// `UPDATE … SET version = version + 1 … RETURNING version` does both): then versions commit in their order.
    public var version: Int
    public var type: EventType
    public var actor: Actor
    /// An object. What the event says for itself; no secrets.
    public var data: JSON
    /// The request that caused it, where there was one.
    public var requestID: String?

    public init(
        store: StoreID, aggregate: Aggregate, version: Int, type: EventType, actor: Actor, data: JSON,
        requestID: String? = nil
    ) {
        self.store = store
        self.aggregate = aggregate
        self.version = version
        self.type = type
        self.actor = actor
        self.data = data
        self.requestID = requestID
    }
}

/// An event as the log holds it.
public struct RecordedEvent: Hashable, Sendable {
    public let id: EventID
    /// Its place in the log, from 1 without gaps; nil in a history, which does not wait for it.
    public let position: Int64?
    public let store: StoreID
    public let aggregate: Aggregate
    public let version: Int
    public let type: EventType
    /// `Actor.description` of who did it.
    public let actor: String
    public let data: JSON
    /// When the change was submitted.
    public let at: Instant
    public let requestID: String?

    public init(
        id: EventID, position: Int64?, store: StoreID, aggregate: Aggregate, version: Int, type: EventType,
        actor: String, data: JSON, at: Instant, requestID: String?
    ) {
        self.id = id
        self.position = position
        self.store = store
        self.aggregate = aggregate
        self.version = version
        self.type = type
        self.actor = actor
        self.data = data
        self.at = at
        self.requestID = requestID
    }
}
