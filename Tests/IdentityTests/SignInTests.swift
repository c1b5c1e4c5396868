import EventLog
import Identity
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct SignInTests {
    @Test(arguments: TestEngine.available)
    func `a link signs in once`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let link = try await world.link()
            #expect(try await world.isUsable(link))
            let session = try await world.signIn(with: link)
            #expect(session.session.store == world.store.id)
            #expect(try await !world.isUsable(link))
            await #expect(throws: Problem.self) { try await world.signIn(with: link) }
            #expect(try await world.session(session.token)?.id == session.session.id)
        }
    }

    @Test(arguments: TestEngine.available)
    func `of many who use one link at once one is signed in`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let link = try await world.link()
            let signedIn = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do {
                            _ = try await world.signIn(with: link)
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(signedIn == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a link expires after fifteen minutes`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let link = try await world.link()
            world.clock.advance(seconds: 15 * 60)
            #expect(try await !world.isUsable(link))
            do {
                _ = try await world.signIn(with: link)
                Issue.record("It was accepted.")
            } catch let problem as Problem {
                #expect(problem.code == "sign_in_link.spent")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `the database knows no secret`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let link = try await world.link()
            let session = try await world.signIn(with: link)
            let digests = try await world.database.read("test.digests") { tx in
                try tx.query("SELECT digest FROM sign_in_links") { try $0[0] as [UInt8] }
                    + tx.query("SELECT digest FROM sessions") { try $0[0] as [UInt8] }
            }
            #expect(digests == [SignInToken.digest(of: link), SignInToken.digest(of: session.token)])
            let events = try await world.accountEvents()
            #expect(
                events.map(\.type.rawValue) == ["account.created", "account.link_issued", "account.signed_in"])
            for event in events {
                #expect(!event.data.description.contains(link))
                #expect(!event.data.description.contains(session.token))
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a session ends thirty days after it began and after a week without use`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let signedIn = try await world.signIn(with: world.link())
            let session = signedIn.session
            #expect(session.isAlive(at: world.clock.now()))
            #expect(!session.isAlive(at: session.createdAt.adding(seconds: 7 * 24 * 3600)))
            for _ in 0..<29 {
                world.clock.advance(seconds: 24 * 3600)
                try await world.database.write("test.use") { tx in
                    try Identity.noteUse(of: session.id, store: session.store, in: tx)
                }
            }
            #expect(try await world.session(signedIn.token)?.isAlive(at: world.clock.now()) == true)
            world.clock.advance(seconds: 24 * 3600)
            #expect(try await world.session(signedIn.token)?.isAlive(at: world.clock.now()) == false)
        }
    }

    @Test(arguments: TestEngine.available)
    func `signing out ends the session and says so once`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let signedIn = try await world.signIn(with: world.link())
            for _ in 0..<2 {
                try await world.database.write("test.out") { tx in
                    try SignOut(store: signedIn.session.store, session: signedIn.session.id, requestID: nil).run(in: tx)
                }
            }
            #expect(try await world.session(signedIn.token) == nil)
            #expect(try await world.accountEvents().filter { $0.type == "account.signed_out" }.count == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is over is removed after a day`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let signedIn = try await world.signIn(with: world.link())
            try await world.prune()
            #expect(try await world.session(signedIn.token) != nil)
            world.clock.advance(seconds: 32 * 24 * 3600)
            try await world.prune()
            let left = try await world.database.read("test.left") { tx in
                try tx.query("SELECT digest FROM sign_in_links") { try $0[0] as [UInt8] }.count
                    + tx.query("SELECT digest FROM sessions") { try $0[0] as [UInt8] }.count
            }
            #expect(left == 0)
        }
    }
}
