import DesignSystem
import HTTPServer
import Markup

/// The pages of those who are not signed in.
enum SignInPages {
    /// What happened before.
    enum State: String {
        case asked, spent, out

        var message: HTML {
            switch self {
            case .asked:
                UI.alert(.ok, "Look into your mailbox.") {
                    p { "If there is an account with this address, a link is on its way. It works for 15 minutes." }
                }
            case .spent:
                UI.alert(.warn, "This link does not work any more.") {
                    p { "A link works once, within 15 minutes. Ask for another." }
                }
            case .out: UI.alert(.ok, "You are signed out.")
            }
        }
    }

    /// Where a link is asked for.
    static func ask(
        next: String? = nil, state: State? = nil, canMail: Bool, typed: String = "", error: String? = nil,
        status: Int? = nil
    ) -> WebAnswer {
        page("Sign in", status: status ?? (error == nil ? 200 : 422)) {
            h1 { "Sign in" }
            if let state { state.message }
            if canMail {
                form(.method(.post), .action("/dashboard/sign-in"), .class("stack"), .novalidate()) {
                    if let next = NextPage.checked(next) { input(.type("hidden"), .name("next"), .value(next)) }
                    Field(
                        "email", "E-mail address", .line(type: "email"), value: typed, error: error, isRequired: true,
                        attributes: [.autocomplete("username"), .spellcheck("false"), .autofocus(error != nil)]
                    ).html
                    UI.button("Send me a link", .primary, size: "wide")
                }
            } else {
                p { "This installation cannot send mail yet. Whoever runs it makes a link at its console:" }
                pre(.class("code"), .tabindex(0)) { "shipshape sign-in --store sto_…" }
            }
        }
    }

    /// Where a link leads: one button, so that a program that only looks at links uses none up.
    static func confirm(token: String, next: String?) -> WebAnswer {
        page("Sign in", status: 200) {
            h1 { "Welcome back" }
            p(.class("muted")) { "This link signs you in on this device, once." }
            form(.method(.post), .action("/dashboard/sign-in/\(token)")) {
                if let next = NextPage.checked(next) { input(.type("hidden"), .name("next"), .value(next)) }
                UI.button("Sign in", .primary, size: "wide")
            }
        }
    }

    private static func page(_ title: String, status: Int, @HTMLBuilder content: () -> HTML) -> WebAnswer {
        .html(
            Document("\(title) · Dashboard", sheet: DesignSystem.dashboardSheet).render {
                main(.class("signin")) { div(.class("card stack"), content: content) }
            }, status: status)
    }
}
