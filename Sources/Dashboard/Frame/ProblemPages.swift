import DesignSystem
public import HTTPServer
import Markup
public import Primitives

extension Dashboard {
    /// What people see under `/dashboard` instead of a problem; nil for other addresses.
    public static func problemPage(_ problem: Problem, path: String, requestID: String) -> WebAnswer? {
        guard path == "/dashboard" || path.hasPrefix("/dashboard/") else { return nil }
        // A stream that is read by a script needs the status, not a page to sign in.
        if problem.kind == .unauthenticated, path != "/dashboard/events" {
            return .redirect(to: ("/dashboard/sign-in?next=\(page(of: path))" as WebAddress).description)
        }
        return .html(
            Document("\(title(of: problem)) · Dashboard", sheet: DesignSystem.dashboardSheet).render {
                main(.class("signin")) {
                    div(.class("card stack")) {
                        h1 { title(of: problem) }
                        p { problem.detail }
                        p(.class("hint")) { "Request \(requestID)" }
                        UI.linkButton("To the dashboard", "/dashboard", .primary)
                    }
                }
            })
    }

    private static func title(of problem: Problem) -> String {
        switch problem.kind {
        case .notFound, .methodNotAllowed: "There is nothing here"
        case .forbidden: "This is not allowed"
        case .unavailable, .requestTimeout: "That took too long"
        case .internal: "Something went wrong"
        default: "That did not work"
        }
    }

    /// The page that a form's address belongs to: its first three parts, such as `/dashboard/orders/ord_…`.
    private static func page(of path: String) -> String {
        "/" + path.split(separator: "/").prefix(3).joined(separator: "/")
    }
}

/// Where someone goes after signing in: a page of the dashboard, whatever the address said.
enum NextPage {
    static func checked(_ text: String?) -> String? {
        guard let text, text == "/dashboard" || text.hasPrefix("/dashboard/") || text.hasPrefix("/dashboard?"),
            !text.hasPrefix("/dashboard/sign-"), text.utf8.count <= 500, !text.contains("//"),
            let address = WebAddress(checking: text)
        else { return nil }
        return address.description
    }
}
