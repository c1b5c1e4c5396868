import Crypto
import FoundationEssentials

/// Bytes that only a vault with the same key opens.
public struct Sealed: Hashable, Sendable {
    /// Tells which key sealed them; not secret.
    public let keyID: String
    /// Nonce, ciphertext and tag of AES-256-GCM (NIST SP 800-38D).
    public let bytes: [UInt8]

    public init(keyID: String, bytes: [UInt8]) {
        self.keyID = keyID
        self.bytes = bytes
    }
}

/// Why a vault does not open what it is given.
public enum VaultFault: Error, Hashable, Sendable {
    /// Sealed with another key, which this names.
    case anotherKey(String)
    /// Altered, or sealed for something else.
    case damaged
}

/// Encrypts what has to be kept and read again, such as the credentials of a provider.
///
/// Each purpose has a key of its own, derived from the installation's master key (HKDF-SHA-256, RFC 5869), so that
/// what was sealed for one purpose opens for no other. What is sealed is bound to its context: moved to another row it
/// does not open.
public struct Vault: Sendable {
    private let key: Secret
    /// Tells this vault's key from others; not secret.
    public let keyID: String

    /// - Parameters:
    ///   - masterKey: at least 32 bytes that belong to the installation.
    ///   - purpose: such as `provider-credentials`; never changes.
    public init(masterKey: Secret, purpose: String) {
        func derived(_ info: String, _ count: Int) -> [UInt8] {
            masterKey.withBytes { bytes in
                let key = HKDF<SHA256>.deriveKey(
                    inputKeyMaterial: SymmetricKey(data: bytes), info: Array(info.utf8), outputByteCount: count)
                return key.withUnsafeBytes { Array($0) }
            }
        }
        key = Secret(derived("shipshape vault \(purpose)", 32))
        keyID = derived("shipshape vault key id \(purpose)", 8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// - Parameter context: what it belongs to, such as the row's key; needed to open it.
    public func seal(_ bytes: [UInt8], context: String) throws -> Sealed {
        let box = try key.withBytes { key in
            try AES.GCM.seal(bytes, using: SymmetricKey(data: key), authenticating: Array(context.utf8))
        }
        return Sealed(keyID: keyID, bytes: Array(box.nonce) + Array(box.ciphertext) + Array(box.tag))
    }

    /// - Throws: `VaultFault`.
    public func open(_ sealed: Sealed, context: String) throws(VaultFault) -> [UInt8] {
        guard sealed.keyID == keyID else { throw .anotherKey(sealed.keyID) }
        do {
            return try key.withBytes { key in
                let box = try AES.GCM.SealedBox(combined: Data(sealed.bytes))
                return Array(
                    try AES.GCM.open(
                        box, using: SymmetricKey(data: key), authenticating: Data(context.utf8)))
            }
        } catch {
            throw .damaged
        }
    }
}
