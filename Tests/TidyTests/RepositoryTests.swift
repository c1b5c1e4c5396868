import Foundation
import Testing

/// The repository as it stands, against every rule.
@Suite struct RepositoryTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let files: [SourceFile] = {
        let folders = ["Sources", "Tests", "bin", "tools", "docs/decisions", ".ci"]
        var files: [SourceFile] = []
        for folder in folders {
            let paths = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
            for case let path as String in paths ?? .init() where !path.contains("__pycache__") {
                // Folders and what is not text are no sources.
                guard
                    let text = try? String(
                        contentsOf: root.appendingPathComponent("\(folder)/\(path)"), encoding: .utf8)
                else { continue }
                files.append(SourceFile("\(folder)/\(path)", text))
            }
        }
        return files.sorted { $0.path < $1.path }
    }()

    @Test(arguments: Rule.all.map(\.name))
    func `the tree obeys the rule`(_ name: String) throws {
        let rule = try #require(Rule.all.first { $0.name == name })
        let findings = rule.check(Self.files)
        #expect(findings.isEmpty, "\n\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test func `the rules have distinct names`() {
        #expect(Set(Rule.all.map(\.name)).count == Rule.all.count)
    }

    @Test func `the tree was found`() {
        #expect(Self.files.contains { $0.path == "Sources/Primitives/Money.swift" })
        #expect(Self.files.contains { $0.path == "bin/check" })
    }

    @Test func `each row of the import table belongs to a target that exists`() {
        let targets = Set(Self.files.compactMap(\.target))
        #expect(Set(Targets.allowedImports.keys).subtracting(targets).isEmpty)
        #expect(Set(Targets.layers.joined()).subtracting(targets).isEmpty)
    }
}
