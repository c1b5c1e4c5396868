/// What a rule found, in the form that editors jump to.
struct Finding: Hashable, CustomStringConvertible {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}

/// A rule: a pure function from files to what is wrong with them.
struct Rule: Sendable {
    let name: String
    let check: @Sendable ([SourceFile]) -> [Finding]

    /// A rule that looks at all files together.
    init(_ name: String, files check: @escaping @Sendable ([SourceFile]) -> [Finding]) {
        self.name = name
        self.check = check
    }

    /// A rule that looks at each file by itself.
    init(_ name: String, each check: @escaping @Sendable (SourceFile) -> [Finding]) {
        self.name = name
        self.check = { $0.flatMap(check) }
    }

    /// Every rule, as the repository is checked against them.
    static let all: [Rule] = [
        .imports, .layers, .tableOwnership, .rooms, .names, .fileSize, .lineLength, .functionSize, .failures,
        .swallowedErrors, .sharedState, .printing, .sqlText, .leftovers, .decisions, .documentation,
    ]
}

extension SourceFile {
    func finding(_ line: Int, _ message: String) -> Finding {
        Finding(path: path, line: line, message: message)
    }

    /// One finding for each line of code that contains one of the texts.
    func findings(_ texts: [String], _ message: (String) -> String) -> [Finding] {
        texts.flatMap { text in lines(containing: text).map { finding($0, message(text)) } }
    }
}
