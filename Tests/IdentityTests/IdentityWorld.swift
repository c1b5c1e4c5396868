import EventLog
import Identity
import Jobs
import Persistence
import Primitives
import ShopWorld
import Stores

extension World {
    func account(_ email: EmailAddress? = nil) async throws -> Account {
        let opening = OpenAccount(store: store.id, email: email, actor: .operatorConsole)
        return try await database.write("test.account") { tx in try opening.run(in: tx) }
    }

    /// A new link's secret.
    func link(_ email: EmailAddress? = nil) async throws -> String {
        let account = try await account(email)
        let token = SignInToken.generate()
        _ = try await database.write("test.link") { tx in
            try IssueSignInLink(store: account.store, account: account.id, token: token, actor: .operatorConsole)
                .run(in: tx)
        }
        return token.text
    }

    func isUsable(_ link: String) async throws -> Bool {
        try await database.read("test.usable") { tx in try Identity.isUsable(link: link, in: tx) }
    }

    func signIn(with link: String) async throws -> (session: Session, token: String) {
        let token = SignInToken.generate()
        let session = try await database.write("test.sign_in") { tx in
            try SignIn(link: link, token: token, requestID: nil).run(in: tx)
        }
        return (session, token.text)
    }

    func session(_ token: String) async throws -> Session? {
        let digest = SignInToken.digest(of: token)
        return try await database.read("test.session") { tx in try Identity.session(digest: digest, in: tx) }
    }

    func accountEvents() async throws -> [RecordedEvent] {
        let account = try await account()
        return try await database.read("test.events") { tx in
            try EventLog.history(
                of: Aggregate(kind: "account", id: account.id), store: account.store, limit: 100, in: tx)
        }
    }

    func prune() async throws {
        try await database.write("test.prune") { tx in try Identity.prune(in: tx) }
    }
}
