import DesignSystem
import HTTPServer
import Identity
import Markup
import Persistence
import Primitives

extension Dashboard {
    var signInEndpoints: [Endpoint] { [signInPage, requestLink, linkPage, signIn, signOut] }

    private static let open = Policy(.anyone, rateLimit: .signIn, bodyLimitBytes: 16 << 10)
    private static let link = PathShape("token", .text(1...64))

    private var signInPage: Endpoint {
        Endpoint(
            .get, "/dashboard/sign-in", "showSignIn", summary: "Where a link to sign in is asked for",
            policy: Self.open, takes: .page, answers: .web
        ) { call in
            .value(
                SignInPages.ask(
                    next: call.query["next"], state: SignInPages.State(rawValue: call.query["state"] ?? ""),
                    canMail: mailLink != nil))
        }
    }

    /// Answers the same whether there is such an account or not, and does the same until the job runs.
    private var requestLink: Endpoint {
        Endpoint(
            .post, "/dashboard/sign-in", "requestSignInLink", summary: "Sends a link to sign in by e-mail",
            policy: Self.open, takes: .form, answers: .web
        ) { call in
            let typed = call.body["email"] ?? ""
            guard let email = EmailAddress(typed) else {
                return .value(
                    SignInPages.ask(
                        next: call.body["next"], canMail: mailLink != nil, typed: typed,
                        error: "Give an e-mail address such as you@shop.example."))
            }
            if let mailLink { try await mailLink(email, call.requestID) }
            return .value(.redirect(to: "/dashboard/sign-in?state=asked"))
        }
    }

    /// Looking at the link does not use it up: mail programs look at links too.
    private var linkPage: Endpoint {
        Endpoint(
            .get, "/dashboard/sign-in/{token}", "showSignInLink", summary: "The page that a sign-in link leads to",
            policy: Self.open, takes: .page(Self.link), answers: .web
        ) { call in
            let token = call.path
            let isUsable = try await database.read("identity.link_state") { tx in
                try Identity.isUsable(link: token, in: tx)
            }
            guard isUsable else { return .value(SignInPages.ask(state: .spent, canMail: mailLink != nil, status: 410)) }
            return .value(SignInPages.confirm(token: token, next: call.query["next"]))
        }
    }

    private var signIn: Endpoint {
        Endpoint(
            .post, "/dashboard/sign-in/{token}", "signIn", summary: "Uses a sign-in link up",
            policy: Self.open, takes: .form(Self.link), answers: .web
        ) { call in
            let token = SignInToken.generate()
            let signIn = SignIn(link: call.path, token: token, requestID: call.requestID)
            do {
                _ = try await database.write("identity.sign_in") { tx in try signIn.run(in: tx) }
            } catch let problem as Problem where problem.kind == .gone {
                return .value(SignInPages.ask(state: .spent, canMail: mailLink != nil, status: 410))
            }
            var answer = WebAnswer.redirect(to: NextPage.checked(call.body["next"]) ?? "/dashboard")
            answer.cookies = [
                Cookie(Credentials.sessionCookie, token.text, maxAgeSeconds: Int(Identity.sessionLifetimeSeconds))
            ]
            return .value(answer)
        }
    }

    private var signOut: Endpoint {
        Endpoint(
            .post, "/dashboard/sign-out", "signOut", summary: "Ends the session",
            policy: Policy(.session("dashboard:use"), rateLimit: .signIn), takes: .form, answers: .web
        ) { call in
            if case .session(let session, _) = call.caller.means {
                let end = SignOut(store: try call.store, session: session, requestID: call.requestID)
                try await database.write("identity.sign_out") { tx in try end.run(in: tx) }
            }
            var answer = WebAnswer.redirect(to: "/dashboard/sign-in?state=out")
            answer.cookies = [Cookie(Credentials.sessionCookie, "", maxAgeSeconds: 0)]
            return .value(answer)
        }
    }
}
