import HTTPServer
import Persistence
import Pricing
import Primitives
import Stores

extension Dashboard {
    var taxEndpoints: [Endpoint] { [taxPage, saveTaxes, addTaxPreset, taxZonePage, saveTaxZone] }

    private static let reading = Access.reading("settings:read")
    private static let changing = Access.changing("settings:write")

    private var taxPage: Endpoint {
        Endpoint(
            .get, "/dashboard/taxes", "showTaxes", summary: "Which taxes the store charges, zone by zone",
            policy: Self.reading, takes: .page, answers: .web
        ) { call in
            let stored = try await taxSettings(of: try call.store)
            return try await show(TaxPage(stored: stored), of: try call.store, notice: Notice(call.query))
        }
    }

    private var saveTaxes: Endpoint {
        Endpoint(
            .post, "/dashboard/taxes", "saveTaxes", summary: "Changes what holds for all zones",
            policy: Self.changing, takes: .form, answers: .web
        ) { call in
            let (store, form) = (try call.store, call.body)
            let stored = try await taxSettings(of: store)
            let entry = TaxEntry(form)
            var page = TaxPage(stored: stored, typed: form, faults: entry.faults)
            guard page.faults.isEmpty else { return try await show(page, of: store) }
            var settings = stored.settings
            entry.apply(to: &settings)
            if let faults = try await save(settings, form, call.actor, call.requestID, of: store, TaxEntry.field) {
                page.faults = faults
                return try await show(page, of: store)
            }
            return .value(.redirect(to: "/dashboard/taxes?done=\(Notice.taxesSaved.rawValue)"))
        }
    }

    private var addTaxPreset: Endpoint {
        Endpoint(
            .post, "/dashboard/taxes/presets", "addTaxPreset", summary: "Adds the zones of a preset",
            policy: Self.changing, takes: .form, answers: .web
        ) { call in
            let (store, form) = (try call.store, call.body)
            guard let preset = form["preset"].flatMap(TaxPreset.preset) else { throw Problem.notFound("preset") }
            let stored = try await taxSettings(of: store)
            let settings = stored.settings.applying(preset)
            if let faults = try await save(settings, form, call.actor, call.requestID, of: store, { _ in "" }) {
                return try await show(TaxPage(stored: stored, faults: faults), of: store)
            }
            return .value(.redirect(to: "/dashboard/taxes?done=\(Notice.taxesSaved.rawValue)"))
        }
    }

    private var taxZonePage: Endpoint {
        Endpoint(
            .get, "/dashboard/taxes/zone", "showTaxZone", summary: "A zone with its rates, or a form for a new one",
            policy: Self.reading, takes: .page, answers: .web
        ) { call in
            let stored = try await taxSettings(of: try call.store)
            let index = call.query["at"].flatMap { Int($0) }
            if let index, !stored.settings.zones.indices.contains(index) { throw Problem.notFound("zone") }
            return try await show(TaxZonePage(stored: stored, index: index), of: try call.store)
        }
    }

    private var saveTaxZone: Endpoint {
        Endpoint(
            .post, "/dashboard/taxes/zone", "saveTaxZone", summary: "Saves, adds or removes a zone",
            policy: Self.changing, takes: .form, answers: .web
        ) { call in
            let (store, form) = (try call.store, call.body)
            let stored = try await taxSettings(of: store)
            let index = form["at"].flatMap { Int($0) }
            // Of another version the index may be that of another zone: the version is compared when it is saved.
            let isThere = index.map(stored.settings.zones.indices.contains) ?? true
            guard isThere || form["version"] != String(stored.version) else { throw Problem.notFound("zone") }
            var settings = stored.settings
            let entry = TaxZoneEntry(form)
            var page = TaxZonePage(stored: stored, index: isThere ? index : nil, typed: form, faults: entry.faults)
            if form["action"] == "remove", let index, isThere {
                settings.zones.remove(at: index)
            } else {
                guard page.faults.isEmpty else { return try await show(page, of: store) }
                if let index, isThere {
                    settings.zones[index] = entry.zone
                } else {
                    settings.zones.append(entry.zone)
                }
            }
            let place = index ?? settings.zones.count - 1
            let field = { (pointer: String) in entry.field(pointer, zone: place) }
            if let faults = try await save(settings, form, call.actor, call.requestID, of: store, field) {
                page.faults = faults
                return try await show(page, of: store)
            }
            return .value(.redirect(to: "/dashboard/taxes?done=\(Notice.taxesSaved.rawValue)"))
        }
    }

    private func taxSettings(of store: StoreID) async throws -> StoredTaxSettings {
        try await database.read("taxes.settings") { tx in try Pricing.taxSettings(of: store, in: tx) }
    }

    /// Saves settings unless they are wrong or somebody else saved others meanwhile; then it says so.
    private func save(
        _ settings: TaxSettings, _ form: Form, _ actor: Actor, _ requestID: String, of store: StoreID,
        _ field: (String) -> String
    ) async throws -> Faults? {
        do {
            let save = try SaveTaxSettings(
                store: store, settings: settings, version: form["version"].flatMap { Int($0) } ?? -1, actor: actor,
                requestID: requestID)
            _ = try await database.write("taxes.save") { tx in try save.run(in: tx) }
            return nil
        } catch let problem as Problem where Faults.canBeShown(problem) {
            guard problem.code != "settings.changed" else {
                var faults = Faults()
                faults.add("", "Somebody else changed the taxes meanwhile. Load the page again and repeat your change.")
                return faults
            }
            return Faults(problem, field: field)
        }
    }

    private func show(
        _ view: TaxPage, of store: StoreID, notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        var page = try await page(.taxes, "Taxes", of: store)
        page.notice = notice
        page.status = view.faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }

    private func show(_ view: TaxZonePage, of store: StoreID) async throws -> Answer<WebAnswer> {
        var page = try await page(.taxes, view.title, of: store)
        page.status = view.faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}
