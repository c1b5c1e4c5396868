import DesignSystem
import EventLog
import Markup
import Primitives
import UseCases

/// What happened to an order, in words.
enum OrderEventWords {
    static func item(_ event: RecordedEvent, by actor: String) -> UI.TimelineItem {
        let (title, tone) = words(event)
        return UI.TimelineItem(
            group {
                strong { title }
                for detail in details(event) { div(.class("muted")) { detail } }
                div(.class("hint")) { actor }
            }, at: event.at, tone: tone)
    }

    private static func words(_ event: RecordedEvent) -> (String, Tone) {
        switch event.type.rawValue {
        case "order.placed": ("Order placed", .info)
        case "order.imported": ("Brought in from a file", .info)
        case "order.paid": ("Paid", .ok)
        case "order.canceled": ("Canceled", .danger)
        case "order.fulfilled": ("Units sent", .ok)
        case "order.annotated": ("Note or tags changed", .neutral)
        case "order.delivery_moved": ("Delivery moved", .info)
        case "payment.started": ("Payment begun", .neutral)
        case "payment.failed": ("Payment failed", .danger)
        case "payment.expired": ("Payment ran out of time", .warn)
        // A later version's events are shown by their names.
        case let name: (name, .neutral)
        }
    }

    private static func details(_ event: RecordedEvent) -> [String] {
        var details: [String] = []
        if let reason = event.data["reason"]?.string, !reason.isEmpty { details.append(reason) }
        if let code = event.data["code"]?.string { details.append("Code \(code)") }
        if let lines = event.data["lines"]?.array {
            let units = lines.reduce(0) { $0 + ($1["quantity"]?.integer ?? 0) }
            if event.type == "order.fulfilled" { details.append(units == 1 ? "1 unit" : "\(units) units") }
        }
        if event.type == "order.annotated" {
            if let note = event.data["staff_note"]?.string {
                details.append(note.isEmpty ? "Note removed" : "Note: \(note)")
            }
            if let tags = event.data["tags"]?.array?.compactMap(\.string) {
                details.append(tags.isEmpty ? "Tags removed" : "Tags: \(tags.joined(separator: ", "))")
            }
        }
        if let from = event.data["to"]?.string.flatMap({ Instant(rfc3339: $0) }),
            let until = event.data["until"]?.string.flatMap({ Instant(rfc3339: $0) }),
            let zone = event.data["time_zone"]?.string
        {
            details.append("To \(DeliveryWords.window(from: from, to: until, in: zone))")
        }
        return details
    }
}
