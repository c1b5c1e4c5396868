public import Markup

/// A control of a form with its label, and its hint and error beside it.
public struct Field: Sendable {
    /// A choice of a select.
    public struct Choice: Hashable, Sendable {
        public let value: String
        public let title: String

        public init(_ value: String, _ title: String) {
            self.value = value
            self.title = title
        }
    }

    /// What one types or chooses in.
    public enum Control: Sendable {
        /// One line, of a type such as `email`.
        case line(type: StaticString)
        case area
        case select([Choice])
    }

    /// Of the form's field; also the control's id.
    public let name: String
    public var label: String
    public var control: Control
    /// What is in it, valid or not.
    public var value: String
    public var hint: String?
    public var error: String?
    public var isRequired: Bool
    /// Attributes of the control, such as `.autocomplete("email")`.
    public var attributes: [Attribute]

    public init(
        _ name: String, _ label: String, _ control: Control = .line(type: "text"), value: String = "",
        hint: String? = nil, error: String? = nil, isRequired: Bool = false, attributes: [Attribute] = []
    ) {
        self.name = name
        self.label = label
        self.control = control
        self.value = value
        self.hint = hint
        self.error = error
        self.isRequired = isRequired
        self.attributes = attributes
    }

    /// The field as it stands in a form.
    public var html: HTML {
        div(.class("field"), .data("field", name)) {
            Markup.label(.for(name)) {
                span(.data("label")) { label }
                if !isRequired { span(.class("optional"), .data("optional")) { " (optional)" } }
            }
            controlHTML
            if let hint { p(.class("hint"), .id("\(name)-hint")) { hint } }
            if let error { p(.class("error"), .id("\(name)-error")) { error } }
        }
    }

    private var controlHTML: HTML {
        let described = [hint.map { _ in "\(name)-hint" }, error.map { _ in "\(name)-error" }].compactMap { $0 }
        let shared = Attribute.several(
            [
                .id(name), .name(name), .class("input"), .required(isRequired),
                .aria("invalid", error == nil ? nil : "true"),
                .aria("describedby", described.isEmpty ? nil : described.joined(separator: " ")),
            ] + attributes)
        switch control {
        case .line(let type): return input(.type(type), .value(value), shared)
        case .area: return textarea(shared, text: value)
        case .select(let choices):
            return select(shared) {
                for choice in choices {
                    option(.value(choice.value), .selected(choice.value == value)) { choice.title }
                }
            }
        }
    }
}

extension UI {
    /// A box to tick, with its label behind it and its error below.
    /// - Parameter id: of the box; needed where it can have an error.
    public static func tick(
        _ name: String, _ value: String, _ label: String, isOn: Bool = false, id: String? = nil, error: String? = nil
    ) -> HTML {
        let errorID = error == nil ? nil : id.map { "\($0)-error" }
        return group {
            Markup.label(.class("row")) {
                input(
                    .type("checkbox"), .name(name), .value(value), .checked(isOn), .several(id.map { [.id($0)] } ?? []),
                    .aria("invalid", errorID == nil ? nil : "true"), .aria("describedby", errorID))
                span { label }
            }
            if let error, let errorID { p(.class("error"), .id(errorID)) { error } }
        }
    }
}
