public import Primitives

extension Evidence {
    /// The record as one JSON document, with every field.
    public var json: JSON {
        var document: JSONObject = [
            "check_id": JSON(checkID), "check_version": JSON(checkVersion), "profile": JSON(profile.rawValue),
            "target": JSON(target), "build": JSON(identity.build), "config_digest": JSON(identity.configuration),
            "taken_at": JSON(takenAt), "duration_ms": JSON(durationMilliseconds),
            "verdict": JSON(finding.verdict.rawValue), "sentence": JSON(finding.sentence),
            "measured": .measures(finding.measured), "threshold": .measures(finding.threshold),
            "evidence_level": JSON(finding.level.description), "runner": JSON(runner), "host": JSON(host),
            "expires_at": JSON(expiresAt),
        ]
        switch finding.exemption {
        case nil: break
        case .profile: document["not_applicable"] = ["by": "profile"]
        case .person(let name, let reason): document["not_applicable"] = ["by": JSON(name), "reason": JSON(reason)]
        }
        document["artefact_sha256"] = finding.artefactDigest.map { JSON($0) }
        return .object(document)
    }

    /// Reads a record back; nil when it is not one.
    public init?(json: JSON) {
        guard let checkID = json["check_id"]?.string, let checkVersion = json["check_version"]?.integer,
            let profile = json["profile"]?.string.flatMap(Profile.init), let target = json["target"]?.string,
            let build = json["build"]?.string, let configuration = json["config_digest"]?.string,
            let takenAt = json["taken_at"]?.instant, let duration = json["duration_ms"]?.integer,
            let runner = json["runner"]?.string, let host = json["host"]?.string,
            let expiry = json["expires_at"], let finding = Finding(json: json)
        else { return nil }
        self.init(
            checkID: checkID, checkVersion: checkVersion, profile: profile, target: target,
            identity: BuildIdentity(build: build, configuration: configuration), takenAt: takenAt,
            durationMilliseconds: duration, finding: finding, runner: runner, host: host, expiresAt: expiry.instant)
    }
}

extension Finding {
    fileprivate init?(json: JSON) {
        guard let verdict = json["verdict"]?.string.flatMap(CheckVerdict.init),
            let sentence = json["sentence"]?.string, let measured = json["measured"]?.measures,
            let threshold = json["threshold"]?.measures,
            let level = json["evidence_level"]?.string.flatMap({ text in
                EvidenceLevel.allCases.first { $0.description == text }
            })
        else { return nil }
        var exemption: Exemption?
        if let by = json["not_applicable"]?["by"]?.string {
            let reason = json["not_applicable"]?["reason"]?.string
            exemption = reason.map { .person(name: by, reason: $0) } ?? .profile
        }
        self.init(
            verdict, sentence, measured: measured, threshold: threshold, level: level, exemption: exemption,
            artefactDigest: json["artefact_sha256"]?.string)
    }
}

extension JSON {
    fileprivate static func measures(_ measures: [Measure]) -> JSON {
        .array(measures.map { ["name": JSON($0.name), "value": JSON($0.value)] })
    }

    fileprivate var measures: [Measure]? {
        guard let array else { return nil }
        let read = array.compactMap { element in
            element["name"]?.string.flatMap { name in element["value"]?.string.map { Measure(name, $0) } }
        }
        return read.count == array.count ? read : nil
    }
}
