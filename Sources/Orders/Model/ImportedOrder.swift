import Primitives

/// What a file said of an order besides what orders have fields for: kept for ever, and written out again.
public struct ImportedOrder: Hashable, Sendable {
    /// What the order is called in the file, such as `#1043`; unique among those of the store.
    public let name: String
    /// The cells of the order by the names of their columns; none is empty.
    public let cells: [String: String]
    /// The cells of each of its lines, in their order.
    public let lineCells: [[String: String]]

    public init(name: String, cells: [String: String], lineCells: [[String: String]]) {
        self.name = name
        self.cells = cells
        self.lineCells = lineCells
    }

    /// The number in a name such as `#1043` or `1043` that an order may have here; nil for any other name, and for
    /// numbers so high that the store's own would have to skip ten millions.
    public static func number(in name: String) -> Int? {
        anyNumber(in: name).flatMap { $0 < 10_000_000 ? $0 : nil }
    }

    /// The number in a name, however high: the store's own sequence may have come there.
    public static func anyNumber(in name: String) -> Int? {
        let digits = name.hasPrefix("#") ? name.dropFirst() : name[...]
        guard (1...15).contains(digits.utf8.count), digits.utf8.first != UInt8(ascii: "0"),
            digits.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return Int(digits)
    }

    var document: String {
        JSON.array([Self.json(cells), .array(lineCells.map(Self.json))]).description
    }

    init(name: String, document: String) throws {
        let json = try JSON(parsing: document)
        self.init(
            name: name, cells: Self.cells(json.array?.first),
            lineCells: (json.array?.last?.array ?? []).map(Self.cells))
    }

    private static func json(_ cells: [String: String]) -> JSON {
        var object = JSONObject()
        for (name, text) in cells.sorted(by: { $0.key < $1.key }) { object[name] = .string(text) }
        return .object(object)
    }

    private static func cells(_ json: JSON?) -> [String: String] {
        var cells: [String: String] = [:]
        for member in json?.object ?? [:] { cells[member.key] = member.value.string }
        return cells
    }
}
