import Markup
import Testing

struct SanitizingTests {
    @Test(arguments: [
        ("<p>A <strong>good</strong> loaf &amp; more</p>", "<p>A <strong>good</strong> loaf &amp; more</p>"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<p onclick=\"x()\" style='a'>x", "<p>x</p>"),
        ("<script>alert('<p>')</script>y", "y"),
        ("<SCRIPT src=x></SCRIPT >y", "y"),
        ("<style>p{}</style>y", "y"),
        ("<img src=x onerror=alert(1)>y", "y"),
        ("<svg><script>x</script></svg>y", "y"),
        ("<!-- <p> -->y<!-- never", "y"),
        ("<a href=\"javascript:x\">y</a>", "y"),
        ("<a href=\"&#106;avascript:x\">y</a>", "<a href=\"&amp;#106;avascript:x\" rel=\"nofollow noopener\">y</a>"),
        (
            "<a title='>' href='https://a.example/?b=1&amp;c=2'>y",
            "<a href=\"https://a.example/?b=1&amp;c=2\" rel=\"nofollow noopener\">y</a>"
        ),
        ("<b><i>x</b></i>", "<b><i>x</i></b>"),
        ("</p></div>x", "x"),
        ("<p", ""),
        ("a &bogus b &#x27; \"", "a &amp;bogus b &#x27; &quot;"),
        ("<scr<script>ipt>alert(1)</scr</script>ipt>", "ipt&gt;alert(1)ipt&gt;"),
        ("<ul><li>One<li>Two</ul>", "<ul><li>One<li>Two</li></li></ul>"),
    ])
    func `of a foreign text only harmless formatting stays`(source: String, expected: String) {
        #expect(HTML(sanitizing: source).source == expected)
    }

    @Test(arguments: MarkupTests.hostile)
    func `no foreign text becomes a script`(text: String) {
        let written = HTML(sanitizing: text).source.lowercased()
        #expect(!written.contains("<script") && !written.contains("onerror=") || !written.contains("<"))
        #expect(!written.contains("<svg"))
    }
}
