public import EventLog
public import HTTPServer
public import Orders
import Primitives

/// Tells an order's page that the order changed; the page then asks what it is now.
public struct OrderStream: Sendable {
    private let feed: EventFeed
    private let tokens: OrderTokens

    public init(feed: EventFeed, tokens: OrderTokens) {
        self.feed = feed
        self.tokens = tokens
    }

    /// `/orders/{order}/{token}/events`: a message `order` for each change, without what changed: notes of staff are
    /// not for buyers. Whoever comes again after a break is told at once, since the order may have changed meanwhile.
    public var endpoint: Endpoint {
        Endpoint(
            .get, "/orders/{order}/{token}/events", "streamOrderPage", summary: "Changes of an order, for its page",
            policy: Policy(.anyone, rateLimit: RateLimitClass("order_page", requests: 120, perSeconds: 60)),
            takes: .page(PathShape("order", .identifier(IdentifierKinds.Order.self), "token", .text(1...200))),
            answers: .web
        ) { call in
            let (order, token) = call.path
            guard let store = tokens.store(of: token, for: order) else { throw Problem.notFound("order") }
            let changes = try await feed.events(of: store, about: Aggregate(kind: "order", id: order))
            let isBack = call.header("Last-Event-ID") != nil
            let messages = AsyncStream { continuation in
                let task = Task {
                    if isBack { continuation.yield(Self.message(id: "again")) }
                    for await change in changes {
                        continuation.yield(Self.message(id: change.position.map(String.init) ?? "again"))
                    }
                    continuation.finish()
                }
                continuation.onTermination = { _ in task.cancel() }
            }
            return .value(.events(EventStream(messages) { $0 }))
        }
    }

    private static func message(id: String) -> EventStream.Message {
        EventStream.Message(id: id, event: "order", data: "changed")
    }
}
