import FoundationEssentials
import Primitives
import Testing

@Suite struct IdentifierTests {
    @Test func `the edge form is a prefix and 26 characters, as TypeID writes them`() throws {
        // From the specification's examples: https://github.com/jetify-com/typeid/blob/main/spec/valid.yml
        let vectors = [
            ("00000000-0000-0000-0000-000000000000", "00000000000000000000000000"),
            ("00000000-0000-0000-0000-000000000001", "00000000000000000000000001"),
            ("00000000-0000-0000-0000-00000000000a", "0000000000000000000000000a"),
            ("00000000-0000-0000-0000-000000000010", "0000000000000000000000000g"),
            ("00000000-0000-0000-0000-000000000020", "00000000000000000000000010"),
            ("ffffffff-ffff-ffff-ffff-ffffffffffff", "7zzzzzzzzzzzzzzzzzzzzzzzzz"),
            ("0110c853-1d09-52d8-d73e-1194e95b5f19", "0123456789abcdefghjkmnpqrs"),
            ("01890a5d-ac96-774b-bcce-b302099a8057", "01h455vb4pex5vsknk084sn02q"),
        ]
        for (uuid, text) in vectors {
            let id = OrderID(try #require(UUID(uuidString: uuid)))
            #expect(id.description == "ord_\(text)")
            #expect(OrderID("ord_\(text)") == id)
        }
    }

    @Test func `reading what was written gives the same identifier`() {
        var random = SeededRandom(3)
        for _ in 0..<2000 {
            let id = CheckoutID(.random128(using: &random))
            #expect(CheckoutID(id.description) == id)
        }
    }

    @Test func `identifiers order as their texts do`() {
        var random = SeededRandom(4)
        for _ in 0..<1000 {
            let (one, other) = (OrderID(.random128(using: &random)), OrderID(.random128(using: &random)))
            #expect((one < other) == (one.description < other.description))
        }
    }

    @Test(arguments: [
        "", "ord", "ord_", "_", "01h455vb4pex5vsknk084sn02q", "ord01h455vb4pex5vsknk084sn02q",
        "ord_01h455vb4pex5vsknk084sn02", "ord_01h455vb4pex5vsknk084sn02qq", "ord__01h455vb4pex5vsknk084sn02q",
        "prod_01h455vb4pex5vsknk084sn02q", "ORD_01h455vb4pex5vsknk084sn02q", "ord-01h455vb4pex5vsknk084sn02q",
        "ord_01H455VB4PEX5VSKNK084SN02Q", "ord_01h455vb4pex5vsknk084sn02u", "ord_01h455vb4pex5vsknk084sn02i",
        "ord_01h455vb4pex5vsknk084sn02l", "ord_01h455vb4pex5vsknk084sn02o", "ord_01h455vb4pex5vsknk084sn02-",
        "ord_8zzzzzzzzzzzzzzzzzzzzzzzzz", "ord_zzzzzzzzzzzzzzzzzzzzzzzzzz", " ord_01h455vb4pex5vsknk084sn02q",
        "ord_01h455vb4pex5vsknk084sn02q ", "ord_01h455vb4pex5vsknk084sn02\u{0}", "ord_01h455vb4pex5vsknk084sn0é",
        "ord_\u{301}01h455vb4pex5vsknk084sn02q", "ord_０1h455vb4pex5vsknk084sn02q",
        "ord_01h455vb4pex5vsknk084sn02q'; DROP TABLE orders; --",
    ])
    func `what is no identifier is refused`(_ text: String) {
        #expect(OrderID(text) == nil)
    }

    @Test func `a text of any length is refused without effort`() {
        #expect(OrderID("ord_" + String(repeating: "0", count: 1_000_000)) == nil)
        #expect(OrderID(String(repeating: "ord_", count: 250_000)) == nil)
    }

    @Test func `the kinds have distinct prefixes`() {
        let prefixes = [
            StoreID.prefix, APIKeyID.prefix, ProductID.prefix, VariantID.prefix, CategoryID.prefix,
            CheckoutID.prefix, LineID.prefix, OrderID.prefix, PaymentID.prefix, FulfillmentID.prefix, EventID.prefix,
            JobID.prefix,
        ]
        #expect(Set(prefixes).count == prefixes.count)
    }
}

extension Identifier {
    fileprivate static var prefix: String { Kind.prefix }
}

@Suite struct UUIDv7Tests {
    private func halves(_ uuid: UUID) -> (high: UInt64, low: UInt64) {
        withUnsafeBytes(of: uuid.uuid) { bytes in
            let words = (0..<2).map { word in (0..<8).reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[word * 8 + $1]) } }
            return (words[0], words[1])
        }
    }

    @Test func `the layout is that of RFC 9562`() {
        // Appendix A.6: 0x017F22E279B0, which is 2022-02-22T19:22:22Z.
        var random = SeededRandom(5)
        let uuid = UUID.version7(at: Instant(microseconds: 1_645_557_742_000_000), using: &random)
        #expect(uuid.uuidString.hasPrefix("017F22E2-79B0-7"))
        for _ in 0..<500 {
            let (high, low) = halves(.version7(at: Instant(microseconds: 1_645_557_742_000_999), using: &random))
            #expect(high >> 16 == 0x017F_22E2_79B0)
            #expect(high >> 12 & 0xF == 7)
            #expect(low >> 62 == 0b10)
        }
    }

    @Test func `each of the 62 random bits varies`() {
        var random = SeededRandom(6)
        var ones: (high: UInt64, low: UInt64) = (0, 0)
        var zeros: (high: UInt64, low: UInt64) = (0, 0)
        for _ in 0..<200 {
            let (high, low) = halves(.version7(at: Instant(microseconds: 0), using: &random))
            ones = (ones.high | high, ones.low | low)
            zeros = (zeros.high | ~high, zeros.low | ~low)
        }
        #expect(ones.high & zeros.high == 0)
        #expect(ones.low & zeros.low == 0x3FFF_FFFF_FFFF_FFFF)
    }

    @Test func `a later microsecond gives a greater identifier`() {
        var random = SeededRandom(7)
        var previous = UUID.version7(at: Instant(microseconds: 0), using: &random)
        for microsecond in 1...2500 {
            let next = UUID.version7(at: Instant(microseconds: Int64(microsecond)), using: &random)
            #expect(previous < next)
            previous = next
        }
    }

    @Test func `a successor sorts next and keeps the layout`() {
        var random = SeededRandom(9)
        var uuid = UUID.version7(at: Instant(microseconds: 1_645_557_742_000_000), using: &random)
        for _ in 0..<100 {
            let (before, after) = (halves(uuid), halves(uuid.successor))
            #expect(after.high == before.high)
            #expect(after.low == before.low + 1)
            uuid = uuid.successor
        }
    }

    @Test func `instants outside the field's range do no harm`() {
        var random = SeededRandom(8)
        #expect(halves(.version7(at: Instant(microseconds: -1), using: &random)).high >> 16 == 0)
        #expect(halves(.version7(at: Instant(microseconds: .min), using: &random)).high >> 12 & 0xF == 7)
        #expect(halves(.version7(at: Instant(microseconds: .max), using: &random)).high >> 12 & 0xF == 7)
    }
}
