extension Rule {
    private static let forbiddenWords: Set<String> = [
        "Manager", "Helper", "Util", "Utility", "Common", "Service", "Impl", "Base", "V2",
        "Managers", "Helpers", "Utils", "Utilities", "Services",
    ]

    /// A name says what a thing is; these parts say nothing.
    static let names = Rule("names") { (file: SourceFile) in
        guard ["Sources", "Tests"].contains(file.components.first), file.isSwift else { return [] }
        var findings: [Finding] = []
        for component in file.components {
            for word in words(of: component) where forbiddenWords.contains(word) {
                findings.append(file.finding(1, "'\(word)' in the name \(component)"))
            }
        }
        let introducers: Set<Substring> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
        for (token, name) in zip(file.tokens, file.tokens.dropFirst()) where introducers.contains(token.text) {
            for word in words(of: name.text) where forbiddenWords.contains(word) {
                findings.append(file.finding(name.line, "'\(word)' in the name \(name.text)"))
            }
        }
        return findings
    }

    /// `OrderServiceV2` is Order, Service, V2; digits belong to the word before them.
    static func words(of name: Substring) -> [String] {
        var words: [String] = []
        var previous: Character = " "
        for character in name {
            if !character.isLetter, !character.isNumber {
                words.append("")
            } else if words.isEmpty || (character.isUppercase && !previous.isUppercase) {
                words.append(String(character))
            } else {
                words[words.count - 1].append(character)
            }
            previous = character
        }
        return words
    }

    /// At most 400 lines: more means a missing noun.
    static let fileSize = Rule("file size") { (file: SourceFile) in
        let count = file.lines.last?.isEmpty == true ? file.lines.count - 1 : file.lines.count
        return count > 400 ? [file.finding(401, "\(count) lines; at most 400")] : []
    }

    /// At most 120 columns of code. A line of a long literal in a test is what it is.
    static let lineLength = Rule("line length") { (file: SourceFile) in
        // What bin/setup fetches is not ours to lay out.
        guard !file.path.hasSuffix(".md"), !file.path.contains("/Vendor/") else { return [] }
        return file.lines.enumerated().filter { index, line in
            guard line.utf8.count > 120, line.count > 120 else { return false }
            return file.components.first != "Tests" || !file.isInsideLiteral(index + 1)
        }.map { file.finding($0 + 1, "\($1.count) columns; at most 120") }
    }

    /// No `try!` and no trap outside the composition root.
    static let failures = Rule("failures") { (file: SourceFile) in
        guard file.target != "App", file.target != "shipshape" else { return [] }
        return file.lines(of: "try", "!").map { file.finding($0, "try! outside the composition root") }
            + file.findings(["fatalError("]) { "\($0)…) outside the composition root" }
    }

    /// A failure is swallowed only where a comment says why that is right.
    static let swallowedErrors = Rule("swallowed errors") { (file: SourceFile) in
        guard file.target != nil else { return [] }
        return file.lines(of: "try", "?").filter { !file.hasComment(at: $0, containing: "ignored:") }
            .map { file.finding($0, "try? without a comment 'ignored: …' that says why") }
    }

    /// Locks and unchecked promises live in the infrastructure, each with its proof.
    static let sharedState = Rule("shared state") { (file: SourceFile) in
        guard let target = file.target else { return [] }
        let marks = [
            "@unchecked Sendable", "nonisolated(unsafe)", "Mutex(", "Mutex<", "Atomic(", "Atomic<", "NIOLock", "NSLock",
            "NSCondition", "DispatchSemaphore", "OSAllocatedUnfairLock", "pthread_mutex_", "pthread_cond_",
        ]
        var findings: [Finding] = []
        for mark in marks {
            for line in file.lines(containing: mark) {
                if !Targets.infrastructure.contains(target) {
                    findings.append(file.finding(line, "\(mark) outside the infrastructure targets"))
                } else if !mark.hasPrefix("pthread_"), !file.hasProof(at: line, of: mark, marks: marks) {
                    // Calls on a lock need no second proof.
                    findings.append(file.finding(line, "\(mark) without a comment that proves it safe"))
                }
            }
        }
        return findings
    }

    /// Only the command line prints.
    static let printing = Rule("printing") { (file: SourceFile) in
        guard let target = file.target, target != "shipshape" else { return [] }
        var findings: [Finding] = []
        for (index, token) in file.tokens.enumerated().dropLast() {
            guard ["print", "debugPrint", "dump"].contains(token.text), file.tokens[index + 1].text == "(" else {
                continue
            }
            if index > 0, [".", "func"].contains(file.tokens[index - 1].text) { continue }
            findings.append(file.finding(token.line, "only the command line prints: log instead"))
        }
        return findings
    }

    /// What is left to do is an issue, not a comment.
    static let leftovers = Rule("leftovers") { (file: SourceFile) in
        var findings: [Finding] = []
        for (line, comment) in file.comments.sorted(by: { $0.key < $1.key }) {
            for mark in ["TODO", "FIXME", "XXX", "HACK"] where comment.contains(mark) {
                findings.append(file.finding(line, "\(mark) in a comment"))
            }
        }
        return findings
    }
}

extension SourceFile {
    /// Whether the line holds nothing but text of a literal.
    fileprivate func isInsideLiteral(_ line: Int) -> Bool {
        isSwift && comments[line] == nil && code[line - 1].allSatisfy { $0 == " " }
    }

    /// The lines of a word that a mark touches: `try!`, not `try !isFree`.
    fileprivate func lines(of word: Substring, _ mark: Substring) -> [Int] {
        zip(tokens, tokens.dropFirst()).filter {
            $0.text == word && $1.text == mark && $0.text.endIndex == $1.text.startIndex
        }.map(\.0.line)
    }

    /// A comment at the line, above it, or above the run of such declarations that it belongs to. For locks and
    /// atomics, whose use the compiler checks, the comment above the type around them counts as well.
    fileprivate func hasProof(at line: Int, of mark: String, marks: [String]) -> Bool {
        var first = line
        while first > 1, marks.contains(where: { code[first - 2].contains($0) }) { first -= 1 }
        if hasComment(at: line) || hasComment(at: first) { return true }
        guard mark != "@unchecked Sendable", mark != "nonisolated(unsafe)", let type = typeLine(around: line) else {
            return false
        }
        return hasComment(at: type)
    }

    /// The line of the innermost type or extension around a line, by indentation.
    private func typeLine(around line: Int) -> Int? {
        let keywords = ["struct ", "class ", "enum ", "actor ", "extension "]
        var indentation = code[line - 1].prefix { $0 == " " }.count
        for above in (1..<line).reversed() {
            let text = code[above - 1]
            let depth = text.prefix { $0 == " " }.count
            guard depth < text.count, depth < indentation else { continue }
            indentation = depth
            if keywords.contains(where: text.contains) { return above }
        }
        return nil
    }
}
