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
        /// Nothing listens at the path at all.
        var isNobodyThere = false
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

    private init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Connects to a Unix domain socket that belongs to this user or to root.
    static func connect(path: String, timeoutSeconds: Double) throws(Failure) -> StreamConnection {
        guard let address = address(of: path) else { throw Failure(sentence: "The path \(path) is too long.") }
        let connection = StreamConnection(owning: socket(AF_UNIX, streamType, 0))
        guard connection.descriptor >= 0 else { throw Failure(sentence: reason()) }
        limit(connection.descriptor, timeoutSeconds)
        let status = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(connection.descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else {
            let isNobodyThere = errno == ENOENT || errno == ECONNREFUSED
            throw Failure(sentence: reason(), isNobodyThere: isNobodyThere)
        }
        // struct ucred of <sys/socket.h>, which Swift does not see.
        var peer: (pid: pid_t, uid: uid_t, gid: gid_t) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: peer))
        guard getsockopt(connection.descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0,
            peer.uid == geteuid() || peer.uid == 0
        else { throw Failure(sentence: "Another user listens on \(path).") }
        return connection
    }

    /// Connects to a host by name or address.
    static func connect(host: String, port: Int, timeoutSeconds: Double) throws(Failure) -> StreamConnection {
        var hints = addrinfo()
        hints.ai_socktype = streamType
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0, list != nil else {
            throw Failure(sentence: "The host \(host) is not known (\(String(cString: gai_strerror(status)))).")
        }
        defer { freeaddrinfo(list) }
        var next = list
        var reason = "no address"
        while let candidate = next?.pointee {
            let connection = StreamConnection(
                owning: socket(candidate.ai_family, candidate.ai_socktype, candidate.ai_protocol))
            limit(connection.descriptor, timeoutSeconds)
            if Glibc.connect(connection.descriptor, candidate.ai_addr, candidate.ai_addrlen) == 0 { return connection }
            reason = Self.reason()
            next = candidate.ai_next
        }
        throw Failure(sentence: "Nobody answers at \(host):\(port): \(reason)")
    }

    /// Sends everything.
    func send(_ bytes: [UInt8]) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
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
        errno == EAGAIN ? "It took too long." : String(cString: strerror(errno)) + "."
    }
}
