/// What is looked for among a store's products.
public struct ProductSearch: Hashable, Sendable {
    /// Words that must all occur, corrected where a store has no such word; the last may be the beginning of one.
    /// Empty for every product.
    public var text: String
    /// Categories' handles; a product is in one of them.
    public var categories: [String]
    /// A product has all of these.
    public var tags: [String]
    /// A product is of one of these.
    public var vendors: [String]
    /// For each option named, a product has one of the values, in any of its variants.
    public var options: [ProductOption]
    /// In minor units; some variant costs at least this.
    public var lowestPrice: Int64?
    /// In minor units; some variant costs at most this.
    public var highestPrice: Int64?
    /// True for what can be bought now, false for what is sold out, nil for both.
    public var isAvailable: Bool?
    /// Only products that buyers may see.
    public var publishedOnly: Bool
    /// Nil for the one that suits: by relevance where there are words, otherwise in the order they were made.
    public var sort: ProductSort?

    public init(
        text: String = "", categories: [String] = [], tags: [String] = [], vendors: [String] = [],
        options: [ProductOption] = [], lowestPrice: Int64? = nil, highestPrice: Int64? = nil,
        isAvailable: Bool? = nil, publishedOnly: Bool, sort: ProductSort? = nil
    ) {
        self.text = text
        self.categories = categories
        self.tags = tags
        self.vendors = vendors
        self.options = options
        self.lowestPrice = lowestPrice
        self.highestPrice = highestPrice
        self.isAvailable = isAvailable
        self.publishedOnly = publishedOnly
        self.sort = sort
    }

    /// The order in which it is answered.
    public var order: ProductSort {
        let hasWords = !text.allSatisfy(\.isWhitespace)
        switch sort {
        case nil, .relevance?: return hasWords ? .relevance : .oldest
        case let sort?: return sort
        }
    }

    /// Whether anything but words and categories narrows it down.
    public var isFiltered: Bool {
        !tags.isEmpty || !vendors.isEmpty || !options.isEmpty || lowestPrice != nil || highestPrice != nil
            || isAvailable != nil
    }
}

/// The order of what was found.
public enum ProductSort: String, Sendable, CaseIterable {
    case relevance
    case oldest
    case newest
    case priceAscending = "price"
    case priceDescending = "-price"
    case title
}

/// Where a page of what was found ended. Made from and for the same order only.
public struct SearchPosition: Hashable, Sendable {
    let sort: ProductSort
    /// A score or a price.
    let number: Int64
    let titleKey: String
    let document: Int

    init(sort: ProductSort, number: Int64 = 0, titleKey: String = "", document: Int) {
        self.sort = sort
        self.number = number
        self.titleKey = titleKey
        self.document = document
    }

    /// Reads what `description` wrote for the same order; nil for anything else.
    public init?(_ text: String, sort: ProductSort) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == sort.cursorLetter, let number = Int64(parts[1]),
            let document = Int(parts[2]), (0..<1 << 40).contains(document), number >= 0, parts[3].utf8.count % 2 == 0
        else { return nil }
        var bytes: [UInt8] = []
        var rest = parts[3]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        guard let titleKey = String(validating: bytes, as: UTF8.self), !titleKey.contains("\0") else { return nil }
        self.init(sort: sort, number: number, titleKey: titleKey, document: document)
    }
}

extension SearchPosition: CustomStringConvertible {
    /// Opaque to clients; needs no escaping in an address.
    public var description: String {
        let title = titleKey.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "\(sort.cursorLetter).\(number).\(document).\(title)"
    }
}

extension ProductSort {
    fileprivate var cursorLetter: Substring {
        switch self {
        case .relevance: "r"
        case .oldest: "o"
        case .newest: "n"
        case .priceAscending: "p"
        case .priceDescending: "q"
        case .title: "t"
        }
    }
}

/// What a search found.
public struct FoundProducts: Sendable {
    /// A page of them in the order asked for.
    public var products: [Product]
    /// Where the next page begins; nil after the last.
    public var next: SearchPosition?
    /// How many there are on all pages, exactly.
    public var total: Int
    /// The words as they were understood, where the store has no word as typed.
    public var corrected: String?
    /// Counts for what can be filtered by; nil unless asked for.
    public var facets: ProductFacets?

    /// No products.
    public static let nothing = FoundProducts(products: [], next: nil, total: 0, corrected: nil, facets: nil)
}

/// What a search counts its products by.
public struct FacetLists: OptionSet, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    public static let categories = FacetLists(rawValue: 1)
    /// Tags, vendors, options, availability and prices.
    public static let values = FacetLists(rawValue: 2)
    public static let all: FacetLists = [.categories, .values]
}

/// How many of the products found have what. The counts of a group are those that choosing another value of the group
/// would give; they are exact.
public struct ProductFacets: Hashable, Sendable {
    /// A value and how many products have it.
    public struct Count: Hashable, Sendable {
        public let value: String
        /// What it is called, where that is not the value.
        public let title: String
        public let count: Int
    }

    /// The values of an option.
    public struct OptionCounts: Hashable, Sendable {
        public let name: String
        public let values: [Count]
    }

    public var categories: [Count] = []
    public var tags: [Count] = []
    public var vendors: [Count] = []
    public var options: [OptionCounts] = []
    public var available = 0
    public var soldOut = 0
    /// The lowest and the highest price among them, whatever price was asked for, in minor units.
    public var prices: ClosedRange<Int64>?
    /// False when the store has more values than are looked at: some are not in the lists.
    public var isComplete = true

    public init() {}
}
