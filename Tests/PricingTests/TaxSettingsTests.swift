import Pricing
import Primitives
import Testing

struct TaxSettingsTests {
    private func errors(_ settings: TaxSettings) -> [String] {
        do throws(Problem) {
            _ = try settings.validated()
            return []
        } catch {
            return error.errors.map { "\($0.pointer) \($0.code)" }
        }
    }

    private func zone(_ rates: TaxRate..., places: [TaxPlace] = [TaxPlace(country: "DE")]) -> TaxSettings {
        TaxSettings(zones: [TaxZone(name: "Z", places: places, rates: rates)])
    }

    @Test func `settings that make no sense are refused with the places`() {
        #expect(errors(.none) == [])
        #expect(errors(TaxSettings(delivery: .taxClass("ghost"))) == ["/delivery/tax_class unknown"])
        #expect(
            errors(
                TaxSettings(classes: [
                    TaxClass(code: "A b", title: ""), TaxClass(code: "x", title: "X", fallback: "y"),
                    TaxClass(code: "y", title: "Y", fallback: "x"), TaxClass(code: "y", title: "Y"),
                    TaxClass(code: "standard", title: "S", fallback: "zero"),
                    TaxClass(code: "n", title: "N", fallback: "q"),
                ])) == [
                    "/classes/0/title required", "/classes/0/code format", "/classes/1/fallback circular",
                    "/classes/2/fallback circular", "/classes/3/fallback circular", "/classes/3/code duplicate",
                    "/classes/4/fallback fixed", "/classes/5/fallback unknown",
                ])
        #expect(errors(zone(places: [])) == ["/zones/0/places required"])
        #expect(
            errors(zone(places: [TaxPlace(country: "QQ"), TaxPlace(country: "*", regions: ["CA"])])) == [
                "/zones/0/places/0/country unknown", "/zones/0/places/1 country_required",
            ])
        #expect(
            errors(
                zone(TaxRate(title: " ", partsPerMillion: 1_000_001, classes: ["zero", "ghost"], priority: 0))) == [
                    "/zones/0/rates/0/title required", "/zones/0/rates/0/rate_ppm range",
                    "/zones/0/rates/0/priority range", "/zones/0/rates/0/tax_classes/0 untaxed",
                    "/zones/0/rates/0/tax_classes/1 unknown",
                ])
        #expect(
            errors(zone(TaxRate(title: "T", partsPerMillion: 1, classes: []))) == [
                "/zones/0/rates/0/tax_classes required"
            ])
        let japan = TaxZone(name: "Z", places: [TaxPlace(country: "JP")], reverseCharge: true)
        #expect(
            errors(TaxSettings(zones: [japan, japan])) == [
                "/zones/0/reverse_charge unsupported", "/zones/1/name duplicate", "/zones/1/places/0 duplicate",
                "/zones/1/reverse_charge unsupported",
            ])
        let deep = (1...4).map { TaxRate(title: "T", partsPerMillion: 1, priority: $0, isCompound: true) }
        #expect(
            errors(TaxSettings(zones: [TaxZone(name: "Z", places: [TaxPlace(country: "DE")], rates: deep)])) == [
                "/zones/0/rates too_deep"
            ])
    }

    @Test func `the deepest settings that are accepted do not overflow`() throws {
        let rates = (0..<60).map { number in
            TaxRate(
                title: "T", partsPerMillion: 1_000_000, priority: 1 + number / 20, isCompound: true,
                postalCodes: [TaxPostalPattern("1*")].compactMap(\.self))
        }
        var settings = try TaxSettings(
            pricesIncludeTax: true, zones: [TaxZone(name: "Z", places: [TaxPlace(country: "DE")], rates: rates)]
        ).validated()
        let euro = try #require(Currency("EUR"))
        let line = TaxBasket.Line(taxClass: "standard", unitPrice: try Money(Money.limit, euro), quantity: 1)
        let basket = TaxBasket(
            lines: [line], delivery: .zero(euro),
            buyer: TaxBuyer(address: TaxAddress(country: "DE", postalCode: "10115")), home: "DE")
        // One part of 21 × 21 × 21 is the price, and the taxes of the last level are 441 parts each.
        let taxes = try settings.tax(basket).lines[0].taxes.map(\.amount.amount)
        #expect(taxes.first == (Money.limit * 2 + 9261) / (2 * 9261))
        #expect(taxes.last == (Money.limit * 2 + 21) / (2 * 21))
        settings.pricesIncludeTax = false
        #expect(throws: Problem.self) { try settings.tax(basket) }
    }

    @Test func `postal codes are told by code, beginning and range`() throws {
        func matches(_ pattern: String, _ code: String) throws -> Bool {
            try #require(TaxPostalPattern(pattern)).matches(code)
        }
        #expect(try matches("10115", "10115") && !matches("10115", "101150"))
        #expect(try matches("sw1a 1aa", "SW1A1AA") && matches("902*", "90210-1234") && !matches("902*", "91902"))
        #expect(try matches("90001..90899", "90899") && matches("90001..90899", "90899-0001"))
        #expect(try !matches("90001..90899", "90900") && !matches("90001..90899", "9000"))
        #expect(try matches("00-950..00-999", "00 960"))
        for wrong in ["", "*", "..", "1..", "9..10", "20..10", "é", String(repeating: "1", count: 41)] {
            #expect(TaxPostalPattern(wrong) == nil, "\(wrong)")
        }
    }

    @Test func `percentages are read and written without loss`() {
        #expect(TaxRate.partsPerMillion(percent: "9.975 %") == 99_750)
        #expect(TaxRate.partsPerMillion(percent: "25,5") == 255_000)
        #expect(TaxRate.partsPerMillion(percent: "100") == 1_000_000)
        for wrong in ["", "-1", "100.0001", "1.23456", "1.", ".5", "1.2.3", "x", "1e1"] {
            #expect(TaxRate.partsPerMillion(percent: wrong) == nil, "\(wrong)")
        }
        for rate in [0, 1, 10, 99_750, 190_000, 1_000_000] {
            #expect(TaxRate.partsPerMillion(percent: TaxRate.percent(rate)) == rate)
        }
        #expect(TaxRate.percent(255_000) == "25.5%")
        #expect(TaxRate.percent(2500) == "0.25%")
    }

    @Test(arguments: TaxPreset.all) func `a preset is valid, says where it is from, and adds to what is there`(
        _ preset: TaxPreset
    ) throws {
        #expect(try preset.settings.validated() == preset.settings)
        #expect(TaxSettings(json: preset.settings.json) == preset.settings)
        #expect(!preset.source.isEmpty && preset.asOf == "2026-01-01")
        let applied = TaxSettings.none.applying(preset)
        #expect(applied.zones == preset.settings.zones)
        #expect(try applied.validated().applying(preset) == applied)
        var all = TaxSettings.none
        for other in TaxPreset.all { all = all.applying(other) }
        #expect(try all.validated().zones.count == TaxPreset.all.reduce(0) { $0 + $1.settings.zones.count })
    }

    @Test func `the preset of the Union knows its members and their exceptions`() throws {
        let settings = try #require(TaxPreset.preset("eu")).settings
        let members = settings.zones.filter { zone in zone.places.allSatisfy { $0.postalCodes.isEmpty } }
        #expect(Set(members.flatMap(\.places).map(\.country)) == TaxNumber.union.union(["MC"]))
        func standard(_ country: String, _ code: String = "") -> Int? {
            settings.zone(of: TaxAddress(country: country, postalCode: code))?.rates.first?.partsPerMillion
        }
        #expect(standard("DE", "10115") == 190_000 && standard("DE", "78266") == nil)
        #expect(standard("ES", "28013") == 210_000 && standard("ES", "35001") == nil)
        #expect(standard("PT", "1000-001") == 230_000 && standard("PT", "9500-150") == 160_000)
        #expect(standard("PT", "9000-001") == 220_000 && standard("FR", "97110") == nil)
        #expect(standard("MC", "98000") == 200_000 && standard("FI") == 255_000 && standard("US") == nil)
    }

    @Test func `a region is known by its code, its name and its ISO code`() throws {
        let settings = try #require(TaxPreset.preset("ca")).settings
        for region in ["QC", "qc", "Québec", "quebec", "CA-QC"] {
            let zone = settings.zone(of: TaxAddress(country: "CA", region: region))
            #expect(zone?.name == "Canada: Quebec", "\(region)")
        }
        #expect(settings.zone(of: TaxAddress(country: "CA", region: "Alberta"))?.name == "Canada: elsewhere")
    }
}
