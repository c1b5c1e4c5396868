import FoundationEssentials
import Primitives
import Testing

@Suite struct SecretTests {
    private struct Settings {
        let name = "default"
        let key = Secret("sk_correct_horse_battery_staple")
    }

    @Test func `no way of printing shows a secret`() {
        let settings = Settings()
        var dumped = ""
        dump(settings, to: &dumped)
        let printed = [
            "\(settings.key)", "\(settings)", String(describing: settings), String(reflecting: settings),
            String(reflecting: settings.key), "\([settings.key])", "\(Optional(settings.key) as Any)", dumped,
            String(describing: Mirror(reflecting: settings.key).children.map { $0.value }),
        ]
        for text in printed {
            #expect(!text.contains("correct"), "\(text)")
            #expect(!text.contains("115, 107"), "\(text)")
        }
    }

    @Test func `it describes itself by the beginning of its SHA-256 digest`() {
        #expect(Secret("").description == "sha256:e3b0c442")
        #expect(Secret("abc").description == "sha256:ba7816bf")
    }

    @Test func `equal bytes are equal and others are not`() {
        #expect(Secret("abc") == Secret([97, 98, 99]))
        #expect(Secret("abc") != Secret("abd"))
        #expect(Secret("abc") != Secret("bbc"))
        #expect(Secret("abc") != Secret("ab"))
        #expect(Secret("") == Secret([UInt8]()))
        #expect(Secret("ключ").count == 8)
    }

    @Test func `the bytes are lent to who needs them`() {
        #expect(Secret("abc").withBytes { $0 } == [97, 98, 99])
    }
}

@Suite struct ProblemTests {
    @Test func `a validation problem counts its fields`() {
        let one = Problem.validation("/email", "required", "An e-mail address is needed.")
        #expect(one.kind == .invalid)
        #expect(one.code == "validation.failed")
        #expect(one.detail == "One field is not valid.")
        #expect(one.errors == [.init(pointer: "/email", code: "required", detail: "An e-mail address is needed.")])
        #expect(Problem.validation(one.errors + one.errors).detail == "2 fields are not valid.")
    }

    @Test func `what is not found is named`() {
        let problem = Problem.notFound("order")
        #expect(problem.kind == .notFound)
        #expect(problem.code == "not_found")
        #expect(problem.detail == "There is no such order.")
    }

    @Test func `an actor is described without its secrets`() throws {
        let key = try #require(APIKeyID("key_01h455vb4pex5vsknk084sn02q"))
        #expect(
            [Actor.system, .buyer, .operatorConsole, .apiKey(key)].map(\.description) == [
                "system", "buyer", "console", "key_01h455vb4pex5vsknk084sn02q",
            ])
    }
}
