import Messaging
import Primitives
import TestSupport
import Testing

@testable import MessagingSMTP

/// What the client says and when it gives up, without a network.
struct ConversationTests {
    private func conversation(_ url: String, to: String = "zoe@example.com") throws -> SMTPConversation {
        let mail = try MIMETests.mail(to: to)
        return SMTPConversation(
            server: try #require(MailServerAddress(url)), mail: mail, document: MIMEDocument(mail))
    }

    private func reply(_ code: Int, _ lines: String...) -> SMTPReply { SMTPReply(code: code, lines: lines) }

    @Test func `a mail is handed over step by step`() throws {
        var talk = try conversation("smtp+insecure://mail.example:25")
        #expect(talk.receive(reply(220, "hi")) == .say("EHLO shop.example"))
        #expect(talk.receive(reply(250, "mail.example")) == .say("MAIL FROM:<orders@shop.example>"))
        #expect(talk.receive(reply(250, "ok")) == .say("RCPT TO:<zoe@example.com>"))
        #expect(talk.receive(reply(250, "ok")) == .say("DATA"))
        #expect(talk.receive(reply(354, "go")) == .sendContent)
        #expect(talk.receive(reply(250, "taken")) == .finish)
    }

    @Test func `without STARTTLS nothing is said in the clear`() throws {
        var talk = try conversation("smtp://user:secret@mail.example")
        #expect(talk.receive(reply(220, "hi")) == .say("EHLO shop.example"))
        guard case .fail(.temporary) = talk.receive(reply(250, "mail.example", "AUTH PLAIN LOGIN")) else {
            Issue.record("it went on")
            return
        }
    }

    @Test func `what was offered in the clear is forgotten`() throws {
        var talk = try conversation("smtp://user:secret@mail.example")
        _ = talk.receive(reply(220, "hi"))
        #expect(talk.receive(reply(250, "m", "STARTTLS", "AUTH PLAIN", "SIZE 1")) == .say("STARTTLS"))
        #expect(talk.receive(reply(220, "go")) == .encrypt)
        #expect(talk.encrypted() == .say("EHLO shop.example"))
        #expect(talk.receive(reply(250, "m", "AUTH LOGIN")) == .say("AUTH LOGIN dXNlcg=="))
        #expect(talk.receive(reply(334, "UGFzc3dvcmQ6")) == .say("c2VjcmV0"))
        #expect(talk.receive(reply(235, "in")) == .say("MAIL FROM:<orders@shop.example>"))
    }

    @Test func `a refusal is final only when it is about the mail`() throws {
        func refusals(_ code: Int) throws -> [MailRefusal] {
            let welcome = [reply(220, "hi"), reply(250, "m", "AUTH PLAIN"), reply(235, "in"), reply(250, "ok")]
            return try (0...4).compactMap { count in
                var talk = try conversation("smtp+insecure://user:secret@mail.example:25")
                for reply in welcome.prefix(count) { _ = talk.receive(reply) }
                guard case .fail(let refusal) = talk.receive(reply(code, "no")) else { return nil }
                return refusal
            }
        }
        let isPermanent = try refusals(550).map { if case .permanent = $0 { true } else { false } }
        #expect(isPermanent == [false, false, false, true, true])
        #expect(try refusals(451).allSatisfy { if case .temporary = $0 { true } else { false } })
        #expect(try refusals(451).count == 5)
    }

    @Test func `addresses beyond ASCII need a server that knows them`() throws {
        var talk = try conversation("smtp+insecure://mail.example:25", to: "zoë@example.com")
        _ = talk.receive(reply(220, "hi"))
        var able = talk
        guard case .fail(.permanent) = talk.receive(reply(250, "m", "SIZE 0")) else {
            Issue.record("it went on")
            return
        }
        guard case .say(let line) = able.receive(reply(250, "m", "SMTPUTF8", "8BITMIME")) else {
            Issue.record("it gave up")
            return
        }
        #expect(line == "MAIL FROM:<orders@shop.example> BODY=8BITMIME SMTPUTF8")
    }

    @Test func `a mail that is too large for the server is not sent`() throws {
        var talk = try conversation("smtp+insecure://mail.example:25")
        _ = talk.receive(reply(220, "hi"))
        guard case .fail(.permanent) = talk.receive(reply(250, "m", "SIZE 100")) else {
            Issue.record("it went on")
            return
        }
    }

    @Test func `replies of several lines are put together`() throws {
        var parser = SMTPReplyParser()
        #expect(try parser.receive(Array("250-one".utf8)) == nil)
        #expect(try parser.receive(Array("250-two".utf8)) == nil)
        #expect(try parser.receive(Array("250 three".utf8)) == SMTPReply(code: 250, lines: ["one", "two", "three"]))
        #expect(try parser.receive(Array("354".utf8)) == SMTPReply(code: 354, lines: [""]))
    }

    @Test(arguments: ["", "2", "25", "abc", "250x", "150 no", "600 no", "HTTP/1.1 400 Bad Request", "²50 x"])
    func `what is no reply ends the conversation`(_ line: String) {
        var parser = SMTPReplyParser()
        #expect(throws: SMTPGarbage.self) { _ = try parser.receive(Array(line.utf8)) }
    }

    @Test func `a reply without end ends the conversation`() throws {
        var parser = SMTPReplyParser()
        for _ in 0..<SMTPReplyParser.mostLines { #expect(try parser.receive(Array("250-more".utf8)) == nil) }
        #expect(throws: SMTPGarbage.self) { _ = try parser.receive(Array("250-more".utf8)) }
        var other = SMTPReplyParser()
        _ = try other.receive(Array("250-one".utf8))
        #expect(throws: SMTPGarbage.self) { _ = try other.receive(Array("251 two".utf8)) }
    }
}
