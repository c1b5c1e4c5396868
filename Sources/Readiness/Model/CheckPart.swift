public import Persistence
import Primitives

/// What one part of the program knows about a check. A front door lists its own; the composition root collects them,
/// so that a check about the whole stays one check and each part of it stands where its tables do.
public struct CheckPart: Sendable {
    /// The check that it belongs to, such as `PAY-05`.
    public let checkID: String
    /// Looks and says what it found. An error means that nothing is known.
    public let run: @Sendable (CheckContext) async throws -> Finding

    public init(_ checkID: String, run: @escaping @Sendable (CheckContext) async throws -> Finding) {
        self.checkID = checkID
        self.run = run
    }

    /// Books that must not contradict themselves.
    /// - Parameters:
    ///   - name: whose books, in lower-case words.
    ///   - find: each contradiction in a few words; none in a sound database.
    public static func contradictions(
        _ checkID: String, in name: String,
        find: @escaping @Sendable (borrowing Transaction) throws -> [String]
    ) -> CheckPart {
        CheckPart(checkID) { context in
            .contradictions(try await context.database.read("readiness.contradictions", find), in: name)
        }
    }
}

extension Finding {
    /// What contradictions in somebody's books amount to.
    public static func contradictions(_ found: [String], in name: String) -> Finding {
        let count = "contradictions in \(name)"
        return Finding(
            found.isEmpty ? .pass : .fail, found.first ?? "The books of \(name) do not contradict themselves.",
            measured: [Measure(count, found.count)]
                + found.enumerated().map { Measure("\(name), contradiction \($0 + 1)", $1) },
            threshold: [Measure(count, 0)])
    }

    /// Several findings as one: the worst verdict and its sentence, all measures, the lowest level.
    /// - Parameter sound: the sentence when all of them pass.
    public static func all(_ findings: [Finding], sound: String) -> Finding {
        let order: [CheckVerdict] = [.fail, .unknown, .waived, .na, .warn]
        let worst = order.lazy.compactMap { verdict in findings.first { $0.verdict == verdict } }.first
        guard !findings.isEmpty else { return .unknown("Nobody has said what this check looks at.") }
        return Finding(
            worst?.verdict ?? .pass, worst?.sentence ?? sound, measured: findings.flatMap(\.measured),
            threshold: findings.flatMap(\.threshold), level: findings.map(\.level).min() ?? .attested)
    }
}

extension Check {
    /// A check that passes when all its parts do.
    /// - Parameters:
    ///   - parts: of any checks; those of this one are taken.
    ///   - sound: the sentence when all is well.
    public init(
        _ id: String, version: Int = 1, _ title: String, _ severity: Severity, modes: [CheckMode],
        profiles: Set<Profile> = Set(Profile.allCases), validity: Validity, parts: [CheckPart], sound: String
    ) {
        let own = parts.filter { $0.checkID == id }
        self.init(
            id, version: version, title, severity, modes: modes, profiles: profiles, validity: validity
        ) { context in
            var findings: [Finding] = []
            for part in own { findings.append(try await part.run(context)) }
            return .all(findings, sound: sound)
        }
    }
}

extension Check {
    /// The same check with a drill beside what it looks at. Its evidence is that of a drill only when both pass; else
    /// it is as good as the worse of them.
    public func drilled(by drill: @escaping @Sendable (CheckContext) async throws -> Finding) -> Check {
        Check(
            id, version: version, title, severity, modes: modes, profiles: profiles, validity: validity
        ) { context in
            let looked = try await run(context)
            let drilled = try await drill(context)
            let both = Finding.all([looked, drilled], sound: "\(looked.sentence) \(drilled.sentence)")
            guard both.verdict == .pass else { return both }
            return Finding(
                .pass, both.sentence, measured: both.measured, threshold: both.threshold, level: drilled.level)
        }
    }
}
