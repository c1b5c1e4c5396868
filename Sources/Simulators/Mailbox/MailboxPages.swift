import Primitives

/// The mailbox in a browser, and as JSON for tests.
struct MailboxPages: Sendable {
    let box: Mailbox

    func respond(_ request: WebRequest) async -> WebResponse {
        let path = request.segments
        switch (request.method, path.first, path.count) {
        case ("GET", nil, 0): return Self.list(await box.list())
        case ("GET", "simulator.css", 1): return Page.styleSheet
        case ("GET", "messages", 2), ("GET", "messages", 3): return await message(path)
        case ("GET", "api", 2) where path[1] == "messages":
            // ignored: a query that cannot be read names no recipient
            let recipient = try? StripeParameters(parsing: Array(request.query.utf8)).text("to")
            return Self.json(["data": .array(await box.list(to: recipient).map(\.json))])
        case ("DELETE", "api", 2) where path[1] == "messages":
            await box.empty()
            return Self.json(["data": []])
        case ("POST", "_faults", 1): return await addFault(request)
        default: return Page.answer("Not here", status: 404, "<main><h1>There is no such page</h1></main>")
        }
    }

    private static func json(_ json: JSON, status: Int = 200) -> WebResponse {
        WebResponse(status, type: "application/json", body: json.bytes)
    }

    private func addFault(_ request: WebRequest) async -> WebResponse {
        // ignored: what is not JSON is answered like what is no fault
        let json = try? JSON(parsing: String(decoding: request.body, as: UTF8.self))
        guard let stage = json?["stage"]?.string.flatMap(MailFault.Stage.init(rawValue:)),
            let answer = json?["answer"]?.string, answer == "drop" || (answer.first == "4" || answer.first == "5"),
            !answer.contains(where: \.isNewline)
        else {
            return Self.json(
                ["error": "A fault has a stage (connection, sender, recipient, content) and an answer."], status: 422)
        }
        await box.add(MailFault(stage, answer: answer, count: max(1, json?["count"]?.integer ?? 1)))
        return Self.json(["faults": JSON(await box.faults.count)])
    }

    private func message(_ path: [String]) async -> WebResponse {
        guard let id = Int(path[1]), let item = await box.item(id) else {
            return Page.answer("No such mail", status: 404, "<main><h1>There is no such mail</h1></main>")
        }
        switch path.count > 2 ? path[2] : nil {
        case nil: return Self.page(item)
        case "html": return Self.content(item)
        case "raw":
            return WebResponse(
                200, type: "text/plain; charset=utf-8", body: item.envelope.content,
                headers: [("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src 'none'")])
        default: return Page.answer("Not here", status: 404, "<main><h1>There is no such page</h1></main>")
        }
    }

    /// The HTML of a mail, which may come from anybody: no script, nothing from elsewhere, its own style only.
    private static func content(_ item: Mailbox.Item) -> WebResponse {
        WebResponse(
            200, type: "text/html; charset=utf-8", body: Array((item.mail.html ?? "").utf8),
            headers: [
                ("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
                ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
            ])
    }

    private static func list(_ items: [Mailbox.Item]) -> WebResponse {
        let rows = items.map { item -> HTML in
            """
            <tr><td><a href="/messages/\(item.id)">\(subject(of: item))</a></td>
            <td>\(item.envelope.recipients.joined(separator: ", "))</td>
            <td>\(item.receivedAt.description)</td></tr>
            """
        }
        let table: HTML =
            rows.isEmpty
            ? "<p>No mail has come yet.</p>"
            : """
            <div class="scroll" tabindex="0" role="region" aria-label="Mails"><table>
            <thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Came</th></tr></thead>
            <tbody>\(HTML(rows))</tbody>
            </table></div>
            """
        return Page.answer(
            "Simulated mailbox",
            """
            <header><h1>Simulated mailbox</h1>
            <p>Takes every mail and passes none on. <a href="/">Refresh</a></p></header>
            <main>\(table)</main>
            """)
    }

    private static func subject(of item: Mailbox.Item) -> String {
        let subject = item.mail.header("Subject")
        return subject.isEmpty ? "(no subject)" : subject
    }

    private static func page(_ item: Mailbox.Item) -> WebResponse {
        let headers = item.mail.headers.map { header -> HTML in
            "<tr><th scope=\"row\">\(header.name)</th><td>\(header.value)</td></tr>"
        }
        let html: HTML =
            item.mail.html == nil
            ? ""
            : """
            <h2>HTML</h2>
            <iframe title="The mail's HTML" sandbox src="/messages/\(item.id)/html"></iframe>
            """
        let text: HTML = item.mail.text.map { "<h2>Text</h2><pre>\($0)</pre>" } ?? ""
        return Page.answer(
            subject(of: item),
            """
            <header><p><a href="/">All mails</a></p><h1>\(subject(of: item))</h1>
            <p>From \(item.mail.header("From")) to \(item.envelope.recipients.joined(separator: ", "))</p></header>
            <main>
            \(html)
            \(text)
            <h2>Headers</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="Headers"><table><tbody>
            \(HTML(headers))
            </tbody></table></div>
            <p><a href="/messages/\(item.id)/raw">The mail as it came</a></p>
            </main>
            """)
    }
}
