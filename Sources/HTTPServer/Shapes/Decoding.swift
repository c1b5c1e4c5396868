import Primitives

/// What is known while a document is decoded: where we are, and what was wrong so far.
public struct Decoding {
    /// The most errors that are reported; the rest are counted.
    static let mostErrors = 100

    private enum Step {
        case key(String)
        case index(Int)
    }

    private let root: String
    private var path: [Step] = []
    private(set) var errors: [Problem.FieldError] = []
    private var count = 0

    /// - Parameter root: what stands before the pointers, such as `?` for query parameters.
    init(root: String = "") {
        self.root = root
    }

    var hasErrors: Bool { count > 0 }

    /// Notes an error at the present place.
    public mutating func refuse(_ code: String, _ detail: String) {
        count += 1
        guard errors.count < Self.mostErrors else { return }
        errors.append(Problem.FieldError(pointer: pointer, code: code, detail: detail))
    }

    /// Notes errors whose pointers are relative to the present place.
    mutating func refuse(_ problem: Problem) {
        guard !problem.errors.isEmpty else { return refuse(problem.code, problem.detail) }
        for error in problem.errors {
            count += 1
            guard errors.count < Self.mostErrors else { continue }
            var error = error
            error.pointer = pointer + error.pointer
            errors.append(error)
        }
    }

    mutating func within<Value>(key: String, _ body: (inout Decoding) -> Value) -> Value {
        path.append(.key(key))
        defer { path.removeLast() }
        return body(&self)
    }

    mutating func within<Value>(index: Int, _ body: (inout Decoding) -> Value) -> Value {
        path.append(.index(index))
        defer { path.removeLast() }
        return body(&self)
    }

    private var pointer: String {
        guard root.isEmpty else {
            return path.reduce(root) { text, step in
                guard case .key(let key) = step else { return text }
                return text + key
            }
        }
        return path.reduce(JSONPointer()) { pointer, step in
            switch step {
            case .key(let key): pointer.appending(key)
            case .index(let index): pointer.appending(index)
            }
        }.description
    }

    /// The refusal of all that was wrong. Where every error has one and the same dotted code, such as
    /// `money.out_of_range`, that is the problem's code.
    var problem: Problem {
        var problem = Problem.validation(errors)
        if count > errors.count { problem.detail = "\(count) fields are not valid; the first \(errors.count) follow." }
        if let code = errors.first?.code, code.contains("."), errors.allSatisfy({ $0.code == code }) {
            problem.code = code
            problem.detail = errors[0].detail
        }
        return problem
    }
}
