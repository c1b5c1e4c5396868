#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An IP address, and whether a guarded call may go to it.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// The version.
    public enum Family: Hashable, Sendable {
        case four, six
    }

    /// 4 or 16, in the network's order.
    let bytes: [UInt8]

    public var family: Family { bytes.count == 4 ? .four : .six }

    /// Reads the full forms only: four decimal numbers, or what RFC 4291 calls an address, without a zone.
    public init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    public var description: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
        return groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// Whether it is this machine itself.
    public var isLoopback: Bool {
        if let embedded = embeddedFour { return embedded.isLoopback }
        return bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// Whether it belongs to the open internet, and so to nobody's own network, machine or cloud.
    ///
    /// After IANA's registries of special-purpose addresses. An IPv6 address that carries an IPv4 address is what
    /// that one is.
    public var isPublic: Bool {
        if let embedded = embeddedFour { return embedded.isPublic }
        if bytes.count == 4 { return !Self.closedFour.contains { $0.contains(bytes) } }
        return Self.openSix.contains(bytes) && !Self.closedSix.contains { $0.contains(bytes) }
    }

    /// The IPv4 address inside a mapped (`::ffff:0:0/96`) or a translated one (`64:ff9b::/96`).
    private var embeddedFour: NetworkAddress? {
        guard bytes.count == 16 else { return nil }
        let prefix = Array(bytes[..<12])
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        let translated: [UInt8] = [0, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8)
        guard prefix == mapped || prefix == translated else { return nil }
        return NetworkAddress(bytes: Array(bytes[12...]))
    }

    /// So many leading bits.
    private struct Range {
        let bytes: [UInt8]
        let bits: Int

        init(_ bytes: [UInt8], _ bits: Int) {
            self.bytes = bytes
            self.bits = bits
        }

        func contains(_ address: [UInt8]) -> Bool {
            var left = bits
            for (mine, other) in zip(bytes, address) where left > 0 {
                let mask = left >= 8 ? 0xFF : UInt8(truncatingIfNeeded: 0xFF00 >> left)
                if mine & mask != other & mask { return false }
                left -= 8
            }
            return true
        }
    }

    private static let closedFour = [
        Range([0], 8),  // this network
        Range([10], 8), Range([172, 16], 12), Range([192, 168], 16),  // private
        Range([100, 64], 10),  // behind a carrier's translation; Alibaba's metadata
        Range([127], 8),  // this machine
        Range([168, 63, 129, 16], 32),  // Azure's own services, seen from its machines
        Range([169, 254], 16),  // link-local; the metadata of most clouds
        Range([192, 0, 0], 24),  // protocol assignments; Oracle's metadata
        Range([192, 0, 2], 24), Range([198, 51, 100], 24), Range([203, 0, 113], 24),  // documentation
        Range([192, 88, 99], 24),  // relays of 6to4, which are gone
        Range([198, 18], 15),  // measurements
        Range([224], 4), Range([240], 4),  // multicast, reserved, broadcast
    ]
    /// All global addresses are in here; loopback, unique local, link-local and multicast ones are not.
    private static let openSix = Range([0x20], 3)
    private static let closedSix = [
        Range([0x20, 0x01, 0x00], 23),  // protocol assignments, Teredo among them
        Range([0x20, 0x01, 0x0D, 0xB8], 32), Range([0x3F, 0xFF, 0x00], 20),  // documentation
        Range([0x20, 0x02], 16),  // 6to4, which carries an IPv4 address
    ]
}
