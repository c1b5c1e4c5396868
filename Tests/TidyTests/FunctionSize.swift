extension Rule {
    /// At most 70 lines, from the name to the closing brace.
    static let functionSize = Rule("function size") { (file: SourceFile) in
        file.functions.filter { $0.lastLine - $0.firstLine >= 70 }.map {
            file.finding($0.firstLine, "a function of \($0.lastLine - $0.firstLine + 1) lines; at most 70")
        }
    }
}

extension SourceFile {
    /// The lines of a function, an initialiser or a subscript that has a body.
    struct FunctionLines: Hashable {
        let firstLine: Int
        let lastLine: Int
    }

    var functions: [FunctionLines] {
        tokens.indices.compactMap { index in
            guard introducesFunction(index), let opening = openingBrace(after: index),
                let closing = closingBrace(of: opening)
            else { return nil }
            return FunctionLines(firstLine: tokens[index].line, lastLine: tokens[closing].line)
        }
    }

    private func introducesFunction(_ index: Int) -> Bool {
        switch tokens[index].text {
        case "func", "deinit", "subscript": true
        case "init": index > 0 && tokens[index - 1].text != "."
        default: false
        }
    }

    private func openingBrace(after index: Int) -> Int? {
        // A requirement of a protocol has no body: what follows is the next declaration or the end of the protocol.
        let ends: Set<Substring> = ["func", "init", "var", "let", "static", "associatedtype", "subscript", "}"]
        var depth = 0
        for position in tokens.indices[(index + 1)...] {
            switch tokens[position].text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return position
            case let text where depth == 0 && position > index + 1 && ends.contains(text): return nil
            default: break
            }
            if depth < 0 { return nil }
        }
        return nil
    }

    func closingBrace(of opening: Int) -> Int? {
        var depth = 0
        for position in tokens.indices[opening...] {
            if tokens[position].text == "{" { depth += 1 }
            if tokens[position].text == "}" { depth -= 1 }
            if depth == 0 { return position }
        }
        return nil
    }
}
