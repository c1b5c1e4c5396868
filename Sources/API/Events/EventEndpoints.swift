import EventLog
import HTTPServer
import Primitives

extension ShopAPI {
    var eventEndpoints: [Endpoint] { [streamEvents] }

    private var streamEvents: Endpoint {
        Endpoint(
            .get, "/api/v1/events", "streamEvents",
            summary: "What happens in the store as it happens, as server-sent events; with Last-Event-ID what was "
                + "missed comes first",
            policy: Policy(.secretKey("events:read"), rateLimit: .backOffice), takes: .nothing, answers: .events,
            problems: [.malformed: "last_event_id.malformed"]
        ) { call in
            let position = try EventStream.position(in: call.header("Last-Event-ID"))
            let events = try await feed.events(of: try call.store, after: position)
            return .value(.events(EventStream(events, as: \.message)))
        }
    }
}

extension EventStream {
    /// The position that `Last-Event-ID` holds; nil without the header.
    /// - Throws: `last_event_id.malformed`.
    static func position(in header: String?) throws(Problem) -> Int64? {
        guard let header, !header.isEmpty else { return nil }
        guard let position = Int64(header), position >= 0 else {
            throw Problem(
                .malformed, "last_event_id.malformed", "Last-Event-ID is not one that this stream has sent.",
                errors: [.init(pointer: "Last-Event-ID", code: "malformed", detail: "A number is expected.")])
        }
        return position
    }
}

extension RecordedEvent {
    /// The event in a stream: its position as the id, its type as the name, and the same document as in a timeline.
    fileprivate var message: EventStream.Message {
        EventStream.Message(
            id: position.map(String.init), event: type.rawValue,
            data: String(decoding: RecordedEvent.output.encode(self), as: UTF8.self))
    }
}
