import FoundationEssentials
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

@testable import Catalog

struct PriceRoundingTests {
    @Test(
        arguments: [
            // Step, offset, and what becomes of each amount.
            (1, 0, [0: 0, 1: 1, 7: 7]), (5, 0, [0: 0, 1: 5, 2: 5, 3: 5, 7: 5, 8: 10, 12: 10, 13: 15]),
            (10, 0, [4: 10, 5: 10, 14: 10, 15: 20, 995: 1000]), (100, 0, [1: 100, 149: 100, 150: 200, 12_345: 12_300]),
            (100, 1, [1: 99, 99: 99, 148: 99, 149: 199, 150: 199, 199: 199, 200: 199, 1234: 1199]),
            (100, 5, [1: 95, 144: 95, 145: 195, 1000: 995]), (1000, 20, [1: 980, 1479: 980, 1480: 1980]),
        ] as [(Int64, Int64, [Int64: Int64])])
    func `an amount becomes the nearest price that there is`(
        _ step: Int64, _ offset: Int64, _ cases: [Int64: Int64]
    ) throws {
        let rounding = try PriceRounding(step: step, offset: offset)
        for (amount, price) in cases { #expect(rounding.rounded(amount) == price, "\(amount)") }
    }

    @Test
    func `rounding agrees with looking at every price that there is`() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<2000 {
            let step = Int64.random(in: 1...60, using: &random)
            let offset = Int64.random(in: 0..<step, using: &random)
            let amount = Int64.random(in: 1...400, using: &random)
            let prices = (1...500).map { Int64($0) * step - offset }.filter { $0 > 0 }
            // Of two that are as near the higher.
            let nearest = prices.min { (abs($0 - amount), -$0) < (abs($1 - amount), -$1) }
            let rounded = try PriceRounding(step: step, offset: offset).rounded(amount)
            #expect(rounded == nearest, "\(amount) by \(step) less \(offset)")
        }
    }

    @Test
    func `a rounding that is none is refused`() {
        for (step, offset) in [(0, 0), (-1, 0), (5, 5), (5, -1), (1_000_001, 0)] as [(Int64, Int64)] {
            #expect(throws: Problem.self) { try PriceRounding(step: step, offset: offset) }
        }
    }

    @Test(arguments: [("GBP", 1), ("JPY", 1), ("KWD", 10), ("MGA", 100)] as [(String, Int64)])
    func `prices are what cards can be charged until told otherwise`(_ code: String, _ step: Int64) throws {
        let (currency, rounding) = (try #require(Currency(code)), try PriceRounding(step: step))
        #expect(PriceRounding.usual(for: currency) == rounding)
    }
}

struct ExchangeRateTests {
    @Test(arguments: [
        ("0.8612", "GBP", "EUR", 10_000, 8_612), ("1.1", "GBP", "EUR", 1, 1), ("0.5", "GBP", "EUR", 1, 1),
        ("0.49", "GBP", "EUR", 1, 0), ("187.3", "GBP", "JPY", 450, 843), ("187.3", "GBP", "JPY", 1, 2),
        ("0.39", "GBP", "KWD", 450, 1_755), ("0.005339", "JPY", "GBP", 843, 450), ("2.5", "KWD", "JPY", 1_234, 3),
        ("1000000000", "KWD", "JPY", 9_007_199_254_740_991, 9_007_199_254_740_991),
        ("0.000000001", "GBP", "EUR", 9_007_199_254_740_991, 9_007_199),
    ])
    func `an amount is converted to the nearest minor unit`(
        _ rate: String, _ from: String, _ to: String, _ amount: Int64, _ converted: Int64
    ) throws {
        let rate = try #require(ExchangeRate(rate))
        let (base, currency) = (try #require(Currency(from)), try #require(Currency(to)))
        #expect(rate.converted(amount, from: base, to: currency) == converted)
    }

    @Test
    func `a rate reads as it is written`() {
        for text in ["1", "0.8612", "0.000000001", "187.3", "1000000000", "999999999.999999999"] {
            #expect(ExchangeRate(text)?.description == text)
        }
        #expect(ExchangeRate("1.50")?.description == "1.5")
        for text in ["", "0", "0.0", "-1", "+1", "1.", ".5", "1,5", "1e3", "1.0000000001", "1000000001", "١"] {
            #expect(ExchangeRate(text) == nil, "\(text)")
        }
    }
}

/// Which price counts.
struct PriceSheetTests {
    private static let trade = CustomerGroupID(VariantID.test(1).uuid)
    private static let press = CustomerGroupID(VariantID.test(2).uuid)
    private static let variant = VariantID.test(3)

    private static func list(
        _ number: UInt64, _ code: String = "GBP", group: CustomerGroupID? = nil, from: Instant? = nil,
        until: Instant? = nil, ppm: Int? = nil
    ) throws -> PriceList {
        PriceList.test(
            PriceListID(VariantID.test(number).uuid),
            PriceListTerms(
                name: "L\(number)", currency: try #require(Currency(code)), group: group, startsAt: from,
                endsAt: until, adjustmentPPM: ppm))
    }

    private static func price(
        _ lists: [(PriceList, Int64?)], in code: String = "GBP", groups: Set<CustomerGroupID> = [],
        at now: Instant = Instant(microseconds: 1000), compareAt: Int64? = nil
    ) throws -> VariantPrice {
        let gbp = try #require(Currency("GBP"))
        let book = PriceBook(
            base: gbp,
            further: [
                CurrencyTerms(
                    currency: try #require(Currency("EUR")), rate: try #require(ExchangeRate("1.2")),
                    ratedAt: now, rounding: try PriceRounding(step: 10, offset: 1))
            ], lists: lists.map(\.0))
        let listed = lists.compactMap { list, amount in
            amount.map { ListedPrice(list: list.id, variant: variant, amount: $0, compareAt: nil) }
        }
        return PriceSheet(book, in: try #require(Currency(code)), groups: groups, at: now, listed: listed)
            .price(of: variant, 1000, compareAt: compareAt)
    }

    @Test
    func `without lists the catalogue's price counts, converted and rounded`() throws {
        #expect(try Self.price([], compareAt: 1500) == VariantPrice.test(1000, 1500))
        #expect(try Self.price([], in: "EUR", compareAt: 1500) == VariantPrice.test(1199, 1799))
        // A former price that is not higher says nothing.
        #expect(try Self.price([], compareAt: 1000) == VariantPrice.test(1000, nil))
    }

    @Test
    func `what costs something never becomes free by converting it`() throws {
        let euro = try #require(Currency("EUR"))
        let terms = CurrencyTerms(
            currency: euro, rate: try #require(ExchangeRate("0.0005")), ratedAt: .init(microseconds: 0),
            rounding: .exact)
        let book = PriceBook(base: try #require(Currency("GBP")), further: [terms])
        #expect(book.converted(500, to: euro) == 1)
        #expect(book.converted(0, to: euro) == 0)
        #expect(book.converted(500_000, to: euro) == 250)
    }

    @Test
    func `a group's list counts before those for everybody, and then the lowest price`() throws {
        let everybody = (try Self.list(11), Int64(700) as Int64?)
        let sale = (try Self.list(12), Int64(650) as Int64?)
        let trade = (try Self.list(13, group: Self.trade), Int64(900) as Int64?)
        let press = (try Self.list(14, group: Self.press), Int64(880) as Int64?)
        let all = [everybody, sale, trade, press]
        #expect(try Self.price(all).amount == 650)
        #expect(try Self.price(all, groups: [Self.trade]).amount == 900)
        #expect(try Self.price(all, groups: [Self.trade, Self.press]).amount == 880)
        #expect(try Self.price([everybody, trade], groups: [Self.press]).list == everybody.0.id)
        // A list in another currency says nothing.
        #expect(try Self.price([(try Self.list(15, "EUR"), 1)]).amount == 1000)
    }

    @Test
    func `a list counts from its beginning until its end`() throws {
        func at(_ microseconds: Int64) throws -> Int64 {
            let list = try Self.list(
                11, from: Instant(microseconds: 100), until: Instant(microseconds: 200))
            return try Self.price([(list, 1)], at: Instant(microseconds: microseconds)).amount
        }
        #expect(try [99, 100, 199, 200].map(at) == [1000, 1, 1, 1000])
    }

    @Test
    func `a percentage is of what the variant usually costs in the currency`() throws {
        let tenOff = try Self.list(11, until: Instant(microseconds: 2000), ppm: -100_000)
        #expect(try Self.price([(tenOff, nil)]) == VariantPrice.test(900, 1000, tenOff.id))
        #expect(try Self.price([(tenOff, 950)]) == VariantPrice.test(950, nil, tenOff.id))
        let own = try Self.list(12, "EUR")
        let euroOff = try Self.list(13, "EUR", until: Instant(microseconds: 2000), ppm: -250_000)
        // Of 11.99 three quarters are 8.9925, which is 8.99 here; of the list's own 20.00 they are 15.00, here 14.99.
        #expect(try Self.price([(euroOff, nil)], in: "EUR") == VariantPrice.test(899, 1199, euroOff.id))
        #expect(try Self.price([(own, 2000), (euroOff, nil)], in: "EUR") == VariantPrice.test(1499, 2000, euroOff.id))
        // Nothing is nothing, more is more, and a group is not told of a reduction.
        #expect(try Self.price([(Self.list(14, ppm: -1_000_000), nil)]).amount == 0)
        #expect(try Self.price([(Self.list(15, ppm: 500_000), nil)]).amount == 1500)
        let trade = try Self.list(16, group: Self.trade, ppm: -200_000)
        #expect(try Self.price([(trade, nil)], groups: [Self.trade]) == VariantPrice.test(800, nil, trade.id))
    }

    @Test
    func `random lists agree with a slow model`() throws {
        var random = SeededRandom(seed: 42)
        for _ in 0..<3000 {
            var lists: [(PriceList, Int64?)] = []
            for number in 0..<UInt64.random(in: 0...5, using: &random) {
                let group = [nil, nil, Self.trade, Self.press].randomElement(using: &random) ?? nil
                let from = Bool.random(using: &random) ? nil : Instant(microseconds: .random(in: 0...3, using: &random))
                let ppm = Bool.random(using: &random) ? nil : Int.random(in: -900_000...900_000, using: &random)
                let amount = Bool.random(using: &random) ? nil : Int64.random(in: 1...2000, using: &random)
                lists.append((try Self.list(20 + number, group: group, from: from, ppm: ppm), amount))
            }
            let groups: Set = Bool.random(using: &random) ? [Self.trade] : [Self.trade, Self.press]
            let now = Instant(microseconds: .random(in: 0...3, using: &random))
            // Every list in turn, in words of its own.
            let active = lists.filter { ($0.0.terms.startsAt ?? now) <= now }
            let standing = active.filter { $0.0.terms.group == nil && $0.0.terms.startsAt == nil }
            let usual = standing.compactMap(\.1).min() ?? 1000
            func offer(_ list: (PriceList, Int64?)) -> Int64? {
                if let amount = list.1 { return amount }
                return list.0.terms.adjustmentPPM.map { ppm in
                    (usual * Int64(1_000_000 + ppm) + 500_000) / 1_000_000
                }
            }
            let own = active.filter { $0.0.terms.group.map(groups.contains) ?? false }.compactMap(offer)
            let common = active.filter { $0.0.terms.group == nil }.compactMap(offer)
            let expected = own.min() ?? common.min() ?? usual
            #expect(try Self.price(lists, groups: groups, at: now).amount == expected)
        }
    }
}

struct PriceListTests {
    @Test(arguments: TestEngine.available)
    func `prices of several lists are read with one statement and none without lists`(_ engine: TestEngine) async throws
    {
        try await World.open(engine) { world in
            let (jam, tea) = (try await world.variant("Jam", sku: "J"), try await world.variant("Tea", sku: "T"))
            #expect(try await world.price(of: jam, in: "GBP") == 450)
            _ = try await world.priceList("Sale", prices: [(jam, 400)])
            _ = try await world.priceList("Last chance", adjustmentPPM: -500_000)
            #expect(try await world.price(of: jam, in: "GBP") == 200)
            #expect(try await world.price(of: tea, in: "GBP") == 225)
            try await world.sell(in: "JPY", rate: "190")
            #expect(try await world.price(of: tea, in: "JPY") == 855)
        }
    }

    @Test(arguments: TestEngine.available)
    func `wrong prices are all named and none is kept`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant()
            let list = try await world.priceList("Sale", prices: [(jam, 400)])
            let yen = try #require(Currency("JPY"))
            let change = ChangePriceList(store: world.store.id, id: list.id, actor: .system, requestID: nil)
            let events = try await world.count(of: .events)
            let pence = try world.pence(1)
            for (prices, fault) in [
                ([(jam.id, try Money(1, yen), nil)], "/prices/0/price/currency currency_mismatch"),
                ([(jam.id, pence, nil), (VariantID.test(9), pence, nil)], "/prices/1/variant_id unknown"),
            ] as [([(variant: VariantID, price: Money, compareAt: Money?)], String)] {
                let problem = try await #require(throws: Problem.self) {
                    try await world.database.write("test.set") { tx in try change.set(prices, in: tx) }
                }
                #expect(problem.errors.map { "\($0.pointer) \($0.code)" } == [fault])
            }
            let moved = try await #require(throws: Problem.self) {
                try await world.database.write("test.move") { tx in try change.run(in: tx) { $0.currency = yen } }
            }
            #expect(moved.errors.map(\.pointer) == ["/currency"])
            #expect(try await world.count(of: .events) == events)
            #expect(try await world.price(of: jam, in: "GBP") == 400)
        }
    }

    @Test(arguments: TestEngine.available)
    func `every change but that of a price raises the book's version, and the usual rounding stays`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant()
            #expect(try await world.book().version == 0)
            let dinar = try #require(Currency("KWD"))
            let keep = KeepCurrency(
                store: world.store.id, base: dinar, currency: try #require(Currency("EUR")), rate: ExchangeRate("3"),
                ratedAt: nil, rounding: nil, actor: .system)
            let book = try await world.database.write("test.keep") { tx in try keep.run(in: tx) }
            #expect(book.version == 1)
            // That a currency was added says nothing of the rounding of the store's own.
            #expect(book.baseRounding == .usual(for: dinar))
            let list = try await world.priceList("Sale", prices: [(jam, 400)])
            #expect(try await world.book().version == 2)
            let change = ChangePriceList(store: world.store.id, id: list.id, actor: .system, requestID: nil)
            _ = try await world.database.write("test.change") { tx in try change.run(in: tx) { $0.name = "Spring" } }
            _ = try await world.database.write("test.change") { tx in try change.run(in: tx) { $0.name = "Spring" } }
            #expect(try await world.book().version == 3)
            try await world.database.write("test.remove") { tx in try change.remove(in: tx) }
            #expect(try await world.book().version == 4)
            let sellable = try await world.database.read("test.sellable") { [store = world.store.id] tx in
                try Catalog.sellableVariants([jam.id], of: store, in: tx).rows()
            }
            #expect(sellable.map(\.priceBookVersion) == [4])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a list of another store says nothing and cannot be changed`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let jam = try await world.variant()
            let list = try await world.priceList("Sale", prices: [(jam, 400)])
            let otto = World(try await world.anotherStore(), in: world)
            let change = ChangePriceList(store: otto.store.id, id: list.id, actor: .system, requestID: nil)
            await #expect(throws: Problem.self) {
                try await world.database.write("test.remove") { tx in try change.remove(in: tx) }
            }
            #expect(try await otto.book().lists == [])
            #expect(try await world.price(of: jam, in: "GBP") == 400)
        }
    }
}

extension World {
    fileprivate func book() async throws -> PriceBook {
        try await database.read("test.book") { [store] tx in
            try Catalog.priceBook(of: store.id, base: store.currency, in: tx)
        }
    }

    /// What everybody pays.
    fileprivate func price(of variant: Variant, in code: String) async throws -> Int64? {
        guard let currency = Currency(code) else { return nil }
        let book = try await book()
        return try await database.read("test.price") { [store] tx in
            guard let product = try Catalog.product(variant.product, of: store.id, in: tx) else { return nil }
            return try Catalog.priced([product], in: currency, by: book, store: store.id, in: tx)[0]
                .variants[0].priceMinorUnits
        }
    }
}

extension VariantID {
    /// The same identifier for the same number.
    fileprivate static func test(_ number: UInt64) -> VariantID { VariantID(UUID(high: 0, low: number)) }
}

extension PriceList {
    fileprivate static func test(_ id: PriceListID, _ terms: PriceListTerms) -> PriceList {
        let now = Instant(microseconds: 0)
        return PriceList(id: id, terms: terms, version: 1, createdAt: now, updatedAt: now)
    }
}

extension VariantPrice {
    fileprivate static func test(_ amount: Int64, _ compareAt: Int64?, _ list: PriceListID? = nil) -> VariantPrice {
        VariantPrice(amount: amount, compareAt: compareAt, list: list)
    }
}
