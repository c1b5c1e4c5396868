import HTTPServer
import Jobs
import Payments
import PaymentsStripe
import Primitives
import UseCases

/// How card payments are put together.
extension Installation {
    /// Takes card payments with what the settings say of the oldest store's account; other stores' accounts are kept
    /// in the database.
    /// - Throws: `Refusal` for a simulator in production.
    func paymentDesk() async throws -> PaymentDesk {
        let desk = PaymentDesk(
            database: database,
            connections: ProviderConnections(
                database: database, vault: .forProviders(masterKey: try await masterKey()),
                providers: [StripeProvider(address: try settings.stripeAddress())], seed: settings.stripeAccount),
            logger: logger)
        try await desk.prepare()
        return desk
    }

    /// For reading declarations: it takes no payments.
    var idleDesk: PaymentDesk {
        PaymentDesk(
            database: database,
            connections: ProviderConnections(
                database: database, vault: .forProviders(masterKey: Secret([])), providers: []), logger: logger)
    }

    /// Where the ledger contradicts itself or the orders; empty when it is sound.
    public func ledgerContradictions() async throws -> [String] {
        try await requireMigrated()
        return try await LedgerAudit.contradictions(in: database, limit: 100)
    }
}

extension Settings {
    /// Where Stripe's API is.
    /// - Throws: `Refusal` for another place than Stripe's in production.
    func stripeAddress() throws -> String {
        let address = text(SettingCatalogue.stripeAPIBase).flatMap(Origin.init)?.text ?? StripeProvider.officialAddress
        if isProduction, address != StripeProvider.officialAddress {
            throw Refusal(
                "\(SettingCatalogue.stripeAPIBase.name) is \(address): in production card payments go to "
                    + "\(StripeProvider.officialAddress) only.")
        }
        return address
    }

    /// The account that the settings name, with the secrets of which any may sign its webhooks.
    var stripeAccount: ProviderConnections.Seed? {
        guard let key = text(SettingCatalogue.stripeSecretKey) else { return nil }
        let secrets = (text(SettingCatalogue.stripeWebhookSecret) ?? "").split(separator: ",")
            .map { Secret(Array($0.utf8)) }
        return ProviderConnections.Seed(
            provider: "stripe",
            credentials: ProviderCredentials(secretKey: Secret(key), webhookSecrets: secrets))
    }
}
