import Primitives

extension BodySample {
    static func taxSettings(version: Int) -> JSON {
        [
            "version": JSON(version), "prices_include_tax": true,
            "delivery": ["taxed_by": "class", "tax_class": "standard"], "tax_number": "GB980780684",
            "classes": [["code": "books", "title": "Books", "fallback": "reduced"]],
            "zones": [
                [
                    "name": "Lothian",
                    "places": [["country": "GB", "regions": ["Lothian"], "postal_codes": ["EH*"]], ["country": "GB"]],
                    "prices_include_tax": false, "reverse_charge": true,
                    "rates": [
                        [
                            "title": "VAT", "rate_ppm": 200_000, "tax_classes": ["standard"], "priority": 2,
                            "compound": true, "taxes_delivery": false, "postal_codes": ["EH1..EH9"],
                        ]
                    ],
                ]
            ],
        ]
    }

    static let taxFields: [Field] = [
        Field("/version", .integer(0...1_000_000_000), required: true), Field("/prices_include_tax", .bool),
        Field("/delivery", .object), Field("/delivery/taxed_by", .form, required: true),
        Field("/delivery/tax_class", .text(most: 50, least: 1)), .text("/tax_number", 40, least: 0),
        Field("/classes", .list(most: 50)), Field("/classes/0", .object),
        Field("/classes/0/code", .pattern(most: 50), required: true), .text("/classes/0/title", 100, required: true),
        Field("/classes/0/fallback", .text(most: 50, least: 1)), Field("/zones", .list(most: 300)),
        Field("/zones/0", .object), .text("/zones/0/name", 100, required: true),
        Field("/zones/0/places", .list(most: 300), required: true), Field("/zones/0/places/0", .object),
        Field("/zones/0/places/0/country", .text(most: 2, least: 0), required: true),
        Field("/zones/0/places/0/regions", .list(most: 100)), .text("/zones/0/places/0/regions/0", 100),
        Field("/zones/0/places/0/postal_codes", .list(most: 1000)),
        Field("/zones/0/places/0/postal_codes/0", .pattern(most: 40)), Field("/zones/0/prices_include_tax", .bool),
        Field("/zones/0/reverse_charge", .bool), Field("/zones/0/rates", .list(most: 60)),
        Field("/zones/0/rates/0", .object), .text("/zones/0/rates/0/title", 60, required: true),
        Field("/zones/0/rates/0/rate_ppm", .integer(0...1_000_000), required: true),
        Field("/zones/0/rates/0/tax_classes", .list(most: 60)),
        Field("/zones/0/rates/0/tax_classes/0", .text(most: 50, least: 1)),
        Field("/zones/0/rates/0/priority", .integer(1...9)), Field("/zones/0/rates/0/compound", .bool),
        Field("/zones/0/rates/0/taxes_delivery", .bool), Field("/zones/0/rates/0/postal_codes", .list(most: 1000)),
        Field("/zones/0/rates/0/postal_codes/0", .pattern(most: 40)),
    ]
}
