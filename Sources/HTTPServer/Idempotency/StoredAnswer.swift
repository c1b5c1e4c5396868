public import FoundationEssentials

/// An answer that is kept with its idempotency key. Secrets are never kept: they are cut out of the body and derived
/// again when the answer is replayed.
public struct StoredAnswer: Hashable, Sendable {
    // A valid JSON document has no NUL byte.
    private static let hole: UInt8 = 0

    /// 200 to 299.
    public let status: Int
    /// The whole body, as it is sent.
    public private(set) var body: [UInt8]
    /// What the answer is about, such as the order, from which secrets are derived again.
    public let resource: UUID?
    /// Whether the answer was given before.
    public let isReplay: Bool
    private let secret: [UInt8]

    /// An answer that is given now.
    /// - Parameters:
    ///   - body: as `OutputShape.encode` makes it.
    ///   - secret: a text in the body, such as an order's token, that must not be kept.
    public init(status: Int, body: [UInt8], resource: UUID? = nil, hiding secret: String? = nil) {
        self.status = status
        self.body = body
        self.resource = resource
        self.secret = Array((secret ?? "").utf8)
        isReplay = false
    }

    init(replaying body: [UInt8], status: Int, resource: UUID?) {
        self.status = status
        self.body = body
        self.resource = resource
        secret = []
        isReplay = true
    }

    /// The body without its secret.
    var keptBody: [UInt8] {
        guard !secret.isEmpty else { return body }
        var kept: [UInt8] = []
        kept.reserveCapacity(body.count)
        var index = 0
        while index < body.count {
            if body[index] == secret[0], body[index...].starts(with: secret) {
                kept.append(Self.hole)
                index += secret.count
            } else {
                kept.append(body[index])
                index += 1
            }
        }
        return kept
    }

    /// The answer with its secret derived again; the same when it is not a replay or has none.
    public func revealing(_ secret: (UUID) throws -> String) rethrows -> StoredAnswer {
        guard isReplay, let resource, body.contains(Self.hole) else { return self }
        let secret = Array(try secret(resource).utf8)
        var answer = self
        answer.body = body.flatMap { $0 == Self.hole ? secret : [$0] }
        return answer
    }
}
