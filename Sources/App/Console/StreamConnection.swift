import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A blocking stream socket with time limits, for the command line: used on a thread of its own.
struct StreamConnection: ~Copyable {
    private let descriptor: Int32

    /// Why nobody could be reached.
    struct Failure: Error {
        let sentence: String
    }

    private static var streamType: Int32 {
        #if canImport(Glibc)
            Int32(SOCK_STREAM.rawValue)
        #else
            SOCK_STREAM
        #endif
    }

    deinit {
        close(descriptor)
    }

    /// Connects to a Unix domain socket that belongs to this user or to root.
    init(path: String, timeoutSeconds: Double) throws(Failure) {
        guard let address = Self.address(of: path) else { throw Failure(sentence: "The path \(path) is too long.") }
        descriptor = socket(AF_UNIX, Self.streamType, 0)
        guard descriptor >= 0 else { throw Failure(sentence: Self.reason()) }
        Self.limit(descriptor, timeoutSeconds)
        let descriptor = descriptor
        let status = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw Failure(sentence: Self.reason()) }
        var peer = ucred()
        var size = socklen_t(MemoryLayout<ucred>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0,
            peer.uid == geteuid() || peer.uid == 0
        else { throw Failure(sentence: "Another user listens on \(path).") }
    }

    /// Connects to a host by name or address.
    init(host: String, port: Int, timeoutSeconds: Double) throws(Failure) {
        var hints = addrinfo()
        hints.ai_socktype = Self.streamType
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0, list != nil else {
            throw Failure(sentence: "The host \(host) is not known (\(String(cString: gai_strerror(status)))).")
        }
        defer { freeaddrinfo(list) }
        var next = list
        while let candidate = next?.pointee {
            let descriptor = socket(candidate.ai_family, candidate.ai_socktype, candidate.ai_protocol)
            if descriptor >= 0 {
                Self.limit(descriptor, timeoutSeconds)
                if connect(descriptor, candidate.ai_addr, candidate.ai_addrlen) == 0 {
                    self.descriptor = descriptor
                    return
                }
                close(descriptor)
            }
            next = candidate.ai_next
        }
        self.descriptor = -1
        throw Failure(sentence: "Nobody answers at \(host):\(port) (\(Self.reason())).")
    }

    /// Sends everything.
    func send(_ bytes: [UInt8]) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL.rawValue)) }
            guard count > 0 else { throw Failure(sentence: "Sending failed: \(Self.reason())") }
            rest = rest.dropFirst(count)
        }
    }

    /// Receives until the end, or until a byte that ends the message, which is left out.
    /// - Parameter limit: more than so many bytes are an error.
    func receive(until end: UInt8? = nil, limit: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count >= 0 else { throw Failure(sentence: "No answer came: \(Self.reason())") }
            if count == 0 { return bytes }
            if let end, let index = buffer[..<count].firstIndex(of: end) { return bytes + buffer[..<index] }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw Failure(sentence: "The answer is too long.") }
        }
    }

    /// A Unix domain socket's address; nil when the path does not fit.
    static func address(of path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    private static func limit(_ descriptor: Int32, _ seconds: Double) {
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int((seconds - seconds.rounded(.down)) * 1_000_000))
        let size = socklen_t(MemoryLayout<timeval>.size)
        // On Linux the sending limit bounds connecting as well.
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    private static func reason() -> String {
        errno == EAGAIN ? "it took too long" : String(cString: strerror(errno))
    }
}
