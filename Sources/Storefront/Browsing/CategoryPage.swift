import Catalog
import DesignSystem
import HTTPServer
import Markup
import Persistence
import Primitives
import Stores

extension Storefront {
    var category: Endpoint {
        Endpoint(
            .get, "/categories/{category}", "showCategory", summary: "The products of a category and of those below it",
            policy: Self.browsing, takes: .page(PathShape("category", .text(1...200))), answers: .web
        ) { call in
            let shop = try await shop(in: call.cookie(Self.currencyCookie))
            let handle = Catalog.normalHandle(call.path)
            let found = try await categories.value(for: CategoryKey(store: shop.store.id, handle: handle)) {
                try await self.categoryView(handle, of: shop)
            }
            guard let view = found else { throw Problem.notFound("category") }
            let address: WebAddress = "/categories/\(view.category.handle)"
            // One spelling, and one address for what was found under a former handle.
            if view.category.handle != call.path { return .value(.moved(to: address.description)) }
            let query = ShelfQuery(page: "/categories/\(handle)", category: handle, call.query)
            let count = Basket.count(call.cookie(Basket.countCookie))
            let root = view.category.ancestors.first?.handle ?? handle
            let frame = Frame(shop: shop, basketCount: count, category: root)
            @Sendable func page() async throws -> [UInt8] {
                try await list(query, view.category.title, of: shop) {
                    CategoryPage(view: view, origin: origin(), list: $0).render(frame)
                }
            }
            // Hardly two choose the same filters in the same moment: to keep these pages would only cost memory.
            if query.isNarrowed { return .value(.shop(EncodedBody(try await page()), isShared: true)) }
            let path = "\(query.address)#\(query.position ?? "")"
            return .value(try await shared(path, of: shop, basketCount: count, make: page))
        }
    }

    private func categoryView(_ handle: String, of shop: Shop) async throws -> CategoryView? {
        try await database.read("storefront.category_view") { tx -> CategoryView? in
            guard let category = try Catalog.category(handle: handle, of: shop.store.id, in: tx) else { return nil }
            return CategoryView(
                category: category,
                children: try Catalog.subcategories(of: category.id, store: shop.store.id, limit: 100, in: tx))
        }
    }
}

/// A category or a collection that is kept for a moment.
struct CategoryKey: Hashable, Sendable {
    let store: StoreID
    let handle: String
}

/// A category and those just below it.
struct CategoryView: Sendable {
    let category: CategoryDetails
    let children: [Category]
}

/// A category: where it stands, what is below it, and its products.
struct CategoryPage {
    let view: CategoryView
    let origin: String
    let list: ListPage

    private var category: CategoryDetails { view.category }

    func render(_ frame: Frame) -> [UInt8] {
        let title = category.seoTitle.isEmpty ? category.title : category.seoTitle
        let isWhole = list.isFirst && !list.query.isNarrowed
        let description = isWhole ? self.description : nil
        var document = Document.shop(title, isListed: isWhole, description: description)
        if isWhole {
            PageDescription(
                origin: origin, title: title, description: description, address: list.query.address,
                image: category.image?.url
            ).describe(&document, shop: frame.shop)
        }
        return frame.page(document) {
            div(.class("stack")) {
                UI.breadcrumbs(trail)
                h1 { category.title }
                if isWhole {
                    if let image = category.image, let address = WebAddress(checking: image.url) {
                        div(.class("banner-picture")) {
                            img(.src(address), .alt(image.alt), .width("1120"), .height("280"), .decoding("async"))
                        }
                    }
                    if !category.descriptionHTML.isEmpty {
                        div(.class("prose")) { HTML(sanitizing: category.descriptionHTML) }
                    }
                }
                if !view.children.isEmpty {
                    nav(.aria("label", "In \(category.title)")) {
                        ul(.class("tiles"), .role("list")) {
                            for child in view.children {
                                li { a(.class("tile"), .href("/categories/\(child.handle)")) { child.title } }
                            }
                        }
                    }
                }
                list.products(in: frame)
            }
        }
    }

    private var description: String? {
        if !category.seoDescription.isEmpty { return category.seoDescription }
        let text = PlainText.beginning(of: category.descriptionHTML)
        return text.isEmpty ? nil : text
    }

    private var trail: [(title: String, address: WebAddress?)] {
        [("Home", "/")] + category.ancestors.map { ($0.title, "/categories/\($0.handle)") } + [(category.title, nil)]
    }
}

/// What an HTML text says, without its marks.
enum PlainText {
    /// At most so many characters, for where only a line is shown.
    static func beginning(of html: String, most: Int = 160) -> String {
        var isInTag = false
        var text = ""
        // What a page leaves out is no text: scripts, and what is in them.
        for character in HTML(sanitizing: html).source {
            if character == "<" {
                isInTag = true
                // What stood in two elements stays two words.
                if !text.isEmpty, text.last != " " { text.append(" ") }
            } else if character == ">" {
                isInTag = false
            } else if !isInTag {
                text.append(character.isWhitespace ? " " : character)
            }
            if text.count >= most { break }
        }
        for (reference, meaning) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " ")] {
            text = text.replacing(reference, with: meaning)
        }
        return text.replacing("&amp;", with: "&").split(separator: " ").joined(separator: " ")
    }
}
