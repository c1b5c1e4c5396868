import Crypto
public import FoundationEssentials
public import Primitives

/// A request with an `Idempotency-Key`: whose key it is, and what was asked.
public struct IdempotentRequest: Hashable, Sendable {
    /// The API key that sends it or, under a publishable key, the checkout it is about, or the order whose token it
    /// shows.
    public let owner: UUID
    /// 1 to 255 printable ASCII characters, chosen by the caller.
    public let key: String
    /// SHA-256 of method, path and body.
    public let fingerprint: [UInt8]

    /// - Throws: `idempotency_key.malformed` when the key is longer, empty, or has other characters.
    public init(owner: UUID, key: String, method: String, path: String, body: [UInt8]) throws(Problem) {
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw Problem(
                .malformed, "idempotency_key.malformed",
                "The header Idempotency-Key takes 1 to 255 printable ASCII characters.")
        }
        self.owner = owner
        self.key = key
        var hash = SHA256()
        hash.update(data: Array("\(method) \(path)\n".utf8))
        hash.update(data: body)
        fingerprint = Array(hash.finalize())
    }

    static let missing = Problem(
        .malformed, "idempotency_key.missing", "The header Idempotency-Key is required here.",
        errors: [Problem.FieldError(pointer: "Idempotency-Key", code: "required", detail: "This header is required.")])
}
