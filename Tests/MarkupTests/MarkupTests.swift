import Markup
import Primitives
import Testing

struct MarkupTests {
    /// What tries to become more than text, in one position or another.
    static let hostile = [
        "<script>alert(1)</script>", "</script><script>alert(1)</script>", "</title><script>", "</textarea><script>",
        "</style><script>", "--><script>alert(1)</script><!--", "--!><script>", "><script>", "->", "]]><script>",
        "\" onmouseover=\"alert(1)", "' onmouseover='alert(1)", "`onmouseover=alert(1)", "x onmouseover=alert(1)",
        "\"><img src=x onerror=alert(1)>", "&lt;script&gt;", "&quot; onload=&quot;", "\u{0}<script>",
        "<scr\u{0}ipt>", "<!--", "<![CDATA[", "<?php", "\u{2028}</script>", "{{7*7}}", "\\\"><script>",
        "</ScRiPt ><script>", "<svg/onload=alert(1)>", "\r\n\r\n<script>",
    ]

    @Test
    func `elements, attributes and text are written as they are said`() {
        let page = div(.class("card", nil, "wide"), .id("one"), .hidden(false), .data("kind", "x")) {
            h2 { "Bread" }
            if Bool(true) { p { "Good " } } else { p { "Bad" } }
            for number in 1...2 { span { number } }
            br()
            input(.name("q"), .required(), .value(nil))
        }
        #expect(
            page.source == """
                <div class="card wide" id="one" data-kind="x"><h2>Bread</h2><p>Good </p><span>1</span><span>2</span>\
                <br><input name="q" required></div>
                """)
    }

    @Test
    func `a document begins with its type`() {
        let document = html(.lang("en")) {
            head { title("A & B") }
            body { "x" }
        }
        #expect(
            document.source == """
                <!DOCTYPE html>
                <html lang="en"><head><title>A &amp; B</title></head><body>x</body></html>
                """)
    }

    @Test(arguments: hostile)
    func `no text becomes markup`(text: String) {
        for piece in [p { text }, option { text }, title(text)] {
            let written = piece.source
            #expect(written.filter { $0 == "<" }.count == 2)
            #expect(written.filter { $0 == ">" }.count == 2)
            #expect(!written.contains("\0"))
        }
        let area = textarea(text: text).source
        #expect(area.hasPrefix("<textarea>\n") && area.hasSuffix("</textarea>"))
        #expect(area.filter { $0 == "<" }.count == 2)
    }

    @Test(arguments: hostile)
    func `no value leaves its attribute`(text: String) {
        let attributes: [Attribute] = [
            .title(text), .class(text), .id(text), .value(text), .aria("label", text), .data("x", text),
            .hx("target", text), .svg("d", text), .data("json", json: ["text": .string(text)]), .placeholder(text),
        ]
        for attribute in attributes {
            let written = span(attribute).source
            #expect(written.filter { $0 == "\"" }.count == 2)
            #expect(written.filter { $0 == "<" }.count == 2)
            #expect(written.filter { $0 == ">" }.count == 2)
            #expect(!written.contains("'"))
        }
    }

    @Test(arguments: hostile)
    func `no comment ends early`(text: String) {
        let written = HTML.comment(text).source
        #expect(written.hasPrefix("<!--") && written.hasSuffix("-->"))
        #expect(written.filter { $0 == ">" }.count == 1)
    }

    @Test(arguments: hostile)
    func `data for scripts stays data and says the same`(text: String) throws {
        let written = script(json: ["text": .string(text)], id: text).source
        #expect(written.filter { $0 == "<" }.count == 2)
        #expect(written.filter { $0 == ">" }.count == 2)
        let start = try #require(written.firstIndex(of: ">"))
        let end = try #require(written.lastIndex(of: "<"))
        // A string of JSON that is to be read may not hold U+0000.
        if text.contains("\0") { return }
        let document = try JSON(parsing: Array(written[written.index(after: start)..<end].utf8))
        #expect(document["text"]?.string == text)
    }

    @Test(arguments: [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
        "java\nscript:alert(1)", "\u{1}javascript:alert(1)", "data:text/html,<script>", "vbscript:x", "file:///etc",
        "//evil.example/x", "/\\evil.example", "\\\\evil.example", "http:evil.example", "https://", "blob:x",
        "ftp://x", "x y", "", "javascript&colon;alert(1)://:", "a:b", "mailto:",
    ])
    func `no address has a harmful scheme`(text: String) throws {
        if let address = WebAddress(checking: text) {
            // What is left has no scheme that a browser would see.
            #expect(a(.href(address)).source == "<a href=\"javascript&amp;colon;alert(1)://:\"></a>")
            Issue.record("\(text) was taken for an address")
        }
    }

    @Test
    func `addresses of pages, sites and mailboxes are taken`() {
        let good = [
            "/", "/a/b?c=d#e", "?page=2", "#top", "a/b", "https://example.com/x", "http://x", "mailto:a@b.example",
        ]
        for text in good { #expect(WebAddress(checking: text)?.description == text) }
        #expect(a(.href("/x?a=1&b=2")).source == "<a href=\"/x?a=1&amp;b=2\"></a>")
    }

    @Test(arguments: hostile + ["a/b", "..", "a?b#c", "ü", "javascript:x"])
    func `what is put into an address stays one segment`(text: String) {
        let address: WebAddress = "/products/\(text)"
        #expect(address.description.hasPrefix("/products/"))
        #expect(!address.description.dropFirst(10).contains { "/?#<>\"' ".contains($0) })
        let whole: WebAddress = "\(text)"
        #expect(!whole.description.contains(":"))
    }

    @Test
    func `htmx is given nothing to evaluate`() {
        #expect(span(.hx("vals", "js:{a: 1}")).source == "<span hx-vals=\"\"></span>")
        #expect(span(.hx("get", "/x" as WebAddress)).source == "<span hx-get=\"/x\"></span>")
    }
}
