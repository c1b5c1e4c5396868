public import Primitives

extension TaxSettings {
    /// The most zones, classes, and of each zone places and rates.
    public static let mostZones = 300
    public static let mostClasses = 50
    public static let mostPlaces = 300
    public static let mostRates = 60
    /// The most taxes on one amount, and the most levels on which taxes are taxed: what 128 bits hold.
    public static let mostRatesOfClass = 10
    public static let mostCompoundLevels = 2

    /// The settings, when they make sense as a whole.
    /// - Throws: `validation.failed` with the pointers of everything that is wrong, at most 100.
    public func validated() throws(Problem) -> TaxSettings {
        var faults = SettingsFaults()
        check(&faults)
        guard faults.errors.isEmpty else { throw .validation(Array(faults.errors.prefix(100))) }
        return self
    }

    private func check(_ faults: inout SettingsFaults) {
        faults.limit(classes.count, mostOf: Self.mostClasses, at: "/classes")
        faults.limit(zones.count, mostOf: Self.mostZones, at: "/zones")
        faults.text(number, 0...40, at: "/tax_number")
        var codes: Set<String> = []
        for (index, taxClass) in classes.enumerated() {
            let pointer = "/classes/\(index)"
            check(taxClass, at: pointer, &faults)
            if !codes.insert(taxClass.code).inserted {
                faults.add("\(pointer)/code", "duplicate", "Two classes have the code \(taxClass.code).")
            }
        }
        if case .taxClass(let code) = delivery, !isKnown(code) {
            faults.add("/delivery/tax_class", "unknown", "There is no tax class \(code.prefix(50)).")
        }
        var names: Set<String> = []
        var places: Set<TaxPlace> = []
        for (index, zone) in zones.enumerated() {
            let pointer = "/zones/\(index)"
            if !names.insert(zone.name).inserted {
                faults.add("\(pointer)/name", "duplicate", "Two zones have this name.")
            }
            for (number, place) in zone.places.enumerated() where !places.insert(place).inserted {
                faults.add("\(pointer)/places/\(number)", "duplicate", "This place is in a zone already.")
            }
            check(zone, at: pointer, &faults)
        }
    }

    private func check(_ taxClass: TaxClass, at pointer: String, _ faults: inout SettingsFaults) {
        faults.text(taxClass.title, 1...100, at: "\(pointer)/title")
        if !TaxClass.isCode(taxClass.code) { faults.add("\(pointer)/code", "format", TaxClass.codeIsExpected) }
        if [TaxClass.standard, TaxClass.zero].contains(taxClass.code), taxClass.fallback != taxClass.code {
            faults.add("\(pointer)/fallback", "fixed", "The class \(taxClass.code) falls back to no other.")
        } else if !isKnown(taxClass.fallback) {
            faults.add("\(pointer)/fallback", "unknown", "There is no tax class \(taxClass.fallback.prefix(50)).")
        } else if !endsAtBuiltIn(taxClass) {
            faults.add(
                "\(pointer)/fallback", "circular", "Going from fallback to fallback has to end at standard or zero.")
        }
    }

    private func isKnown(_ code: String) -> Bool { allClasses.contains { $0.code == code } }

    private func endsAtBuiltIn(_ start: TaxClass) -> Bool {
        var code = start.code
        for _ in 0...allClasses.count {
            if code == TaxClass.standard || code == TaxClass.zero { return true }
            code = taxClass(code).fallback
        }
        return false
    }

    private func check(_ zone: TaxZone, at pointer: String, _ faults: inout SettingsFaults) {
        faults.text(zone.name, 1...100, at: "\(pointer)/name")
        faults.limit(zone.places.count, mostOf: Self.mostPlaces, at: "\(pointer)/places")
        faults.limit(zone.rates.count, mostOf: Self.mostRates, at: "\(pointer)/rates")
        if zone.places.isEmpty { faults.add("\(pointer)/places", "required", "A zone needs at least one place.") }
        for (index, place) in zone.places.enumerated() {
            check(place, at: "\(pointer)/places/\(index)", &faults)
        }
        if zone.reverseCharge, !zone.places.contains(where: { TaxNumber.countries.contains($0.country) }) {
            faults.add(
                "\(pointer)/reverse_charge", "unsupported",
                "The tax numbers of these countries are not known: nobody could be told to owe the tax.")
        }
        for (index, rate) in zone.rates.enumerated() { check(rate, at: "\(pointer)/rates/\(index)", &faults) }
        checkStacks(of: zone, at: pointer, &faults)
    }

    private func check(_ place: TaxPlace, at pointer: String, _ faults: inout SettingsFaults) {
        faults.limit(place.regions.count, mostOf: 100, at: "\(pointer)/regions")
        faults.limit(place.postalCodes.count, mostOf: 1000, at: "\(pointer)/postal_codes")
        if place.country == TaxPlace.everywhere {
            if !place.regions.isEmpty || !place.postalCodes.isEmpty {
                faults.add(pointer, "country_required", "Regions and postal codes need a country.")
            }
        } else if place.country.utf8.count != 2 || !Country.isKnown(place.country) {
            faults.add("\(pointer)/country", "unknown", "An ISO 3166 country code or * is expected.")
        }
        for (index, region) in place.regions.enumerated() {
            faults.text(region, 1...100, at: "\(pointer)/regions/\(index)")
        }
    }

    private func check(_ rate: TaxRate, at pointer: String, _ faults: inout SettingsFaults) {
        faults.text(rate.title, 1...60, at: "\(pointer)/title")
        faults.limit(rate.postalCodes.count, mostOf: 1000, at: "\(pointer)/postal_codes")
        if !(0...TaxRate.most).contains(rate.partsPerMillion) {
            faults.add("\(pointer)/rate_ppm", "range", "A rate is between 0 and 1000000 millionths, which is 100 %.")
        }
        if !(1...9).contains(rate.priority) {
            faults.add("\(pointer)/priority", "range", "A priority is between 1 and 9.")
        }
        if rate.classes.isEmpty {
            faults.add("\(pointer)/tax_classes", "required", "A rate needs at least one tax class.")
        }
        for (index, code) in rate.classes.enumerated() {
            if code == TaxClass.zero {
                faults.add("\(pointer)/tax_classes/\(index)", "untaxed", "What is in the class zero is never taxed.")
            } else if !isKnown(code) {
                faults.add("\(pointer)/tax_classes/\(index)", "unknown", "There is no tax class \(code.prefix(50)).")
            }
        }
    }

    private func checkStacks(of zone: TaxZone, at pointer: String, _ faults: inout SettingsFaults) {
        for taxClass in allClasses {
            let rates = zone.rates.filter { $0.classes.contains(taxClass.code) }
            // Rates of different postal codes rarely meet, but could.
            if rates.filter(\.postalCodes.isEmpty).count > Self.mostRatesOfClass {
                faults.add(
                    "\(pointer)/rates", "too_many_rates",
                    "At most \(Self.mostRatesOfClass) rates of one class apply in one place.")
            }
            let levels = Set(rates.filter(\.isCompound).map(\.priority)).subtracting([rates.map(\.priority).min() ?? 0])
            if levels.count > Self.mostCompoundLevels {
                faults.add(
                    "\(pointer)/rates", "too_deep",
                    "Taxes on taxes can have at most \(Self.mostCompoundLevels) priorities in one class.")
            }
        }
    }
}

/// What is wrong with a document, with the places.
struct SettingsFaults {
    private(set) var errors: [Problem.FieldError] = []

    mutating func add(_ pointer: String, _ code: String, _ detail: String) {
        errors.append(.init(pointer: pointer, code: code, detail: detail))
    }

    mutating func limit(_ count: Int, mostOf most: Int, at pointer: String) {
        if count > most { add(pointer, "too_many", "At most \(most) are accepted.") }
    }

    mutating func text(_ text: String, _ length: ClosedRange<Int>, at pointer: String) {
        let isBlank = text.unicodeScalars.allSatisfy { $0 == " " }
        if length.lowerBound > 0, isBlank { return add(pointer, "required", "This must not be empty.") }
        if text.unicodeScalars.count > length.upperBound {
            add(pointer, "too_long", "At most \(length.upperBound) characters are accepted.")
        } else if text.unicodeScalars.contains(where: { $0.value < 32 || (127...159).contains($0.value) }) {
            add(pointer, "control_character", "Control characters are not accepted.")
        }
    }
}
