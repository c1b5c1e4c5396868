import Catalog
import HTTPServer
import Inventory
import Persistence
import Primitives
import Stores

extension ShopAPI {
    var listProducts: Endpoint {
        Endpoint(
            .get, "/api/v1/products", "listProducts",
            summary: "The products of the store: searched, filtered, sorted and counted", policy: Self.readingProducts,
            takes: .query(ProductListQuery.shape), answers: .ok(ProductList.shape)
        ) { call in
            let store = try await store(try call.store)
            var query = call.query
            query.search.publishedOnly = !call.caller.isStaff
            let (wanted, memory) = (query, searches)
            let prices = try await prices(in: query.currency, of: store, for: call.caller)
            return .encoded(
                try await database.read("catalog.list") { tx in
                    if wanted.isPlain {
                        let products = try Catalog.products(
                            wanted.filter, of: store.id, after: wanted.product, limit: wanted.limit + 1, in: tx)
                        let views = try productViews(
                            of: products, store: store, prices: prices, isForStaff: !wanted.search.publishedOnly,
                            in: tx)
                        return ProductList(
                            page: Page(views, limit: wanted.limit) { $0.product.id.description }, found: nil,
                            currency: store.currency
                        ).encoded
                    }
                    let found = try Catalog.search(
                        wanted.search, of: store.id, after: try wanted.position, limit: wanted.limit,
                        counting: wanted.wantsFacets ? .all : [], memory: memory, in: tx)
                    // Encoded where it is read: a thread that has begun an answer ends it.
                    return ProductList(
                        page: Page(
                            try productViews(
                                of: found.products, store: store, prices: prices,
                                isForStaff: !wanted.search.publishedOnly, in: tx),
                            nextCursor: found.next?.description),
                        found: found, currency: store.currency
                    ).encoded
                })
        }
    }
}

/// What a list of products is asked for.
struct ProductListQuery: Sendable {
    var search: ProductSearch
    let limit: Int
    let cursor: String?
    let wantsFacets: Bool
    /// What prices are told in; filters and facets stay in the store's own currency.
    let currency: Currency?

    /// Whether it is the list that the oldest clients know: without words, filters, order and counts.
    var isPlain: Bool {
        search.text.isEmpty && !search.isFiltered && search.categories.count < 2 && search.sort == nil && !wantsFacets
    }

    var filter: ProductFilter {
        ProductFilter(category: search.categories.first, publishedOnly: search.publishedOnly)
    }

    /// - Throws: `validation.failed`.
    var product: ProductID? {
        get throws(Problem) {
            guard let cursor else { return nil }
            guard let product = ProductID(cursor) else { throw Self.foreignCursor }
            return product
        }
    }

    /// - Throws: `validation.failed`.
    var position: SearchPosition? {
        get throws(Problem) {
            guard let cursor else { return nil }
            guard let position = SearchPosition(cursor, sort: search.order) else { throw Self.foreignCursor }
            return position
        }
    }

    private static let foreignCursor = Problem.validation("?cursor", "format", "Not a cursor of this list.")

    static let shape = QueryShape<ProductListQuery>(
        .optional("query", .text(1...200)), .optional("category", .values(each: 200)),
        .optional("tag", .values(each: 100)), .optional("vendor", .values(each: 255)),
        .family("option.", .values(each: 255), most: 10),
        .optional("min_price", .integer(0...Int(Money.limit))), .optional("max_price", .integer(0...Int(Money.limit))),
        .optional("available", .bool), .optional("sort", .oneOf(ProductSort.self)),
        .optional("facets", .bool, default: false), .optional("limit", .integer(1...100), default: 20),
        .optional("cursor", cursorShape), .optional("currency", .currency), make: query)

    private static func query(
        text: String?, categories: [String]?, tags: [String]?, vendors: [String]?,
        options: [ParameterOfFamily<[String]>], lowest: Int?, highest: Int?, isAvailable: Bool?, sort: ProductSort?,
        wantsFacets: Bool, limit: Int, cursor: String?, currency: Currency?
    ) throws(Problem) -> ProductListQuery {
        if let lowest, let highest, lowest > highest {
            throw .validation("max_price", "range", "The highest price is not below the lowest.")
        }
        return ProductListQuery(
            search: ProductSearch(
                text: text ?? "", categories: categories ?? [], tags: tags ?? [], vendors: vendors ?? [],
                options: options.map { ProductOption(name: $0.name, values: $0.value) },
                lowestPrice: lowest.map(Int64.init), highestPrice: highest.map(Int64.init), isAvailable: isAvailable,
                publishedOnly: true, sort: sort),
            limit: limit, cursor: cursor, wantsFacets: wantsFacets, currency: currency)
    }

    private static let cursorShape = InputShape<String>.text(
        1...200,
        pattern: "^(?:prod_[0-7][0-9a-hjkmnp-tv-z]{25}|[ronpqt]\\.[0-9]{1,18}\\.[0-9]{1,9}\\.[0-9a-f]{0,160})$",
        expected: "Not a cursor of this list.", isAccepted: isCursor)

    private static func isCursor(_ text: String) -> Bool {
        ProductID(text) != nil || ProductSort.allCases.contains { SearchPosition(text, sort: $0) != nil }
    }
}

extension InputShape where Value == [String] {
    /// Texts in one parameter, with commas between them; a comma of a text's own is written `\,`. At most 20.
    static func values(each length: Int) -> InputShape {
        InputShape<String>.text(1...(length * 4)).map { text throws(Problem) in
            var values: [String] = [""]
            var isEscaped = false
            for character in text {
                if isEscaped {
                    if character != "," && character != "\\" { values[values.count - 1].append("\\") }
                    values[values.count - 1].append(character)
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "," {
                    values.append("")
                } else {
                    values[values.count - 1].append(character)
                }
            }
            if isEscaped { values[values.count - 1].append("\\") }
            values.removeAll { $0.isEmpty }
            guard !values.isEmpty else { throw .validation("", "required", "This must not be empty.") }
            guard values.count <= 20 else { throw .validation("", "too_many", "At most 20 values are accepted.") }
            return values
        }.described("Values with commas between them; a comma of a value's own is written \\,.")
    }
}

/// A page of products with what was found out on the way.
struct ProductList: Sendable {
    let page: Page<ProductView>
    /// Nil for the plain list, of which nothing is counted.
    let found: FoundProducts?
    let currency: Currency

    static let shape = OutputShape<ProductList>.object(
        "ProductList",
        .field("data", .array(of: ProductView.shape), \.page.data),
        .nullable("next_cursor", .text, \.page.nextCursor),
        .nullable(
            "total", OutputShape<Int>.integer.described("How many products fit, on all pages; null in the plain list.")
        ) { $0.found?.total },
        .nullable(
            "corrected_query",
            OutputShape<String>.text.described("The words as they were understood, where the store has none as typed.")
        ) { $0.found?.corrected },
        .nullable("facets", facetsShape) { list in
            list.found?.facets.map { FacetsView(facets: $0, currency: list.currency) }
        })

    var encoded: EncodedBody { EncodedBody(Self.shape.encode(self)) }

    struct FacetsView: Sendable {
        let facets: ProductFacets
        let currency: Currency

        func money(_ minorUnits: Int64) -> Money {
            // ignored: amounts in the database are within the limits of `Money`
            (try? Money(minorUnits, currency)) ?? .zero(currency)
        }
    }

    private static let countShape = OutputShape<ProductFacets.Count>.object(
        "FacetCount", .field("value", .text, \.value), .field("title", .text, \.title),
        .field("count", .integer, \.count))

    private static let optionShape = OutputShape<ProductFacets.OptionCounts>.object(
        "FacetOption", .field("name", .text, \.name), .field("values", .array(of: countShape), \.values))

    private static let availabilityShape = OutputShape<ProductFacets>.object(
        "FacetAvailability", .field("available", .integer, \.available), .field("sold_out", .integer, \.soldOut))

    private static let facetsShape = OutputShape<FacetsView>.object(
        "Facets",
        .field("categories", .array(of: countShape), \.facets.categories),
        .field("tags", .array(of: countShape), \.facets.tags),
        .field("vendors", .array(of: countShape), \.facets.vendors),
        .field("options", .array(of: optionShape), \.facets.options),
        .field("availability", availabilityShape, \.facets),
        .nullable("lowest_price", .money) { view in (view.facets.prices?.lowerBound).map(view.money) },
        .nullable("highest_price", .money) { view in (view.facets.prices?.upperBound).map(view.money) },
        .field(
            "complete",
            OutputShape<Bool>.bool.described("False when the store has more values than are counted."),
            \.facets.isComplete))
}
