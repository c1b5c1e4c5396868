import Primitives
import Testing

@testable import UseCases

struct CellTextTests {
    @Test(
        arguments: [
            (0, "GBP", "0.00"), (-1, "GBP", "-0.01"), (-250, "GBP", "-2.50"), (250, "GBP", "2.50"), (-7, "JPY", "-7"),
            (-1755, "KWD", "-1.755"), (-5, "KWD", "-0.005"),
        ] as [(Int64, String, String)])
    func `an amount is written with its sign and all its decimals`(
        _ minorUnits: Int64, _ code: String, _ text: String
    ) throws {
        #expect(Money.decimal(minorUnits, try #require(Currency(code))) == text)
    }
}
