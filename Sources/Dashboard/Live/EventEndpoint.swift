import EventLog
import HTTPServer
import Primitives

extension Dashboard {
    var liveEndpoints: [Endpoint] { [events] }

    /// Tells a page that something happened, and of what kind; the page fetches what it shows of it. So the stream
    /// needs no more rights than the page, and a page that shows nothing of it fetches nothing.
    private var events: Endpoint {
        Endpoint(
            .get, "/dashboard/events", "followEvents", summary: "What happens in the store, for pages that are open",
            policy: Access.reading("dashboard:use"), takes: .page, answers: .web
        ) { call in
            let order = call.query["order"].flatMap { OrderID($0) }
            let events = try await feed.events(
                of: try call.store, about: order.map { Aggregate(kind: "order", id: $0) },
                after: Self.position(call.header("Last-Event-ID")) ?? Self.position(call.query["after"]))
            return .value(.events(EventStream(events, as: \.message)))
        }
    }

    /// A position; nil for whatever is none, which begins with what happens from now on.
    private static func position(_ text: String?) -> Int64? {
        text.flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }
}

extension RecordedEvent {
    /// Named after the kind of thing, which is what pages listen for.
    fileprivate var message: EventStream.Message {
        EventStream.Message(id: position.map(String.init), event: aggregate.kind, data: type.rawValue)
    }
}
