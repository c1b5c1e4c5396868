public import Primitives

/// Someone's promise to mend a failing check of high severity by a date. Blockers cannot be waived.
public struct Waiver: Hashable, Sendable {
    public let checkID: String
    /// Who mends it.
    public let owner: String
    public let reason: String
    /// What keeps the risk small meanwhile.
    public let mitigation: String
    public let due: Instant
    /// Who allows it; not the owner.
    public let approver: String

    /// The longest that something may stay waived.
    public static let longestDays = 7.0
    /// How many may be waived at once.
    public static let most = 5
    /// How many of one area may be waived at once.
    public static let mostInOneArea = 2

    public init(checkID: String, owner: String, reason: String, mitigation: String, due: Instant, approver: String) {
        self.checkID = checkID
        self.owner = owner
        self.reason = reason
        self.mitigation = mitigation
        self.due = due
        self.approver = approver
    }

    /// Why the waiver does not count now; nil when it does.
    public func objection(at now: Instant) -> String? {
        for (name, text) in [
            ("owner", owner), ("reason", reason), ("mitigation", mitigation), ("approver", approver),
        ] where text.allSatisfy(\.isWhitespace) {
            return "The waiver of \(checkID) names no \(name)."
        }
        if owner == approver { return "The waiver of \(checkID) is approved by its owner." }
        if due <= now { return "The waiver of \(checkID) was due at \(due)." }
        if due.seconds(since: now) > Waiver.longestDays * 86_400 {
            return "The waiver of \(checkID) is due in more than 7 days."
        }
        return nil
    }
}
