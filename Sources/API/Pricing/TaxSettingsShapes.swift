import HTTPServer
import Pricing
import Primitives

/// New settings with the version of those that they replace.
struct TaxSettingsInput: Sendable {
    let version: Int
    let settings: TaxSettings

    static let shape = InputShape<TaxSettingsInput>.object(
        "NewTaxSettings",
        .required("version", .integer(0...1_000_000_000)),
        .optional("prices_include_tax", .bool, default: false),
        .optional("delivery", DeliveryTaxation.input, default: .goods),
        .optional("tax_number", .text(0...40), default: ""),
        .optional("classes", .array(of: TaxClass.input, most: TaxSettings.mostClasses), default: []),
        .optional("zones", .array(of: TaxZone.input, most: TaxSettings.mostZones), default: [])
    ) { version, pricesIncludeTax, delivery, number, classes, zones throws(Problem) in
        TaxSettingsInput(
            version: version,
            settings: try TaxSettings(
                pricesIncludeTax: pricesIncludeTax, delivery: delivery, number: number, classes: classes, zones: zones
            ).validated())
    }
}

/// What taxes the delivery, in words.
private enum DeliveryTaxationWord: String, CaseIterable, Sendable {
    case goods, nothing
    case taxClass = "class"
}

extension DeliveryTaxation {
    fileprivate static let input = InputShape<DeliveryTaxation>.object(
        "NewDeliveryTaxation",
        .required("taxed_by", .oneOf(DeliveryTaxationWord.self)),
        .optional("tax_class", .text(1...50))
    ) { word, taxClass throws(Problem) in
        switch (word, taxClass) {
        case (.taxClass, let code?): return .taxClass(code)
        case (.taxClass, nil): throw .validation("/tax_class", "required", "Say which class the delivery belongs to.")
        case (.goods, nil): return .goods
        case (.nothing, nil): return .untaxed
        case (_, _?): throw .validation("/tax_class", "unexpected", "Only a delivery with a class of its own has one.")
        }
    }

    fileprivate var word: DeliveryTaxationWord {
        switch self {
        case .goods: .goods
        case .taxClass: .taxClass
        case .untaxed: .nothing
        }
    }

    fileprivate static let output = OutputShape<DeliveryTaxation>.object(
        "DeliveryTaxation",
        .field("taxed_by", .oneOf(), \.word),
        .nullable("tax_class", .text) { delivery in
            if case .taxClass(let code) = delivery { code } else { nil }
        })
}

extension TaxClass {
    fileprivate static let input = InputShape<TaxClass>.object(
        "NewTaxClass",
        .required(
            "code",
            .text(1...50, pattern: "^[a-z0-9_-]+$", expected: codeIsExpected, isAccepted: isCode)),
        .required("title", .text(1...100)),
        .optional("fallback", .text(1...50), default: standard)
    ) { TaxClass(code: $0, title: $1, fallback: $2) }

    fileprivate static let output = OutputShape<TaxClass>.object(
        "TaxClass", .field("code", .text, \.code), .field("title", .text, \.title),
        .field("fallback", .text, \.fallback))
}

extension TaxZone {
    fileprivate static let input = InputShape<TaxZone>.object(
        "NewTaxZone",
        .required("name", .text(1...100)),
        .required("places", .array(of: TaxPlace.input, least: 1, most: TaxSettings.mostPlaces)),
        .optional("prices_include_tax", .bool),
        .optional("reverse_charge", .bool, default: false),
        .optional("rates", .array(of: TaxRate.input, most: TaxSettings.mostRates), default: [])
    ) { TaxZone(name: $0, places: $1, pricesIncludeTax: $2, reverseCharge: $3, rates: $4) }

    fileprivate static let output = OutputShape<TaxZone>.object(
        "TaxZone", .field("name", .text, \.name), .field("places", .array(of: TaxPlace.output), \.places),
        .nullable("prices_include_tax", .bool, \.pricesIncludeTax),
        .field("reverse_charge", .bool, \.reverseCharge),
        .field("rates", .array(of: TaxRate.output), \.rates))
}

extension TaxPlace {
    fileprivate static let input = InputShape<TaxPlace>.object(
        "NewTaxPlace",
        .required("country", .text(1...2)),
        .optional("regions", .array(of: .text(1...100), most: 100), default: []),
        .optional("postal_codes", TaxPostalPattern.inputs, default: [])
    ) { TaxPlace(country: $0, regions: $1, postalCodes: $2) }

    fileprivate static let output = OutputShape<TaxPlace>.object(
        "TaxPlace", .field("country", .text, \.country), .field("regions", .array(of: .text), \.regions),
        .field("postal_codes", .array(of: .text)) { $0.postalCodes.map(\.text) })
}

extension TaxPostalPattern {
    fileprivate static let inputs = InputShape<[TaxPostalPattern]>.array(
        of: InputShape<String>.text(
            1...40, pattern: "^[0-9A-Za-z -]{1,10}(?:\\*|\\.\\.[0-9A-Za-z -]{1,10})?$", expected: sentence,
            isAccepted: { TaxPostalPattern($0) != nil }
        ).map { text throws(Problem) in
            guard let pattern = TaxPostalPattern(text) else { throw .validation("", "format", sentence) }
            return pattern
        }, most: 1000)

    private static let sentence = "A postal code, 902* or 90001..90899 is expected."
}

extension TaxRate {
    fileprivate static let input = InputShape<TaxRate>.object(
        "NewTaxRate",
        .required("title", .text(1...60)),
        .required("rate_ppm", .integer(0...TaxRate.most)),
        .optional("tax_classes", .array(of: .text(1...50), least: 1, most: 60), default: [TaxClass.standard]),
        .optional("priority", .integer(1...9), default: 1),
        .optional("compound", .bool, default: false),
        .optional("taxes_delivery", .bool, default: true),
        .optional("postal_codes", TaxPostalPattern.inputs, default: [])
    ) {
        TaxRate(
            title: $0, partsPerMillion: $1, classes: $2, priority: $3, isCompound: $4, taxesDelivery: $5,
            postalCodes: $6)
    }

    fileprivate static let output = OutputShape<TaxRate>.object(
        "TaxRate", .field("title", .text, \.title), .field("rate_ppm", .integer, \.partsPerMillion),
        .field("rate", .text, \.percent), .field("tax_classes", .array(of: .text), \.classes),
        .field("priority", .integer, \.priority), .field("compound", .bool, \.isCompound),
        .field("taxes_delivery", .bool, \.taxesDelivery),
        .field("postal_codes", .array(of: .text)) { $0.postalCodes.map(\.text) })
}

extension StoredTaxSettings {
    static let output = OutputShape<StoredTaxSettings>.object(
        "TaxSettings",
        .field("version", .integer, \.version),
        .field("prices_include_tax", .bool, \.settings.pricesIncludeTax),
        .field("delivery", DeliveryTaxation.output, \.settings.delivery),
        .field("tax_number", .text, \.settings.number),
        .field("classes", .array(of: TaxClass.output), \.settings.classes),
        .field("zones", .array(of: TaxZone.output), \.settings.zones),
        .nullable("updated_at", .instant, \.updatedAt))
}
