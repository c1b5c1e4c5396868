import FoundationEssentials
import Messaging
import Primitives
import TestSupport
import Testing

@testable import MessagingSMTP

struct MIMETests {
    static let message = MessageID(UUID(high: 1, low: 2))

    static func mail(
        subject: String = "Your order", name: String = "Shop", to: String = "zoe@example.com", text: String = "Hello\n",
        html: String = "<p>Hello</p>"
    ) throws -> Mail {
        let from = try #require(EmailAddress("orders@shop.example"))
        return Mail(
            from: from, fromName: HeaderText(cleaning: name), to: try #require(EmailAddress(to)),
            subject: HeaderText(cleaning: subject), text: text, html: html,
            messageID: MailMessageID(message, sender: from), date: .ofTests)
    }

    static func lines(_ mail: Mail) -> [String] {
        String(decoding: MIMEDocument(mail).bytes, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false
        ).map(String.init)
    }

    @Test func `a mail has the headers that readers and servers expect`() throws {
        let lines = try Self.lines(Self.mail())
        #expect(lines.prefix(7).contains("Date: Thu, 15 Jan 2026 09:30:00 +0000"))
        #expect(lines.contains("From: \"Shop\" <orders@shop.example>"))
        #expect(lines.contains("To: <zoe@example.com>"))
        #expect(lines.contains("Message-ID: <\(Self.message)@shop.example>"))
        #expect(lines.contains("Subject: Your order"))
        #expect(lines.contains("MIME-Version: 1.0"))
        #expect(lines.filter { $0.hasPrefix("Content-Type: text/") }.count == 2)
    }

    @Test(arguments: ["Prüfung", String(repeating: "Ærø ", count: 60), "=?utf-8?B?eA==?=", "日本語の件名です。とても長い件名を書きます"])
    func `a subject is folded into words of ASCII`(_ subject: String) throws {
        let document = try MIMEDocument(Self.mail(subject: subject))
        #expect(!document.isInternational)
        #expect(document.bytes.allSatisfy { $0 < 128 })
        for line in try Self.lines(Self.mail(subject: subject)) { #expect(line.utf8.count <= 78, "\(line)") }
    }

    @Test(arguments: [
        "x\r\nBcc: victim@example.com", "x\nBcc: victim@example.com", "x\rBcc: victim@example.com",
        "x\u{2028}Bcc: victim@example.com", "x\u{0}y", "x\u{85}y", "\r\n\r\n<script>",
    ])
    func `no text makes another header`(_ hostile: String) throws {
        #expect(HeaderText(hostile) == nil)
        #expect(EmailAddress("a\(hostile)@example.com") == nil)
        #expect(MailMessageID("<a\(hostile)@b>") == nil)
        let harmless = try Self.lines(Self.mail(text: "", html: ""))
        for mail in [
            try Self.mail(subject: hostile, text: "", html: ""), try Self.mail(name: hostile, text: "", html: ""),
        ] {
            let lines = Self.lines(mail)
            #expect(!lines.contains { $0.hasPrefix("Bcc") })
            let head = lines.prefix { !$0.isEmpty }.filter { !$0.hasPrefix(" ") }
            #expect(head.count == harmless.prefix { !$0.isEmpty }.filter { !$0.hasPrefix(" ") }.count)
        }
    }

    @Test func `a header text that is too long is cut`() {
        #expect(HeaderText(String(repeating: "x", count: 501)) == nil)
        #expect(HeaderText(cleaning: String(repeating: "x", count: 9000)).description.count == 500)
    }

    @Test(arguments: [
        ("a=b", "a=3Db"), ("Grüße", "Gr=C3=BC=C3=9Fe"), ("tail ", "tail=20"), ("a\nb\r\nc\rd", "a\r\nb\r\nc\r\nd"),
        (String(repeating: "x", count: 80), String(repeating: "x", count: 75) + "=\r\nxxxxx"), ("\u{0}", "=00"),
        ("", ""),
    ])
    func `text is quoted printable`(_ text: String, _ encoded: String) {
        #expect(String(decoding: MIMEDocument.quotedPrintable(text), as: UTF8.self) == encoded)
    }

    @Test func `no line of any content is longer than allowed`() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<200 {
            let scalars = (0..<500).map { _ in
                Unicode.Scalar(UInt32.random(in: 0..<0xD800, using: &random)).map(Character.init) ?? "x"
            }
            for line in try Self.lines(Self.mail(subject: String(scalars.prefix(100)), text: String(scalars))) {
                #expect(line.utf8.count <= 78)
                #expect(line.utf8.allSatisfy { $0 >= 32 && $0 < 127 })
            }
        }
    }

    @Test(arguments: [
        (".\r\n", "..\r\n.\r\n"), ("a\r\n.b\r\n", "a\r\n..b\r\n.\r\n"), ("a.b", "a.b\r\n.\r\n"), ("", ".\r\n"),
        ("\r\n..\r\n", "\r\n...\r\n.\r\n"),
    ])
    func `lines that begin with a dot get another one`(_ content: String, _ stuffed: String) {
        #expect(String(decoding: SMTPConversation.stuffed(Array(content.utf8)), as: UTF8.self) == stuffed)
    }

    @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar"])
    func `base64 is as the standard has it`(_ text: String) {
        let known = [
            "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=",
            "foobar": "Zm9vYmFy",
        ]
        #expect(Base64.encode(Array(text.utf8)) == known[text])
    }
}
