import Foundation
import Primitives
import TestSupport
import Testing

@testable import Simulators

/// The simulated mail server's dialogue and its reading of mails, from friends and from strangers.
struct MailboxTests {
    private func run(
        _ lines: [String], _ rules: SMTPDialogue.Rules = .init()
    ) -> (codes: [String], taken: [ReceivedEnvelope]) {
        var dialogue = SMTPDialogue(rules)
        var codes: [String] = []
        var taken: [ReceivedEnvelope] = []
        for line in lines {
            switch dialogue.receive(Array(line.utf8), fault: { _ in nil }) {
            case .answer(let text)?, .close(let text)?: codes.append(String(text.prefix(3)))
            case .take(let envelope, let text)?:
                codes.append(String(text.prefix(3)))
                taken.append(envelope)
            case nil: break
            }
        }
        return (codes, taken)
    }

    @Test func `a mail is taken with its envelope and without the transport's dots`() {
        let (codes, taken) = run([
            "EHLO x", "MAIL FROM:<a@b.c> SIZE=10", "RCPT TO:<d@e.f>", "RCPT TO:<g@h.i>", "DATA", "Subject: x", "",
            "..dot", ".", "QUIT",
        ])
        #expect(codes == ["250", "250", "250", "250", "354", "250", "221"])
        #expect(
            taken == [
                ReceivedEnvelope(
                    sender: "a@b.c", recipients: ["d@e.f", "g@h.i"], content: Array("Subject: x\r\n\r\n.dot\r\n".utf8))
            ])
    }

    @Test(arguments: [
        ("MAIL FROM:<a@b.c>", "503"), ("RCPT TO:<a@b.c>", "503"), ("DATA", "503"), ("MAIL a@b.c", "503"),
        ("AUTH PLAIN AA==", "503"), ("", "500"), ("X", "500"), ("EHLO", "501"), ("\u{0}", "500"),
    ])
    func `commands out of turn are refused`(_ line: String, _ code: String) {
        #expect(run([line]).codes == [code])
    }

    @Test func `AUTH is wanted where it is set, in both manners`() {
        var rules = SMTPDialogue.Rules()
        (rules.user, rules.password) = ("shop", "secret")
        let plain = Data("\0shop\0secret".utf8).base64EncodedString()
        let mail = "MAIL FROM:<a@b.c>"
        #expect(run(["EHLO x", mail], rules).codes == ["250", "530"])
        #expect(run(["EHLO x", "AUTH PLAIN \(plain)", mail], rules).codes == ["250", "235", "250"])
        #expect(run(["EHLO x", "AUTH PLAIN", plain, mail], rules).codes == ["250", "334", "235", "250"])
        #expect(run(["EHLO x", "AUTH LOGIN", "c2hvcA==", "c2VjcmV0", mail], rules).codes.suffix(2) == ["235", "250"])
        for wrong in ["AUTH PLAIN AAAA", "AUTH PLAIN ?", "AUTH CRAM-MD5"] {
            #expect(run(["EHLO x", wrong, mail], rules).codes.last == "530")
        }
    }

    @Test func `what is too large is refused and forgotten`() {
        var rules = SMTPDialogue.Rules()
        rules.mostBytes = 100
        let long = String(repeating: "x", count: 90)
        let begin = ["EHLO x", "MAIL FROM:<a@b.c>", "RCPT TO:<d@e.f>", "DATA"]
        let (codes, taken) = run(begin + [long, long, "."] + begin.dropFirst() + ["ok", "."], rules)
        #expect(codes == ["250", "250", "250", "354", "552", "250", "250", "354", "250"])
        #expect(taken.map(\.content) == [Array("ok\r\n".utf8)])
        #expect(run(["EHLO x", "MAIL FROM:<a@b.c> SIZE=101"], rules).codes == ["250", "552"])
    }

    @Test func `a mail is read with its parts`() {
        let mail = ReadMail(
            Array(
                """
                Subject: =?utf-8?B?UHLDvGY=?=\r
                 =?utf-8?Q?ung_=E2=9C=93?= done\r
                Content-Type: multipart/alternative; boundary="b"\r
                \r
                --b\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                \r
                Gr=C3=BC=\r
                =C3=9Fe\r
                --b\r
                Content-Type: text/html\r
                Content-Transfer-Encoding: base64\r
                \r
                PHA+\r
                aGk8L3A+\r
                --b--\r

                """.utf8))
        #expect(mail.header("subject") == "Prüfung ✓ done")
        #expect(mail.text == "Grüße")
        #expect(mail.html == "<p>hi</p>")
    }

    @Test func `no mail makes the reader trap`() {
        var random = SeededRandom(seed: 5)
        let pieces = [
            "Content-Type: multipart/mixed; boundary=b", "Content-Type: multipart/mixed; boundary=\"\"", "--b", "--b--",
            "", "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable", "=", "=4", "=?",
            "=?utf-8?B?x?=", "=?utf-8?Q?=zz?=", "Subject: =?x?", " fold", ":", "\u{0}", "é", "Content-Type: text/html",
        ]
        for _ in 0..<5000 {
            let lines = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }
            _ = ReadMail(Array(lines.joined(separator: Bool.random(using: &random) ? "\r\n" : "\n").utf8))
        }
    }

    @Test func `no line makes the dialogue trap`() {
        var random = SeededRandom(seed: 6)
        let pieces = [
            "EHLO x", "MAIL FROM:<", "MAIL FROM:<>", "MAIL FROM:<a@b> SIZE=x", "RCPT TO:<a@b>", "DATA", ".", "..", "",
            "AUTH PLAIN", "AUTH LOGIN", "AAAA", "*", "RSET", "\u{0}\u{1}", "QUIT", "VRFY", "HELO",
        ]
        var rules = SMTPDialogue.Rules()
        (rules.user, rules.password) = ("a", "b")
        for _ in 0..<2000 {
            _ = run((0..<20).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }, rules)
        }
    }
}
