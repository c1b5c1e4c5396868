import HTTPServer
import Orders
import Primitives

/// What was typed into the forms of an order's page, and what is wrong with it.
struct OrderForms {
    var fulfillment: Form?
    var cancellation: Form?
    var annotation: Form?
    var move: Form?
    var faults = Faults()

    static let longestNote = 5000
    static let mostTags = 100
}

/// Units that staff send.
struct FulfillmentEntry {
    let lines: [FulfilledLine]
    let trackingNumber: String
    /// Where the units leave from; nil to take them where they are.
    let location: LocationID?
    private(set) var faults = Faults()

    /// The field of a line.
    static func field(_ line: LineID) -> String { "quantity.\(line)" }

    /// - Parameter order: as it is now, whose lines the form may name.
    init(_ form: Form, of order: Order) {
        var faults = Faults()
        var lines: [FulfilledLine] = []
        for line in order.lines {
            guard let text = form[Self.field(line.id)]?.trimmed, !text.isEmpty, text != "0" else { continue }
            guard let quantity = WholeNumber.read(text), quantity > 0 else {
                faults.add(Self.field(line.id), "\(line.title): give a whole number of units.")
                continue
            }
            lines.append(FulfilledLine(line: line.id, quantity: quantity))
        }
        trackingNumber = (form["tracking_number"] ?? "").trimmed
        if trackingNumber.utf8.count > 200 || trackingNumber.contains(where: \.isNewline) {
            faults.add("tracking_number", "A tracking number has at most 200 characters.")
        }
        let chosen = form["location"] ?? ""
        location = LocationID(chosen)
        if location == nil, !chosen.isEmpty { faults.add("location", "Choose a location.") }
        if lines.isEmpty, faults.isEmpty { faults.add("", "Give at least one line a quantity.") }
        self.lines = lines
        self.faults = faults
    }

    /// The field that a problem's pointer means.
    func field(of pointer: String) -> String {
        let parts = pointer.split(separator: "/")
        if pointer == "/location_id" { return "location" }
        guard parts.count >= 2, parts[0] == "lines", let index = Int(parts[1]), lines.indices.contains(index) else {
            return ""
        }
        return Self.field(lines[index].line)
    }
}

/// The note and the tags as staff type them.
struct AnnotationEntry {
    let note: String
    let tags: [String]
    private(set) var faults = Faults()

    init(_ form: Form) {
        note = (form["note"] ?? "").replacing("\r\n", with: "\n").trimmed
        var tags: [String] = []
        for part in (form["tags"] ?? "").split(whereSeparator: { $0 == "," || $0.isNewline }) {
            let tag = String(part).trimmed
            if !tag.isEmpty, !tags.contains(tag) { tags.append(tag) }
        }
        self.tags = tags
        if note.utf8.count > OrderForms.longestNote {
            faults.add("note", "A note has at most \(OrderForms.longestNote) bytes.")
        }
        if tags.count > OrderForms.mostTags { faults.add("tags", "An order has at most \(OrderForms.mostTags) tags.") }
        if tags.contains(where: { $0.utf8.count > 100 }) { faults.add("tags", "A tag has at most 100 bytes.") }
    }
}

/// Whole numbers as people type them.
enum WholeNumber {
    /// Nil unless the text is digits only and stands for at most a billion.
    static func read(_ text: String) -> Int? {
        let digits = text.trimmed
        guard !digits.isEmpty, digits.utf8.count <= 10, digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(digits), number <= 1_000_000_000
        else { return nil }
        return number
    }
}
