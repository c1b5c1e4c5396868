import Readiness

extension Check {
    /// CFG-02: every setting that production needs is there, is understood, and is a real one.
    static func productionSettings(_ settings: Settings) -> Check {
        Check(
            "CFG-02", "production settings and secrets", .blocker, modes: [.introspection], validity: .build
        ) { _ in
            let missing = settings.entries.filter { $0.setting.isRequiredInProduction && $0.value == nil }
                .map(\.setting.name)
            let placeholders = settings.entries.filter(Placeholder.isOne).map(\.setting.name)
            let faults = settings.faults.map(\.description)
            let measured = [
                Measure("environment", settings.isProduction ? "production" : "development"),
                Measure("set", settings.entries.filter { [.environment, .file].contains($0.source) }.count),
                Measure("missing", list(missing)), Measure("placeholders", list(placeholders)),
                Measure("faults", faults.count),
            ]
            let threshold = [
                Measure("environment", "production"), Measure("missing", "none"), Measure("placeholders", "none"),
                Measure("faults", 0),
            ]
            func failure(_ sentence: String) -> Finding {
                Finding(.fail, sentence, measured: measured, threshold: threshold)
            }
            if let fault = faults.first { return failure(fault) }
            guard settings.isProduction else {
                return failure("The installation runs in development: set SHIPSHAPE_ENVIRONMENT=production.")
            }
            if !missing.isEmpty { return failure("Required settings are missing: \(list(missing)).") }
            if !placeholders.isEmpty {
                return failure("Settings hold placeholders or test values: \(list(placeholders)).")
            }
            return Finding(
                .pass, "Every setting that production needs is set, understood and no placeholder.",
                measured: measured, threshold: threshold)
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}

/// Values that stand in examples and were never replaced.
enum Placeholder {
    private static let marks = [
        "changeme", "change-me", "change_me", "example.com", "example.org", "example.net", ".example", "placeholder",
        "your-", "your_", "<", ">", "sk_test_", "pk_test_", "xxxx",
    ]

    static func isOne(_ entry: SettingEntry) -> Bool {
        guard let value = entry.value, entry.source != .standard else { return false }
        let text = value.lowercased()
        switch entry.setting.kind {
        // Random bytes may spell anything in base64, but they do not repeat themselves.
        case .key: return Set(KeyText.bytes(value) ?? []).count < 16
        case .origin:
            let host = Origin(value)?.host ?? ""
            return host == "localhost" || host.hasSuffix(".localhost") || host.hasPrefix("127.") || host == "::1"
                || marks.contains(where: text.contains)
        case .databaseURL, .postgresURL: return marks.contains(where: text.contains)
        case .smtpURL: return value.hasPrefix("smtp+insecure:") || marks.contains(where: text.contains)
        case .token, .email: return marks.contains(where: text.contains)
        case .choice, .integer, .seconds, .addresses, .file, .store: return false
        }
    }
}
