import Primitives
import Readiness
import Testing

/// One check in a table of cases: its severity and area follow from the letters, its evidence from the rest.
private struct Known: Sendable {
    var id: String
    var severity: Severity
    var verdict: CheckVerdict?
    var level = EvidenceLevel.configured
    var modes: [CheckMode] = [.introspection]
    var validity = Validity.hours(24)
    var ageHours = 1.0
    var version = 1
    var exemption: Exemption?
    var artefact: String?
    var build = World.running

    /// Blockers that pass: `A-1`, `A-2` and so on.
    static func passing(_ count: Int) -> [Known] {
        (1...count).map { Known(id: "A-\($0)", severity: .blocker, verdict: .pass) }
    }
    static func highs(_ ids: String...) -> [Known] { ids.map { Known(id: $0, severity: .high, verdict: .fail) } }
    static func blocker(_ id: String, _ verdict: CheckVerdict?) -> Known {
        Known(id: id, severity: .blocker, verdict: verdict)
    }
    static func high(_ id: String, _ verdict: CheckVerdict?) -> Known {
        Known(id: id, severity: .high, verdict: verdict)
    }
    static func medium(_ id: String, _ verdict: CheckVerdict?) -> Known {
        Known(id: id, severity: .medium, verdict: verdict)
    }
    static func low(_ id: String, _ verdict: CheckVerdict?) -> Known { Known(id: id, severity: .low, verdict: verdict) }

    func with(_ change: (inout Known) -> Void) -> Known {
        var copy = self
        change(&copy)
        return copy
    }

    var check: Check {
        Check(id, version: 1, "check \(id)", severity, modes: modes, validity: validity) { _ in .unknown("Unused.") }
    }

    var evidence: Evidence? {
        guard let verdict else { return nil }
        let taken = World.now.adding(seconds: -ageHours * 3600)
        var expires: Instant?
        if case .hours(let hours) = validity { expires = taken.adding(seconds: hours * 3600) }
        return Evidence(
            checkID: id, checkVersion: version, profile: .single, target: "test", identity: build, takenAt: taken,
            durationMilliseconds: 1,
            finding: Finding(verdict, "Seen.", level: level, exemption: exemption, artefactDigest: artefact),
            runner: "test", host: "kiosk-é", expiresAt: expires)
    }
}

private enum World {
    /// 2026-03-01T00:00:00Z.
    static let now = Instant(microseconds: 1_772_323_200_000_000)
    static let running = BuildIdentity(build: "b1", configuration: "c1")

    static func waiver(_ id: String, due days: Double = 3, change: (inout [String]) -> Void = { _ in }) -> Waiver {
        var texts = ["Maya", "supplier is late", "checked by hand every day", "Noor"]
        change(&texts)
        return Waiver(
            checkID: id, owner: texts[0], reason: texts[1], mitigation: texts[2],
            due: now.adding(seconds: days * 86_400), approver: texts[3])
    }

    static func waivers(_ ids: String...) -> [Waiver] { ids.map { waiver($0) } }

    static func assess(
        _ known: [Known], waivers: [Waiver] = [], root: BuildIdentity = running
    ) -> Assessment {
        Assessment(
            known.map(\.check), evidence: known.compactMap(\.evidence), waivers: waivers, root: root,
            running: running, at: now)
    }

    /// Signed off with an artefact: the piece without which nothing is a full GO.
    static let signOff = Known.blocker(Assessment.signOffs, .pass).with {
        $0.modes = [.manual]
        $0.level = .attested
        $0.artefact = "ab12"
    }
}

private struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let known: [Known]
    var waivers: [Waiver] = []
    let score: Int
    let verified: Double
    let verdict: LaunchVerdict

    init(
        _ name: String, _ known: [Known], waivers: [Waiver] = [], score: Int, verified: Double, _ verdict: LaunchVerdict
    ) {
        testDescription = name
        self.known = known
        self.waivers = waivers
        self.score = score
        self.verified = verified
        self.verdict = verdict
    }
}

@Suite struct AssessmentTests {
    /// Weights: blocker 10, high 7.5, medium 5, low 2.5.
    private static let cases: [Case] = [
        Case("nothing at all", [], score: 0, verified: 0, .noGo),
        Case(
            "all pass and signed off", [.blocker("A-1", .pass), .high("A-2", .pass), World.signOff],
            score: 100, verified: 100, .go),
        Case(
            "all pass and nobody signed off", [.blocker("A-1", .pass), .high("A-2", .pass)],
            score: 100, verified: 100, .conditional),
        // 190 of 200: the average would be fine.
        Case(
            "a blocker is never averaged away",
            Known.passing(18) + [World.signOff, .blocker("B-1", .fail)],
            score: 95, verified: 100, .noGo),
        Case(
            "an unknown blocker is a failing one",
            Known.passing(18) + [World.signOff, .blocker("B-1", .unknown)],
            score: 95, verified: 95, .noGo),
        Case(
            "a blocker without any evidence is unknown",
            Known.passing(18) + [World.signOff, .blocker("B-1", nil)],
            score: 95, verified: 95, .noGo),
        Case(
            "a blocker cannot be waived", [World.signOff, .blocker("A-1", .fail)],
            waivers: [World.waiver("A-1")], score: 50, verified: 100, .noGo),
        // A warning earns half: (10 + 10 + 10 + 3.75) of 37.5 = 90.
        Case(
            "a warning earns half",
            [World.signOff, .blocker("A-1", .pass), .blocker("A-2", .pass), .high("A-3", .warn)],
            score: 90, verified: 100, .go),
        // 10 + 7.5 + 0 + 0 of 10 + 7.5 + 5 + 2.5 = 70.
        Case(
            "each severity has its weight",
            [World.signOff, .high("A-1", .pass), .medium("A-2", .fail), .low("A-3", .fail)],
            score: 70, verified: 100, .noGo),
        // 7 × 10 of 7 × 10 + 2 × 2.5 = 93.3, verified as much: below 95.
        Case(
            "unknown lows earn nothing",
            [World.signOff] + Known.passing(6) + [.low("B-1", .unknown), .low("B-2", nil)],
            score: 93, verified: 1400.0 / 15, .conditional),
        // 40 of 47.5 = 84.2.
        Case(
            "a failing high without a waiver",
            [World.signOff] + Known.passing(3) + [.high("B-1", .fail)],
            score: 84, verified: 100, .noGo),
        Case(
            "a failing high with a waiver earns nothing and is conditional",
            [World.signOff] + Known.passing(3) + [.high("B-1", .fail)],
            waivers: [World.waiver("B-1")], score: 84, verified: 100, .conditional),
        Case(
            "an unknown high needs a waiver too, and stays unverified",
            [World.signOff] + Known.passing(8) + [.high("B-1", .unknown)],
            waivers: [World.waiver("B-1")], score: 92, verified: 9000 / 97.5, .conditional),
        Case(
            "a waived high with a score below 75",
            [World.signOff, .blocker("A-1", .pass), .high("B-1", .fail)],
            waivers: [World.waiver("B-1")], score: 73, verified: 100, .noGo),
        // 160 of 197.5 = 81.0.
        Case(
            "five waivers, two an area, are the most",
            [World.signOff] + Known.passing(15)
                + Known.highs("B-1", "B-2", "C-1", "C-2", "D-1"),
            waivers: World.waivers("B-1", "B-2", "C-1", "C-2", "D-1"),
            score: 81, verified: 100, .conditional),
        // 160 of 205 = 78.0.
        Case(
            "six waivers are too many",
            [World.signOff] + Known.passing(15)
                + Known.highs("B-1", "B-2", "C-1", "C-2", "D-1", "D-2"),
            waivers: World.waivers("B-1", "B-2", "C-1", "C-2", "D-1", "D-2"),
            score: 78, verified: 100, .noGo),
        // 160 of 182.5 = 87.7.
        Case(
            "three waivers in one area are too many",
            [World.signOff] + Known.passing(15)
                + Known.highs("B-1", "B-2", "B-3"),
            waivers: World.waivers("B-1", "B-2", "B-3"), score: 88, verified: 100, .noGo),
        // Evidence from inside for something that has to be drilled: 5 of 10 beside 30 of 30.
        Case(
            "evidence below the mode's level earns half",
            [World.signOff, .blocker("A-1", .pass), .blocker("A-2", .pass)]
                + [.blocker("A-3", .pass).with { $0.modes = [.introspection, .drill] }],
            score: 88, verified: 100, .conditional),
        Case(
            "evidence above the mode's level earns all",
            [World.signOff, .blocker("A-1", .pass).with { $0.level = .drilled }], score: 100, verified: 100, .go),
        Case(
            "a manual check without an artefact earns half",
            [.blocker("A-1", .pass), World.signOff.with { $0.artefact = nil }], score: 75, verified: 100, .conditional),
        Case(
            "not applicable by profile leaves the denominator",
            [World.signOff, .blocker("A-1", .na).with { $0.exemption = .profile }], score: 100, verified: 100, .go),
        Case(
            "not applicable by a person's word leaves the denominator",
            [World.signOff, .blocker("A-1", .na).with { $0.exemption = .person(name: "Maya", reason: "no mail") }],
            score: 100, verified: 100, .go),
        Case(
            "not applicable without a reason is unknown", [World.signOff, .blocker("A-1", .na)],
            score: 50, verified: 50, .noGo),
        Case(
            "a check cannot call itself waived", [World.signOff, .high("A-1", .waived)],
            score: 57, verified: 4000.0 / 70, .noGo),
        Case(
            "stale evidence is unknown, not pass",
            [World.signOff, .blocker("A-1", .pass).with { $0.ageHours = 24 }], score: 50, verified: 50, .noGo),
        Case(
            "evidence lasts to the end of its time",
            [World.signOff, .blocker("A-1", .pass).with { $0.ageHours = 23.99 }], score: 100, verified: 100, .go),
        Case(
            "evidence of another version of the check is unknown",
            [World.signOff, .blocker("A-1", .pass).with { $0.version = 2 }], score: 50, verified: 50, .noGo),
        Case(
            "evidence that dies with the build is unknown for another build",
            [
                World.signOff,
                .blocker("A-1", .pass).with {
                    $0.validity = .build
                    $0.build = BuildIdentity(build: "b0", configuration: "c1")
                },
            ], score: 50, verified: 50, .noGo),
        Case(
            "evidence that dies with the build is unknown for other settings",
            [
                World.signOff,
                .blocker("A-1", .pass).with {
                    $0.validity = .build
                    $0.build = BuildIdentity(build: "b1", configuration: "c0")
                },
            ], score: 50, verified: 50, .noGo),
        // 30 + 3.75 + 5 of 45 = 86.1: no failure, and still not 90.
        Case(
            "a score between 75 and 90 is conditional",
            [World.signOff, .blocker("A-1", .pass), .blocker("A-2", .pass), .high("A-3", .warn)]
                + [.medium("A-4", .pass), .low("A-5", .fail)],
            score: 86, verified: 100, .conditional),
        // 40 of 50: the mediums are unknown, so 80 % is verified.
        Case(
            "verified below 85 percent",
            [World.signOff] + Known.passing(3) + [.medium("B-1", nil), .medium("B-2", nil)],
            score: 80, verified: 80, .noGo),
    ]

    @Test(arguments: cases)
    private func `the score and the verdict follow the rules`(_ example: Case) {
        let assessment = World.assess(example.known, waivers: example.waivers)
        #expect(assessment.score == example.score)
        #expect(abs(assessment.verifiedPercent - example.verified) < 0.001)
        #expect(assessment.verdict == example.verdict, "\(assessment.reasons)")
        #expect((assessment.verdict == .go) == assessment.reasons.isEmpty)
    }

    @Test(arguments: [
        ("owner", 0), ("reason", 1), ("mitigation", 2), ("approver", 3),
    ]) func `a waiver without one of its parts does not count`(_ name: String, _ index: Int) {
        let known = [World.signOff] + Known.passing(3) + [.high("B-1", .fail)]
        let assessment = World.assess(known, waivers: [World.waiver("B-1") { $0[index] = " " }])
        #expect(assessment.verdict == .noGo)
        #expect(assessment.openHighs == ["B-1"])
        #expect(assessment.reasons.contains("The waiver of B-1 names no \(name)."))
    }

    @Test func `a waiver approved by its owner, overdue or too far ahead does not count`() {
        let own = World.waiver("B-1") { $0[3] = "Maya" }
        let known = [World.signOff] + Known.passing(3) + [.high("B-1", .fail)]
        for waiver in [own, World.waiver("B-1", due: 0), World.waiver("B-1", due: 7.01)] {
            #expect(World.assess(known, waivers: [waiver]).verdict == .noGo)
        }
        #expect(World.assess(known, waivers: [World.waiver("B-1", due: 7)]).verdict == .conditional)
    }

    @Test func `a conditional verdict expires with the earliest due date`() {
        var known = [World.signOff] + Known.passing(9) + Known.highs("B-1", "C-1")
        for index in known.indices { known[index].validity = .hours(24 * 90) }
        let waivers = [World.waiver("B-1", due: 5), World.waiver("C-1", due: 2)]
        let assessment = World.assess(known, waivers: waivers)
        #expect(assessment.verdict == .conditional)
        #expect(assessment.expiresAt == World.now.adding(seconds: 2 * 86_400))
        #expect(assessment.waivedHighs == ["B-1", "C-1"])
    }

    @Test func `evidence gathered for another build is a NO-GO whatever it says`() {
        let assessment = World.assess(
            [World.signOff, .blocker("A-1", .pass)], root: BuildIdentity(build: "b0", configuration: "c1"))
        #expect(assessment.verdict == .noGo)
        #expect(assessment.reasons == ["The evidence was gathered for another build or other settings."])
    }

    @Test func `exit codes tell the verdicts apart`() {
        #expect(LaunchVerdict.allCases.map(\.exitCode) == [0, 2, 1])
    }

    @Test func `the score comes with its areas and the levels of its evidence`() {
        let assessment = World.assess([
            .blocker("A-1", .pass), .blocker("A-2", .fail), .high("B-1", .pass).with { $0.level = .observed },
            .low("B-2", nil),
        ])
        // 17.5 of 30.
        #expect(assessment.score == 58)
        #expect(assessment.areas.map(\.area) == ["A", "B"])
        #expect(assessment.areas.map(\.score) == [50, 75])
        #expect(assessment.levelPercents.map { Int($0.percent.rounded()) } == [0, 67, 25, 0])
        #expect(assessment.openBlockers == ["A-2"])
    }
}
