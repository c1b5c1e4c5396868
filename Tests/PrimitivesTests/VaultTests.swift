import Primitives
import Testing

struct VaultTests {
    private let vault = Vault(masterKey: Secret("a master key of the tests, 32 bytes"), purpose: "credentials")
    private let text = Array("sk_test_4eC39HqLyjWDarjtT1zdp7dc".utf8)

    @Test func `what was sealed opens in its context`() throws {
        let sealed = try vault.seal(text, context: "store 1")
        #expect(try vault.open(sealed, context: "store 1") == text)
        #expect(try vault.open(vault.seal([], context: "store 1"), context: "store 1") == [])
    }

    @Test func `the same bytes are never sealed alike, nor shown`() throws {
        let first = try vault.seal(text, context: "store 1")
        let second = try vault.seal(text, context: "store 1")
        #expect(first.bytes != second.bytes)
        #expect(!String(decoding: first.bytes, as: UTF8.self).contains("sk_test"))
        #expect(first.keyID == second.keyID)
    }

    @Test func `what was sealed for another row does not open`() throws {
        let sealed = try vault.seal(text, context: "store 1")
        #expect(throws: VaultFault.damaged) { try vault.open(sealed, context: "store 2") }
    }

    @Test func `a changed byte anywhere is noticed`() throws {
        let sealed = try vault.seal(text, context: "store 1")
        for index in sealed.bytes.indices {
            var bytes = sealed.bytes
            bytes[index] ^= 1
            let altered = Sealed(keyID: sealed.keyID, bytes: bytes)
            #expect(throws: VaultFault.damaged) { try vault.open(altered, context: "store 1") }
        }
        for count in [0, 11, 12, 27, sealed.bytes.count - 1] {
            let cut = Sealed(keyID: sealed.keyID, bytes: Array(sealed.bytes.prefix(count)))
            #expect(throws: VaultFault.damaged) { try vault.open(cut, context: "store 1") }
        }
    }

    @Test func `another key or purpose opens nothing, and says which key it was`() throws {
        let sealed = try vault.seal(text, context: "store 1")
        for other in [
            Vault(masterKey: Secret("another key of the tests, 32 bytes."), purpose: "credentials"),
            Vault(masterKey: Secret("a master key of the tests, 32 bytes"), purpose: "messages"),
        ] {
            #expect(other.keyID != vault.keyID)
            #expect(throws: VaultFault.anotherKey(vault.keyID)) { try other.open(sealed, context: "store 1") }
            let disguised = Sealed(keyID: other.keyID, bytes: sealed.bytes)
            #expect(throws: VaultFault.damaged) { try other.open(disguised, context: "store 1") }
        }
    }
}
