import Catalog
import HTTPServer
import Markup
import Primitives

/// What a list of products was asked for: read from a page's address, and written into the addresses it leads to.
struct ShelfQuery: Hashable, Sendable {
    /// One value that was chosen: a tag, a vendor, a category or an option's value.
    struct Choice: Hashable, Sendable {
        /// The parameter: `tag`, `vendor`, `category`, or `option.` and a name.
        let name: String
        let value: String
    }

    /// More choices than these are not read.
    static let mostChoices = 30

    /// The page without its query.
    let page: WebAddress
    /// The category whose page it is.
    let category: String?
    let text: String
    var choices: [Choice] = []
    var onlyAvailable = false
    /// As typed.
    var lowest = ""
    var highest = ""
    var sort: ProductSort?
    var position: String?

    /// Whatever cannot be read is left out: an address that somebody shortened still shows products.
    init(page: WebAddress, category: String? = nil, _ form: Form) {
        self.page = page
        self.category = category
        text = category == nil ? String((form["q"] ?? "").unicodeScalars.prefix(200)) : ""
        for field in form.fields where !field.value.isEmpty && field.value.utf8.count <= 1000 {
            let isChoice =
                field.name == "tag" || field.name == "vendor" || (field.name == "category" && category == nil)
                || (field.name.hasPrefix(Self.option) && field.name.utf8.count > Self.option.utf8.count)
            let choice = Choice(name: field.name, value: field.value)
            guard isChoice, choices.count < Self.mostChoices, !choices.contains(choice) else { continue }
            choices.append(choice)
        }
        onlyAvailable = form["available"] == "1"
        lowest = String((form["min"] ?? "").prefix(20))
        highest = String((form["max"] ?? "").prefix(20))
        sort = form["sort"].flatMap(ProductSort.init(rawValue:))
        if sort == .oldest { sort = nil }
        position = form["after"].map { String($0.prefix(300)) }
    }

    static let option = "option."

    /// Whether there is anything to look for: a search page without words and choices is only a field.
    var isEmpty: Bool { category == nil && text.allSatisfy(\.isWhitespace) && !isNarrowed }

    /// Whether filters are on.
    var isNarrowed: Bool { !choices.isEmpty || onlyAvailable || !lowest.isEmpty || !highest.isEmpty }

    func search(in currency: Currency) -> ProductSearch {
        var options: [ProductOption] = []
        for choice in choices where choice.name.hasPrefix(Self.option) {
            let name = String(choice.name.dropFirst(Self.option.count))
            let present = options.firstIndex { $0.name == name }
            let values = present.map { options.remove(at: $0).values } ?? []
            options.append(ProductOption(name: name, values: values + [choice.value]))
        }
        var bounds = (lowest: Self.amount(lowest, currency), highest: Self.amount(highest, currency))
        if let lowest = bounds.lowest, let highest = bounds.highest, lowest > highest { bounds = (highest, lowest) }
        return ProductSearch(
            text: text, categories: category.map { [$0] } ?? values("category"), tags: values("tag"),
            vendors: values("vendor"), options: options, lowestPrice: bounds.lowest, highestPrice: bounds.highest,
            isAvailable: onlyAvailable ? true : nil, publishedOnly: true, sort: sort)
    }

    /// Where the page begins; nil at the beginning, and for what is no position in this order.
    func start(of search: ProductSearch) -> SearchPosition? {
        position.flatMap { SearchPosition($0, sort: search.order) }
    }

    private func values(_ name: String) -> [String] { choices.filter { $0.name == name }.map(\.value) }

    func isChosen(_ name: String, _ value: String) -> Bool { choices.contains(Choice(name: name, value: value)) }

    /// The address of this list at its beginning.
    var address: WebAddress { address(at: nil) }

    /// The address of the page that begins behind a position.
    func address(at position: SearchPosition?) -> WebAddress {
        var pairs: [(String, String)] = text.isEmpty ? [] : [("q", text)]
        pairs += choices.map { ($0.name, $0.value) }
        if onlyAvailable { pairs.append(("available", "1")) }
        if !lowest.isEmpty { pairs.append(("min", lowest)) }
        if !highest.isEmpty { pairs.append(("max", highest)) }
        if let sort { pairs.append(("sort", sort.rawValue)) }
        if let position { pairs.append(("after", position.description)) }
        var address = page
        for (index, (name, value)) in pairs.enumerated() {
            address = index == 0 ? "\(address)?\(name)=\(value)" : "\(address)&\(name)=\(value)"
        }
        return address
    }

    /// The same list without one of its choices.
    func without(_ choice: Choice) -> ShelfQuery { changed { $0.choices.removeAll { $0 == choice } } }

    /// The same list without any filter.
    var unfiltered: ShelfQuery {
        changed {
            $0.choices = []
            $0.onlyAvailable = false
            ($0.lowest, $0.highest) = ("", "")
        }
    }

    func changed(_ change: (inout ShelfQuery) -> Void) -> ShelfQuery {
        var query = self
        query.position = nil
        change(&query)
        return query
    }

    /// Minor units of an amount as people type it, with a point or a comma; nil when it is none.
    static func amount(_ text: String, _ currency: Currency) -> Int64? {
        let parts = text.filter { !$0.isWhitespace }.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard let whole = parts.first, parts.count <= 2, !whole.isEmpty, whole.utf8.count <= 12,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        let decimals = (parts.count == 2 ? parts[1] : "").prefix(currency.exponent)
        return Int64(whole + decimals + String(repeating: "0", count: currency.exponent - decimals.count))
    }
}
