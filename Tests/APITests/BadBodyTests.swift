import HTTPServer
import Primitives
import ShopWorld
import TestSupport
import Testing

/// Bodies that are wrong in one place: the answer names the place and nothing is changed.
struct BadBodyTests {
    @Test(arguments: TestEngine.available)
    func `every endpoint with a body has a sample that is accepted`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let takers = shop.openAPI["paths"]?.object?.flatMap { path in
                (path.value.object ?? [:]).compactMap {
                    $0.value["requestBody"]?["content"]?["application/json"] == nil
                        ? nil : $0.value["operationId"]?.string
                }
            }
            #expect(Set(takers ?? []) == Set(BodySample.all.keys))
            for (name, make) in BodySample.all {
                let sample = try await make(shop)
                let reply = try await shop.send(sample)
                #expect(reply.status / 100 == 2, "\(name): \(reply.text)")
                for field in sample.fields {
                    #expect(sample.body[pointer: field.pointer] != nil, "\(name) \(field.pointer)")
                }
                #expect(Set(sample.fields.map(\.pointer)).count == sample.fields.count)
            }
        }
    }

    @Test(arguments: BodySample.all.keys.sorted(), TestEngine.available)
    func `a wrong value anywhere is named and changes nothing`(_ name: String, _ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let sample = try await shop.bodySample(name)
            let before = try await shop.contents()
            for field in sample.fields {
                for (json, verdict) in field.wrongValues {
                    let edit = Edit(pointer: field.pointer, action: .replace(json))
                    let reply = try await shop.send(sample, edit)
                    #expect(reply.verdict == verdict, "\(field.pointer): \(json.prefix(100))")
                    #expect(reply.headers["content-type"] == "application/problem+json")
                }
                guard field.isRequired else { continue }
                let reply = try await shop.send(sample, Edit(pointer: field.pointer, action: .remove))
                #expect(reply.verdict == "422 validation.failed \(field.pointer) required")
            }
            #expect(try await shop.contents() == before)
        }
    }

    @Test(arguments: BodySample.all.keys.sorted(), TestEngine.available)
    func `a field that is unknown or there twice is refused`(_ name: String, _ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let sample = try await shop.bodySample(name)
            let before = try await shop.contents()
            for place in [""] + sample.fields.map(\.pointer) {
                guard let object = sample.body[pointer: place]?.object else { continue }
                if !sample.maps.contains(place) {
                    let edit = Edit(pointer: place, action: .add(#""surprise":{"a":[1]}"#))
                    let reply = try await shop.send(sample, edit)
                    #expect(reply.verdict == "422 validation.failed \(place)/surprise unknown_field")
                }
                let first = object[0]
                let twice = Edit(pointer: place, action: .add("\(JSON.string(first.key)):\(first.value)"))
                let reply = try await shop.send(sample, twice)
                #expect(reply.verdict == "400 body.malformed \(place)/\(first.key) malformed")
            }
            #expect(try await shop.contents() == before)
        }
    }

    @Test(arguments: BodySample.all.keys.sorted(), TestEngine.available)
    func `a body that is no acceptable document is refused`(_ name: String, _ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let sample = try await shop.bodySample(name)
            let good = sample.body.bytes
            let before = try await shop.contents()
            let deep = Array(repeating: "[", count: 40).joined() + Array(repeating: "]", count: 40).joined()
            let documents: [[UInt8]] = [
                Array(good.dropLast()), Array(good.prefix(good.count / 2)), good + good, good + [0],
                [0xEF, 0xBB, 0xBF] + good,
                Array("{\"note\":\"".utf8) + [0xFF] + Array("\"}".utf8),
                Array("{\"note\":\"".utf8) + [0xC0, 0x80, 0x22, 0x7D],
                Array(#"{"note":\#(deep)}"#.utf8), Array(" ".utf8), Array("{'note':1}".utf8),
                Array("{\"note\":1,}".utf8),
                Array("// note\n{}".utf8), Array("<order/>".utf8), Array("note=1".utf8), [0x1F, 0x8B, 0x08],
                Array("{\"note\":\"a\u{01}\"}".utf8), Array(String(repeating: "{\"a\":", count: 100_000).utf8),
            ]
            for document in documents {
                let reply = try await shop.send(sample, bytes: document)
                #expect(reply.status == 400, "\(String(decoding: document.prefix(60), as: UTF8.self))")
                #expect(reply.code == "body.malformed")
            }
            for document in ["[]", "\"x\"", "7", "null", "true"] {
                let reply = try await shop.send(sample, bytes: Array(document.utf8))
                #expect(reply.verdict == "422 validation.failed  type")
            }
            let credential = sample.isBuyers ? shop.buyer : shop.staff
            for header in [("Content-Type", "text/plain"), ("Content-Encoding", "gzip")] {
                let headers = credential.headers + [("Idempotency-Key", "k"), header]
                let reply = try await shop.client.send(sample.method, sample.path, headers: headers, body: good)
                #expect(reply.verdict == "415 body.unsupported_type")
            }
            let large = try await shop.client.announce(
                2 << 20, sample.method, sample.path, headers: credential.headers + [("Idempotency-Key", "k")])
            #expect(large.verdict == "413 body.too_large")
            #expect(try await shop.contents() == before)
        }
    }

    /// Text that must neither be refused, nor changed, nor taken for anything but text.
    static let texts = [
        "🧂👩‍👩‍👧‍👦 ☃︎", "مرحبا \u{202E}abc\u{202C} שלום", "<script>alert(1)</script>&amp;\"'", "'; DROP TABLE orders; --",
        "$1 %s %00 {0} ${x}", "e\u{301} é Å\u{30A} \u{1E9B}\u{323}", "\\u0000 \\\" \u{FEFF}\u{FFFF}\u{10FFFF}",
    ]

    @Test(arguments: BodySample.all.keys.sorted(), TestEngine.available)
    func `any text is kept and answered as it came`(_ name: String, _ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            for text in Self.texts {
                let sample = try await shop.bodySample(name)
                let texts = sample.fields.filter { $0.answer != nil }
                var body = sample.body
                for field in texts {
                    let edited = Edit(pointer: field.pointer, action: .replace(JSON.string(text).description))
                    body = try JSON(parsing: edited.text(of: body))
                }
                let reply = try await shop.send(sample, bytes: body.bytes)
                #expect(reply.status / 100 == 2, "\(reply.text)")
                let answered = try reply.json
                for field in texts {
                    let found = field.answer.flatMap { answered[pointer: $0]?.string }
                    #expect(found.map { Array($0.utf8) } == Array(text.utf8), "\(field.pointer): \(text)")
                }
                guard let id = answered["id"]?.string, let place = shop.place(of: name, id: id) else { continue }
                let again = try await shop.send("GET", place, as: sample.isBuyers ? shop.buyer : shop.staff)
                #expect(again.body == reply.body)
            }
        }
    }
}

extension LiveShop {
    fileprivate func bodySample(_ name: String) async throws -> BodySample {
        let make = try #require(BodySample.all[name])
        return try await make(self)
    }

    fileprivate func send(_ sample: BodySample, _ edit: Edit? = nil) async throws -> Reply {
        try await send(sample, bytes: edit.map { Array($0.text(of: sample.body).utf8) } ?? sample.body.bytes)
    }

    fileprivate func send(_ sample: BodySample, bytes: [UInt8]) async throws -> Reply {
        try await send(sample.method, sample.path, as: sample.isBuyers ? buyer : staff, bytes: bytes)
    }

    /// Where what an endpoint answered is read again.
    fileprivate func place(of name: String, id: String) -> String? {
        switch name {
        case "createProduct", "updateProduct": "/api/v1/products/\(id)"
        case "createCategory", "updateCategory": "/api/v1/categories/\(id)"
        case "createCollection", "updateCollection": "/api/v1/collections/\(id)"
        case "startCheckout", "changeCheckout": "/api/v1/checkouts/\(id)"
        case "enterOrder", "annotateOrder", "cancelOrder": "/api/v1/orders/\(id)"
        case "createCustomer", "updateCustomer": "/api/v1/customers/\(id)"
        case "createPriceList", "updatePriceList": "/api/v1/price_lists/\(id)"
        case "createCustomerGroup", "updateCustomerGroup": "/api/v1/customer_groups/\(id)"
        default: nil
        }
    }
}
