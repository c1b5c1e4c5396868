import Catalog
import HTTPServer
import Primitives

/// What was typed of the images of a product, and what is to be done with one of them.
///
/// Images are told by their addresses, so that a form that was open for long changes none that it did not show.
struct ImagesEntry: Sendable {
    enum Action: String {
        case earlier, later, remove
    }

    private var texts: [(url: String, alt: String)] = []
    /// What is to be done, and with which of those shown.
    private var action: (action: Action, index: Int)?
    private(set) var faults = Faults()

    static func address(_ index: Int) -> String { "url.\(index)" }
    static func text(_ index: Int) -> String { "alt.\(index)" }

    /// The most images of a product.
    static let most = 250

    init(_ form: Form) {
        for index in 0..<Self.most {
            guard let url = form[Self.address(index)] else { break }
            let alt = Self.alt(form[Self.text(index)] ?? "", of: Self.text(index), &faults)
            texts.append((url, alt))
        }
        let words = (form["action"] ?? "").split(separator: ".")
        guard words.count == 2, let action = Action(rawValue: String(words[0])), let index = Int(words[1]),
            texts.indices.contains(index)
        else { return }
        self.action = (action, index)
    }

    /// What an image shows, as it is typed.
    static func alt(_ text: String, of field: String, _ faults: inout Faults) -> String {
        let text = text.trimmed
        if text.unicodeScalars.count > 500 || text.hasControlCharacters {
            faults.add(field, "Say it in one line of at most 500 characters.")
        }
        return text
    }

    func apply(to images: inout [ProductImage]) {
        // One address may be there twice: the first in the form is the first in the product.
        var places: [Int?] = []
        for (url, alt) in texts {
            let place = images.indices.first { images[$0].url == url && !places.contains($0) }
            places.append(place)
            guard let place else { continue }
            images[place] = ProductImage(url: url, alt: alt, copy: images[place].copy)
        }
        guard let action, let place = places[action.index] else { return }
        switch action.action {
        case .earlier where place > 0: images.swapAt(place, place - 1)
        case .later where place + 1 < images.count: images.swapAt(place, place + 1)
        case .remove: images.remove(at: place)
        case .earlier, .later: break
        }
    }
}
