import HTTPOutbound
import TestSupport
import Testing

struct GuardedClientTests {
    private static let whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/html\r\n\r\nok"

    private static func redirect(to location: String) -> String {
        "HTTP/1.1 302 Found\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n"
    }

    private static func open(_ names: Names) -> GuardedClient {
        GuardedClient(OutboundGuard(allowsLoopback: true), names: names)
    }

    @Test func `a name is asked for once, and the call goes to the address that was checked`() async throws {
        try await RawServer.run(answering: Self.whole) { server in
            // Who asks a second time is led inside: that is how a name is rebound.
            let names = Names(["shop.example": [["127.0.0.1"], ["10.0.0.1"]]])
            let address = try OutboundAddress("http://shop.example:\(server.port)/a.png?v=1")
            let answer = try await Self.open(names).patientGet(address, accept: "image/*")
            #expect(answer.status == 200)
            #expect(answer.body == Array("ok".utf8))
            #expect(names.asked.values == ["shop.example"])
            let head = server.seen.values.joined().lowercased()
            #expect(head.hasPrefix("get /a.png?v=1 http/1.1\r\n"))
            #expect(head.contains("\r\nhost: shop.example:\(server.port)\r\n"))
            #expect(head.contains("\r\naccept: image/*\r\n"))
            #expect(head.contains("\r\naccept-encoding: identity\r\n"))
            for secret in ["authorization", "cookie", "referer"] { #expect(!head.contains(secret)) }
        }
    }

    @Test func `this machine is not called unless that is allowed`() async throws {
        try await RawServer.run(answering: Self.whole) { server in
            let names = Names(["shop.example": [["127.0.0.1"]], "mixed.example": [["1.1.1.1", "127.0.0.1"]]])
            let client = GuardedClient(OutboundGuard(ports: [80, 443, server.port]), names: names)
            for host in ["127.0.0.1", "shop.example", "mixed.example", "[::1]", "[::ffff:127.0.0.1]"] {
                let address = try OutboundAddress("http://\(host):\(server.port)/")
                await #expect(throws: OutboundRefusal.closedNetwork(host: address.host)) {
                    try await client.patientGet(address)
                }
            }
            #expect(server.connections.values.isEmpty)
        }
    }

    @Test(arguments: ["10.1.2.3", "169.254.169.254", "fd00::1", "::ffff:192.168.1.1", "64:ff9b::a00:1"])
    func `a name that leads into a closed network is refused`(_ inside: String) async throws {
        let names = Names(["shop.example": [["1.1.1.1", inside]]])
        await #expect(throws: OutboundRefusal.closedNetwork(host: "shop.example")) {
            try await Self.open(names).patientGet(try OutboundAddress("http://shop.example/"))
        }
    }

    @Test func `only the web's ports are called`() async throws {
        let client = GuardedClient(names: Names(["shop.example": [["1.1.1.1"]]]))
        await #expect(throws: OutboundRefusal.port(6379)) {
            try await client.patientGet(try OutboundAddress("http://shop.example:6379/"))
        }
    }

    @Test func `a name without an address may get one later`() async throws {
        let refusal = await #expect(throws: OutboundRefusal.self) {
            try await GuardedClient(names: Names([:])).patientGet(try OutboundAddress("http://gone.example/"))
        }
        #expect(refusal == .unknownName(host: "gone.example"))
        #expect(refusal?.isWorthRetrying == true)
    }

    @Test func `redirects are followed, each of them checked`() async throws {
        try await RawServer.run(replying: { head in
            if head.hasPrefix("GET /start ") { return .text(Self.redirect(to: "/next?a=b")) }
            if head.hasPrefix("GET /next?a=b ") { return .text(Self.whole) }
            return .text(Self.redirect(to: String(head.split(separator: " ")[1].dropFirst())))
        }) { server in
            let names = Names(["shop.example": [["127.0.0.1"]], "inside.example": [["192.168.0.1"]]])
            let client = Self.open(names)
            let base = "http://shop.example:\(server.port)"
            let answer = try await client.patientGet(try OutboundAddress(base + "/start"))
            #expect(answer.body == Array("ok".utf8))
            for (target, host) in [
                ("http://169.254.169.254/latest/meta-data/", "169.254.169.254"),
                ("http://inside.example/", "inside.example"), ("http://10.0.0.1/", "10.0.0.1"),
            ] {
                await #expect(throws: OutboundRefusal.closedNetwork(host: host)) {
                    try await client.patientGet(try OutboundAddress("\(base)/\(target)"))
                }
            }
            await #expect(throws: OutboundRefusal.self) {
                try await client.patientGet(try OutboundAddress(base + "/file:///etc/passwd"))
            }
        }
    }

    @Test func `a circle of redirects ends`() async throws {
        try await RawServer.run(answering: Self.redirect(to: "/again")) { server in
            let client = Self.open(Names(["shop.example": [["127.0.0.1"]]]))
            await #expect(throws: OutboundRefusal.tooManyRedirects) {
                try await client.patientGet(try OutboundAddress("http://shop.example:\(server.port)/"))
            }
            #expect(server.connections.values.count == GuardedClient.mostRedirects + 1)
        }
    }

    private static let long = String(repeating: "x", count: 16 << 10)

    @Test(
        arguments: [
            (
                .endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", piece: "4000\r\n\(long)\r\n"),
                .tooLarge
            ),
            (.endless("HTTP/1.1 200 OK\r\n\r\n", piece: long), .tooLarge),
            (.text("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nabc"), .tooLarge),
            (.endless("HTTP/1.1 200 OK\r\n", piece: "X: \(long)\r\n"), .interrupted),
            (.endless("HTTP/1.1 200 OK\r\nX: ", piece: long), .interrupted),
            (.endless("", piece: "HTTP/1.1 100 Continue\r\n\r\n"), .timeout),
            (.drip("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"), .timeout),
            (.drip("HTTP/1.1 200 OK\r\nX: "), .timeout),
            (.text(""), .timeout),
            (.text("SSH-2.0-OpenSSH_9.6\r\n"), .interrupted),
            (.end, .interrupted),
        ] as [(RawServer.Reply, OutboundFailure)])
    func `a hostile server costs little`(_ reply: RawServer.Reply, _ failure: OutboundFailure) async throws {
        try await RawServer.run(replying: { _ in reply }) { server in
            let client = Self.open(Names(["shop.example": [["127.0.0.1"]]]))
            // What ends by the clock ends soon; the rest has time, also on a machine that is busy.
            let seconds = failure == .timeout ? 0.7 : 60
            let began = ContinuousClock.now
            await #expect(throws: OutboundRefusal.failed(failure)) {
                try await client.patientGet(
                    try OutboundAddress("http://shop.example:\(server.port)/"), timeoutSeconds: seconds, mostBytes: 5000
                )
            }
            #expect(ContinuousClock.now - began < .seconds(30))
        }
    }

    @Test func `an answer whose head is longer than its most is not taken`() async throws {
        let lines = String(repeating: "X: " + String(repeating: "x", count: 1000) + "\r\n", count: 70)
        let answer = "HTTP/1.1 200 OK\r\n\(lines)Content-Length: 0\r\n\r\n"
        try await RawServer.run(answering: answer) { server in
            await #expect(throws: OutboundRefusal.failed(.tooLarge)) {
                try await Self.open(Names(["a.example": [["127.0.0.1"]]])).patientGet(
                    try OutboundAddress("http://a.example:\(server.port)/"))
            }
        }
    }

    @Test func `a compressed answer is refused before it is unpacked`() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\u{1f}x"
        try await RawServer.run(answering: answer) { server in
            let refusal = await #expect(throws: OutboundRefusal.self) {
                try await Self.open(Names(["a.example": [["127.0.0.1"]]])).patientGet(
                    try OutboundAddress("http://a.example:\(server.port)/"))
            }
            #expect(refusal == .compressed)
            #expect(refusal?.isWorthRetrying == false)
        }
    }

    @Test func `a second address is tried where the first cannot be reached`() async throws {
        try await RawServer.run(answering: Self.whole) { server in
            // Nobody listens at the first of the two addresses of this machine.
            let names = Names(["shop.example": [["127.0.0.99", "127.0.0.1"]]])
            let answer = try await Self.open(names).patientGet(
                try OutboundAddress("http://shop.example:\(server.port)/"))
            #expect(answer.status == 200)
        }
    }

    @Test func `the system knows this machine's name`() async throws {
        let addresses = try await SystemNameResolver().addresses(of: "localhost", withinSeconds: 10)
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { $0.isLoopback })
    }
}

/// Names with the answers that each question gets in turn; the last one stays.
private struct Names: NameResolver {
    let asked = Observations<String>()
    private let answers: [String: [[String]]]

    init(_ answers: [String: [[String]]]) {
        self.answers = answers
    }

    func addresses(of name: String, withinSeconds seconds: Double) async throws -> [NetworkAddress] {
        asked.add(name)
        guard let all = answers[name] else { return [] }
        let turn = asked.values.count { $0 == name } - 1
        return all[min(turn, all.count - 1)].compactMap { NetworkAddress($0) }
    }
}

extension GuardedClient {
    /// As long as a machine takes that does a thousand other things; no test is about that.
    fileprivate func patientGet(
        _ address: OutboundAddress, accept: String = "*/*", timeoutSeconds: Double = 240, mostBytes: Int = 1 << 20
    ) async throws(OutboundRefusal) -> OutboundAnswer {
        try await get(address, accept: accept, timeoutSeconds: timeoutSeconds, mostBytes: mostBytes)
    }
}
