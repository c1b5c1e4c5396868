extension TaxPreset {
    /// The European Union: standard, reduced, second reduced and super-reduced rates of its members.
    static let union = TaxPreset(
        id: "eu", title: "European Union: VAT of the 27 members",
        source: "European Commission, Taxes in Europe Database, and the members' own announcements",
        asOf: "2026-01-01",
        settings: TaxSettings(
            pricesIncludeTax: true, delivery: .goods, classes: ownClasses, zones: members + territories))

    /// By country: standard, reduced, second reduced, super-reduced.
    private static let memberRates = """
        AT Austria 20 13 10 -
        BE Belgium 21 12 6 -
        BG Bulgaria 20 9 - -
        HR Croatia 25 13 5 -
        CY Cyprus 19 9 5 3
        CZ Czechia 21 12 - -
        DK Denmark 25 - - -
        EE Estonia 24 13 9 -
        FI Finland 25.5 13.5 10 -
        FR France 20 10 5.5 2.1
        DE Germany 19 7 - -
        GR Greece 24 13 6 -
        HU Hungary 27 18 5 -
        IE Ireland 23 13.5 9 4.8
        IT Italy 22 10 5 4
        LV Latvia 21 12 5 -
        LT Lithuania 21 12 5 -
        LU Luxembourg 17 14 8 3
        MT Malta 18 12 7 5
        NL Netherlands 21 9 - -
        PL Poland 23 8 5 -
        PT Portugal 23 13 6 -
        RO Romania 21 11 - -
        SK Slovakia 23 19 5 -
        SI Slovenia 22 9.5 5 -
        ES Spain 21 10 - 4
        SE Sweden 25 12 6 -
        """

    private static let members: [TaxZone] = memberRates.split(separator: "\n").map { line in
        let words = line.split(separator: " ")
        let country = String(words[0])
        return TaxZone(
            name: String(words[1]),
            // Monaco is taxed as France is.
            places: (country == "FR" ? ["FR", "MC"] : [country]).map { TaxPlace(country: $0) }, reverseCharge: true,
            rates: rates("VAT", words.dropFirst(2)))
    }

    /// Parts of the members that are taxed otherwise, or lie outside the area of the Union's VAT.
    private static let territories: [TaxZone] = [
        TaxZone(
            name: "Austria: Jungholz and Mittelberg",
            places: [TaxPlace(country: "AT", postalCodes: patterns("6691", "6991..6993"))], reverseCharge: true,
            rates: rates("VAT", ["19", "13", "10"])),
        TaxZone(
            name: "Portugal: Azores", places: [TaxPlace(country: "PT", postalCodes: patterns("9500..9999"))],
            reverseCharge: true, rates: rates("VAT", ["16", "9", "4"])),
        TaxZone(
            name: "Portugal: Madeira", places: [TaxPlace(country: "PT", postalCodes: patterns("9000..9499"))],
            reverseCharge: true, rates: rates("VAT", ["22", "12", "4"])),
        TaxZone(
            name: "Outside the area of the Union's VAT",
            places: [
                TaxPlace(country: "DE", postalCodes: patterns("27498", "78266")),
                TaxPlace(country: "ES", postalCodes: patterns("35*", "38*", "51*", "52*")),
                TaxPlace(country: "FI", postalCodes: patterns("22*")),
                TaxPlace(country: "FR", postalCodes: patterns("97*", "986*", "987*", "988*")),
                TaxPlace(country: "GR", postalCodes: patterns("63086", "63087")),
                TaxPlace(country: "IT", postalCodes: patterns("23041", "22061")),
            ]),
    ]
}
