import Primitives

/// Objects of one kind in the order in which they were made.
struct Shelf: Sendable {
    /// More are not kept: the oldest go.
    static let most = 20_000

    private var ids: [String] = []
    private var objects: [String: JSONObject] = [:]

    subscript(id: String) -> JSONObject? {
        get { objects[id] }
        set {
            if objects[id] == nil, newValue != nil { ids.append(id) }
            objects[id] = newValue
            if newValue == nil { ids.removeAll { $0 == id } }
            if ids.count > Self.most + 1000 {
                for old in ids.prefix(1000) { objects[old] = nil }
                ids.removeFirst(1000)
            }
        }
    }

    /// The newest first.
    var newestFirst: some Sequence<JSONObject> {
        ids.reversed().lazy.compactMap { objects[$0] }
    }

    var oldestFirst: some Sequence<JSONObject> {
        ids.lazy.compactMap { objects[$0] }
    }

    /// A page as Stripe's lists have it: `limit` 1 to 100 (10), `starting_after` or `ending_before` an id.
    func list(
        _ parameters: StripeParameters, kind: String, url: String, where isWanted: (JSONObject) -> Bool = { _ in true }
    ) throws(StripeError) -> JSON {
        let limit = try parameters.integer("limit") ?? 10
        guard limit >= 1 else { throw .invalid("limit", "This value must be greater than or equal to 1.") }
        guard limit <= 100 else {
            throw .invalid("limit", "This value must be less than or equal to 100 (it currently is '\(limit)').")
        }
        var rows = newestFirst.filter(isWanted)
        var hasMore = false
        if let last = try parameters.text("starting_after") {
            guard objects[last] != nil else {
                throw .noSuch(kind, last, param: "starting_after", status: 400)
            }
            rows = Array(rows.drop { $0["id"]?.string != last }.dropFirst())
            hasMore = rows.count > limit
            rows = Array(rows.prefix(limit))
        } else if let first = try parameters.text("ending_before") {
            guard objects[first] != nil else { throw .noSuch(kind, first, param: "ending_before", status: 400) }
            rows = Array(rows.prefix { $0["id"]?.string != first })
            hasMore = rows.count > limit
            rows = Array(rows.suffix(limit))
        } else {
            hasMore = rows.count > limit
            rows = Array(rows.prefix(limit))
        }
        return Self.page(rows.map { .object($0) }, hasMore: hasMore, url: url)
    }

    /// An object of the kind `list`.
    static func page(_ rows: [JSON], hasMore: Bool = false, url: String) -> JSON {
        ["object": "list", "data": .array(rows), "has_more": .bool(hasMore), "url": .string(url)]
    }
}

extension JSONObject {
    /// An object with these members, which stand in one text between spaces; all null.
    init(nulls names: String) {
        self.init()
        for name in names.split(whereSeparator: \.isWhitespace) { self[String(name)] = .null }
    }

    /// The text of a member; empty when there is none.
    func text(_ key: String) -> String { self[key]?.string ?? "" }

    /// The number of a member; 0 when there is none.
    func number(_ key: String) -> Int { self[key]?.integer ?? 0 }
}
