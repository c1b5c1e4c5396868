public import Primitives

/// Something that is wrong: what, why it matters, and what mends it.
public struct Complaint: Hashable, Sendable {
    /// How bad it is.
    public enum Severity: String, Sendable, CaseIterable {
        /// Something does not work, or loses data, until it is mended.
        case error
        /// It works, and may not for long, or not as it seems.
        case warning
        /// Good to know.
        case note
    }

    /// What was looked at.
    public enum Area: String, Sendable, CaseIterable {
        case settings, machine, database, schema, data, work, outside
    }

    public let severity: Severity
    public let area: Area
    /// A sentence.
    public let what: String
    public let why: String
    /// A command, or what to do by hand.
    public let cure: String

    public init(_ severity: Severity, _ area: Area, _ what: String, why: String, cure: String) {
        self.severity = severity
        self.area = area
        self.what = what
        self.why = why
        self.cure = cure
    }

    var json: JSON {
        [
            "severity": JSON(severity.rawValue), "area": JSON(area.rawValue), "what": JSON(what), "why": JSON(why),
            "cure": JSON(cure),
        ]
    }
}

/// What an examination came to.
public struct DoctorReport: Sendable {
    /// The worst first, and else in the order of the examination.
    public let complaints: [Complaint]
    /// What was not looked at, with the reason.
    public let unexamined: [Unexamined]

    /// An area that could not be looked at.
    public struct Unexamined: Hashable, Sendable {
        public let area: Complaint.Area
        public let reason: String
    }

    init(complaints: [Complaint], unexamined: [Unexamined]) {
        self.complaints = Complaint.Severity.allCases.flatMap { severity in
            complaints.filter { $0.severity == severity }
        }
        self.unexamined = unexamined
    }

    /// 1 where there is an error, and where an area could not be looked at: what is unknown is not well.
    public var exitCode: Int32 {
        complaints.contains { $0.severity == .error } || !unexamined.isEmpty ? 1 : 0
    }

    /// For programs.
    public var json: JSON {
        [
            "healthy": .bool(exitCode == 0), "version": JSON(Installation.version),
            "complaints": .array(complaints.map(\.json)),
            "unexamined": .array(
                unexamined.map { ["area": JSON($0.area.rawValue), "reason": JSON($0.reason)] }),
        ]
    }

    /// For people.
    public var text: String {
        var blocks = complaints.map { complaint in
            """
            \(complaint.severity.rawValue.uppercased()) in \(complaint.area.rawValue): \(complaint.what)
                why   \(complaint.why)
                mend  \(complaint.cure)
            """
        }
        blocks += unexamined.map { "NOT EXAMINED: \($0.area.rawValue): \($0.reason)" }
        let counts = Complaint.Severity.allCases.compactMap { severity -> String? in
            let count = complaints.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }
        blocks.append(
            counts.isEmpty
                ? (unexamined.isEmpty ? "Nothing is wrong." : "Nothing wrong was found where it could be looked.")
                : counts.joined(separator: ", ") + ".")
        return blocks.joined(separator: "\n\n")
    }
}
