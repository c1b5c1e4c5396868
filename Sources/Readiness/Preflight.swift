import Primitives

/// Runs checks and stamps what they find.
public struct Preflight: Sendable {
    /// How long one check may take.
    public static let timeoutSeconds = 60.0

    private let checks: [Check]
    private let context: CheckContext
    private let identity: BuildIdentity
    private let target: String
    private let runner: String
    private let host: String
    private let timeoutSeconds: Double
    private let sentence: @Sendable (any Error) -> String

    /// - Parameters:
    ///   - target: what is looked at, without credentials.
    ///   - runner: the program that looks, and its version.
    ///   - sentence: says an error to people.
    public init(
        checks: [Check], context: CheckContext, identity: BuildIdentity, target: String, runner: String, host: String,
        timeoutSeconds: Double = Preflight.timeoutSeconds,
        sentence: @escaping @Sendable (any Error) -> String = { "\($0)" }
    ) {
        self.checks = checks
        self.context = context
        self.identity = identity
        self.target = target
        self.runner = runner
        self.host = host
        self.timeoutSeconds = timeoutSeconds
        self.sentence = sentence
    }

    /// Runs each check after the other, so that one does not disturb the measurements of the next.
    public func run() async -> [Evidence] {
        var evidence: [Evidence] = []
        for check in checks { evidence.append(await run(check)) }
        return evidence
    }

    private func run(_ check: Check) async -> Evidence {
        let start = context.clock.now()
        let finding: Finding
        if check.profiles.contains(context.profile) {
            finding = await self.finding(of: check)
        } else {
            finding = Finding(
                .na, "Does not apply to the profile \(context.profile.rawValue).", exemption: .profile)
        }
        let end = context.clock.now()
        let expiresAt: Instant? =
            switch check.validity {
            case .build: nil
            case .hours(let hours): end.adding(seconds: hours * 3600)
            }
        return Evidence(
            checkID: check.id, checkVersion: check.version, profile: context.profile, target: target,
            identity: identity, takenAt: end,
            durationMilliseconds: Int((max(0, end.seconds(since: start)) * 1000).rounded()),
            finding: finding, runner: runner, host: host, expiresAt: expiresAt)
    }

    /// An error and a check that does not come back are both "nothing is known".
    private func finding(of check: Check) async -> Finding {
        let context = context
        let limit = timeoutSeconds
        let sentence = sentence
        return await withTaskGroup(of: Finding?.self) { group in
            group.addTask {
                do {
                    return try await check.run(context)
                } catch let problem as Problem {
                    return .unknown(problem.detail)
                } catch {
                    return .unknown("The check could not be run: \(sentence(error))")
                }
            }
            group.addTask {
                // Cancelled as soon as the check is back; then nobody reads this result.
                do { try await Task.sleep(for: .seconds(limit)) } catch { return nil }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .unknown("The check did not finish within \(limit.formattedSeconds).")
        }
    }
}

extension Double {
    /// Such as `60 s` or `0.5 s`.
    fileprivate var formattedSeconds: String {
        self == rounded() ? "\(Int(self)) s" : "\(self) s"
    }
}
