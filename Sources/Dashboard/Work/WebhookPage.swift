import DesignSystem
import HTTPServer
import Markup
import Payments
import Persistence
import Primitives

extension Dashboard {
    var webhookEndpoints: [Endpoint] { [webhookPage] }

    private var webhookPage: Endpoint {
        Endpoint(
            .get, "/dashboard/webhooks", "showWebhooks", summary: "What providers told the store",
            policy: Access.reading("webhooks:read"), takes: .page, answers: .web
        ) { call in
            let store = try call.store
            let view = try await database.read("payments.received") { tx in
                WebhookPage(
                    connections: try Payments.connections(of: store, in: tx).count,
                    events: try Payments.receivedEvents(of: store, limit: WebhookPage.mostEvents, in: tx))
            }
            return try await page(.webhooks, "Webhooks", of: store).answer(view.html)
        }
    }
}

/// What payment providers sent, and what came of it.
struct WebhookPage: Sendable {
    static let mostEvents = 100

    let connections: Int
    let events: [ReceivedEvent]

    var html: HTML {
        group {
            div(.class("page-head")) { h1 { "Webhooks" } }
            p(.class("muted")) { "What payment providers told this store, the newest \(Self.mostEvents) first." }
            section(.class("card flush")) {
                if events.isEmpty {
                    if connections == 0 {
                        UI.empty(
                            "No provider is connected", "Card payments begin with a provider's keys in the settings.")
                    } else {
                        UI.empty("Nothing was received yet", "The provider tells of each payment here.")
                    }
                } else {
                    table
                }
            }
        }
    }

    private var table: HTML {
        UI.table(
            "Received", events,
            [
                .init("Event") { event in
                    strong { event.type }
                    div(.class("hint")) { "\(event.provider) \(event.id)" }
                },
                .init("Received") { event in UI.time(event.receivedAt) },
                .init("Processed") { event in
                    event.processedAt.map { UI.time($0) } ?? UI.badge("Waiting", .warn)
                },
                .init("Outcome") { event in event.outcome.replacing("_", with: " ") },
            ])
    }
}
