import Primitives

/// What the index holds of a product: the names of the sets that it is in.
struct SearchDocument: Hashable, Sendable {
    let product: ProductID
    let titleKey: String
    let keys: Set<String>
    /// The words of the title and the details with the way they were written first, for suggestions.
    let spellings: [String: String]

    /// - Parameters:
    ///   - isAvailable: whether any variant can be bought; Catalog does not know stock.
    ///   - now: a product that is not shown then is in the set of those.
    init(_ product: Product, language: SearchLanguage, isAvailable: Bool, at now: Instant) {
        self.product = product.id
        var keys: Set<String> = [SearchKey.all, SearchKey.status(product.status)]
        var spellings: [String: String] = [:]
        if isAvailable { keys.insert(SearchKey.available) }
        if product.status == .active, !product.isShown(at: now) { keys.insert(SearchKey.hidden) }

        func add(_ words: [String], _ place: SearchKey.Place) {
            for word in words {
                let stem = language.stem(word)
                keys.insert(SearchKey.word(stem, in: place))
                if place != .description, place != .code { spellings[stem] = spellings[stem] ?? word }
            }
        }
        let title = SearchWords.words(of: product.title, most: 60)
        add(title + SearchWords.joined(of: product.title), .title(words: title.count))
        for (first, second) in zip(title, title.dropFirst()) {
            keys.insert(SearchKey.pair(language.stem(first), language.stem(second)))
        }
        var details = [product.vendor, product.details.type] + product.tags + product.categories.map(\.title)
        details += product.categories.map(\.handle)
        details += Set(product.variants.flatMap(\.optionValues)).sorted()
        for detail in details { add(SearchWords.words(of: detail) + SearchWords.joined(of: detail), .detail) }
        for code in Self.codes(of: product) {
            let words = SearchWords.words(of: code)
            add(words, .detail)
            // Not stemmed: a code that ends in letters is no word.
            let whole = words.joined()
            if !whole.isEmpty { keys.insert(SearchKey.word(whole, in: .code)) }
        }
        add(SearchWords.words(of: Self.plain(product.descriptionHTML), most: 300), .description)

        for category in product.categories { keys.insert(SearchKey.category(category.id)) }
        for tag in product.tags { keys.insert(SearchKey.tag(tag)) }
        if !product.vendor.isEmpty { keys.insert(SearchKey.vendor(product.vendor)) }
        for option in product.options {
            for value in option.values { keys.insert(SearchKey.option(option.name, value)) }
        }
        titleKey = Self.titleKey(product.title)
        let prices = product.variants.map(\.priceMinorUnits)
        let numbers: [(SearchKey.Number, Int64)] = [
            (.lowestPrice, prices.min() ?? 0), (.highestPrice, prices.max() ?? 0),
            (.title, SearchKey.number(ofTitle: titleKey)),
        ]
        for (number, value) in numbers {
            for digit in 0..<number.digits where value >> Int64(digit) & 1 == 1 {
                keys.insert(SearchKey.digit(digit, of: number))
            }
        }
        self.keys = keys
        self.spellings = spellings
    }

    /// What a title is sorted by, at most 60 bytes. Longer ones that begin alike are in the order they were made.
    private static func titleKey(_ title: String) -> String {
        var key = ""
        for scalar in SearchWords.words(of: title, most: 20).joined(separator: " ").unicodeScalars {
            if key.utf8.count > 56 { break }
            key.unicodeScalars.append(scalar)
        }
        return key
    }

    /// What buyers read off a label or a price list, and what scanners read off the goods: some say the twelve digits
    /// of a UPC with the zero that makes an EAN of them, some without.
    private static func codes(of product: Product) -> [String] {
        var codes: [String] = []
        for variant in product.variants {
            let barcode = variant.details.barcode
            codes += [variant.sku, barcode]
            guard barcode.utf8.allSatisfy({ (48...57).contains($0) }) else { continue }
            if barcode.utf8.count == 12 { codes.append("0\(barcode)") }
            if barcode.utf8.count == 13, barcode.hasPrefix("0") { codes.append(String(barcode.dropFirst())) }
        }
        return codes.filter { !$0.isEmpty }
    }

    /// A description without its markup.
    static func plain(_ html: String) -> String {
        guard html.utf8.contains(UInt8(ascii: "<")) || html.utf8.contains(UInt8(ascii: "&")) else { return html }
        var text = ""
        var isInTag = false
        for scalar in html.unicodeScalars {
            switch scalar {
            case "<":
                isInTag = true
                text.append(" ")
            case ">" where isInTag: isInTag = false
            default: if !isInTag { text.unicodeScalars.append(scalar) }
            }
        }
        for (entity, character) in [("&amp;", "&"), ("&nbsp;", " "), ("&#39;", "'"), ("&quot;", "\""), ("&lt;", "<")] {
            text = text.replacing(entity, with: character)
        }
        return text
    }
}
