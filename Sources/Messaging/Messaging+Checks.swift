import Persistence
import Primitives
public import Readiness

extension Messaging {
    /// What this domain knows of readiness, given how mails leave.
    /// - Parameter route: as the installation is set.
    public static func checks(_ route: MailRoute) -> [CheckPart] {
        [
            CheckPart("ORD-04") { context in
                let health = try await context.database.read("readiness.mail") { tx in try Messaging.health(in: tx) }
                let waiting = health.oldestPendingSince.map { max(0, context.clock.now().seconds(since: $0)) } ?? 0
                let measured = [
                    Measure("configured", isConfigured(route) ? "yes" : "no"),
                    Measure("last_outcome", health.last?.rawValue ?? "none"),
                    Measure("oldest_pending_seconds", Int(waiting)),
                ]
                let threshold = [
                    Measure("configured", "yes"), Measure("last_outcome", "sent"),
                    Measure("oldest_pending_seconds", "below \(Int(longestWaitSeconds))"),
                ]
                let (verdict, sentence) = judge(route, health, waiting: waiting)
                return Finding(verdict, sentence, measured: measured, threshold: threshold)
            }
        ]
    }

    private static func isConfigured(_ route: MailRoute) -> Bool {
        if case .server = route { true } else { false }
    }

    private static func judge(
        _ route: MailRoute, _ health: MailHealth, waiting: Double
    ) -> (CheckVerdict, String) {
        if case .none(let reason) = route { return (.fail, "No mail is sent: \(reason)") }
        if waiting >= longestWaitSeconds {
            return (.fail, "A mail has been waiting for \(Int(waiting)) s: look at its last error.")
        }
        switch health.last {
        case .sent?: return (.pass, "The last mail was taken by the mail server, and none waits long.")
        case nil: return (.unknown, "No mail has been sent yet, so nobody knows whether the mail server takes any.")
        case .some: return (.fail, "The last mail was not taken: \(health.lastError)")
        }
    }
}
