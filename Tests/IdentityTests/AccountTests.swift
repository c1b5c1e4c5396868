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
                try Identity.accounts(withEmail: email, in: tx)
            }
            #expect(Set(found.map(\.store)) == [world.store.id, otto.store.id])
        }
    }

    @Test(arguments: TestEngine.available)
    func `an address with five links gets no more until they are used or too old`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let email = try #require(EmailAddress("maya@example.com"))
            let account = try await world.account(email)
            func mayHaveAnother() async throws -> Bool {
                let issue = IssueSignInLink(
                    store: account.store, account: account.id, token: .generate(), actor: .system, most: 5)
                return try await world.database.write("test.link") { tx in try issue.run(in: tx) } != nil
            }
            // All at once: each counts what the others made.
            let made = try await withThrowingTaskGroup(of: Bool.self) { tasks in
                for _ in 0..<12 { tasks.addTask { try await mayHaveAnother() } }
                return try await tasks.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(made == 5)
            _ = try await world.signIn(with: try await world.link(email))
            #expect(try await mayHaveAnother())
        }
    }

    @Test(arguments: TestEngine.available)
    func `whoever signs in spends the other links of the account, and no other's`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let otto = World(try await world.anotherStore(), in: world)
            let theirs = try await otto.link()
            let first = try await world.link()
            let second = try await world.link()
            _ = try await world.signIn(with: second)
            #expect(try await !world.isUsable(first))
            #expect(try await world.isUsable(theirs))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a link that was taken back is none, and one that was used stays used`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let account = try await world.account()
            let token = SignInToken.generate()
            try await world.database.write("test.link") { tx in
                _ = try IssueSignInLink(store: account.store, account: account.id, token: token, actor: .system)
                    .run(in: tx)
                try WithdrawSignInLink(token: token).run(in: tx)
            }
            #expect(try await !world.isUsable(token.text))
            await #expect(throws: Problem.self) { try await world.signIn(with: token.text) }
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
