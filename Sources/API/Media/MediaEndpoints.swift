import HTTPServer
import Media
import Persistence
import Primitives

extension ShopAPI {
    var mediaEndpoints: [Endpoint] { [uploadMedia, getMedia] }

    /// The body is the image itself, of whatever type its sender says: what it is, its bytes tell.
    private var uploadMedia: Endpoint {
        Endpoint(
            .post, "/api/v1/media", "uploadMedia", summary: "Keeps an image: the body is its bytes",
            policy: Policy(
                .secretKey("products:write"), rateLimit: .backOffice, bodyLimitBytes: Media.mostBytes,
                timeoutSeconds: 30),
            takes: .raw, answers: .created(MediaView.shape),
            problems: [.invalid: "image.unknown"]
        ) { call in
            let store = try call.store
            let keep = try KeepImage(store: store, bytes: call.body.bytes)
            let image = try await database.write("media.keep") { tx in try keep.run(in: tx) }
            return .value(MediaView(image: image, path: image.path(of: store), origin: origin()))
        }
    }

    /// An address names its content, so browsers may keep it for ever. Nothing in it can run: the type is one of four,
    /// and nobody is to guess another.
    private var getMedia: Endpoint {
        Endpoint(
            .get, "/media/{store}/{file}", "getMedia", summary: "An image of a store",
            policy: Policy(.anyone, rateLimit: RateLimitClass("assets", requests: 6000, perSeconds: 60)),
            takes: .page(PathShape("store", .identifier(IdentifierKinds.Store.self), "file", .text(1...80))),
            answers: .web
        ) { call in
            let (store, file) = call.path
            let name = file.split(separator: ".", omittingEmptySubsequences: false)
            guard name.count == 2, KeptImage.isDigest(name[0]), let kind = ImageKind(suffix: name[1]) else {
                throw Problem.notFound("image")
            }
            let digest = String(name[0])
            let etag = "\"\(digest)\""
            var answer: WebAnswer
            if call.header("If-None-Match").map({ $0.contains(etag) }) == true {
                answer = .notModified(etag: etag)
            } else {
                let content = try await database.read("media.content") { tx in
                    try Media.content(of: digest, store: store, in: tx)
                }
                guard let content, content.kind == kind else { throw Problem.notFound("image") }
                answer = .content(EncodedBody(content.bytes), type: kind.mediaType)
                answer.headers.append(("ETag", etag))
            }
            answer.headers.append(("Cache-Control", "public, max-age=31536000, immutable"))
            answer.headers.append(("Content-Security-Policy", "default-src 'none'; sandbox"))
            // Shops on other sites show these pictures too.
            answer.headers.append(("Cross-Origin-Resource-Policy", "cross-origin"))
            return .value(answer)
        }
    }
}

/// An uploaded image as it is answered.
struct MediaView: Sendable {
    let image: KeptImage
    let path: String
    /// The site, when it is known.
    let origin: String?

    static let shape = OutputShape<MediaView>.object(
        "Media",
        .field("digest", .text, \.image.digest),
        .field("url", .text) { ($0.origin ?? "") + $0.path },
        .field("type", .text, \.image.facts.kind.mediaType),
        .field("width", .integer, \.image.facts.width),
        .field("height", .integer, \.image.facts.height),
        .field("bytes", .integer, \.image.byteCount))
}
