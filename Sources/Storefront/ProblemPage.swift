import DesignSystem
public import HTTPServer
import Markup
public import Primitives

extension Storefront {
    /// A problem as a page in the shop's own look.
    /// - Parameter requestID: what to tell the shop when asking.
    public func problemPage(_ problem: Problem, path: String, requestID: String) async -> WebAnswer? {
        let words = Self.words(for: problem)
        let content = div(.class("problem stack narrow")) {
            h1 { words.title }
            p { words.sentence }
            p(.class("row")) {
                UI.linkButton("To the first page", "/", .primary)
                UI.linkButton("To the basket", "/basket")
            }
            if problem.kind == .internal || problem.kind == .unavailable {
                p(.class("hint")) { "If you ask the shop about it, tell them \(requestID)." }
            }
        }
        // ignored: the page says what matters without the shop's name
        guard let shop = try? await shop() else { return .shop(EncodedBody(Self.bare(words.title, content))) }
        return .shop(EncodedBody(Frame(shop: shop).page(.shop(words.title)) { content }))
    }

    private static func bare(_ title: String, _ content: HTML) -> [UInt8] {
        Document.shop(title).render { main(.id("main")) { div(.class("wrap")) { content } } }
    }

    private static func words(for problem: Problem) -> (title: String, sentence: String) {
        if problem.code == "store.missing" {
            return ("No shop yet", "This installation has no store yet. Once one is opened, it is shown here.")
        }
        switch problem.kind {
        case .notFound: return ("Not here", "There is nothing at this address. It may have moved or been sold out.")
        case .gone: return ("No longer here", problem.detail)
        case .forbidden, .unauthenticated: return ("Not from here", problem.detail)
        case .methodNotAllowed, .malformed, .invalid, .conflict, .unsupportedMediaType:
            return ("That did not work", problem.detail)
        case .bodyTooLarge, .headersTooLarge:
            return ("Too much at once", "What was sent is larger than this page takes.")
        case .rateLimited: return ("Too fast", "Too many requests came from your address. Wait a minute and try again.")
        case .requestTimeout, .unavailable:
            return (
                "Back in a moment", "The shop cannot answer right now. Nothing is lost: try again in a few seconds."
            )
        case .internal:
            return ("Something broke", "That is our mistake and has been written down. Please try again.")
        }
    }
}
