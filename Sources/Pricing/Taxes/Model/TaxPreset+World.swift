extension TaxPreset {
    /// The United States: a zone for each state, in which the merchant enters what it has to collect.
    static let states = TaxPreset(
        id: "us", title: "United States: a zone for each state, without rates",
        source: "ISO 3166-2:US; rates depend on where the merchant has nexus, and are left empty",
        asOf: "2026-01-01",
        settings: TaxSettings(
            pricesIncludeTax: false, delivery: .goods,
            zones: stateNames.split(separator: "\n").map { line in
                let (code, name) = (String(line.prefix(2)), String(line.dropFirst(3)))
                return TaxZone(
                    name: "US: \(name)", places: [TaxPlace(country: "US", regions: [code, name])],
                    pricesIncludeTax: false)
            }))

    private static let stateNames = """
        AL Alabama
        AK Alaska
        AZ Arizona
        AR Arkansas
        CA California
        CO Colorado
        CT Connecticut
        DE Delaware
        DC District of Columbia
        FL Florida
        GA Georgia
        HI Hawaii
        ID Idaho
        IL Illinois
        IN Indiana
        IA Iowa
        KS Kansas
        KY Kentucky
        LA Louisiana
        ME Maine
        MD Maryland
        MA Massachusetts
        MI Michigan
        MN Minnesota
        MS Mississippi
        MO Missouri
        MT Montana
        NE Nebraska
        NV Nevada
        NH New Hampshire
        NJ New Jersey
        NM New Mexico
        NY New York
        NC North Carolina
        ND North Dakota
        OH Ohio
        OK Oklahoma
        OR Oregon
        PA Pennsylvania
        RI Rhode Island
        SC South Carolina
        SD South Dakota
        TN Tennessee
        TX Texas
        UT Utah
        VT Vermont
        VA Virginia
        WA Washington
        WV West Virginia
        WI Wisconsin
        WY Wyoming
        """

    /// Canada: GST, HST, PST and QST of the provinces and territories.
    static let canada = TaxPreset(
        id: "ca", title: "Canada: GST, HST, PST and QST",
        source: "Canada Revenue Agency, Revenu Québec and the provinces' ministries of finance", asOf: "2026-01-01",
        settings: TaxSettings(pricesIncludeTax: false, delivery: .goods, zones: provinces))

    private static let provinces: [TaxZone] = [
        province("BC", "British Columbia", ("GST", 50_000), ("PST", 70_000)),
        province("MB", "Manitoba", ("GST", 50_000), ("RST", 70_000)),
        province("NB", "New Brunswick", ("HST", 150_000)),
        province("NL", "Newfoundland and Labrador", ("HST", 150_000)),
        province("NS", "Nova Scotia", ("HST", 140_000)),
        province("ON", "Ontario", ("HST", 130_000)),
        province("PE", "Prince Edward Island", ("HST", 150_000)),
        province("QC", "Quebec", ("GST", 50_000), ("QST", 99_750)),
        province("SK", "Saskatchewan", ("GST", 50_000), ("PST", 60_000)),
        // Alberta and the territories have nothing of their own.
        TaxZone(
            name: "Canada: elsewhere", places: [TaxPlace(country: "CA")], pricesIncludeTax: false,
            rates: [TaxRate(title: "GST", partsPerMillion: 50_000)]),
    ]

    private static func province(_ code: String, _ name: String, _ taxes: (String, Int)...) -> TaxZone {
        let regions = code == "QC" ? [code, name, "Québec"] : [code, name]
        return TaxZone(
            name: "Canada: \(name)", places: [TaxPlace(country: "CA", regions: regions)], pricesIncludeTax: false,
            rates: taxes.map { TaxRate(title: $0.0, partsPerMillion: $0.1) })
    }

    /// Countries with one tax each.
    public static let others = TaxPreset(
        id: "others", title: "Great Britain, Switzerland, Norway, Australia, New Zealand, Japan",
        source: "HMRC, Swiss Federal Tax Administration, Skatteetaten, ATO, Inland Revenue, National Tax Agency",
        asOf: "2026-01-01",
        settings: TaxSettings(
            pricesIncludeTax: true, delivery: .goods, classes: ownClasses,
            zones: [
                country("GB", "Great Britain", "VAT", "20", "5"), country("IM", "Isle of Man", "VAT", "20", "5"),
                country("CH", "Switzerland", "VAT", "8.1", "3.8", "2.6"),
                country("LI", "Liechtenstein", "VAT", "8.1", "3.8", "2.6"),
                country("NO", "Norway", "MVA", "25", "15", "12"), country("AU", "Australia", "GST", "10"),
                country("NZ", "New Zealand", "GST", "15"), country("JP", "Japan", "Consumption tax", "10", "8"),
            ]))

    private static func country(_ code: String, _ name: String, _ title: String, _ percents: Substring...) -> TaxZone {
        TaxZone(name: name, places: [TaxPlace(country: code)], rates: rates(title, percents))
    }
}
