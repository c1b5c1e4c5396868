import Catalog
import Orders
import Primitives
import ShopWorld
import TestSupport
import Testing

struct TaxEndpointTests {
    private static let path = "/api/v1/settings/taxes"

    private static func settings(version: Int, included: Bool = false) -> JSON {
        [
            "version": JSON(version), "prices_include_tax": .bool(included),
            "zones": [
                [
                    "name": "Britain", "places": [["country": "GB"]],
                    "rates": [["title": "VAT", "rate_ppm": 200_000]],
                ],
                [
                    "name": "Germany", "places": [["country": "DE"]], "reverse_charge": true,
                    "rates": [["title": "MwSt", "rate_ppm": 190_000]],
                ],
            ],
        ]
    }

    @Test(arguments: TestEngine.available)
    func `settings are replaced as a whole, and not by who has read older ones`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            let none = try await shop.send("GET", Self.path, as: shop.staff)
            #expect(
                none["version"] == 0 && none["zones"] == []
                    && none["delivery"] == ["taxed_by": "goods", "tax_class": nil])
            let saved = try await shop.send("PUT", Self.path, as: shop.staff, body: Self.settings(version: 0))
            #expect(saved.status == 200)
            #expect(saved["version"] == 1 && saved["zones", "0", "rates", "0", "rate"] == "20%")
            let stale = try await shop.send("PUT", Self.path, as: shop.staff, body: Self.settings(version: 0))
            #expect(stale.verdict == "409 settings.changed /version changed")
            let wrong = try await shop.send(
                "PUT", Self.path, as: shop.staff,
                body: [
                    "version": 1,
                    "zones": [
                        [
                            "name": "A", "places": [["country": "GB"]],
                            "rates": [["title": "T", "rate_ppm": 1, "tax_classes": ["ghost"]]],
                        ]
                    ],
                ])
            #expect(wrong.verdict == "422 validation.failed /zones/0/rates/0/tax_classes/0 unknown")
            let read = try await shop.send("GET", Self.path, as: shop.staff)
            #expect(read.body == saved.body)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a checkout and its order tell every tax`(_ engine: TestEngine) async throws {
        try await LiveShop.open(engine) { shop in
            _ = try await shop.send("PUT", Self.path, as: shop.staff, body: Self.settings(version: 0, included: true))
            let tart = try await shop.maya.variant("Tarte", price: 1200, stock: 10)
            let lines: JSON = [["variant_id": JSON(tart.id), "quantity": 2]]
            let made = try await shop.send(
                "POST", "/api/v1/checkouts", as: shop.buyer, body: ["lines": lines, "email": "zoë@example.com"])
            let vat: JSON = [
                ["title": "VAT", "rate_ppm": 200_000, "rate": "20%", "amount": Bodies.pounds(400)]
            ]
            #expect(made["is_estimate"] == true && made["taxes_included"] == true)
            #expect(made["lines", "0", "tax"] == Bodies.pounds(400) && made["lines", "0", "tax_lines"] == vat)
            #expect(made["tax_lines"] == vat && made["shipping_tax_lines"] == [])
            #expect(made["totals", "tax"] == Bodies.pounds(400) && made["totals", "total"] == Bodies.pounds(2400))

            let path = "/api/v1/checkouts/\(try #require(made["id"]?.string))"
            let abroad = try await shop.send(
                "PATCH", path, as: shop.buyer,
                body: [
                    "shipping_address": [
                        "name": "Zoë", "line1": "Kai 3", "city": "Berlin", "postal_code": "10115", "country": "DE",
                    ]
                ])
            #expect(abroad["is_estimate"] == false && abroad["offers_reverse_charge"] == true)
            #expect(abroad["tax_lines", "0", "title"] == "MwSt" && abroad["totals", "tax"] == Bodies.pounds(383))
            let slip = try await shop.send("PATCH", path, as: shop.buyer, body: ["tax_number": "DE136695977"])
            #expect(slip.verdict == "422 validation.failed /tax_number invalid")
            let business = try await shop.send("PATCH", path, as: shop.buyer, body: ["tax_number": "de 136 695 976"])
            #expect(business["tax_number"] == "DE136695976" && business["tax_treatment"] == "reverse_charge")
            #expect(business["totals", "total"] == Bodies.pounds(2016) && business["taxes_included"] == false)
            let person = try await shop.send("PATCH", path, as: shop.buyer, body: ["tax_number": ""])
            #expect(person["tax_number"] == .null && person["totals", "total"] == Bodies.pounds(2400))
            let exempt = try await shop.send(
                "PUT", "\(path)/tax_exemption", as: shop.staff, body: ["reason": "An embassy"])
            #expect(exempt["tax_treatment"] == "exempt" && exempt["tax_exemption"] == "An embassy")
            let again = try await shop.send("PUT", "\(path)/tax_exemption", as: shop.staff, body: ["reason": ""])
            #expect(again["tax_treatment"] == "taxed" && again["totals", "total"] == Bodies.pounds(2400))

            let placed = try await shop.send(
                "POST", "\(path)/order", as: shop.buyer, body: Bodies.cash)
            #expect(placed.status == 201)
            #expect(placed["order", "taxes_included"] == true)
            #expect(placed["order", "lines", "0", "tax_lines", "0", "amount"] == Bodies.pounds(383))
            #expect(placed["order", "tax_lines", "0", "rate"] == "19%")
            #expect(placed["order", "tax_treatment"] == "taxed" && placed["order", "tax_number"] == .null)
        }
    }
}
