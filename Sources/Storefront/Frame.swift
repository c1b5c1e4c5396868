import Catalog
import DesignSystem
import HTTPServer
import Markup
import Primitives
import Stores

/// What is around every page: the shop's name, the way through it, and the basket.
struct Frame {
    let shop: Shop
    var basketCount = 0
    /// The handle of the outermost category above what is shown.
    var category: String?
    var query = ""
    /// Whether the way through the shop is shown; the checkout leaves it out.
    var isNavigable = true

    /// A page of the shop.
    func page(_ document: Document, @HTMLBuilder content: () -> HTML) -> [UInt8] {
        var document = document
        document.title = document.title.isEmpty ? shop.store.name : "\(document.title) · \(shop.store.name)"
        document.scripts = [Storefront.script]
        return document.render {
            a(.class("skip"), .href("#main")) { "Skip to the content" }
            top
            main(.id("main"), .tabindex(-1)) { div(.class("wrap")) { content() } }
            foot
        }
    }

    private var top: HTML {
        header(.class("top")) {
            div(.class("wrap bar")) {
                a(.class("brand"), .href("/")) { shop.store.name }
                if isNavigable {
                    form(.class("search"), .action("/search"), .method(.get), .role("search")) {
                        input(
                            .type("search"), .name("q"), .class("input"), .value(query.isEmpty ? nil : query),
                            .placeholder("Search the shop"), .aria("label", "Search the shop"), .maxlength(200))
                        Markup.button(.type("submit"), .aria("label", "Search")) { UI.icon(.search) }
                    }
                    basketLink
                } else {
                    a(.class("basket-link"), .href("/basket")) { "Back to the basket" }
                }
            }
            if isNavigable, !shop.categories.isEmpty || shop.book.currencies.count > 1 {
                div(.class("wrap ways")) {
                    ways
                    chooser
                }
            }
        }
    }

    private var ways: HTML {
        group {
            if !shop.categories.isEmpty {
                nav(.class("categories"), .aria("label", "Categories")) {
                    for category in shop.categories.prefix(12) {
                        a(
                            .href("/categories/\(category.handle)"),
                            .aria("current", category.handle == self.category ? "page" : nil)
                        ) { category.title }
                    }
                }
            }
        }
    }

    /// Shows prices in another currency; without scripts it takes a press of its button.
    private var chooser: HTML {
        guard shop.book.currencies.count > 1 else { return .empty }
        return form(
            .class("currency"), .action("/currency"), .method(.post), .data("submit-on-change")
        ) {
            label(.for("currency"), .class("visually-hidden")) { "Currency" }
            select(.id("currency"), .name("currency"), .class("input")) {
                for currency in shop.book.currencies {
                    option(.value(currency.code), .selected(currency == shop.currency)) { currency.code }
                }
            }
            UI.button("Change", .quiet, size: "small")
        }
    }

    private var basketLink: HTML {
        a(.class("basket-link"), .href("/basket")) {
            UI.icon(.basket)
            "Basket"
            if basketCount > 0 {
                span(.class("count")) {
                    basketCount > 99 ? "99+" : String(basketCount)
                    span(.class("visually-hidden")) { basketCount == 1 ? " item" : " items" }
                }
            }
        }
    }

    private var foot: HTML {
        footer(.class("foot")) {
            div(.class("wrap")) {
                span { "Prices in \(shop.currency.code)." }
                span { shop.store.name }
            }
        }
    }
}

extension Document {
    /// A page of the storefront; the shop's name is added to the title.
    static func shop(_ title: String, isListed: Bool = false, description: String? = nil) -> Document {
        var document = Document(title, sheet: DesignSystem.storefrontSheet)
        document.isListed = isListed
        document.description = description
        return document
    }
}

/// Where the forms of a page may lead.
enum FormTargets: Sendable {
    case ownPages
    /// To the provider's payment page too, which is somewhere on the web.
    case paymentPages
    /// The same where simulators play the providers, without encryption.
    case simulatedPaymentPages
}

extension WebAnswer {
    /// A page of the storefront.
    ///
    /// It has the pages' policy with what a shop needs besides: pictures of products may lie anywhere, and browsers
    /// apply `form-action` to where a form's answer sends them as well.
    /// - Parameters:
    ///   - isShared: whether it is the same for all, so that a browser may keep it for going back.
    ///   - targets: where its forms may lead.
    static func shop(
        _ body: EncodedBody, status: Int = 200, isShared: Bool = false, targets: FormTargets = .ownPages
    ) -> WebAnswer {
        var answer = WebAnswer.html(body, status: status)
        answer.headers.append(("Content-Security-Policy", policies[targets] ?? contentSecurityPolicy))
        // Browsers tell their own site where a form came from, and no other site anything.
        answer.headers.append(("Referrer-Policy", "same-origin"))
        if isShared { answer.headers.append(("Cache-Control", "private, no-cache")) }
        return answer
    }

    private static let policies: [FormTargets: String] = {
        let own = contentSecurityPolicy.replacing("img-src 'self' data:", with: "img-src 'self' https:")
        func policy(_ targets: String) -> String {
            own.replacing("form-action 'self'", with: "form-action 'self' \(targets)")
        }
        return [
            .ownPages: own, .paymentPages: policy("https:"), .simulatedPaymentPages: policy("https: http:"),
        ]
    }()
}
