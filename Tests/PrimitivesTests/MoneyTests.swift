import Primitives
import Testing

@Suite struct MoneyTests {
    private let usd: Currency
    private let jpy: Currency
    private let kwd: Currency

    init() throws {
        usd = try #require(Currency("USD"))
        jpy = try #require(Currency("JPY"))
        kwd = try #require(Currency("KWD"))
    }

    private func refusal(_ body: () throws -> Money) -> String? {
        do {
            let money = try body()
            return "no refusal but \(money)"
        } catch {
            return (error as? Problem)?.code
        }
    }

    @Test func `an amount reads with its currency's decimals`() throws {
        #expect(try Money(1299, usd).description == "12.99 USD")
        #expect(try Money(5, usd).description == "0.05 USD")
        #expect(try Money(-5, usd).description == "-0.05 USD")
        #expect(try Money(1299, jpy).description == "1299 JPY")
        #expect(try Money(-1, jpy).description == "-1 JPY")
        #expect(try Money(1299, kwd).description == "1.299 KWD")
        #expect(try Money(-7, kwd).description == "-0.007 KWD")
        #expect(Money.zero(usd).description == "0.00 USD")
        #expect(Money.zero(kwd).description == "0.000 KWD")
        #expect(try Money(Money.limit, usd).description == "90071992547409.91 USD")
    }

    @Test func `the limit itself is an amount and one more is not`() throws {
        #expect(Money.limit == (1 << 53) - 1)
        #expect(try Money(Money.limit, usd).amount == Money.limit)
        #expect(try Money(-Money.limit, usd).amount == -Money.limit)
        for amount in [Money.limit + 1, -Money.limit - 1, .max, .min] {
            #expect(refusal { try Money(amount, usd) } == "money.out_of_range")
        }
    }

    @Test func `sums are exact up to the limit and refused beyond it`() throws {
        let most = try Money(Money.limit, usd)
        let cent = try Money(1, usd)
        #expect(try most.subtracting(cent).adding(cent) == most)
        #expect(refusal { try most.adding(cent) } == "money.out_of_range")
        #expect(refusal { try most.adding(most) } == "money.out_of_range")
        #expect(refusal { try Money(-Money.limit, usd).subtracting(cent) } == "money.out_of_range")
        #expect(try most.subtracting(most) == .zero(usd))
    }

    @Test func `products are exact up to the limit and refused beyond it`() throws {
        #expect(try Money(-333, usd).multiplied(by: 3).amount == -999)
        #expect(try Money(Money.limit, usd).multiplied(by: -1).amount == -Money.limit)
        #expect(try Money(Money.limit, usd).multiplied(by: 0) == .zero(usd))
        #expect(refusal { try Money(Money.limit, usd).multiplied(by: 2) } == "money.out_of_range")
        #expect(refusal { try Money(Money.limit, usd).multiplied(by: .max) } == "money.out_of_range")
        #expect(refusal { try Money(-1, usd).multiplied(by: .min) } == "money.out_of_range")
        #expect(refusal { try Money(1, usd).multiplied(by: .min) } == "money.out_of_range")
    }

    @Test func `two currencies are never combined`() throws {
        let dollar = try Money(1, usd)
        let yen = try Money(1, jpy)
        #expect(refusal { try dollar.adding(yen) } == "money.currency_mismatch")
        #expect(refusal { try dollar.subtracting(yen) } == "money.currency_mismatch")
        #expect(dollar != yen)
        #expect(Money.zero(usd) != Money.zero(jpy))
    }

    @Test func `a remainder goes to the largest fractions, the earlier first`() throws {
        func parts(_ amount: Int64, _ weights: [Int64]) throws -> [Int64] {
            try Money(amount, usd).allocated(by: weights).map(\.amount)
        }
        #expect(try parts(100, [1, 1, 1]) == [34, 33, 33])
        #expect(try parts(-100, [1, 1, 1]) == [-34, -33, -33])
        #expect(try parts(5, [3, 7]) == [2, 3])
        #expect(try parts(1, [1, 2]) == [0, 1])
        #expect(try parts(2, [0, 1, 0, 1, 1]) == [0, 1, 0, 1, 0])
        #expect(try parts(0, [4, 5]) == [0, 0])
        #expect(try parts(7, [9]) == [7])
        #expect(try parts(Money.limit, [.max]) == [Money.limit])
        #expect(try parts(Money.limit, [.max, .max]) == [4_503_599_627_370_496, 4_503_599_627_370_495])
    }

    @Test(arguments: [[], [0], [0, 0], [-1], [2, -1], [.max, .max, .max], [.min]] as [[Int64]])
    func `weights that share nothing out are refused`(_ weights: [Int64]) throws {
        #expect(refusal { try #require(try Money(10, usd).allocated(by: weights).first) } == "money.invalid_weights")
    }

    @Test func `allocation agrees with a slow model`() throws {
        var random = SeededRandom(1)
        for _ in 0..<2000 {
            let amount = Int64.random(in: -500...500, using: &random)
            let weights = (0..<Int.random(in: 1...8, using: &random)).map { _ in Int64.random(in: 0...9, using: &random)
            }
            guard weights.contains(where: { $0 > 0 }) else { continue }
            let parts = try Money(amount, usd).allocated(by: weights).map(\.amount)
            #expect(parts == Self.slowly(amount, weights), "\(amount) by \(weights)")
        }
    }

    @Test func `the parts sum to the whole and stray from their share by less than one unit`() throws {
        var random = SeededRandom(2)
        for _ in 0..<2000 {
            let amount = Int64.random(in: -Money.limit...Money.limit, using: &random)
            let weights = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                Int64.random(in: 0...(1 << Int64.random(in: 0...57, using: &random)), using: &random)
            }
            let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
            guard total > 0 else { continue }
            let parts = try Money(amount, usd).allocated(by: weights).map(\.amount)
            #expect(parts.reduce(0, +) == amount)
            for (part, weight) in zip(parts, weights) {
                let deviation = Int128(part) * total - Int128(amount) * Int128(weight)
                #expect(deviation.magnitude < total.magnitude)
                #expect(weight > 0 || part == 0)
            }
        }
    }

    /// Hands out the minor units one by one, each to the part that lacks most of its exact share.
    private static func slowly(_ amount: Int64, _ weights: [Int64]) -> [Int64] {
        let total = weights.reduce(0, +)
        let whole = abs(amount)
        var parts = weights.map { whole * $0 / total }
        while parts.reduce(0, +) < whole {
            let lacking = weights.indices.map { whole * weights[$0] - parts[$0] * total }
            var neediest = 0
            for index in lacking.indices where lacking[index] > lacking[neediest] { neediest = index }
            parts[neediest] += 1
        }
        return parts.map { $0 * amount.signum() }
    }
}
