extension Rule {
    /// Decisions are numbered one by one and have their four sections.
    static let decisions = Rule(
        "decisions",
        files: { files in
            let folder = "docs/decisions/"
            let pages = files.filter { $0.path.hasPrefix(folder) }.sorted { $0.path < $1.path }
            return pages.enumerated().flatMap { index, page in
                let number = String(String(10_001 + index).dropFirst())
                let name = page.path.dropFirst(folder.count)
                var findings: [Finding] = []
                if !name.hasPrefix("\(number)-") || !name.hasSuffix(".md") {
                    findings.append(
                        page.finding(1, "the decisions are named \(number)-title.md, without gaps or twins"))
                }
                if page.lines.first?.hasPrefix("# \(number) ") != true {
                    findings.append(page.finding(1, "the heading begins with '# \(number) '"))
                }
                for section in ["## Context", "## Decision", "## Rejected", "## Consequences"]
                where !page.lines.contains(where: { $0 == section }) {
                    findings.append(page.finding(1, "the section '\(section)' is missing"))
                }
                return findings
            }
        })

    /// Every public type and function says what it means. Cases, properties and initialisers are members that the
    /// documentation of their type covers; what fulfils a protocol is documented there.
    static let documentation = Rule(
        "documentation",
        files: { files in
            var requirements: Set<Substring> = [
                "hash", "encode", "next", "makeAsyncIterator", "makeIterator", "appendLiteral", "run", "index",
                "formIndex",
            ]
            for file in files { requirements.formUnion(file.requirementNames) }
            return files.filter { $0.target != nil }.flatMap { file in
                file.publicDeclarations.filter { $0.needsDocumentation(requirements) && !file.isDocumented($0.line) }
                    .map { file.finding($0.line, "public \($0.keyword) \($0.name) has no documentation") }
            }
        })
}

/// A declaration that others see.
private struct PublicDeclaration {
    let keyword: Substring
    let name: Substring
    let line: Int
    /// Whether the type or extension around it conforms to something.
    let isInConformance: Bool
    let isInExtension: Bool
    /// A nested type that begins and ends on its line reads like a case.
    let isOneLineMember: Bool

    func needsDocumentation(_ requirements: Set<Substring>) -> Bool {
        guard !isOneLineMember, !requirements.contains(name) else { return false }
        guard isInConformance, !SourceFile.typeKeywords.contains(keyword) else { return true }
        let isOperator = name.first?.isLetter != true && name.first != "_"
        return !isInExtension && !isOperator && keyword != "typealias"
    }
}

extension SourceFile {
    fileprivate static let typeKeywords: Set<Substring> = ["struct", "class", "enum", "protocol", "actor"]

    /// What surrounds a line of code.
    private struct Scope {
        var keyword: Substring = ""
        var conforms = false
    }

    /// The functions that the file's protocols require.
    fileprivate var requirementNames: Set<Substring> {
        var names: Set<Substring> = []
        walk { index, scope, _ in
            if scope.keyword == "protocol", tokens[index].text == "func", index + 1 < tokens.count {
                names.insert(tokens[index + 1].text)
            }
        }
        return names
    }

    fileprivate var publicDeclarations: [PublicDeclaration] {
        var found: [PublicDeclaration] = []
        walk { index, scope, depth in
            guard ["public", "open"].contains(tokens[index].text), let keyword = keyword(after: index) else { return }
            let text = tokens[keyword].text
            guard Self.typeKeywords.contains(text) || ["func", "subscript", "typealias"].contains(text) else { return }
            let isType = Self.typeKeywords.contains(text)
            found.append(
                PublicDeclaration(
                    keyword: text, name: tokens[keyword + 1].text, line: tokens[index].line,
                    isInConformance: scope.conforms, isInExtension: scope.keyword == "extension",
                    isOneLineMember: isType && depth > 0 && endsOnItsLine(keyword)))
        }
        return found
    }

    /// Whether a documentation comment stands right above, attributes aside.
    fileprivate func isDocumented(_ line: Int) -> Bool {
        var above = line - 1
        while above >= 1, lines[above - 1].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
        guard above >= 1 else { return false }
        let text = lines[above - 1].drop { $0 == " " }
        return text.hasPrefix("///") || text.hasSuffix("*/")
    }

    private func keyword(after index: Int) -> Int? {
        let modifiers: Set<Substring> = [
            "static", "final", "mutating", "nonmutating", "override", "nonisolated", "consuming", "borrowing",
            "indirect", "convenience", "prefix", "postfix", "infix", "(", ")", "set", "private", "internal", "@",
            "discardableResult", "inlinable", "Sendable", "isolated",
        ]
        var next = index + 1
        while next < tokens.count, modifiers.contains(tokens[next].text) { next += 1 }
        if next + 1 < tokens.count, tokens[next].text == "class", ["func", "var"].contains(tokens[next + 1].text) {
            next += 1
        }
        return next + 1 < tokens.count ? next : nil
    }

    private func endsOnItsLine(_ index: Int) -> Bool {
        guard let opening = tokens.indices[index...].first(where: { tokens[$0].text == "{" }),
            let closing = closingBrace(of: opening)
        else { return false }
        return tokens[closing].line == tokens[index].line
    }

    /// Calls a closure for each token with the type, protocol or extension around it and the depth of braces.
    private func walk(_ visit: (_ index: Int, _ scope: Scope, _ depth: Int) -> Void) {
        var scopes = [Scope()]
        var header: Scope?
        for (index, token) in tokens.enumerated() {
            visit(index, scopes[scopes.count - 1], scopes.count - 1)
            let isMember = index > 0 && tokens[index - 1].text == "."
            if Self.typeKeywords.union(["extension"]).contains(token.text), !isMember {
                let isClassMember =
                    token.text == "class" && index + 1 < tokens.count
                    && ["func", "var"].contains(tokens[index + 1].text)
                if !isClassMember { header = Scope(keyword: token.text) }
            } else if token.text == ":" {
                header?.conforms = true
            } else if token.text == "{" {
                scopes.append(header ?? Scope())
                header = nil
            } else if token.text == "}", scopes.count > 1 {
                scopes.removeLast()
            }
        }
    }
}
