public import HTTPServer
import Markup
import Primitives

/// The static files of the pages, in the program itself: `GET /assets/{digest}/{name}`.
public struct AssetLibrary: Sendable {
    private let assets: [String: Asset]

    public init(_ assets: [Asset]) {
        self.assets = Dictionary(assets.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// An old digest leads to the file as it is now: who has a page of before an update still gets its pictures.
    public var endpoint: Endpoint {
        Endpoint(
            .get, "/assets/{digest}/{name}", "getAsset", summary: "A style sheet, script or picture of the pages",
            policy: Policy(.anyone, rateLimit: RateLimitClass("assets", requests: 6000, perSeconds: 60)),
            takes: .page(PathShape("digest", .text(1...64), "name", .text(1...200))), answers: .web
        ) { call in
            let (digest, name) = call.path
            guard let asset = assets[name] else { throw Problem.notFound("file") }
            guard digest == asset.digest else { return .value(.redirect(to: asset.address.description)) }
            let etag = "\"\(asset.digest)\""
            var answer =
                call.header("If-None-Match").map { $0.contains(etag) || $0 == "*" } == true
                ? WebAnswer.notModified(etag: etag) : WebAnswer.content(asset.body, type: asset.type)
            answer.headers.append(("ETag", etag))
            answer.headers.append(("Cache-Control", "public, max-age=31536000, immutable"))
            return .value(answer)
        }
    }
}
