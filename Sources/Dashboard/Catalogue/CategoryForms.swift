import Catalog
import DesignSystem
import HTTPServer
import Markup
import Primitives

/// Texts of one line that staff type, by the rules of the API.
enum TypedLine {
    /// The text without spaces around it; notes what is wrong with it.
    static func read(
        _ form: Form, _ name: String, most: Int, isRequired: Bool = false, _ faults: inout Faults
    ) -> String {
        let text = (form[name] ?? "").trimmed
        if text.isEmpty, isRequired { faults.add(name, "This is needed.") }
        if text.unicodeScalars.count > most { faults.add(name, "At most \(most) characters.") }
        if text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
            faults.add(name, "One line without control characters.")
        }
        return text
    }

    /// Several lines.
    static func readLines(_ form: Form, _ name: String, most: Int, _ faults: inout Faults) -> String {
        let text = (form[name] ?? "").replacing("\r\n", with: "\n").trimmed
        if text.unicodeScalars.count > most { faults.add(name, "At most \(most) characters.") }
        if text.unicodeScalars.contains(where: { $0.value < 32 && $0.value != 10 && $0.value != 9 }) {
            faults.add(name, "Text without control characters.")
        }
        return text
    }

    /// An address of a picture, or nothing.
    static func readImage(_ form: Form, alt: String, _ faults: inout Faults) -> ProductImage? {
        let url = (form["image_url"] ?? "").trimmed
        guard !url.isEmpty else { return nil }
        let isAddress = url.hasPrefix("https://") || url.hasPrefix("http://")
        guard isAddress, url.utf8.count <= 2048, url.utf8.allSatisfy({ (33...126).contains($0) }),
            WebAddress(checking: url) != nil
        else {
            faults.add("image_url", "Give an address that begins with https://.")
            return nil
        }
        return ProductImage(url: url, alt: alt)
    }
}

/// A category as staff type it.
struct CategoryEntry: Sendable {
    private(set) var draft: CategoryDraft
    private(set) var faults = Faults()

    init(_ form: Form) {
        var faults = Faults()
        var draft = CategoryDraft(title: TypedLine.read(form, "title", most: 255, isRequired: true, &faults))
        let handle = TypedLine.read(form, "handle", most: 200, &faults)
        draft.handle = handle.isEmpty ? nil : handle
        let parent = form["parent"] ?? ""
        draft.parent = CategoryID(parent)
        if draft.parent == nil, !parent.isEmpty { faults.add("parent", "Choose a category of the list.") }
        let position = (form["position"] ?? "").trimmed
        if !position.isEmpty {
            if let number = WholeNumber.read(position), (1...1_000_001).contains(number) {
                draft.position = number - 1
            } else {
                faults.add("position", "Give a whole number from 1.")
            }
        }
        draft.descriptionHTML = TypedLine.readLines(form, "description", most: 65_536, &faults)
        draft.seoTitle = TypedLine.read(form, "seo_title", most: 255, &faults)
        draft.seoDescription = TypedLine.read(form, "seo_description", most: 1000, &faults)
        draft.image = TypedLine.readImage(
            form, alt: TypedLine.read(form, "image_alt", most: 500, &faults), &faults)
        self.draft = draft
        self.faults = faults
    }

    /// - Parameter place: where it was; the same place again asks for nothing.
    func apply(to draft: inout CategoryDraft, was place: Int) {
        let parent = draft.parent
        let handle = draft.handle
        draft = self.draft
        if draft.handle == nil { draft.handle = handle }
        if draft.parent == parent, draft.position == place { draft.position = nil }
    }

    /// The form's name of what a pointer of the domain points to.
    static func field(_ pointer: String) -> String {
        switch pointer {
        case "/parent_id": "parent"
        case "/handle": "handle"
        case "/title": "title"
        default: ""
        }
    }
}
