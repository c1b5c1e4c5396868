import EventLog
public import Jobs
public import Persistence
public import Primitives

/// Tells a product where the shop's own copies of its images are.
///
/// Images are found by their addresses: whatever was changed since the copies were asked for stays as it is.
public struct AttachImageCopies: Sendable {
    private let store: StoreID
    private let product: ProductID
    private let copies: [String: ImageCopy]

    /// - Parameter copies: by the images' addresses.
    public init(store: StoreID, product: ProductID, copies: [String: ImageCopy]) {
        self.store = store
        self.product = product
        self.copies = copies
    }

    /// - Returns: false when the product is gone or has none of these images without a copy.
    @discardableResult
    public func run(in tx: borrowing Transaction) throws -> Bool {
        try ProductTable.lock(product, store: store, in: tx)
        guard var found = try Catalog.product(product, of: store, in: tx) else { return false }
        let images = found.images.map { image in
            image.copy == nil ? ProductImage(url: image.url, alt: image.alt, copy: copies[image.url]) : image
        }
        guard images != found.images else { return false }
        found.images = images
        found.version += 1
        found.updatedAt = tx.now
        try ProductTable.update(found, store: store, in: tx)
        try IndexProducts(store: store, products: [found]).run(in: tx)
        try EventLog.append(
            [
                NewEvent(
                    store: store, aggregate: Aggregate(kind: "product", id: found.id.uuid), version: found.version,
                    type: "product.updated", actor: .system,
                    data: [
                        "product_id": .string(found.id.description), "handle": .string(found.handle),
                        "title": .string(found.title), "status": .string(found.status.rawValue),
                    ])
            ], in: tx)
        return true
    }
}

extension Catalog {
    /// Fetches the images of a product of which the shop has no copy. Done where the catalogue meets the media.
    public static let fetchingImages = JobKind(
        "catalog.fetch_images", queue: "images", maxAttempts: 8, timeoutSeconds: 120,
        backoff: Backoff(firstSeconds: 60, longestSeconds: 6 * 3600))

    /// Has the images of a product fetched that are still missing.
    /// - Parameter occasion: what is asked for twice on one occasion is done once.
    public static func requestImages(
        of product: ProductID, store: StoreID, occasion: String, requestID: String?, in tx: borrowing Transaction
    ) throws {
        try Jobs.enqueue(
            [
                NewJob(
                    fetchingImages, store: store, key: "\(product).\(occasion)",
                    payload: ["product_id": .string(product.description)], requestID: requestID)
            ], in: tx)
    }
}

extension [ProductImage] {
    /// The same images with the copies that the former ones had. An image that is given by the address of its copy,
    /// because somebody sends back what the interface answered, keeps the address that it came from.
    func carrying(_ former: [ProductImage]) -> [ProductImage] {
        map { image in
            guard image.copy == nil else { return image }
            let same = former.first { old in
                old.url == image.url || (old.copy.map { Self.isAddress(image.url, of: $0) } ?? false)
            }
            guard let same else { return image }
            return ProductImage(url: same.url, alt: image.alt, copy: same.copy)
        }
    }

    private static func isAddress(_ address: String, of copy: ImageCopy) -> Bool {
        guard address.hasSuffix(copy.path), let scheme = address.firstRange(of: "://") else { return false }
        return address[scheme.upperBound...].dropLast(copy.path.count).allSatisfy { $0 != "/" }
    }
}
