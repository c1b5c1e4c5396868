/// A piece of HTML. Whatever is interpolated is escaped, so that text can stand between tags and in quoted attributes;
/// only another piece goes in as it is.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    let text: String

    init(stringLiteral value: String) { text = value }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// Pieces, one after the other.
    init(_ pieces: [HTML]) { text = pieces.map(\.text).joined(separator: "\n") }

    struct StringInterpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { text += literal }

        mutating func appendInterpolation(_ piece: HTML) { text += piece.text }

        mutating func appendInterpolation(_ value: Int) { text += String(value) }

        mutating func appendInterpolation(_ value: String) {
            for scalar in value.unicodeScalars {
                switch scalar {
                case "&": text += "&amp;"
                case "<": text += "&lt;"
                case ">": text += "&gt;"
                case "\"": text += "&quot;"
                case "'": text += "&#39;"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }
}

/// A page of a simulator: plain, accessible, without script.
enum Page {
    /// Without `form-action`: browsers apply it to where a form's answer leads, and that is somebody else's shop.
    static let policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; base-uri 'none'"

    static func answer(_ title: String, status: Int = 200, _ body: HTML) -> WebResponse {
        let document: HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <link rel="stylesheet" href="/simulator.css">
            <link rel="icon" href="data:,">
            </head>
            <body>
            \(body)
            </body>
            </html>

            """
        return WebResponse(
            status, type: "text/html; charset=utf-8", body: Array(document.text.utf8),
            headers: [
                ("Content-Security-Policy", policy), ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "no-referrer"),
            ])
    }

    static let styleSheet = WebResponse(200, type: "text/css; charset=utf-8", body: Array(style.utf8))

    private static let style = """
        :root { color-scheme: light dark; --ink: #1c2430; --faint: #596273; --line: #d5d9e0; --paper: #fff;
          --wash: #f4f5f8; --go: #4b3fd1; --bad: #b3261e; --good: #176b3a; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --faint: #a6aebd; --line: #3a4150;
          --paper: #171a21; --wash: #20242d; --go: #8d84ff; --bad: #ff8a80; --good: #74d49b; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--wash); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        header, main { max-width: 62rem; margin: 0 auto; padding: 1rem 1.25rem; }
        main.narrow { max-width: 30rem; }
        header p { margin: 0; color: var(--faint); }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
        h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
        .card { background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; }
        .amount { font-size: 2rem; font-weight: 650; margin: 0 0 .75rem; }
        table { width: 100%; border-collapse: collapse; font-size: .9rem; }
        th, td { text-align: left; padding: .4rem .6rem .4rem 0; border-bottom: 1px solid var(--line);
          vertical-align: top; overflow-wrap: anywhere; }
        td.number, th.number { text-align: right; }
        .scroll { overflow-x: auto; } .scroll th, .scroll td { overflow-wrap: break-word; }
        fieldset { border: 0; padding: 0; margin: 1.25rem 0; }
        legend { font-weight: 600; padding: 0; margin-bottom: .5rem; }
        .choice { display: flex; gap: .6rem; align-items: baseline; padding: .35rem 0; }
        .choice .faint { white-space: nowrap; }
        .field { display: block; margin: 1rem 0; }
        .field span { display: block; font-weight: 600; margin-bottom: .25rem; }
        input[type=email], input[type=number], select { width: 100%; font: inherit; color: inherit;
          padding: .55rem .7rem;
          background: var(--paper); border: 1px solid var(--faint); border-radius: .5rem; min-height: 2.75rem; }
        button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.1rem; border-radius: .5rem;
          border: 1px solid var(--faint); background: transparent; color: inherit; cursor: pointer; }
        button.main { width: 100%; background: var(--go); border-color: var(--go); color: #fff; }
        @media (prefers-color-scheme: dark) { button.main { color: #10131a; } }
        a { color: var(--go); }
        :focus-visible { outline: 3px solid var(--go); outline-offset: 2px; }
        .alert { border-left: 4px solid var(--bad); padding: .5rem .75rem; margin: 1rem 0; background: var(--wash); }
        .good { color: var(--good); } .bad { color: var(--bad); } .faint { color: var(--faint); }
        .row { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; } .row .field { margin: 0; }
        iframe { width: 100%; height: 36rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--paper); border: 1px solid var(--line);
          border-radius: .5rem; padding: .75rem 1rem; font-size: .85rem; }

        """
}
