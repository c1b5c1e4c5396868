import Catalog
import DesignSystem
import HTTPServer
import Markup
import Persistence
import Primitives
import Stores

extension Storefront {
    var collection: Endpoint {
        Endpoint(
            .get, "/collections/{collection}", "showCollection", summary: "The products of a collection",
            policy: Self.browsing, takes: .page(PathShape("collection", .text(1...200))), answers: .web
        ) { call in
            let shop = try await shop(in: call.cookie(Self.currencyCookie))
            let handle = Catalog.normalHandle(call.path)
            let after = call.query["after"].flatMap { CollectionPlace(token: $0) }
            let count = Basket.count(call.cookie(Basket.countCookie))
            // Below a former handle nothing is kept: the answer is the way to the present one.
            let key = CategoryKey(store: shop.store.id, handle: handle)
            let found = try await collections.value(for: key) { [database] in
                try await database.read("storefront.collection") { tx in
                    try Catalog.collection(handle: handle, of: shop.store.id, in: tx)
                }
            }
            guard let collection = found else { throw Problem.notFound("collection") }
            let address: WebAddress = "/collections/\(collection.handle)"
            if collection.handle != call.path { return .value(.moved(to: address.description)) }
            return .value(
                try await shared("\(address)?\(after?.token ?? "")", of: shop, basketCount: count) { [database] in
                    let shelf = try await database.read("storefront.collection_products") { tx in
                        try CollectionShelf(
                            collection, of: shop, after: after, limit: Self.pageSize, in: tx)
                    }
                    return CollectionPage(shelf: shelf, origin: origin(), address: address, isFirst: after == nil)
                        .render(Frame(shop: shop, basketCount: count))
                })
        }
    }
}

/// A collection and a page of its products.
struct CollectionShelf: Sendable {
    let collection: ProductCollection
    let cards: [ProductCard]
    /// Where the next page begins.
    let next: CollectionPlace?

    init(
        _ collection: ProductCollection, of shop: Shop, after: CollectionPlace?, limit: Int,
        in tx: borrowing Transaction
    ) throws {
        self.collection = collection
        let found = try Catalog.products(
            in: collection.id, publishedOnly: true, of: shop.store.id, after: after, limit: limit + 1,
            in: tx)
        cards = try ProductCard.cards(of: found.prefix(limit).map(\.product), shop: shop, in: tx)
        next = found.count > limit ? found[limit - 1].place : nil
    }
}

/// A collection: what it is about, and its products.
struct CollectionPage {
    let shelf: CollectionShelf
    let origin: String
    /// Without the place in the list.
    let address: WebAddress
    let isFirst: Bool

    private var collection: ProductCollection { shelf.collection }

    func render(_ frame: Frame) -> [UInt8] {
        var document = Document.shop(
            collection.seoTitle.isEmpty ? collection.title : collection.seoTitle, isListed: isFirst,
            description: description)
        if isFirst {
            PageDescription(
                origin: origin, title: collection.seoTitle.isEmpty ? collection.title : collection.seoTitle,
                description: description, address: address, image: collection.image?.url
            ).describe(&document, shop: frame.shop)
        }
        return frame.page(document) {
            div(.class("stack")) {
                UI.breadcrumbs([("Home", "/"), (collection.title, nil)])
                h1 { collection.title }
                if isFirst {
                    if let image = collection.image, let address = WebAddress(checking: image.url) {
                        div(.class("banner-picture")) {
                            img(.src(address), .alt(image.alt), .width("1120"), .height("280"), .decoding("async"))
                        }
                    }
                    if !collection.descriptionHTML.isEmpty {
                        div(.class("prose")) { HTML(sanitizing: collection.descriptionHTML) }
                    }
                }
                if shelf.cards.isEmpty {
                    UI.empty("Nothing here yet", "Look in again soon, or walk through the categories.") {
                        UI.linkButton("To the first page", "/")
                    }
                } else {
                    productGrid(shelf.cards, in: frame.shop, isBelowHeading: false)
                    UI.pagination(
                        first: isFirst ? nil : address,
                        next: shelf.next.map { "\(address)?after=\($0.token)" }, more: "More products")
                }
            }
        }
    }

    private var description: String? {
        if !collection.seoDescription.isEmpty { return collection.seoDescription }
        let text = PlainText.beginning(of: collection.descriptionHTML)
        return text.isEmpty ? nil : text
    }
}
