import Identity
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct AccountTests {
    @Test(arguments: TestEngine.available)
    func `a store has one owner however often the account is opened`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let first = try await world.account()
            let email = try #require(EmailAddress("maya@example.com"))
            let named = try await world.account(email)
            #expect(named.id == first.id)
            #expect(named.email == email)
            #expect(try await world.account(email) == named)
            #expect(try await world.account() == named)
            let ottos = try #require(EmailAddress("otto@example.com"))
            let other = try await world.account(ottos)
            #expect(other.id != first.id)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an address has accounts of its own in each store`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let otto = World(try await world.anotherStore(), in: world)
            let email = try #require(EmailAddress("maya@example.com"))
            let mine = try await world.account(email)
            let theirs = try await otto.account(email)
            #expect(mine.id != theirs.id)
            let found = try await world.database.read("test.accounts") { tx in
                try Identity.accountsToBeSentLinks(email, in: tx)
            }
            #expect(Set(found.map(\.store)) == [world.store.id, otto.store.id])
        }
    }

    @Test(arguments: TestEngine.available)
    func `an address with five links gets no more until they are used or too old`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let email = try #require(EmailAddress("maya@example.com"))
            var links: [String] = []
            for _ in 0..<5 { links.append(try await world.link(email)) }
            func count() async throws -> Int {
                try await world.database.read("test.accounts") { tx in
                    try Identity.accountsToBeSentLinks(email, in: tx).count
                }
            }
            #expect(try await count() == 0)
            _ = try await world.signIn(with: links[0])
            #expect(try await count() == 1)
        }
    }

    @Test func `secrets have 160 bits and a form of their own`() {
        var random = SeededRandom(seed: 7)
        let texts = (0..<100).map { _ in SignInToken.generate(using: &random).text }
        #expect(Set(texts).count == 100)
        #expect(texts.allSatisfy { $0.count == 32 && SignInToken.isWellFormed($0) })
        for text in ["", "x", String(repeating: "A", count: 32), String(repeating: "é", count: 16)] {
            #expect(!SignInToken.isWellFormed(text))
        }
    }
}
