import Catalog
import HTTPServer
import Media
import Persistence
import Primitives
import Stores

extension Dashboard {
    var imageEndpoints: [Endpoint] { [fetchImages, uploadImage, orderImages] }

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

    /// Kept and added in one transaction: no image is kept that nothing shows.
    private var uploadImage: Endpoint {
        var policy = Access.changing("products:write")
        // The image, and some bytes around it.
        policy.bodyLimitBytes = Media.mostBytes + 65_536
        policy.timeoutSeconds = 60
        return Endpoint(
            .post, "/dashboard/products/{product}/images/upload", "uploadProductImage",
            summary: "Adds an image to a product", policy: policy, takes: .upload(Self.pictured), answers: .web
        ) { call in
            let (storeID, id, upload) = (try call.store, call.path, call.body)
            let store = try await store(storeID)
            var forms = ProductForms(upload: upload.form)
            let alt = ImagesEntry.alt(upload.form["alt"] ?? "", of: "alt", &forms.faults)
            if upload.content.isEmpty { forms.faults.add("file", "Choose an image that is not empty.") }
            if upload.content.count > Media.mostBytes { forms.faults.add("file", "The image is larger than 5 MiB.") }
            guard forms.faults.isEmpty else { return try await show(id, of: storeID, forms: forms) }
            do {
                let keep = try KeepImage(store: storeID, bytes: upload.content)
                let path = keep.image.path(of: storeID)
                let image = ProductImage(
                    url: (origin() ?? "") + path, alt: alt,
                    copy: ImageCopy(
                        path: path, width: keep.image.facts.width, height: keep.image.facts.height))
                let (actor, requestID) = (call.actor, call.requestID)
                try await database.write("catalog.add_image") { tx in
                    let present = try Catalog.product(id, of: storeID, in: tx)?.images ?? []
                    guard present.count < ImagesEntry.most else { throw Self.fileProblem("The product has too many.") }
                    guard !present.contains(where: { $0.copy?.path == path }) else {
                        throw Self.fileProblem("The product has this image already.")
                    }
                    _ = try keep.run(in: tx)
                    _ = try ChangeProduct(
                        store: storeID, currency: store.currency, product: id, actor: actor, requestID: requestID
                    ) { $0.images.append(image) }.run(in: tx)
                }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                forms.faults = Faults("file", problem.detail)
                return try await show(id, of: storeID, forms: forms)
            }
            return .value(.redirect(to: "/dashboard/products/\(id)?done=\(Notice.saved.rawValue)"))
        }
    }

    private static func fileProblem(_ sentence: String) -> Problem { Problem(.conflict, "image.refused", sentence) }

    private var orderImages: Endpoint {
        Endpoint(
            .post, "/dashboard/products/{product}/images/order", "orderProductImages",
            summary: "Says what the images of a product show, in which order, and which of them go",
            policy: Access.changing("products:write"), takes: .form(Self.pictured), answers: .web
        ) { call in
            let (storeID, id) = (try call.store, call.path)
            let store = try await store(storeID)
            let entry = ImagesEntry(call.body)
            let forms = ProductForms(images: call.body, faults: entry.faults)
            guard entry.faults.isEmpty else { return try await show(id, of: storeID, forms: forms) }
            let change = ChangeProduct(
                store: storeID, currency: store.currency, product: id, actor: call.actor, requestID: call.requestID,
                change: { entry.apply(to: &$0.images) })
            _ = try await database.write("catalog.order_images") { tx in try change.run(in: tx) }
            return .value(.redirect(to: "/dashboard/products/\(id)?done=\(Notice.saved.rawValue)"))
        }
    }
}
