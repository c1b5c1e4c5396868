import Catalog
import DesignSystem
import HTTPServer
import Markup
import Media
import Persistence
import Primitives

/// The images of a product: which of them the shop has a copy of, and why not of the others.
struct ProductImagesCard: Sendable {
    let product: Product
    /// By address, of the images without a copy.
    var outcomes: [String: SourceOutcome] = [:]

    private var address: WebAddress { "/dashboard/products/\(product.id)/images" }

    var html: HTML {
        guard !product.images.isEmpty else { return .empty }
        return UI.card("Images") {
            ul(.class("stack"), .role("list")) {
                for (index, image) in product.images.enumerated() {
                    li(.class("row")) { row(image, number: index + 1) }
                }
            }
            if product.images.contains(where: \.isWaitingForCopy) {
                form(.method(.post), .action(address)) { UI.button("Fetch the missing images now") }
            }
        }
    }

    @HTMLBuilder private func row(_ image: ProductImage, number: Int) -> HTML {
        if let copy = image.copy, let source = WebAddress(checking: copy.path) {
            let size = Self.size(copy, within: 96)
            img(
                .src(source), .alt(image.alt.isEmpty ? "Image \(number)" : image.alt), .width(String(size.width)),
                .height(String(size.height)), .loading("lazy"))
            span { "\(copy.width) × \(copy.height) pixels" }
        } else if !image.isWaitingForCopy {
            span { image.url }
        } else {
            span(.class("break")) { image.url }
            switch outcomes[image.url] {
            case .failed(let sentence, _)?: UI.badge("Not fetched: \(sentence)", .warn)
            case .kept?, nil: UI.badge("Waiting to be fetched")
            }
        }
    }

    /// The size that fits into a square, in the image's own proportions.
    private static func size(_ copy: ImageCopy, within side: Int) -> (width: Int, height: Int) {
        let longest = max(copy.width, copy.height, 1)
        guard longest > side else { return (copy.width, copy.height) }
        return (max(1, copy.width * side / longest), max(1, copy.height * side / longest))
    }
}

extension Dashboard {
    var imageEndpoints: [Endpoint] { [fetchImages] }

    private static let pictured = PathShape("product", .identifier(IdentifierKinds.Product.self))

    private var fetchImages: Endpoint {
        Endpoint(
            .post, "/dashboard/products/{product}/images", "fetchProductImages",
            summary: "Has the images fetched of which the shop has no copy",
            policy: Access.changing("products:write"), takes: .form(Self.pictured), answers: .web
        ) { call in
            let (store, id, requestID) = (try call.store, call.path, call.requestID)
            try await database.write("catalog.request_images") { tx in
                guard try Catalog.product(id, of: store, in: tx) != nil else { throw Problem.notFound("product") }
                // Each time that somebody asks is an occasion of its own.
                try Catalog.requestImages(
                    of: id, store: store, occasion: "asked.\(tx.now.microseconds)", requestID: requestID, in: tx)
            }
            return .value(.redirect(to: "/dashboard/products/\(id)?done=\(Notice.fetching.rawValue)"))
        }
    }
}
