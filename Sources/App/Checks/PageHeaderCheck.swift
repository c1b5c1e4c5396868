import HTTPOutbound
import Primitives
import Readiness

extension Check {
    /// WEB-03: pages come with the headers that keep other sites and injected scripts out of them
    /// (https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring).
    static let pageHeaders = Check(
        "WEB-03", "headers of pages", .high, modes: [.probe], validity: .hours(24)
    ) { context in
        guard let base = context.baseURL else {
            return .unknown("Nobody said where the installation answers: give --url.")
        }
        return await PageHeaders(base: base).judge()
    }
}

/// Looks at the headers of pages of every kind, those of problems among them.
struct PageHeaders: Sendable {
    private static let pages = ["/", "/basket", "/dashboard/sign-in", "/no-such-page"]

    let base: String

    func judge() async -> Finding {
        let client = OutboundClient(base: base)
        var faults: [String] = []
        for page in Self.pages {
            let request = OutboundRequest(.get, page, headers: [("Accept", "text/html")])
            do {
                let answer = try await client.send(request)
                faults += Self.faults { answer.header($0) }.map { "\(page): \($0)" }
            } catch {
                return .unknown("\(base) cannot be reached (\(error.code)): nothing is known of its pages.")
            }
        }
        let measured = [
            Measure("pages", Self.pages.count),
            Measure("faults", faults.isEmpty ? "none" : faults.joined(separator: ", ")),
        ]
        let threshold = [Measure("faults", "none")]
        guard faults.isEmpty else {
            return Finding(
                .fail, "Pages lack headers that keep others out: does a proxy take them away?", measured: measured,
                threshold: threshold)
        }
        return Finding(
            .pass, "Pages of every kind run no scripts and styles but their own, and stand in no frame.",
            measured: measured, threshold: threshold)
    }

    /// What is wrong with the headers of a page.
    static func faults(_ header: (String) -> String?) -> [String] {
        var faults: [String] = []
        let policy = directives(of: header("Content-Security-Policy") ?? "")
        if policy["default-src"] != ["'none'"] { faults.append("default-src is not 'none'") }
        for name in ["base-uri", "form-action", "frame-ancestors"] where policy[name] == nil {
            faults.append("no \(name)")
        }
        for (name, sources) in policy.sorted(by: { $0.key < $1.key }) {
            let isLoose = sources.contains { $0.hasPrefix("'unsafe-") || $0 == "*" }
            if isLoose { faults.append("\(name) lets anything in") }
        }
        for (name, value) in expected where header(name) != value { faults.append("\(name) is not \(value)") }
        for name in ["Referrer-Policy", "Permissions-Policy"] where header(name) == nil { faults.append("no \(name)") }
        return faults
    }

    private static let expected = [
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    /// The sources of each directive (https://www.w3.org/TR/CSP3/#parse-serialized-policy).
    private static func directives(of policy: String) -> [String: [String]] {
        var directives: [String: [String]] = [:]
        for directive in policy.split(separator: ";") {
            let words = directive.split(separator: " ").map { $0.lowercased() }
            guard let name = words.first, directives[name] == nil else { continue }
            directives[name] = Array(words.dropFirst())
        }
        return directives
    }
}
