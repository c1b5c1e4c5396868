import Primitives

/// What logs and tables may say of an error: the case of one of ours, a problem's code and sentence, the type and
/// case of any other. Never its values, which may be secrets; one line, at most 500 characters.
public struct ErrorSummary: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ error: any Error) {
        self.init(sentence: Self.text(of: error))
    }

    /// A sentence of the code's own, made fit to be stored.
    public init(sentence: String) {
        var text = String.UnicodeScalarView()
        for scalar in sentence.unicodeScalars.prefix(500) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            text.append(isControl ? " " : scalar)
        }
        description = String(text)
    }

    private static func text(of error: any Error) -> String {
        switch error {
        case is CancellationError: "cancelled"
        case DatabaseError.constraint(let kind, let name): "database: \(kind) constraint \(name ?? "without a name")"
        case DatabaseError.misuse(let code, _): "database: misuse \(code)"
        case let error as DatabaseError where error.engineCode != nil:
            "database: unavailable, \(error.engineCode ?? "")"
        case DatabaseError.unavailable: "database: unavailable"
        case DatabaseError.decoding(let what): "database: decoding, \(what)"
        case let error as DatabaseError: "database: \(error)"
        case let problem as Problem: "\(problem.code): \(problem.detail)"
        default: typeAndCase(of: error)
        }
    }

    private static func typeAndCase(of error: any Error) -> String {
        let type = String(reflecting: type(of: error))
        let mirror = Mirror(reflecting: error)
        guard mirror.displayStyle == .enum else { return type }
        // A case with values is told by its label; one without has nothing but its name to tell.
        return "\(type).\(mirror.children.first?.label ?? String(describing: error))"
    }
}

extension DatabaseError {
    /// The engine's own code of what makes a database unavailable, such as `SQLite 11` or `SQLSTATE 53100`: the
    /// drivers put it in parentheses at the end of the sentence. The rest of the sentence may name hosts and users.
    public var engineCode: String? {
        guard case .unavailable(let sentence) = self, sentence.last == ")",
            let start = sentence.lastIndex(of: "(")
        else { return nil }
        let code = sentence[start...].dropFirst().dropLast()
        let words = code.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0] == "SQLite" || words[0] == "SQLSTATE", words[1].utf8.count <= 5,
            words[1].utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) })
        else { return nil }
        return String(code)
    }

    /// Whether the engine says that the database itself is damaged: waiting does not help, a backup does.
    public var isDamage: Bool {
        guard let words = engineCode?.split(separator: " "), let number = words.last else { return false }
        // SQLITE_CORRUPT and SQLITE_NOTADB with what they may carry in their upper bits; data_corrupted and
        // index_corrupted.
        if words[0] == "SQLite" { return Int(number).map { [11, 26].contains($0 & 0xFF) } ?? false }
        return number == "XX001" || number == "XX002"
    }
}
