import Catalog
import DesignSystem
import HTTPServer
import Markup
import Persistence
import Primitives

extension Dashboard {
    var redirectEndpoints: [Endpoint] { [redirectList, removeRedirect] }

    private var redirectList: Endpoint {
        Endpoint(
            .get, "/dashboard/redirects", "showRedirects", summary: "Former addresses and where they lead",
            policy: Access.reading("products:read"), takes: .page, answers: .web
        ) { call in
            let store = try call.store
            let after = RedirectPlace(call.query)
            let view = try await database.read("catalog.redirects") { tx in
                let found = try Catalog.redirects(of: store, after: after, limit: Self.pageSize + 1, in: tx)
                return RedirectListPage(
                    redirects: Array(found.prefix(Self.pageSize)), isBeginning: after == nil,
                    hasMore: found.count > Self.pageSize)
            }
            var page = try await page(.products, "Redirects", of: store)
            page.notice = Notice(call.query)
            return page.answer(view.html)
        }
    }

    private var removeRedirect: Endpoint {
        Endpoint(
            .post, "/dashboard/redirects", "removeRedirect", summary: "Lets a former address lead nowhere",
            policy: Access.changing("products:write"), takes: .form, answers: .web
        ) { call in
            guard let place = RedirectPlace(call.body) else { throw Problem.notFound("redirect") }
            let remove = RemoveRedirect(
                store: try call.store, redirect: place, actor: call.actor, requestID: call.requestID)
            try await database.write("catalog.remove_redirect") { tx in try remove.run(in: tx) }
            return .value(.redirect(to: "/dashboard/redirects?done=\(Notice.redirectRemoved.rawValue)"))
        }
    }
}

extension RedirectPlace {
    /// Of a form or an address; nil when it names none.
    fileprivate init?(_ form: Form) {
        guard let kind = form["kind"].flatMap(RedirectKind.init), let handle = form["handle"] else { return nil }
        self.init(kind: kind, handle: handle)
    }
}

extension RedirectKind {
    /// Where its things are in the shop.
    fileprivate var folder: String {
        switch self {
        case .product: "products"
        case .category: "categories"
        case .collection: "collections"
        }
    }
}

/// Former addresses with what they lead to.
struct RedirectListPage: Sendable {
    let redirects: [HandleRedirect]
    let isBeginning: Bool
    let hasMore: Bool

    var html: HTML {
        group {
            div(.class("page-head")) { h1 { "Redirects" } }
            p(.class("muted")) {
                "When the address of a product, a category or a collection changes, the former one leads to it."
            }
            div(.class("card flush")) {
                if redirects.isEmpty {
                    UI.empty("Nothing leads elsewhere", "No address has changed yet.") {
                        UI.linkButton("To the products", "/dashboard/products")
                    }
                } else {
                    table
                    if hasMore || !isBeginning {
                        div(.class("table-foot")) {
                            UI.pagination(
                                first: isBeginning ? nil : "/dashboard/redirects", next: next, more: "More redirects")
                        }
                    }
                }
            }
        }
    }

    private var next: WebAddress? {
        guard hasMore, let last = redirects.last else { return nil }
        return "/dashboard/redirects?kind=\(last.kind.rawValue)&handle=\(last.handle)"
    }

    private var table: HTML {
        UI.table(
            "Redirects", redirects,
            [
                .init("Former address") { redirect in strong { "/\(redirect.kind.folder)/\(redirect.handle)" } },
                .init("Leads to") { redirect in
                    if let target = redirect.target {
                        let address = WebAddress(checking: "/\(redirect.kind.folder)/\(WebAddress.encode(target))")
                        a(.href(address ?? "/")) { "/\(redirect.kind.folder)/\(target)" }
                    } else {
                        "Nothing"
                    }
                },
                .init("Since") { redirect in UI.time(redirect.createdAt) },
                .init("Remove") { redirect in
                    form(.method(.post), .action("/dashboard/redirects")) {
                        input(.type("hidden"), .name("kind"), .value(redirect.kind.rawValue))
                        input(.type("hidden"), .name("handle"), .value(redirect.handle))
                        Markup.button(
                            .type("submit"), .class("button small"),
                            .aria("label", "Remove the redirect from \(redirect.handle)")
                        ) { "Remove" }
                    }
                },
            ])
    }
}
