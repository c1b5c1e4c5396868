import HTTPOutbound
import Testing

struct OutboundAddressTests {
    @Test(arguments: [
        ("https://shop.example/a.png", "https://shop.example/a.png"),
        ("HTTPS://Shop.EXAMPLE:443/A.png#top", "https://shop.example/A.png"),
        ("http://shop.example:80", "http://shop.example/"),
        ("http://shop.example:8080?x=1", "http://shop.example:8080/?x=1"),
        (
            "https://cdn.shop.example/files/süß bild.jpg?v=1&w=%20x",
            "https://cdn.shop.example/files/s%C3%BC%C3%9F%20bild.jpg?v=1&w=%20x"
        ),
        ("https://a_b.shop.example/100%", "https://a_b.shop.example/100%25"),
        ("http://8.8.8.8/x", "http://8.8.8.8/x"),
        ("http://[2606:4700::1111]:80/x", "http://[2606:4700::1111]/x"),
        ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
        ("http://shop.example/a@b:c", "http://shop.example/a@b:c"),
    ])
    func `an address is read into one form`(_ text: String, _ form: String) throws {
        let address = try OutboundAddress(text)
        #expect(address.description == form)
        let again = try OutboundAddress(form)
        #expect(again == address)
    }

    @Test(arguments: [
        "", "shop.example/a.png", "//shop.example/a.png", "ftp://shop.example/a", "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x", "javascript:alert(1)", "http:///a", "http://", "http://:80/",
        "http://user@shop.example/", "http://user:pass@shop.example/", "http://shop.example@127.0.0.1/",
        "http://127.0.0.1\\@shop.example/", "http://shop.example\\.evil.example/", "http://127.1/", "http://0/",
        "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.0.0.01/", "http://1.2.3.4.5/",
        "http://[::1/", "http://[::1]x/", "http://[fe80::1%25eth0]/", "http://[127.0.0.1]/",
        "http://shop..example/", "http://.shop.example/", "http://bücher.example/", "http://shop%2eexample/",
        "http://shop.example:/", "http://shop.example:0/", "http://shop.example:65536/", "http://shop.example:8o/",
        "http://shop.example:-1/", "http://shop.example/\r\nX: y", "http://shop.example/\u{0}", "http://a b.example/",
        "http://shop.example:80:80/", "http://①②⑦.0.0.1/",
    ])
    func `what can be read in two ways is refused`(_ text: String) {
        let refusal = #expect(throws: OutboundRefusal.self) { try OutboundAddress(text) }
        #expect(refusal?.code == "malformed_address")
    }

    @Test func `an address has at most so many characters`() throws {
        let text = "http://shop.example/" + String(repeating: "a", count: OutboundAddress.mostCharacters - 20)
        let address = try OutboundAddress(text)
        #expect(address.description == text)
        #expect(throws: OutboundRefusal.self) { try OutboundAddress(text + "a") }
    }

    @Test(arguments: [
        ("/b.png", "https://shop.example/b.png"), ("b.png?x#y", "https://shop.example/a/b.png?x"),
        ("//other.example/c", "https://other.example/c"), ("http://other.example/d", "http://other.example/d"),
        ("../../e f", "https://shop.example/e%20f"), ("?q=1", "https://shop.example/a/x?q=1"),
    ])
    func `a redirect leads on from where it stands`(_ location: String, _ target: String) throws {
        let next = try OutboundAddress("https://shop.example/a/x").following(location)
        #expect(next.description == target)
    }

    @Test(arguments: ["file:///etc/passwd", "http://u:p@shop.example/", "//0x7f.1/", "data:text/html,x"])
    func `a redirect to what is refused is refused`(_ location: String) throws {
        let address = try OutboundAddress("https://shop.example/a/x")
        #expect(throws: OutboundRefusal.self) { try address.following(location) }
    }
}
