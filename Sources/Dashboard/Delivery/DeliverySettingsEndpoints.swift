import HTTPServer
import Persistence
import Pricing
import Primitives
import Stores

extension Dashboard {
    var deliverySettingsEndpoints: [Endpoint] {
        [showGeneral, saveGeneral]
            + pages("zones", "Zone") { .zone($0) } + pages("locations", "Location") { .location($0) }
            + pages("methods", "Method") { .method($0) }
    }

    private var showGeneral: Endpoint {
        Endpoint(
            .get, "/dashboard/delivery/settings", "showDeliverySettings", summary: "How the store delivers",
            policy: Access.reading("settings:read"), takes: .page, answers: .web
        ) { call in
            try await show(.general, of: try call.store, notice: Notice(call.query))
        }
    }

    private var saveGeneral: Endpoint {
        Endpoint(
            .post, "/dashboard/delivery/settings", "saveDeliverySettings",
            summary: "Changes the time zone, the working days and the closing days",
            policy: Access.changing("settings:write"), takes: .form, answers: .web
        ) { call in
            try await save(
                .general, typed: call.body, of: try call.store, actor: call.actor, requestID: call.requestID)
        }
    }

    /// A page and its form for each zone, location or method.
    private func pages(
        _ list: String, _ name: String, _ part: @escaping @Sendable (String) -> DeliveryPart
    ) -> [Endpoint] {
        let path = PathShape("part", .handle(60))
        return [
            Endpoint(
                .get, "/dashboard/delivery/\(list)/{part}", "showDelivery\(name)",
                summary: "A part of how the store delivers", policy: Access.reading("settings:read"),
                takes: .page(path), answers: .web
            ) { call in try await show(part(call.path), of: try call.store) },
            Endpoint(
                .post, "/dashboard/delivery/\(list)/{part}", "saveDelivery\(name)",
                summary: "Changes or removes a part of how the store delivers",
                policy: Access.changing("settings:write"), takes: .form(path), answers: .web
            ) { call in
                try await save(
                    part(call.path), typed: call.body, of: try call.store, actor: call.actor,
                    requestID: call.requestID)
            },
        ]
    }

    private func save(
        _ part: DeliveryPart, typed: Form, of id: StoreID, actor: Actor, requestID: String
    ) async throws -> Answer<WebAnswer> {
        let store = try await store(id)
        let stored = try await deliverySettings(of: id)
        let entry = DeliveryEntry(typed, of: part, in: stored, currency: store.currency)
        guard entry.faults.isEmpty else { return try await show(part, of: id, typed: typed, faults: entry.faults) }
        do {
            let save = try SaveDeliverySettings(
                store: id, settings: entry.settings, actor: actor, requestID: requestID)
            _ = try await database.write("delivery.configure") { tx in try save.run(in: tx) }
        } catch let problem as Problem where Faults.canBeShown(problem) {
            let faults = Faults(problem) { part.field(of: $0, in: stored) }
            return try await show(part, of: id, typed: typed, faults: faults)
        }
        return .value(.redirect(to: "/dashboard/delivery/settings?done=\(Notice.delivering.rawValue)"))
    }

    private func deliverySettings(of store: StoreID) async throws -> DeliverySettings {
        try await database.read("delivery.settings") { tx in
            try Pricing.deliverySettings(of: store, in: tx).settings() ?? .initial
        }
    }

    private func show(
        _ part: DeliveryPart, of id: StoreID, typed: Form? = nil, faults: Faults = Faults(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let settings = try await deliverySettings(of: id)
        guard let title = part.title(in: settings) else { throw Problem.notFound("part of the settings") }
        let view = DeliverySettingsPage(
            part: part, title: title, settings: settings, currency: try await store(id).currency, typed: typed,
            faults: faults)
        var page = try await page(.delivery, title, of: id)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}
