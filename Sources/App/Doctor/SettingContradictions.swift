/// Settings that are right one by one and wrong together.
struct SettingContradictions {
    private let settings: Settings

    init(_ settings: Settings) {
        self.settings = settings
    }

    func complaints() -> [Complaint] {
        card() + address() + idle() + place()
    }

    private func value(_ setting: Setting) -> String? {
        settings.entries.first { $0.setting == setting && $0.source != .standard }?.value
    }

    private func card() -> [Complaint] {
        let (key, secret) = (value(SettingCatalogue.stripeSecretKey), value(SettingCatalogue.stripeWebhookSecret))
        var found: [Complaint] = []
        if key != nil, secret == nil {
            found.append(
                Complaint(
                    .error, .settings,
                    "SHIPSHAPE_STRIPE_SECRET_KEY is set, and SHIPSHAPE_STRIPE_WEBHOOK_SECRET is not.",
                    why: "Buyers could pay, and no order would ever become paid: only a signed webhook makes it so.",
                    cure: "set SHIPSHAPE_STRIPE_WEBHOOK_SECRET to the signing secret (whsec_…) of the webhook endpoint")
            )
        }
        if key == nil, secret != nil {
            found.append(
                Complaint(
                    .warning, .settings, "SHIPSHAPE_STRIPE_WEBHOOK_SECRET is set without SHIPSHAPE_STRIPE_SECRET_KEY.",
                    why: "Card payments are not offered.",
                    cure: "set SHIPSHAPE_STRIPE_SECRET_KEY as well, or leave both out"))
        }
        let isTest = key?.hasPrefix("sk_test_") == true || key?.hasPrefix("rk_test_") == true
        if settings.isProduction, isTest {
            found.append(
                Complaint(
                    .error, .settings, "Production has a test key of Stripe.",
                    why: "Nobody would be charged, and the goods would leave all the same.",
                    cure: "set SHIPSHAPE_STRIPE_SECRET_KEY to the live key (sk_live_…)"))
        }
        if !settings.isProduction, key?.contains("_live_") == true {
            found.append(
                Complaint(
                    .warning, .settings, "Development has a live key of Stripe.",
                    why: "What is tried out here charges real cards.",
                    cure: "use a test key, or set SHIPSHAPE_ENVIRONMENT=production"))
        }
        return found
    }

    private func address() -> [Complaint] {
        var found: [Complaint] = []
        if settings.isProduction, let url = settings.publicURL, !url.hasPrefix("https://") {
            found.append(
                Complaint(
                    .warning, .settings, "SHIPSHAPE_PUBLIC_URL is \(url), which is not encrypted.",
                    why: "Others can read along, and take over sessions of staff.",
                    cure: "put a proxy with TLS in front, and set SHIPSHAPE_PUBLIC_URL=https://…"))
        }
        if settings.publicURL?.hasPrefix("https://") == true, settings.trustedProxies.isEmpty {
            found.append(
                Complaint(
                    .warning, .settings, "The public address is https, and no proxy is trusted.",
                    why: "Shipshape speaks plain HTTP behind a proxy; without the proxy's word every caller has the "
                        + "proxy's address, and all of them share one rate limit.",
                    cure: "set SHIPSHAPE_TRUSTED_PROXIES to the proxy's address, such as 127.0.0.1"))
        }
        return found
    }

    private func idle() -> [Complaint] {
        var pairs: [(Setting, String)] = []
        if case .sqlite = settings.database {
            pairs += [
                (SettingCatalogue.directURL, "the data is in a file"),
                (SettingCatalogue.writers, "SQLite has one writer"),
            ]
        }
        if settings.mailServer == nil {
            pairs += [
                (SettingCatalogue.smtpFrom, "SHIPSHAPE_SMTP_URL is not set"),
                (SettingCatalogue.smtpCertificates, "SHIPSHAPE_SMTP_URL is not set"),
            ]
        }
        return pairs.filter { value($0.0) != nil }.map { setting, reason in
            Complaint(
                .note, .settings, "\(setting.name) has no effect: \(reason).",
                why: "Whoever set it expects something of it.", cure: "leave it out, or complete what it belongs to")
        }
    }

    private func place() -> [Complaint] {
        guard case .postgres(let url) = settings.database, settings.isProduction, !url.contains("sslmode=") else {
            return []
        }
        let host = DatabaseLocation(url)?.description ?? ""
        let isNear = ["@localhost", "//localhost", "127.0.0.1", "//[::1]"].contains { host.contains($0) }
        guard !isNear else { return [] }
        return [
            Complaint(
                .note, .settings, "SHIPSHAPE_DATABASE_URL leaves open whether the connection is encrypted.",
                why: "A server that offers no encryption would be used without.",
                cure: "add sslmode=verify-full (or require) to the address")
        ]
    }
}
