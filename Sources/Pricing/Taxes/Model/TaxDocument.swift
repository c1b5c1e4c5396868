public import Primitives

/// Settings as the document that is stored, answered and sent: the same names everywhere.
extension TaxSettings {
    /// The settings as JSON.
    public var json: JSON {
        [
            "prices_include_tax": .bool(pricesIncludeTax),
            "delivery": delivery.json,
            "tax_number": .string(number),
            "classes": .array(
                classes.map {
                    ["code": .string($0.code), "title": .string($0.title), "fallback": .string($0.fallback)]
                }),
            "zones": .array(zones.map(\.json)),
        ]
    }

    /// Reads settings from a document of that form, in which what is left out has its default; nil for another.
    ///
    /// Documents from outside are read by the API's shapes, which say what is wrong.
    public init?(json: JSON) {
        guard json.object != nil else { return nil }
        self.init(
            pricesIncludeTax: json["prices_include_tax"]?.bool ?? false,
            delivery: DeliveryTaxation(json: json["delivery"]), number: json["tax_number"]?.string ?? "")
        for entry in json["classes"]?.array ?? [] {
            guard let code = entry["code"]?.string, let title = entry["title"]?.string else { return nil }
            classes.append(TaxClass(code: code, title: title, fallback: entry["fallback"]?.string ?? TaxClass.standard))
        }
        for entry in json["zones"]?.array ?? [] {
            guard let zone = TaxZone(json: entry) else { return nil }
            zones.append(zone)
        }
    }
}

extension DeliveryTaxation {
    fileprivate var json: JSON {
        switch self {
        case .goods: ["taxed_by": "goods"]
        case .taxClass(let code): ["taxed_by": "class", "tax_class": .string(code)]
        case .untaxed: ["taxed_by": "nothing"]
        }
    }

    fileprivate init(json: JSON?) {
        switch json?["taxed_by"]?.string {
        case "class": self = .taxClass(json?["tax_class"]?.string ?? TaxClass.standard)
        case "nothing": self = .untaxed
        default: self = .goods
        }
    }
}

extension TaxZone {
    fileprivate var json: JSON {
        [
            "name": .string(name),
            "places": .array(
                places.map {
                    [
                        "country": .string($0.country), "regions": .array($0.regions.map { .string($0) }),
                        "postal_codes": .array($0.postalCodes.map { .string($0.text) }),
                    ]
                }),
            "prices_include_tax": pricesIncludeTax.map { .bool($0) } ?? .null,
            "reverse_charge": .bool(reverseCharge),
            "rates": .array(rates.map(\.json)),
        ]
    }

    fileprivate init?(json: JSON) {
        guard let name = json["name"]?.string else { return nil }
        self.init(
            name: name, places: [], pricesIncludeTax: json["prices_include_tax"]?.bool,
            reverseCharge: json["reverse_charge"]?.bool ?? false)
        for entry in json["places"]?.array ?? [] {
            guard let country = entry["country"]?.string, let codes = TaxPostalPattern.patterns(entry["postal_codes"])
            else { return nil }
            places.append(
                TaxPlace(
                    country: country, regions: (entry["regions"]?.array ?? []).compactMap(\.string),
                    postalCodes: codes))
        }
        for entry in json["rates"]?.array ?? [] {
            guard let rate = TaxRate(json: entry) else { return nil }
            rates.append(rate)
        }
    }
}

extension TaxRate {
    fileprivate var json: JSON {
        [
            "title": .string(title), "rate_ppm": JSON(partsPerMillion),
            "tax_classes": .array(classes.map { .string($0) }), "priority": JSON(priority),
            "compound": .bool(isCompound), "taxes_delivery": .bool(taxesDelivery),
            "postal_codes": .array(postalCodes.map { .string($0.text) }),
        ]
    }

    fileprivate init?(json: JSON) {
        guard let title = json["title"]?.string, let rate = json["rate_ppm"]?.integer,
            let codes = TaxPostalPattern.patterns(json["postal_codes"])
        else { return nil }
        self.init(
            title: title, partsPerMillion: rate,
            classes: json["tax_classes"]?.array?.compactMap(\.string) ?? [TaxClass.standard],
            priority: json["priority"]?.integer ?? 1, isCompound: json["compound"]?.bool ?? false,
            taxesDelivery: json["taxes_delivery"]?.bool ?? true, postalCodes: codes)
    }
}

extension TaxPostalPattern {
    fileprivate static func patterns(_ json: JSON?) -> [TaxPostalPattern]? {
        var patterns: [TaxPostalPattern] = []
        for entry in json?.array ?? [] {
            guard let pattern = entry.string.flatMap({ TaxPostalPattern($0) }) else { return nil }
            patterns.append(pattern)
        }
        return patterns
    }
}
