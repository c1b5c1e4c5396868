import Catalog
public import Jobs
import Media
public import Persistence
import Primitives

/// Brings what is at an address on somebody else's server.
public protocol ImageSource: Sendable {
    /// - Throws: `ImageSourceFault`.
    func bytes(at address: String, mostBytes: Int) async throws(ImageSourceFault) -> [UInt8]
}

/// Why an address brought no image.
public struct ImageSourceFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence for whoever wrote the address.
    public let description: String
    /// Whether it may be otherwise later.
    public let isWorthRetrying: Bool

    public init(_ sentence: String, isWorthRetrying: Bool) {
        description = sentence
        self.isWorthRetrying = isWorthRetrying
    }
}

/// Fetches the images of products, so that the shop shows copies of its own: no page waits for another server or tells
/// it who looks.
///
/// An address is fetched once for a store; whoever names it again gets the copy that is there. What cannot be had is
/// written down with the reason, for the product's page; what may come later is tried again with backoff, and is a dead
/// letter in the end.
public struct ProductImages: Sendable {
    private let database: any Database
    private let source: any ImageSource

    public init(database: any Database, source: any ImageSource) {
        self.database = database
        self.source = source
    }

    /// What does the jobs that saving a product leaves.
    public var jobHandlers: [JobHandler] {
        [.effect(Catalog.fetchingImages) { job, context in try await fetch(job, context) }]
    }

    /// The time that one image may need: what has less left waits for the next attempt.
    private static let secondsForOne = 25.0

    private func fetch(_ job: Job, _ context: JobContext) async throws {
        guard let store = job.store, let product = job.payload["product_id"]?.string.flatMap({ ProductID($0) }) else {
            throw JobRefusal("The job names no product.")
        }
        let images = try await database.read("catalog.find") { tx in
            try Catalog.product(product, of: store, in: tx)?.images ?? []
        }
        var copies: [String: ImageCopy] = [:]
        var failure: ImagesFailure?
        for address in Set(images.filter(\.isWaitingForCopy).map(\.url)).sorted() {
            guard context.deadline.seconds(since: context.clock.now()) > Self.secondsForOne else {
                failure = failure ?? ImagesFailure(product: product, address: address, reason: "There was no time.")
                break
            }
            do throws(ImageSourceFault) {
                copies[address] = try await copy(of: address, for: store)
            } catch {
                if error.isWorthRetrying {
                    failure = ImagesFailure(product: product, address: address, reason: error.description)
                }
            }
        }
        if !copies.isEmpty {
            let attach = AttachImageCopies(store: store, product: product, copies: copies)
            try await database.write("catalog.attach_copies") { tx in _ = try attach.run(in: tx) }
        }
        if let failure { throw failure }
    }

    /// An image that may come later.
    private struct ImagesFailure: ExplainedFailure {
        let product: ProductID
        let address: String
        let reason: String

        var sentence: String { "An image of \(product) did not come, \(address.prefix(200)): \(reason)" }
    }

    private func copy(of address: String, for store: StoreID) async throws(ImageSourceFault) -> ImageCopy {
        do {
            if let image = try await known(address, store) { return image.copy(of: store) }
            let bytes = try await source.bytes(at: address, mostBytes: Media.mostBytes)
            let keep = try KeepImage(store: store, bytes: bytes, source: address)
            return try await database.write("media.keep") { tx in try keep.run(in: tx) }.copy(of: store)
        } catch let fault as ImageSourceFault {
            throw await recorded(fault, address, store)
        } catch let problem as Problem {
            throw await recorded(ImageSourceFault(problem.detail, isWorthRetrying: false), address, store)
        } catch {
            throw ImageSourceFault("The image could not be kept: \(error)", isWorthRetrying: true)
        }
    }

    /// One that was fetched before, or that is one of this store's own.
    private func known(_ address: String, _ store: StoreID) async throws -> KeptImage? {
        try await database.read("media.find") { tx in
            if let digest = KeptImage.digest(inAddress: address, of: store),
                let image = try Media.image(digest, of: store, in: tx)
            {
                return image
            }
            guard case .kept(let image)? = try Media.outcomes(of: [address], store: store, in: tx)[address] else {
                return nil
            }
            return image
        }
    }

    private func recorded(
        _ fault: ImageSourceFault, _ address: String, _ store: StoreID
    ) async -> ImageSourceFault {
        do {
            try await database.write("media.record_failure") { tx in
                try Media.recordFailure(fault.description, of: address, store: store, in: tx)
            }
            return fault
        } catch {
            // What is not written down has to be tried again.
            return ImageSourceFault(fault.description, isWorthRetrying: true)
        }
    }
}

extension KeptImage {
    /// As the catalogue names it.
    fileprivate func copy(of store: StoreID) -> ImageCopy {
        ImageCopy(path: path(of: store), width: facts.width, height: facts.height)
    }
}
