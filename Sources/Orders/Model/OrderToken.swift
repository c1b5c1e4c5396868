import Crypto
public import Primitives

/// The secret that lets a buyer read an order: an HMAC-SHA-256 of its id, so that it is derived, never stored.
public struct OrderTokens: Sendable {
    private let key: Secret

    /// - Parameter key: at least 32 bytes that belong to the installation.
    public init(key: Secret) {
        self.key = key
    }

    /// The token of an order: `ot_` and 64 hexadecimal digits.
    public func token(for order: OrderID, of store: StoreID) -> String {
        let code = key.withBytes { bytes in
            HMAC<SHA256>.authenticationCode(
                for: Array("order-token:\(store):\(order)".utf8), using: SymmetricKey(data: bytes))
        }
        let hex = Array("0123456789abcdef".utf8)
        var text = Array("ot_".utf8)
        for byte in code { text += [hex[Int(byte >> 4)], hex[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether the token belongs to the order, compared in constant time.
    public func isValid(_ token: String, for order: OrderID, of store: StoreID) -> Bool {
        Secret(token) == Secret(self.token(for: order, of: store))
    }
}
