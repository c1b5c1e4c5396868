import EventLog
import NIOCore
import NIOPosix
import Primitives
import ShopWorld
import TestSupport
import Testing

/// `GET /api/v1/events`: what happens in a store, as it happens.
struct EventStreamTests {
    /// One message of a stream, as it came.
    struct Message: Hashable, Sendable {
        var id: Int64?
        var event: String?
        var data: JSON
    }

    @Test(arguments: TestEngine.available)
    func `events arrive as they happen and those missed come first`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine, placesEvents: true) { shop in
            let seen = try await shop.watch(as: shop.staff, until: 2) {
                _ = try await shop.enterOrder()
                _ = try await shop.enterOrder()
            }
            #expect(seen.map(\.event) == ["order.placed", "order.placed"])
            #expect(seen.map { $0.data["type"]?.string } == ["order.placed", "order.placed"])
            let positions = seen.compactMap(\.id)
            #expect(positions.count == 2 && positions[0] < positions[1])

            _ = try await shop.enterOrder()
            let again = try await shop.watch(as: shop.staff, after: positions[0], until: 3) {
                _ = try await shop.enterOrder()
            }
            #expect(again.first == seen.last)
            #expect(Set(again.compactMap(\.id)).count == 3)
            #expect(again.compactMap(\.id) == again.compactMap(\.id).sorted())
        }
    }

    @Test(arguments: TestEngine.available)
    func `a store sees nothing of another`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine, placesEvents: true) { shop in
            _ = try await shop.enterOrder()
            let seen = try await shop.watch(as: .secret(shop.keys.ottoSecret), after: 0, until: 1) {
                _ = try await shop.enterOrder()
                _ = try await shop.enterOrder(as: .secret(shop.keys.ottoSecret))
            }
            #expect(seen.count == 1)
            #expect(seen.first?.data["data"]?["number"]?.string == "#1001")
        }
    }

    @Test func `a Last-Event-ID that no stream sent is refused`() async throws {
        try await LiveShop.open(.sqlite) { shop in
            for text in ["x", "-1", "1.0", "99999999999999999999"] {
                let reply = try await shop.client.send(
                    "GET", "/api/v1/events", headers: shop.staff.headers + [("Last-Event-ID", text)])
                #expect(reply.verdict == "400 last_event_id.malformed Last-Event-ID malformed")
            }
        }
    }
}

extension LiveShop {
    /// Enters an order of one thing that is no variant.
    fileprivate func enterOrder(as staff: Credential? = nil) async throws -> Reply {
        let price: JSON = ["amount": 250, "currency": staff == nil ? "GBP" : "JPY"]
        let body: JSON = [
            "lines": [["title": "Gift wrapping", "quantity": 1, "unit_price": price]],
            "email": "zoë@example.com",
        ]
        let reply = try await send("POST", "/api/v1/orders", as: staff ?? self.staff, body: body)
        try #require(reply.status == 201, "\(reply.text)")
        return reply
    }

    /// Opens the stream, does something once it is open, and reads until so many messages have come.
    fileprivate func watch(
        as credential: Credential, after position: Int64? = nil, until count: Int,
        meanwhile: @escaping @Sendable () async throws -> Void
    ) async throws -> [EventStreamTests.Message] {
        var head = "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in credential.headers { head += "\(name): \(value)\r\n" }
        if let position { head += "Last-Event-ID: \(position)\r\n" }
        let request = head + "\r\n"
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: client.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: request))
            var bytes: [UInt8] = []
            var isOpen = false
            for try await part in inbound {
                bytes.append(contentsOf: part.readableBytesView)
                let text = String(decoding: bytes, as: UTF8.self)
                if !isOpen, text.contains(":\n\n") {
                    isOpen = true
                    #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
                    #expect(text.lowercased().contains("content-type: text/event-stream"))
                    try await meanwhile()
                }
                let messages = try Self.messages(in: text)
                if messages.count >= count { return messages }
            }
            return try Self.messages(in: String(decoding: bytes, as: UTF8.self))
        }
    }

    /// The whole messages in what came; chunk sizes stand on lines of their own and are passed over.
    private static func messages(in text: String) throws -> [EventStreamTests.Message] {
        var messages: [EventStreamTests.Message] = []
        for block in text.replacing("\r\n", with: "\n").split(separator: "\n\n") {
            var message = EventStreamTests.Message(data: .null)
            for line in block.split(separator: "\n") {
                if line.hasPrefix("id: ") { message.id = Int64(line.dropFirst(4)) }
                if line.hasPrefix("event: ") { message.event = String(line.dropFirst(7)) }
                if line.hasPrefix("data: ") { message.data = try JSON(parsing: String(line.dropFirst(6))) }
            }
            if message.data != .null { messages.append(message) }
        }
        return messages
    }
}
