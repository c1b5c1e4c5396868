import Crypto
import HTTPServer
import Primitives

/// What the fields of a form said when it was shown. A form brings this back in a hidden field, so that only what
/// somebody touched is changed, and nobody's change in between is undone.
enum ShownFields {
    /// The form's name of the hidden field.
    static let name = "shown"

    /// The hidden field's value.
    static func text(_ fields: some Sequence<(key: String, value: String)>) -> String {
        fields.map { mark($0.key, $0.value) }.sorted().joined(separator: " ")
    }

    /// The form without the fields that say what they said.
    /// - Parameter companion: the name of a field that has to be there when the given one is.
    static func touched(_ form: Form, companion: (_ name: String) -> String? = { _ in nil }) -> Form {
        guard let text = form[name] else { return form }
        let marks = Set(text.split(separator: " ").map(String.init))
        let touched = Set(form.fields.filter { !marks.contains(mark($0.name, $0.value)) }.map(\.name))
        let kept = touched.union(touched.compactMap(companion))
        return Form(form.fields.filter { kept.contains($0.name) })
    }

    /// A field with its text, whatever lines end with.
    private static func mark(_ name: String, _ value: String) -> String {
        let text = "\(name)\u{0}\(value.replacing("\r\n", with: "\n").trimmed)"
        return SHA256.hash(data: Array(text.utf8)).prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
