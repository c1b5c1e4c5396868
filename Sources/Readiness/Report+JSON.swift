public import Primitives

extension Assessment {
    /// The report for programs: verdict, score and reasons first, then every check with its evidence.
    public var json: JSON {
        [
            "verdict": JSON(verdict.rawValue), "exit_code": JSON(Int(verdict.exitCode)), "score": JSON(score),
            "verified_percent": .number((verifiedPercent * 10).rounded() / 10),
            "levels": .object(
                JSONObject(levelPercents.map { ($0.level.description, .number(($0.percent * 10).rounded() / 10)) })),
            "areas": .object(JSONObject(areas.map { ($0.area, JSON($0.score)) })),
            "blockers_open": .array(openBlockers.map { JSON($0) }), "high_open": .array(openHighs.map { JSON($0) }),
            "high_waived": .array(waivedHighs.map { JSON($0) }), "reasons": .array(reasons.map { JSON($0) }),
            "at": JSON(at), "expires_at": JSON(expiresAt), "build": JSON(running.build),
            "config_digest": JSON(running.configuration), "checks": .array(results.map(\.json)),
        ]
    }
}

extension CheckResult {
    fileprivate var json: JSON {
        [
            "id": JSON(check.id), "version": JSON(check.version), "title": JSON(check.title),
            "severity": JSON(check.severity.rawValue), "modes": .array(check.modes.map { JSON($0.rawValue) }),
            "verdict": JSON(verdict.rawValue), "credit": .number(credit), "evidence": evidence?.json ?? .null,
        ]
    }
}

extension JSONObject {
    /// An object of these members, in their order.
    fileprivate init(_ members: [(String, JSON)]) {
        self.init()
        for (key, value) in members { self[key] = value }
    }
}
