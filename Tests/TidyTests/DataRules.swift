extension Rule {
    /// A table is named in SQL only by the target whose migrations create it.
    static let tableOwnership = Rule(
        "table ownership",
        files: { files in
            var owners: [String: String] = [:]
            var findings: [Finding] = []
            for file in files {
                guard let target = file.owner else { continue }
                for (table, line) in file.tables(after: ["TABLE"]) {
                    if let owner = owners[table], owner != target {
                        findings.append(file.finding(line, "the table \(table) is created by \(owner) already"))
                    } else {
                        owners[table] = target
                    }
                }
            }
            for file in files {
                guard let target = file.owner else { continue }
                for (table, line) in file.tables(after: ["FROM", "JOIN", "INTO", "UPDATE"]) {
                    if let owner = owners[table], owner != target {
                        findings.append(file.finding(line, "SQL that names \(table), which belongs to \(owner)"))
                    }
                }
            }
            return findings
        })

    /// Each line of a domain stands in the room for what it needs.
    static let rooms = Rule("rooms") { (file: SourceFile) in
        guard let target = file.target, file.isSwift else { return [] }
        var findings: [Finding] = []
        if Targets.domains.contains(target), let room = file.room {
            if room == "Model" {
                let values: Set = ["Primitives", "FoundationEssentials", "Foundation", "Crypto"]
                findings += file.importedModules.filter { !values.contains($0.module) }
                    .map { file.finding($0.line, "Model/ needs only values and may not import \($0.module)") }
            }
            if ["Model", "Actions", "Queries", "Store"].contains(room) {
                findings += file.tokens.filter { $0.text == "await" }
                    .map { file.finding($0.line, "a transaction's code may not await") }
            }
        }
        if !file.maySpeakSQL {
            findings += file.literals.filter(\.isStatement)
                .map { file.finding($0.line, "SQL belongs into a domain's Store/") }
        }
        return findings
    }

    /// Text becomes SQL without bindings only in the seam and the drivers.
    static let sqlText = Rule("SQL text") { (file: SourceFile) in
        guard let target = file.target, !target.hasPrefix("Persistence") else { return [] }
        return file.findings(["SQL(stringLiteral:", "SQL(trusted:"]) { "\($0) …) is for drivers only: interpolate" }
    }
}

extension SourceFile {
    /// The target; the two drivers keep the same tables and count as one.
    fileprivate var owner: String? {
        target.map { Targets.drivers.contains($0) ? "Persistence" : $0 }
    }

    /// SQL stands in the seams, and in a domain in Store/ and beside its migrations in the front door.
    fileprivate var maySpeakSQL: Bool {
        guard let target, let layer = Targets.layer(of: target) else { return true }
        if layer < 2 { return true }
        guard Targets.domains.contains(target) else { return false }
        return room == "Store" || path == "Sources/\(target)/\(target).swift"
    }

    /// The names that follow SQL keywords (in capitals, as SQL is written here) in the literals, with their lines.
    fileprivate func tables(after keywords: Set<Substring>) -> [(table: String, line: Int)] {
        var tables: [(table: String, line: Int)] = []
        for literal in literals {
            let words = literal.words.filter { !["IF", "NOT", "EXISTS", "ONLY"].contains($0.text) }
            for (index, word) in words.enumerated().dropLast() where keywords.contains(word.text) {
                // Of the statements on tables, only CREATE TABLE makes an owner.
                guard word.text != "TABLE" || (index > 0 && words[index - 1].text == "CREATE") else { continue }
                tables.append((String(words[index + 1].text), words[index + 1].line))
            }
        }
        return tables
    }
}

extension SourceFile.Literal {
    fileprivate var words: [SourceFile.Token] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { offset, part in
            part.split { !($0.isLetter || $0.isNumber || $0 == "_") }
                .map { SourceFile.Token(text: $0, line: line + offset) }
        }
    }

    fileprivate var isStatement: Bool {
        let start = text.drop { $0.isWhitespace }
        return ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH "].contains { start.hasPrefix($0) }
    }
}
