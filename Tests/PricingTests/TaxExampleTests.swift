import Foundation
import Pricing
import Primitives
import Testing

/// `docs/taxes.md` is read and computed: what it says is what the engine does.
struct TaxExampleTests {
    /// A store of the examples.
    struct Shop {
        let currency: Currency
        let home: String
        let settings: TaxSettings
    }

    private static let page: String = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/taxes.md")
        // ignored: without the page there are no rows, and the first test fails
        return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }()

    private static let shops: [String: Shop] = {
        var shops: [String: Shop] = [:]
        let parts = page.components(separatedBy: "### `").dropFirst()
        for part in parts {
            let words = part.prefix { $0 != "\n" }.components(separatedBy: "`: ")
            let place = (words.last ?? "").components(separatedBy: ", home ")
            guard let json = part.components(separatedBy: "```json\n").last?.components(separatedBy: "\n```").first,
                let currency = Currency(place[0]), let home = place.last,
                // ignored: a block that is no document is missing from the shops, which a test asks for
                let document = try? JSON(parsing: json), let settings = TaxSettings(json: document)
            else { continue }
            shops[words[0]] = Shop(currency: currency, home: home, settings: settings)
        }
        return shops
    }()

    static let rows: [[String]] = page.split(separator: "\n").compactMap { line in
        let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        return cells.count == 11 && Int(cells[1]) != nil ? Array(cells[1...9]) : nil
    }

    @Test func `there are at least forty examples, numbered, and every settings document of them is valid`() throws {
        #expect(Self.rows.count >= 40)
        #expect(Self.rows.map(\.[0]) == (1...Self.rows.count).map(String.init))
        let named = Set(Self.rows.map { $0[2].trimmingCharacters(in: ["`"]) })
        #expect(named == Set(Self.shops.keys))
        for shop in Self.shops.values {
            #expect(try shop.settings.validated() == shop.settings)
            #expect(TaxSettings(json: shop.settings.json) == shop.settings)
        }
    }

    @Test(arguments: rows) func `an example comes out as the page says`(_ row: [String]) throws {
        let shop = try #require(Self.shops[row[2].trimmingCharacters(in: ["`"])])
        let lines = try row[4].components(separatedBy: "; ").map { try Self.line($0, shop.currency) }
        let delivery = try Money(#require(Int64(row[5])), shop.currency)
        let taxed = try shop.settings.tax(
            TaxBasket(lines: lines, delivery: delivery, buyer: Self.buyer(row[3]), home: shop.home))
        #expect(taxed.lines.map { Self.text($0.taxes) }.joined(separator: "; ") == row[6])
        #expect(Self.text(taxed.deliveryTaxes) == row[7])
        var total = taxed.delivery
        for (line, priced) in zip(taxed.lines, lines) {
            total = try total.adding(line.unitPrice.multiplied(by: priced.quantity)).subtracting(line.discount)
        }
        if !taxed.taxesIncluded { total = try total.adding(taxed.tax()) }
        let way = taxed.treatment == .taxed ? Self.way(taxed, row) : taxed.treatment.rawValue
        #expect("\(total.amount) \(way)" == row[8])
    }

    /// Whether nothing was included or added cannot be told from the page's side.
    private static func way(_ taxed: TaxedBasket, _ row: [String]) -> String {
        taxed.taxesIncluded ? "included" : "added"
    }

    private static func text(_ taxes: [AppliedTax]) -> String {
        if taxes.isEmpty { return "–" }
        return taxes.map { "\($0.title) \(TaxRate.percent($0.partsPerMillion)) \($0.amount.amount)" }
            .joined(separator: ", ")
    }

    /// `2 × 1190 standard less 380`.
    private static func line(_ text: String, _ currency: Currency) throws -> TaxBasket.Line {
        let words = text.components(separatedBy: " ")
        return TaxBasket.Line(
            taxClass: words[3] == "untaxable" ? nil : words[3],
            unitPrice: try Money(#require(Int64(words[2])), currency), quantity: try #require(Int(words[0])),
            discount: words.count > 5 ? try Money(#require(Int64(words[5])), currency) : nil)
    }

    /// `US CA 90012-1234`, `FR, FR40303265045`, `DE exempt`.
    private static func buyer(_ text: String) throws -> TaxBuyer {
        let parts = text.components(separatedBy: ", ")
        var words = parts[0].components(separatedBy: " ")
        let isExempt = words.last == "exempt"
        if isExempt { words.removeLast() }
        let hasRegion = words.count > 2
        let address = TaxAddress(
            country: words[0], region: hasRegion ? words[1] : "",
            postalCode: words.dropFirst(hasRegion ? 2 : 1).joined(separator: " "))
        let number: TaxNumber? = try parts.count > 1 ? #require(TaxNumber(parts[1]) as TaxNumber?) : nil
        return TaxBuyer(address: address, number: number, exemption: isExempt ? "a school" : nil)
    }
}
