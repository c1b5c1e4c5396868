import DesignSystem
import Markup
import Primitives

/// What is wrong with a form that was sent, by the names of its fields; without a name, with the whole of it.
struct Faults: Sendable {
    private(set) var entries: [(field: String, sentence: String)] = []

    var isEmpty: Bool { entries.isEmpty }

    mutating func add(_ field: String, _ sentence: String) { entries.append((field, sentence)) }

    /// A problem of the domain, whose pointers the form translates into names of its fields.
    init(_ problem: Problem, field: (String) -> String = { _ in "" }) {
        entries = problem.errors.map { (field($0.pointer), $0.detail) }
        if entries.isEmpty { entries = [("", problem.detail)] }
    }

    init() {}

    init(_ field: String, _ sentence: String) { entries = [(field, sentence)] }

    subscript(field: String) -> String? { entries.first { $0.field == field }?.sentence }

    /// The list at the top of the page.
    var summary: HTML {
        isEmpty ? .empty : UI.errorSummary("This could not be done yet", entries)
    }

    /// Of a problem that a person can do something about; others go on to the problem page.
    static func canBeShown(_ problem: Problem) -> Bool {
        [.invalid, .conflict, .gone].contains(problem.kind)
    }
}
