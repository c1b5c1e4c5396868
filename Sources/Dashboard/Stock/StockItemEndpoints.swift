import Catalog
import HTTPServer
import Inventory
import Persistence
import Primitives
import UseCases

extension Dashboard {
    var stockItemEndpoints: [Endpoint] { [stockItemPage, adjustStock, saveStockPolicy, expectStock, stockHistory] }

    private static let path = PathShape("variant", .identifier(IdentifierKinds.Variant.self))

    private var stockItemPage: Endpoint {
        Endpoint(
            .get, "/dashboard/stock/items/{variant}", "showStockItem", summary: "The stock of a variant",
            policy: Access.reading("stock:read"), takes: .page(Self.path), answers: .web
        ) { call in
            try await show(
                call.path, of: try call.store, after: call.query["after"].flatMap { StockMovementID($0) },
                notice: Notice(call.query))
        }
    }

    private var adjustStock: Endpoint {
        Endpoint(
            .post, "/dashboard/stock/items/{variant}/adjustments", "adjustStockByHand",
            summary: "Takes units in or writes them off", policy: Access.changing("stock:write"),
            takes: .form(Self.path), answers: .web
        ) { call in
            let (store, variant, form) = (try call.store, call.path, call.body)
            var forms = StockItemForms(adjustment: form)
            let reason = MovementReason(rawValue: form["reason"] ?? "").flatMap { $0.isForAdjustments ? $0 : nil }
            let units = StockEntry.signedNumber(form["units"] ?? "")
            let note = (form["note"] ?? "").trimmed
            if reason == nil { forms.faults.add("reason", "Choose a reason.") }
            if units == nil || units == 0 || (units ?? 0 < 0 && reason != .correction) {
                forms.faults.add("units", "Give a whole number of units.")
            }
            if note.unicodeScalars.count > 1000 { forms.faults.add("note", "A note has at most 1000 characters.") }
            let location = LocationID(form["location"] ?? "")
            if location == nil { forms.faults.add("location", "Choose a location.") }
            guard forms.faults.isEmpty, let reason, let units, let location else {
                return try await show(variant, of: store, forms: forms)
            }
            let adjust = AdjustStock(
                store: store, variant: variant, delta: reason == .damaged || reason == .lost ? -units : units,
                location: location, reason: reason, note: note, actor: call.actor, requestID: call.requestID)
            return try await saving(variant, of: store, forms, ["/delta": "units", "/location_id": "location"]) { tx in
                _ = try adjust.run(in: tx)
            }
        }
    }

    private var saveStockPolicy: Endpoint {
        Endpoint(
            .post, "/dashboard/stock/items/{variant}/policy", "saveStockPolicy",
            summary: "Changes how a variant is sold", policy: Access.changing("stock:write"),
            takes: .form(Self.path), answers: .web
        ) { call in
            let (store, variant, form) = (try call.store, call.path, call.body)
            var forms = StockItemForms(policy: form)
            let safety = WholeNumber.read(form["safety"] ?? "")
            let low = WholeNumber.read(form["low"] ?? "")
            if safety == nil { forms.faults.add("safety", "Give a whole number of units.") }
            if low == nil { forms.faults.add("low", "Give a whole number of units.") }
            var limit: Int?
            switch form["backorders"] {
            case "no": limit = 0
            case "yes": limit = StockPolicy.noLimit
            case "limit":
                limit = WholeNumber.read(form["limit"] ?? "").flatMap { $0 > 0 ? $0 : nil }
                if limit == nil { forms.faults.add("limit", "Give a whole number of units, at least 1.") }
            default: forms.faults.add("backorders", "Choose one.")
            }
            guard forms.faults.isEmpty, let safety, let low, let limit else {
                return try await show(variant, of: store, forms: forms)
            }
            let change = ChangeStockPolicy(
                store: store, variant: variant, actor: call.actor, requestID: call.requestID
            ) { $0 = StockPolicy(safety: safety, backorderLimit: limit, lowAt: low) }
            return try await saving(variant, of: store, forms, [:]) { tx in _ = try change.run(in: tx) }
        }
    }

    private var expectStock: Endpoint {
        Endpoint(
            .post, "/dashboard/stock/items/{variant}/incoming", "expectStockByHand",
            summary: "Notes units that a supplier is to bring", policy: Access.changing("stock:write"),
            takes: .form(Self.path), answers: .web
        ) { call in
            let (store, variant, form) = (try call.store, call.path, call.body)
            var forms = StockItemForms(expectation: form)
            let units = WholeNumber.read(form["expected"] ?? "").flatMap { $0 > 0 ? $0 : nil }
            if units == nil { forms.faults.add("expected", "Give a whole number of units, at least 1.") }
            let typedDay = (form["day"] ?? "").trimmed
            let day = Instant(day: typedDay)
            if day == nil, !typedDay.isEmpty { forms.faults.add("day", "Give a day such as 2026-12-01.") }
            let supplier = (form["supplier"] ?? "").trimmed
            if supplier.unicodeScalars.count > 200 {
                forms.faults.add("supplier", "A supplier has at most 200 characters.")
            }
            let location = LocationID(form["to"] ?? "")
            if location == nil { forms.faults.add("to", "Choose a location.") }
            guard forms.faults.isEmpty, let units, let location else {
                return try await show(variant, of: store, forms: forms)
            }
            let expect = ExpectStock(
                store: store, variant: variant, quantity: units, location: location, expectedAt: day,
                supplier: supplier, actor: call.actor, requestID: call.requestID)
            return try await saving(variant, of: store, forms, ["/location_id": "to"]) { tx in
                _ = try expect.run(in: tx)
            }
        }
    }

    private var stockHistory: Endpoint {
        Endpoint(
            .get, "/dashboard/stock/history", "showStockHistory", summary: "What came and what left",
            policy: Access.reading("stock:read"), takes: .page, answers: .web
        ) { call in
            let store = try call.store
            let location = call.query["location"].flatMap { LocationID($0) }
            let after = call.query["after"].flatMap { StockMovementID($0) }
            let view = try await database.read("inventory.movements") { tx in
                let found = try Inventory.movements(
                    MovementFilter(location: location), of: store, after: after, limit: Self.pageSize + 1, in: tx)
                let shown = Array(found.prefix(Self.pageSize))
                return StockHistoryPage(
                    movements: shown, next: found.count > shown.count ? shown.last?.id : nil, isFirst: after == nil,
                    location: location, names: try StockNames(shown.map(\.variant), of: store, in: tx))
            }
            return try await page(.stock, "History of stock", of: store).answer(view.html)
        }
    }

    private func saving(
        _ variant: VariantID, of store: StoreID, _ forms: StockItemForms, _ fields: [String: String],
        _ change: @escaping @Sendable (borrowing Transaction) throws -> Void
    ) async throws -> Answer<WebAnswer> {
        var forms = forms
        do {
            try await database.write("inventory.change") { tx in
                guard try Catalog.hasVariant(variant, of: store, in: tx) else { throw Problem.notFound("variant") }
                try change(tx)
                try ShelfAvailability.review(variants: [variant], store: store, in: tx)
            }
        } catch let problem as Problem where Faults.canBeShown(problem) {
            forms.faults = Faults(problem) { fields[$0] ?? "" }
            return try await show(variant, of: store, forms: forms)
        }
        return .value(.redirect(to: "/dashboard/stock/items/\(variant)?done=\(Notice.stocked.rawValue)"))
    }

    private func show(
        _ id: VariantID, of store: StoreID, after: StockMovementID? = nil, forms: StockItemForms = StockItemForms(),
        notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("inventory.item") { tx -> StockItemPage in
            guard let variant = try Catalog.sellableVariants([id], of: store, in: tx).rows().first else {
                throw Problem.notFound("variant")
            }
            let level = try Inventory.levels(of: [id], store: store, in: tx).rows().first
            let found = try Inventory.movements(
                MovementFilter(variant: id), of: store, after: after, limit: Self.pageSize + 1, in: tx)
            let shown = Array(found.prefix(Self.pageSize))
            return StockItemPage(
                variant: variant, level: level,
                units: try level.map { try Inventory.units(of: $0, store: store, in: tx) } ?? [], movements: shown,
                next: found.count > shown.count ? shown.last?.id : nil, isFirst: after == nil,
                names: try StockNames([id], of: store, in: tx), forms: forms)
        }
        var page = try await page(.stock, view.variant.title, of: store)
        page.notice = notice
        page.status = forms.faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}

extension StockEntry {
    /// Nil unless the text is a whole number of at most a billion, perhaps with a sign.
    static func signedNumber(_ text: String) -> Int? {
        let text = text.trimmed
        guard let sign = text.first, "+-−".contains(sign) else { return WholeNumber.read(text) }
        return WholeNumber.read(String(text.dropFirst())).map { sign == "+" ? $0 : -$0 }
    }
}
