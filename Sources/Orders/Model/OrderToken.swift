import Crypto
public import Primitives

/// The secret that lets a buyer read an order. It names the store and carries an HMAC-SHA-256 of store and order, so
/// that it is derived, never stored, and opens nothing but its order.
public struct OrderTokens: Sendable {
    private let key: Secret

    /// - Parameter key: at least 32 bytes that belong to the installation.
    public init(key: Secret) {
        self.key = key
    }

    /// The token of an order: `ot_`, the store and 64 hexadecimal digits.
    public func token(for order: OrderID, of store: StoreID) -> String {
        let code = key.withBytes { bytes in
            HMAC<SHA256>.authenticationCode(
                for: Array("order-token:\(store):\(order)".utf8), using: SymmetricKey(data: bytes))
        }
        let hex = Array("0123456789abcdef".utf8)
        var digits: [UInt8] = []
        digits.reserveCapacity(64)
        for byte in code {
            digits.append(hex[Int(byte >> 4)])
            digits.append(hex[Int(byte & 15)])
        }
        return "ot_\(store.description.dropFirst(4))_" + String(decoding: digits, as: UTF8.self)
    }

    /// The store of an order's token, compared in constant time; nil when the token is not this order's.
    public func store(of token: String, for order: OrderID) -> StoreID? {
        guard token.utf8.count == 94, token.hasPrefix("ot_"),
            let store = StoreID("sto_" + token.dropFirst(3).prefix(26))
        else { return nil }
        return Secret(token) == Secret(self.token(for: order, of: store)) ? store : nil
    }
}
