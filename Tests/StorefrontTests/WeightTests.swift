import DesignSystem
import Markup
import Primitives
import TestSupport
import Testing

struct WeightTests {
    @Test
    func `what pages weigh compressed stays within its budget`() async throws {
        try await LiveStorefront.open(.sqlite) { shop in
            _ = try await shop.loaf()
            let browser = shop.browser
            let home = try await browser.get("/")
            let sheet = try #require(home.between("rel=\"stylesheet\" href=\"", "\""))
            let script = try #require(home.between("<script src=\"", "\""))
            for (address, most) in [
                (sheet, 8192), (DesignSystem.dashboardSheet.address.description, 14_336), (script, 5120),
            ] {
                let file = try await browser.send(
                    "GET", address, form: nil, headers: [("Accept-Encoding", "gzip")])
                #expect(file.header("content-encoding") == "gzip")
                let bytes = try #require(file.header("content-length").flatMap { Int($0) })
                #expect(bytes <= most, "\(address)")
            }
        }
    }

    @Test(arguments: [
        (Int64(420), "GBP", "£4.20"), (5, "GBP", "£0.05"), (0, "EUR", "€0.00"), (1_234_567, "USD", "$12,345.67"),
        (1200, "JPY", "¥1,200"), (4200, "KWD", "KWD\u{A0}4.200"), (-99, "GBP", "−£0.99"), (100, "CHF", "CHF\u{A0}1.00"),
    ])
    func `prices are written as people write them`(amount: Int64, code: String, text: String) throws {
        #expect(try Money(amount, try #require(Currency(code))).text == text)
    }

    @Test
    func `moments are written as people write them`() throws {
        #expect(try #require(Instant(rfc3339: "2026-11-21T09:05:07.5Z")).text == "21 November 2026, 09:05 UTC")
    }
}
