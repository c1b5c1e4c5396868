import Identity
import Persistence
import Primitives
import Stores

extension ConsoleDesk {
    /// Makes a link that signs in once. Whoever is at the console may have one for any account, and for a new one.
    func signIn(_ arguments: JSON) async throws -> JSON {
        guard let store = arguments["store"]?.identifier(IdentifierKinds.Store.self) else {
            throw Problem.validation("/store", "identifier", "The store is no id such as sto_….")
        }
        let email = try arguments["email"]?.string.map { text in
            guard let email = EmailAddress(text) else {
                throw Problem.validation("/email", "email", "\(text.prefix(100)) is no e-mail address.")
            }
            return email
        }
        let token = SignInToken.generate()
        let (account, expiry) = try await database.write("identity.link") { tx in
            guard try Stores.store(store, in: tx) != nil else { throw Problem.notFound("store") }
            let account = try OpenAccount(store: store, email: email, actor: .operatorConsole).run(in: tx)
            let expiry = try IssueSignInLink(
                store: store, account: account.id, token: token, actor: .operatorConsole
            ).run(in: tx)
            return (account, expiry)
        }
        let origin = publicURL ?? address?.url ?? ListeningAddress.url(host: "127.0.0.1", port: 8080)
        return [
            "account": JSON(account.id), "email": JSON(account.email?.description),
            "url": .string("\(origin)/dashboard/sign-in/\(token.text)"), "expires_at": expiry.map { JSON($0) } ?? .null,
        ]
    }
}
