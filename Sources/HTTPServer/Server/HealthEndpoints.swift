import Primitives

/// What the health pages ask.
public struct Health: Sendable {
    /// One thing that the server needs to do its work.
    public struct Part: Sendable {
        /// Such as `database`.
        public var name: String
        /// Nil when it is well; otherwise a sentence, which is logged and not shown.
        public var failure: String?
        /// Whether requests should go to other processes while it is not well.
        public var isNeededToServe: Bool

        public init(_ name: String, failure: String?, isNeededToServe: Bool = true) {
            self.name = name
            self.failure = failure
            self.isNeededToServe = isNeededToServe
        }
    }

    /// Asks all parts.
    public var parts: @Sendable () async -> [Part]

    public init(parts: @escaping @Sendable () async -> [Part]) {
        self.parts = parts
    }
}

/// `/health/live`, `/health/ready` and `/health`.
struct HealthEndpoints: Sendable {
    private struct Live: Sendable {
        let status = "ok"
    }

    private struct Report: Sendable {
        let isWell: Bool
        let at: Instant
        let uptimeSeconds: Int
        let services: [(key: String, value: String)]
    }

    private static let live = OutputShape<Live>.object("Alive", .field("status", .text, \.status))
    private static let report = OutputShape<Report>.object(
        "Health",
        .field("status", .text) { $0.isWell ? "ok" : "degraded" },
        .field("timestamp", .instant, \.at),
        .field("uptime_seconds", .integer, \.uptimeSeconds),
        .field("services", .map(of: .text), \.services))
    private static let rate = RateLimitClass("health", requests: 600, perSeconds: 60)

    let health: Health
    let clock: any Clock
    let log: @Sendable (Health.Part) -> Void

    var endpoints: [Endpoint] {
        let policy = Policy(.anyone, rateLimit: Self.rate, bodyLimitBytes: 0, timeoutSeconds: 5)
        let started = clock.now()
        return [
            Endpoint(
                .get, "/health/live", "getLiveness", summary: "Whether the process answers", policy: policy,
                takes: .nothing, answers: .ok(Self.live)
            ) { _ in .value(Live()) },
            Endpoint(
                .get, "/health/ready", "getReadiness", summary: "Whether the process can do its work", policy: policy,
                takes: .nothing, answers: .ok(Self.live), problems: [.unavailable: "not_ready"]
            ) { _ in
                let failed = await failedParts().filter(\.isNeededToServe).map(\.name)
                guard failed.isEmpty else {
                    let names = failed.joined(separator: ", ")
                    throw Problem(
                        .unavailable, "not_ready", "Not ready: \(names).", retryAfterSeconds: 5,
                        references: ["failed": names])
                }
                return .value(Live())
            },
            Endpoint(
                .get, "/health", "getHealth", summary: "The state of what the process needs", policy: policy,
                takes: .nothing, answers: .statuses([200, 503], Self.report)
            ) { _ in
                let parts = await health.parts()
                let now = clock.now()
                let report = Report(
                    isWell: parts.allSatisfy { $0.failure == nil }, at: now,
                    uptimeSeconds: Int(now.seconds(since: started)),
                    services: parts.map { ($0.name, $0.failure == nil ? "ok" : "error") })
                parts.filter { $0.failure != nil }.forEach(log)
                return .value(report, status: report.isWell ? 200 : 503)
            },
        ]
    }

    private func failedParts() async -> [Health.Part] {
        let failed = await health.parts().filter { $0.failure != nil }
        failed.forEach(log)
        return failed
    }
}
