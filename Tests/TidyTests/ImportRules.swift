extension Rule {
    /// Every import of a target stands in its row of the table.
    static let imports = Rule("imports") { (file: SourceFile) in
        guard let target = file.target, file.isSwift else { return [] }
        guard let allowed = Targets.allowedImports[target] else {
            return [file.finding(1, "the target \(target) has no row in the table of allowed imports")]
        }
        return file.importedModules.filter { !allowed.contains($0.module) }.map {
            file.finding($0.line, "\(target) may not import \($0.module)")
        }
    }

    /// The table itself points downwards.
    static let layers = Rule("layers", files: { _ in layerFindings(Targets.allowedImports) })

    /// What is wrong with a table of allowed imports: an import that points up or sideways, a domain or the API that
    /// sees a driver.
    static func layerFindings(_ table: [String: Set<String>]) -> [Finding] {
        table.sorted { $0.key < $1.key }.flatMap { target, modules in
            modules.sorted().filter { !mayImport($0, from: target) }.map {
                Finding(path: "Tests/TidyTests/Targets.swift", line: 1, message: "\(target) may not be allowed \($0)")
            }
        }
    }

    private static func mayImport(_ module: String, from target: String) -> Bool {
        guard let layer = Targets.layer(of: target) else { return false }
        if Targets.drivers.contains(module) {
            return target == "App" || (module.hasPrefix("GRDB") && target == "PersistenceSQLite")
                || (module == "CLibPQ" && target == "PersistencePostgres")
        }
        guard let other = Targets.layer(of: module) else { return true }
        guard layer == other else { return other < layer }
        let row = Targets.layers[layer]
        guard !Targets.domains.contains(target), let mine = row.firstIndex(of: target),
            let its = row.firstIndex(of: module)
        else { return false }
        return its < mine
    }
}

extension SourceFile {
    /// The modules that the file imports, with the line of each.
    var importedModules: [(module: String, line: Int)] {
        var modules: [(module: String, line: Int)] = []
        for (index, token) in tokens.enumerated() where token.text == "import" {
            var next = index + 1
            if next < tokens.count, Self.importKinds.contains(tokens[next].text) { next += 1 }
            guard next < tokens.count, tokens[next].line == token.line else { continue }
            modules.append((String(tokens[next].text), token.line))
        }
        return modules
    }

    private static let importKinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "var", "typealias",
    ]
}
