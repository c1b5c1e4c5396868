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

    /// Nil when the form has no options, or they are as they were shown.
    init?(_ form: Form, _ faults: inout Faults) {
        guard let seen = form[Self.shown]?.replacing("\r\n", with: "\n") else { return nil }
        self.seen = seen
        let rows = (0..<ProductDraft.mostOptions).map { place in
            (
                name: (form[Self.name(place)] ?? "").trimmed,
                values: (form[Self.values(place)] ?? "").replacing("\r\n", with: "\n").trimmed
            )
        }
        let typed = rows.filter { !$0.name.isEmpty || !$0.values.isEmpty }.map { "\($0.name)\n\($0.values)" }
        guard typed.joined(separator: "\n\n") != seen else { return nil }
        var places: [ProductOption?] = []
        for (place, row) in rows.enumerated() {
            places.append(Self.option(row.name, row.values, at: place, former: places, &faults))
        }
        self.places = places
    }

    private static func option(
        _ name: String, _ text: String, at place: Int, former: [ProductOption?], _ faults: inout Faults
    ) -> ProductOption? {
        var values: [String] = []
        for line in text.split(separator: "\n").map({ String($0).trimmed }) where !line.isEmpty {
            if !values.contains(line) { values.append(line) }
        }
        if name.isEmpty, values.isEmpty { return nil }
        if name.isEmpty { faults.add(self.name(place), "Give the option a name, such as Size.") }
        if name.unicodeScalars.count > 100 || name.hasControlCharacters {
            faults.add(self.name(place), "The name of an option has one line of at most 100 characters.")
        }
        if former.contains(where: { $0?.name == name }) {
            faults.add(self.name(place), "Two options have this name.")
        }
        if values.isEmpty { faults.add(self.values(place), "Give the option a value on each line.") }
        if values.contains(where: { $0.unicodeScalars.count > 255 || $0.hasControlCharacters }) {
            faults.add(self.values(place), "A value has one line of at most 255 characters.")
        }
        return ProductOption(name: name, values: values)
    }

    /// - Throws: `product.changed` when they are no more what was shown.
    func apply(to draft: inout ProductDraft) throws(Problem) {
        guard Self.text(draft.options) == seen else {
            throw Problem(
                .conflict, "product.changed", "The product was changed meanwhile.",
                errors: [
                    .init(
                        pointer: "/options", code: "changed",
                        detail: "Somebody changed the options meanwhile: open the product anew to change them.")
                ])
        }
        draft.replaceOptions(places)
    }
}

extension Product {
    /// Whether it is one that nobody saved yet.
    var isBlank: Bool { id == Product.blank.id }
}
