/// Settings to begin with, with where they come from and the day as of which they were true.
///
/// A merchant starts from one and answers for the outcome: which goods a reduced rate is meant for, and since when, is
/// the law of each country and not in here.
public struct TaxPreset: Hashable, Sendable {
    /// What names it in addresses and forms.
    public let id: String
    public let title: String
    /// Where the rates were published.
    public let source: String
    /// The day as of which they were true, `2026-01-01`.
    public let asOf: String
    public let settings: TaxSettings

    /// Every preset, in the order in which they are offered.
    public static let all: [TaxPreset] = [union, states, canada, others]

    /// The preset of an id.
    public static func preset(_ id: String) -> TaxPreset? { all.first { $0.id == id } }

    /// The second reduced rate of countries that have two, the lower one.
    public static let secondReduced = "reduced_2"
    /// Rates below 5 %.
    public static let superReduced = "super_reduced"

    static let ownClasses = [
        TaxClass(code: secondReduced, title: "Second reduced", fallback: TaxClass.reduced),
        TaxClass(code: superReduced, title: "Super-reduced", fallback: secondReduced),
    ]
    private static let codes = [TaxClass.standard, TaxClass.reduced, secondReduced, superReduced]

    /// Rates in the order of the classes, as percentages; `-` where there is none.
    static func rates(_ title: String, _ percents: some Sequence<Substring>) -> [TaxRate] {
        zip(codes, percents).compactMap { code, percent in
            TaxRate.partsPerMillion(percent: String(percent)).map {
                TaxRate(title: title, partsPerMillion: $0, classes: [code])
            }
        }
    }

    static func patterns(_ texts: String...) -> [TaxPostalPattern] { texts.compactMap { TaxPostalPattern($0) } }
}

extension TaxSettings {
    /// The settings with those of a preset: its zones take the place of those of the same names, its classes are added,
    /// and its prices include tax where the store had no zones yet.
    public func applying(_ preset: TaxPreset) -> TaxSettings {
        var settings = self
        if zones.isEmpty { settings.pricesIncludeTax = preset.settings.pricesIncludeTax }
        for taxClass in preset.settings.classes where !allClasses.contains(where: { $0.code == taxClass.code }) {
            settings.classes.append(taxClass)
        }
        // A place is in one zone: the preset's word is the later one.
        let places = Set(preset.settings.zones.flatMap(\.places))
        let names = Set(preset.settings.zones.map(\.name))
        settings.zones = zones.compactMap { zone in
            var zone = zone
            zone.places.removeAll { places.contains($0) }
            return names.contains(zone.name) || zone.places.isEmpty ? nil : zone
        }
        settings.zones += preset.settings.zones
        return settings
    }
}
