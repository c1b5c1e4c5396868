import Primitives

/// What is known of a field of a body, from which wrong values are made.
struct Field: Sendable {
    enum Kind: Sendable {
        /// Any text on one line, of at most so many scalars; `least` 0 where it may be empty.
        case text(most: Int, least: Int)
        /// Any text, with line ends.
        case lines(most: Int)
        /// A word or another text of a fixed form.
        case form
        /// The same, where an empty text is right and empties the field.
        case clearable
        /// A text that is checked for length and control characters before its form.
        case pattern(most: Int)
        case integer(ClosedRange<Int>)
        /// Minor units.
        case amount(least: Int)
        case number(ClosedRange<Double>)
        case bool
        case object
        /// An object whose keys are the caller's.
        case map
        case list(most: Int)

        var isClearable: Bool { if case .clearable = self { true } else { false } }
    }

    let pointer: String
    let kind: Kind
    let isRequired: Bool
    /// Where the answer has the text again; nil where it has not.
    let answer: String?

    init(_ pointer: String, _ kind: Kind, required isRequired: Bool = false, answer: String? = nil) {
        self.pointer = pointer
        self.kind = kind
        self.isRequired = isRequired
        self.answer = answer
    }

    /// A text that comes back where it was, or elsewhere.
    static func text(
        _ pointer: String, _ most: Int, least: Int = 1, required: Bool = false, answer: String? = nil
    ) -> Field {
        Field(pointer, .text(most: most, least: least), required: required, answer: answer ?? pointer)
    }

    static func lines(_ pointer: String, _ most: Int, answer: String? = nil) -> Field {
        Field(pointer, .lines(most: most), answer: answer ?? pointer)
    }

    /// Wrong values as JSON, with what the answer says.
    var wrongValues: [(json: String, verdict: String)] {
        var values = wrongTypes.map { (json: $0, verdict: invalid("type")) }
        if isRequired { values.append(("null", invalid("required"))) }
        let malformed = "400 body.malformed \(pointer) malformed"
        values += ["1e400", "\"\\u0000\"", "\"\\ud800\"", "\"\\x\"", "+1", "01", "tru", "NaN"].map { ($0, malformed) }
        switch kind {
        case .text(let most, let least): values += textFaults(most, least, newline: true)
        case .lines(let most): values += textFaults(most, 0, newline: false)
        case .pattern(let most):
            values += textFaults(most, 1, newline: true) + [("\"no such thing\"", invalid("format"))]
        case .form, .clearable:
            values += (kind.isClearable ? [] : [""]).map { ("\"\($0)\"", invalid("format")) }
            values += [" ", "\\u0007", "💥", "' OR 1=1 --", String(repeating: "x", count: 3000)].map {
                ("\"\($0)\"", invalid("format"))
            }
        case .integer(let range):
            let beyond = [
                String(range.lowerBound - 1), String(range.upperBound + 1), "9007199254740992", "9223372036854775807",
                "9223372036854775808", "-9223372036854775808", "1e300", "-1e300",
            ]
            values += beyond.map { ($0, invalid("out_of_range")) }
        case .amount(let least):
            let beyond = [
                "9007199254740992", "9223372036854775807", "9223372036854775808", "-9007199254740992", "1e300",
            ]
            values += beyond.map { ($0, "422 money.out_of_range \(pointer) money.out_of_range") }
            if least == 0 { values.append(("-1", invalid("out_of_range"))) }
        case .list(let most):
            values.append(("[\(Array(repeating: "{}", count: most + 1).joined(separator: ","))]", invalid("too_many")))
        case .number(let range):
            values += [range.lowerBound - 0.001, range.upperBound + 0.001, -1e300, 1e300].map {
                (JSON.number($0).description, invalid("out_of_range"))
            }
        case .bool, .object, .map: break
        }
        return values
    }

    private var wrongTypes: [String] {
        switch kind {
        case .text, .lines, .form, .clearable, .pattern: ["7", "1.5", "true", "[]", "{}"]
        case .integer, .amount: ["\"7\"", "\"\"", "1.5", "1.0", "1e2", "true", "[]", "{}"]
        case .number: ["\"7\"", "\"\"", "true", "[]", "{}"]
        case .bool: ["\"true\"", "0", "1", "[]", "{}"]
        case .object, .map: ["\"x\"", "7", "false", "[]"]
        case .list: ["\"x\"", "7", "true", "{}"]
        }
    }

    private func textFaults(_ most: Int, _ least: Int, newline: Bool) -> [(String, String)] {
        var faults = ["\\u0007", "a\\u001bb", "\\u007f", "\\u0085"].map { ("\"\($0)\"", invalid("control_character")) }
        if newline { faults.append(("\"a\\nb\"", invalid("control_character"))) }
        faults.append(("\"\(String(repeating: "é", count: most + 1))\"", invalid("too_long")))
        if least > 0 { faults += [("\"\"", invalid("required")), ("\"   \"", invalid("required"))] }
        return faults
    }

    private func invalid(_ code: String) -> String { "422 validation.failed \(pointer) \(code)" }
}

/// One thing done to a document, at a place.
struct Edit {
    enum Action {
        /// Another value, which need not be JSON.
        case replace(String)
        case remove
        /// More members, as text.
        case add(String)
    }

    let pointer: String
    let action: Action

    /// The document's text with the edit.
    func text(of json: JSON) -> String { text(of: json, at: "") }

    private func text(of json: JSON, at place: String) -> String {
        if place == pointer, case .replace(let raw) = action { return raw }
        switch json {
        case .array(let elements):
            return "[\(elements.enumerated().map { text(of: $1, at: "\(place)/\($0)") }.joined(separator: ","))]"
        case .object(let members):
            var texts: [String] = []
            for member in members {
                let inner = "\(place)/\(member.key)"
                if inner == pointer, case .remove = action { continue }
                texts.append("\(JSON.string(member.key)):\(text(of: member.value, at: inner))")
            }
            if place == pointer, case .add(let raw) = action { texts.append(raw) }
            return "{\(texts.joined(separator: ","))}"
        default: return json.description
        }
    }
}

extension JSON {
    /// The value at a pointer.
    subscript(pointer pointer: String) -> JSON? {
        pointer.split(separator: "/").reduce(self) { value, step in
            if let elements = value?.array {
                return Int(step).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            }
            return value?[String(step)]
        }
    }
}
