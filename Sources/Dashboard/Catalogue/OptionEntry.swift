import Catalog
import HTTPServer
import Primitives

/// What staff type of a product's options: a name and a value on each line, for each of its places.
struct OptionEntry: Sendable {
    /// What was shown when the form was sent, so that nobody's change in between is undone.
    static let shown = "options_shown"

    /// The options as they were shown.
    private let seen: String
    private let places: [ProductOption?]

    static func name(_ place: Int) -> String { "option_name.\(place + 1)" }
    static func values(_ place: Int) -> String { "option_values.\(place + 1)" }

    /// As the form shows values.
    static func text(_ values: [String]) -> String { values.joined(separator: "\n") }

    /// As the form remembers what it shows.
    static func text(_ options: [ProductOption]) -> String {
        options.map { "\($0.name)\n\(text($0.values))" }.joined(separator: "\n\n")
    }

    /// The form without options, for a page that shows them as they are.
    static func stripped(_ form: Form) -> Form {
        Form(form.fields.filter { !$0.name.hasPrefix("option_") && $0.name != shown })
    }

    /// Nil when the form has no options, or they are as they were shown.
    init?(_ form: Form, _ faults: inout Faults) {
        guard let seen = form[Self.shown]?.replacing("\r\n", with: "\n") else { return nil }
        self.seen = seen
        var rows: [[String]] = []
        for place in 0..<ProductDraft.mostOptions {
            rows.append(
                [(form[Self.name(place)] ?? "").trimmed] + Self.lines(form[Self.values(place)] ?? ""))
        }
        let typed = rows.filter { $0 != [""] }
        let before = seen.split(separator: "\n\n").map { Self.lines(String($0)) }.filter { !$0.isEmpty }
        guard typed != before else { return nil }
        var places: [ProductOption?] = []
        for (place, row) in rows.enumerated() {
            places.append(Self.option(row[0], Array(row.dropFirst()), at: place, former: places, &faults))
        }
        self.places = places
    }

    private static func lines(_ text: String) -> [String] {
        text.replacing("\r\n", with: "\n").split(separator: "\n").map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    private static func option(
        _ name: String, _ values: [String], at place: Int, former: [ProductOption?], _ faults: inout Faults
    ) -> ProductOption? {
        if name.isEmpty, values.isEmpty { return nil }
        func fault(_ sentence: String) { faults.add(self.values(place), sentence) }
        if name.isEmpty { faults.add(self.name(place), "Give the option a name, such as Size.") }
        if name.unicodeScalars.count > 100 || name.hasControlCharacters {
            faults.add(self.name(place), "The name of an option has one line of at most 100 characters.")
        }
        if former.contains(where: { $0?.name == name }) {
            faults.add(self.name(place), "Two options have this name.")
        }
        if values.isEmpty { fault("Give the option a value on each line.") }
        if values.count > ProductDraft.mostVariants {
            fault("A product has at most \(ProductDraft.mostVariants) variants.")
        } else if values.contains(where: { $0.unicodeScalars.count > 255 || $0.hasControlCharacters }) {
            fault("A value has one line of at most 255 characters.")
        } else if let twice = values.indices.first(where: { values[..<$0].contains(values[$0]) }) {
            fault("\(values[twice]) is there twice.")
        }
        return ProductOption(name: name, values: values)
    }

    /// - Throws: `product.changed` when they are no more what was shown; what `replaceOptions` throws.
    func apply(to draft: inout ProductDraft) throws(Problem) {
        // Sent twice, it was done already.
        if draft.options == places.compactMap({ $0 }) { return }
        guard Self.text(draft.options) == seen else {
            throw Problem(
                .conflict, "product.changed", "The product was changed meanwhile.",
                errors: [
                    .init(
                        pointer: "/options/0", code: "changed",
                        detail: "Somebody changed the options meanwhile: here they are as they are now.")
                ])
        }
        try draft.replaceOptions(places)
    }
}

extension Product {
    /// Whether it is one that nobody saved yet.
    var isBlank: Bool { id == Product.blank.id }
}
