import HTTPServer
import Orders
import Persistence
import Pricing
import Primitives
import Stores
import UseCases

extension ShopAPI {
    var taxEndpoints: [Endpoint] { [getTaxSettings, replaceTaxSettings, exemptCheckout] }

    private static let path = "/api/v1/settings/taxes"

    private var getTaxSettings: Endpoint {
        Endpoint(
            .get, Self.path, "getTaxSettings",
            summary: "Which taxes the store charges; version 0 while it was told nothing and charges none",
            policy: Policy(.secretKey("settings:read"), rateLimit: .backOffice), takes: .nothing,
            answers: .ok(StoredTaxSettings.output)
        ) { call in
            let store = try call.store
            return .value(
                try await database.read("taxes.settings") { tx in try Pricing.taxSettings(of: store, in: tx) })
        }
    }

    private var replaceTaxSettings: Endpoint {
        Endpoint(
            .put, Self.path, "replaceTaxSettings",
            summary: "Replaces the tax settings as a whole; names the version that was read",
            policy: Policy(.secretKey("settings:write"), rateLimit: .backOffice),
            takes: .body(TaxSettingsInput.shape), answers: .ok(StoredTaxSettings.output),
            problems: [.conflict: "settings.changed"]
        ) { call in
            let save = try SaveTaxSettings(
                store: try call.store, settings: call.body.settings, version: call.body.version, actor: call.actor,
                requestID: call.requestID)
            return .value(try await database.write("taxes.save") { tx in try save.run(in: tx) })
        }
    }

    private static let checkout = PathShape("checkout", .identifier(IdentifierKinds.Checkout.self))
    private static let exemption = InputShape<String>.object(
        "TaxExemption", .required("reason", .text(0...500))
    ) { $0 }

    private var exemptCheckout: Endpoint {
        Endpoint(
            .put, "/api/v1/checkouts/{checkout}/tax_exemption", "exemptCheckout",
            summary: "Says why the buyer of an open checkout is never taxed; an empty reason takes it back",
            policy: Policy(.secretKey("checkouts:write"), rateLimit: .backOffice),
            takes: .path(Self.checkout, body: Self.exemption), answers: .ok(CheckoutView.shape),
            problems: [.gone: "checkout.expired", .conflict: "checkout.completed"]
        ) { call in
            let store = try await store(try call.store)
            var change = ChangeCheckout(store: store.id, id: call.path)
            change.taxExemption = .set(call.body.isEmpty ? nil : call.body)
            let exempting = change
            return .value(
                try await database.write("checkout.exempt") { tx in
                    CheckoutView(try CheckoutQuote.load(exempting.run(in: tx), store: store, in: tx), at: tx.now)
                })
        }
    }
}
