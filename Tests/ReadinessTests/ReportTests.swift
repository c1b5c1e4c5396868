import Primitives
import Readiness
import Testing

@Suite struct ReportTests {
    private static let now = Instant(microseconds: 1_772_323_200_000_000)
    private static let identity = BuildIdentity(build: "b1", configuration: "c1")

    private static func check(_ id: String, _ title: String, _ severity: Severity) -> Check {
        Check(id, title, severity, modes: [.introspection, .drill], validity: .hours(48)) { _ in .unknown("Unused.") }
    }

    private static func evidence(_ id: String, _ finding: Finding, ageSeconds: Double) -> Evidence {
        let taken = now.adding(seconds: -ageSeconds)
        return Evidence(
            checkID: id, checkVersion: 1, profile: .single, target: "sqlite", identity: identity, takenAt: taken,
            durationMilliseconds: 12, finding: finding, runner: "shipshape test", host: "kiosk-é",
            expiresAt: taken.adding(seconds: 48 * 3600))
    }

    private static let assessment = Assessment(
        [
            check("DAT-01", "migrations", .blocker), check("JOB-02", "oldest job and dead letters", .high),
            check("SEC-10", "engine version", .high),
        ],
        evidence: [
            evidence(
                "DAT-01",
                Finding(
                    .pass, "All 3 migrations are applied.", measured: [Measure("applied", 3), Measure("pending", 0)]),
                ageSeconds: 7300),
            evidence("JOB-02", Finding(.fail, "2 jobs are dead letters."), ageSeconds: 0),
        ], root: identity, running: identity, at: now)

    @Test func `the report shows each check with its evidence and age, and never the score alone`() {
        #expect(
            Self.assessment.text() == """
                PASS     DAT-01  blocker  migrations                   L1<L3  2 h ago 
                         All 3 migrations are applied.
                         applied 3 · pending 0
                FAIL     JOB-02  high     oldest job and dead letters  L1     now     
                         2 jobs are dead letters.
                UNKNOWN  SEC-10  high     engine version               --     never   
                         There is no evidence.

                score 20 · verified 70 % of weight (L1 70 %) · blockers 0 open · high 2 open, 0 waived \
                · DAT 50, JOB 0, SEC 0 · build b1 · expires in 1 d
                Lx<Ly: the evidence is of a lower level than the check asks for; it earns half the credit.

                NO-GO
                - High checks are open without a waiver: JOB-02, SEC-10.
                - The score 20 is below 75.
                - Only 70 % of the weight is verified, not 85 %.
                - Nobody has signed off (OPS-03).
                """)
    }

    @Test func `the report for programs says the same`() throws {
        let json = Self.assessment.json
        #expect(json["verdict"]?.string == "NO-GO")
        #expect(json["exit_code"]?.integer == 1)
        #expect(json["score"]?.integer == 20)
        #expect(json["high_open"] == ["JOB-02", "SEC-10"])
        let checks = try #require(json["checks"]?.array)
        #expect(checks.map { $0["verdict"]?.string } == ["pass", "fail", "unknown"])
        #expect(checks[0]["credit"] == .number(0.5))
        #expect(checks[0]["evidence"]?["taken_at"]?.instant == Self.now.adding(seconds: -7300))
        #expect(checks[2]["evidence"] == .null)
        #expect(try JSON(parsing: json.bytes) == json)
    }

    @Test func `evidence survives being written and read`() throws {
        let full = Self.evidence(
            "DAT-01",
            Finding(
                .na, "No \"mail\"\nhere.", measured: [Measure("größe", 1)], threshold: [Measure("most", "2")],
                level: .observed, exemption: .person(name: "Maya", reason: "none is sent"), artefactDigest: "ab"),
            ageSeconds: 1)
        #expect(Evidence(json: try JSON(parsing: full.json.bytes)) == full)
        #expect(Evidence(json: ["check_id": "DAT-01"]) == nil)
    }
}
