import DesignSystem
import HTTPServer
import Inventory
import Markup
import Persistence
import Primitives

/// The places where units are kept.
struct LocationPage: Sendable {
    let locations: [Location]
    let main: LocationID
    /// The location whose form was sent; nil for the form of a new one.
    var changed: LocationID?
    var typed: Form?
    var faults = Faults()

    var html: HTML {
        div(.class("stack")) {
            div(.class("page-head")) { h1 { "Locations" } }
            StockPart.links(.locations)
            faults.summary
            p(.class("muted")) {
                "Units leave from the open location with the lowest priority number that has them."
            }
            for location in locations { card(location) }
            UI.card("Open a location") { entry(nil) }
        }
    }

    private func card(_ location: Location) -> HTML {
        UI.card(location.name) {
            div(.class("row")) {
                if location.id == main { UI.badge("Main location", .ok) }
                if !location.isActive { UI.badge("Closed") }
            }
            entry(location)
        }
    }

    private func entry(_ location: Location?) -> HTML {
        let isTyped = typed != nil && changed == location?.id
        let key = location.map { ".\($0.id)" } ?? ""
        func field(
            _ name: String, _ label: String, _ value: String, isRequired: Bool = false, hint: String? = nil
        ) -> HTML {
            Field(
                name + key, label, value: isTyped ? typed?[name + key] ?? "" : value, hint: hint,
                error: isTyped ? faults[name + key] : nil, isRequired: isRequired, attributes: [.autocomplete("off")]
            ).html
        }
        return form(.method(.post), .action("/dashboard/stock/locations"), .class("stack"), .novalidate()) {
            if let location { input(.type("hidden"), .name("location"), .value(location.id.description)) }
            field("name", "Name", location?.name ?? "", isRequired: true)
            field("line1", "Address", location?.address.line1 ?? "")
            field("city", "Town", location?.address.city ?? "")
            field("postal_code", "Postcode", location?.address.postalCode ?? "")
            field("country", "Country", location?.address.country ?? "", hint: "Two letters, such as GB.")
            field("priority", "Priority", String(location?.priority ?? 100), isRequired: true)
            if let location, location.id != main {
                Field(
                    "active" + key, "State", .select([.init("yes", "Open"), .init("no", "Closed")]),
                    value: (isTyped ? typed?["active" + key] : nil) ?? (location.isActive ? "yes" : "no"),
                    error: isTyped ? faults["active" + key] : nil, isRequired: true
                ).html
            }
            div { UI.button(location == nil ? "Open the location" : "Save \(location?.name ?? "")") }
        }
    }
}

extension Dashboard {
    var locationEndpoints: [Endpoint] { [locationPage, saveLocation] }

    private var locationPage: Endpoint {
        Endpoint(
            .get, "/dashboard/stock/locations", "showLocations", summary: "Where units are kept",
            policy: Access.reading("stock:read"), takes: .page, answers: .web
        ) { call in
            try await showLocations(of: try call.store, notice: Notice(call.query))
        }
    }

    private var saveLocation: Endpoint {
        Endpoint(
            .post, "/dashboard/stock/locations", "saveLocation", summary: "Opens a location, or changes one",
            policy: Access.changing("stock:write"), takes: .form, answers: .web
        ) { call in
            let (store, form) = (try call.store, call.body)
            var id: LocationID?
            if let text = form["location"] {
                guard let known = LocationID(text) else { throw Problem.notFound("location") }
                id = known
            }
            let key = id.map { ".\($0)" } ?? ""
            func text(_ name: String) -> String { (form[name + key] ?? "").trimmed }
            var faults = Faults()
            let name = text("name")
            if name.isEmpty || name.unicodeScalars.count > 100 {
                faults.add("name" + key, "A name has 1 to 100 characters.")
            }
            for (part, most) in [("line1", 200), ("city", 200), ("postal_code", 20)]
            where text(part).unicodeScalars.count > most {
                faults.add(part + key, "At most \(most) characters are accepted.")
            }
            let country = text("country").uppercased()
            if !country.isEmpty, country.utf8.count != 2 || !Country.isKnown(country) {
                faults.add("country" + key, "Give the two letters of a country.")
            }
            let priority = WholeNumber.read(text("priority")).flatMap { $0 <= 1000 ? $0 : nil }
            if priority == nil { faults.add("priority" + key, "Give a whole number from 0 to 1000.") }
            guard faults.isEmpty, let priority else {
                return try await showLocations(of: store, changed: id, typed: form, faults: faults)
            }
            let (line1, city, postalCode) = (text("line1"), text("city"), text("postal_code"))
            let isActive = form["active" + key] != "no"
            let save = SaveLocation(store: store, id: id) { location in
                location.name = name
                location.address.line1 = line1
                location.address.city = city
                location.address.postalCode = postalCode
                location.address.country = country
                location.priority = priority
                location.isActive = isActive
            }
            do {
                _ = try await database.write("inventory.location") { tx in try save.run(in: tx) }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                let faults = Faults(problem) { pointer in
                    ["/name": "name" + key, "/active": "active" + key][pointer] ?? ""
                }
                return try await showLocations(of: store, changed: id, typed: form, faults: faults)
            }
            return .value(.redirect(to: "/dashboard/stock/locations?done=\(Notice.stocked.rawValue)"))
        }
    }

    private func showLocations(
        of store: StoreID, changed: LocationID? = nil, typed: Form? = nil, faults: Faults = Faults(),
        notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let locations = try await database.read("inventory.locations") { tx in
            try Inventory.locations(of: store, in: tx)
        }
        var page = try await page(.stock, "Locations", of: store)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(
            LocationPage(
                locations: locations, main: LocationID(main: store), changed: changed, typed: typed, faults: faults
            ).html)
    }
}
