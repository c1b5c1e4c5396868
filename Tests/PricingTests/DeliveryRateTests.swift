import Pricing
import Primitives
import Testing

struct DeliveryRateTests {
    private static let now = Instant(microseconds: 1_768_469_400_000_000)
    private static let address = DeliveryDestination(country: "GB", postalCode: "EH6 6QW")

    private func price(_ option: DeliveryOption, _ basket: DeliveryBasket) throws -> Int64? {
        try settings(option).offers(for: basket, to: Self.address, at: Self.now).possible.first?.priceMinorUnits
    }

    @Test(arguments: [
        (DeliveryRate.flat(350), DeliveryBasket.of(grams: 9_000, units: 7, value: 1), Int64?(350)),
        (DeliveryRate(basis: .perItem, price: 200, perItem: 75), .of(units: 4), 500),
        (DeliveryRate(basis: .weight, steps: steps), .of(grams: 0), 300),
        (DeliveryRate(basis: .weight, steps: steps), .of(grams: 1999), 300),
        (DeliveryRate(basis: .weight, steps: steps), .of(grams: 2000), 500),
        (DeliveryRate(basis: .weight, steps: steps), .of(grams: 1_000_000), 900),
        (DeliveryRate(basis: .weight, steps: steps, upTo: 30_000), .of(grams: 30_000), 900),
        (DeliveryRate(basis: .weight, steps: steps, upTo: 30_000), .of(grams: 30_001), nil),
        (DeliveryRate(basis: .price, steps: steps), .of(value: 1999), 300),
        (DeliveryRate(basis: .price, steps: steps), .of(value: 10_000), 900),
        (DeliveryRate(basis: .quantity, steps: [.init(from: 6, price: 800)]), .of(units: 5), nil),
        (DeliveryRate(basis: .quantity, steps: [.init(from: 6, price: 800)]), .of(units: 6), 800),
    ])
    func `a rate prices a basket`(_ rate: DeliveryRate, _ basket: DeliveryBasket, _ expected: Int64?) throws {
        #expect(try price(shipping(rate), basket) == expected)
    }

    private static let steps: [DeliveryRate.Step] = [
        .init(from: 0, price: 300), .init(from: 2000, price: 500), .init(from: 10_000, price: 900),
    ]

    @Test
    func `a basket of the free value costs nothing, and one penny less costs the rate`() throws {
        var option = shipping(.flat(399))
        option.freeFrom = 5000
        #expect(try price(option, .of(value: 4999)) == 399)
        #expect(try price(option, .of(value: 5000)) == 0)
    }

    @Test
    func `a table that ends says that the basket is outside of it`() throws {
        let rate = DeliveryRate(basis: .weight, steps: Self.steps, upTo: 20_000)
        let offers = try settings(shipping(rate)).offers(for: .of(grams: 20_001), to: Self.address, at: Self.now)
        #expect(offers.possible.isEmpty)
        #expect(offers.withheld == [WithheldDelivery(id: "standard", title: "standard", reason: .outsideTable)])
    }

    @Test
    func `a basket below the minimum is told what is missing`() throws {
        var option = shipping()
        option.minimumOrder = 2500
        let offers = try settings(option).offers(for: .of(value: 2499), to: Self.address, at: Self.now)
        #expect(
            offers.withheld == [
                WithheldDelivery(id: "standard", title: "standard", reason: .belowMinimum, minimumMinorUnits: 2500)
            ])
        #expect(try price(option, .of(value: 2500)) == 0)
    }

    @Test
    func `a price beyond all amounts is refused`() throws {
        let rate = DeliveryRate(basis: .perItem, perItem: Money.limit)
        let problem = try #require(throws: Problem.self) { try price(shipping(rate), .of(units: 2)) }
        #expect(problem.code == "money.out_of_range")
    }
}
