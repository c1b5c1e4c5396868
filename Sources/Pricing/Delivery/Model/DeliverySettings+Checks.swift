public import Primitives

extension DeliverySettings {
    /// The settings, when they make sense as a whole.
    /// - Throws: `validation.failed` with JSON pointers into the document of the API.
    public func checked() throws(Problem) -> DeliverySettings {
        var findings = Findings()
        findings.check(
            StoreClock(timeZone) != nil, "/time_zone", "unknown", "Name a zone such as Europe/London, or UTC.")
        findings.check(!workingDays.isEmpty, "/working_days", "required", "Name at least one working day.")
        for (index, closing) in closings.enumerated() {
            let days = closing.to.dayNumber - closing.from.dayNumber
            findings.check(
                (0...366).contains(days), "/closing_days/\(index)/to", "range",
                "The last day is not before the first, and at most a year after it.")
        }
        checkZones(&findings)
        checkLocations(&findings)
        findings.check(!options.isEmpty, "/methods", "required", "A store delivers in at least one way.")
        findings.checkUnique(options.map(\.id), "/methods")
        for (index, option) in options.enumerated() { check(option, "/methods/\(index)", &findings) }
        guard findings.errors.isEmpty else { throw .validation(Array(findings.errors.prefix(100))) }
        return self
    }

    private func checkZones(_ findings: inout Findings) {
        findings.checkUnique(zones.map(\.id), "/zones")
        var hasEverywhere = false
        for (index, zone) in zones.enumerated() {
            let pointer = "/zones/\(index)"
            if zone.isEverywhereElse {
                findings.check(
                    !hasEverywhere, "\(pointer)/everywhere_else", "duplicate", "Only one zone is everywhere else.")
                findings.check(
                    zone.areas.isEmpty, "\(pointer)/areas", "unexpected", "Everywhere else needs no areas.")
                hasEverywhere = true
            } else {
                findings.check(!zone.areas.isEmpty, "\(pointer)/areas", "required", "A zone needs an area.")
            }
            for (number, area) in zone.areas.enumerated() {
                findings.checkCountry(area.country, "\(pointer)/areas/\(number)/country")
                findings.checkCodes(area.postalCodes, "\(pointer)/areas/\(number)/postal_codes")
            }
        }
    }

    private func checkLocations(_ findings: inout Findings) {
        findings.checkUnique(locations.map(\.id), "/locations")
        for (index, location) in locations.enumerated() {
            for (number, hours) in location.hours.enumerated() {
                findings.check(
                    hours.opens < hours.closes, "/locations/\(index)/opening_hours/\(number)/closes", "range",
                    "It closes after it opens.")
            }
        }
    }

    private func check(_ option: DeliveryOption, _ pointer: String, _ findings: inout Findings) {
        findings.checkID(option.id, "\(pointer)/id")
        findings.check(option.id != Self.nothing, "\(pointer)/id", "reserved", "This name is taken: choose another.")
        switch option.kind {
        case .shipping:
            findings.check(!option.zones.isEmpty, "\(pointer)/zones", "required", "Say which zones it serves.")
            for (number, id) in option.zones.enumerated() {
                findings.check(
                    zones.contains { $0.id == id }, "\(pointer)/zones/\(number)", "unknown", "There is no such zone.")
            }
        case .pickup:
            findings.check(
                locations.contains { $0.id == option.location }, "\(pointer)/location",
                option.location == nil ? "required" : "unknown", "Name one of the locations.")
        case .local: checkArea(option.area, "\(pointer)/area", &findings)
        }
        checkRate(option.rate, "\(pointer)/rate", &findings)
        for (days, name) in [(option.processing, "processing_days"), (option.transit, "transit_days")] {
            findings.check(
                days.least <= days.most, "\(pointer)/\(name)/most", "range", "The most is not less than the least.")
        }
        findings.check(!option.deliversOn.isEmpty, "\(pointer)/delivers_on", "required", "Name at least one day.")
        if let schedule = option.schedule { checkSchedule(schedule, "\(pointer)/windows", &findings) }
    }

    /// What a checkout that needs no delivery says instead of a method.
    public static let nothing = "none"

    private func checkArea(_ area: LocalArea?, _ pointer: String, _ findings: inout Findings) {
        guard let area else {
            return findings.check(false, pointer, "required", "Say what a local delivery serves.")
        }
        findings.checkCountry(area.country, "\(pointer)/country")
        findings.checkCodes(area.postalCodes, "\(pointer)/postal_codes")
        findings.check(
            (area.center == nil) == (area.radiusMeters == nil), "\(pointer)/radius_meters", "required",
            "A circle needs its centre and its radius.")
        findings.check(
            !area.postalCodes.isEmpty || area.center != nil, "\(pointer)/postal_codes", "required",
            "Name postal codes, or a centre and a radius.")
        for (number, point) in area.points.enumerated() {
            findings.check(
                PostalPattern(point.postalCode) != nil, "\(pointer)/points/\(number)/postal_code", "format",
                "A postal code is expected.")
        }
    }

    private func checkRate(_ rate: DeliveryRate, _ pointer: String, _ findings: inout Findings) {
        switch rate.basis {
        case .flat, .perItem:
            findings.check(rate.steps.isEmpty, "\(pointer)/steps", "unexpected", "Only tables have steps.")
        case .weight, .price, .quantity:
            findings.check(!rate.steps.isEmpty, "\(pointer)/steps", "required", "A table needs at least one step.")
        }
        for (number, step) in rate.steps.enumerated().dropFirst() {
            findings.check(
                step.from > rate.steps[number - 1].from, "\(pointer)/steps/\(number)/from", "order",
                "Each step begins above the one before.")
        }
    }

    private func checkSchedule(_ schedule: WindowSchedule, _ pointer: String, _ findings: inout Findings) {
        findings.check(!schedule.slots.isEmpty, "\(pointer)/times", "required", "Name at least one window.")
        var seen: Set<WindowSchedule.Slot> = []
        for (number, slot) in schedule.slots.enumerated() {
            findings.check(
                slot.starts < slot.ends, "\(pointer)/times/\(number)/ends", "range", "A window ends after it begins.")
            let beginning = WindowSchedule.Slot(
                weekday: slot.weekday, starts: slot.starts, ends: slot.starts, capacity: 0)
            findings.check(
                seen.insert(beginning).inserted, "\(pointer)/times/\(number)/starts", "duplicate",
                "Another window of this day begins at this time.")
        }
    }
}

/// What is wrong, gathered.
private struct Findings {
    var errors: [Problem.FieldError] = []

    mutating func check(_ isRight: Bool, _ pointer: String, _ code: String, _ detail: String) {
        if !isRight { errors.append(.init(pointer: pointer, code: code, detail: detail)) }
    }

    mutating func checkUnique(_ ids: [String], _ pointer: String) {
        for (index, id) in ids.enumerated() {
            checkID(id, "\(pointer)/\(index)/id")
            check(!ids[..<index].contains(id), "\(pointer)/\(index)/id", "duplicate", "This id is there already.")
        }
    }

    mutating func checkID(_ id: String, _ pointer: String) {
        let isHandle = id.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && $0.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
        }
        let error = Problem.FieldError(
            pointer: pointer, code: "format", detail: "1 to 60 lower-case letters and digits joined by hyphens.")
        if !isHandle || id.utf8.count > 60, !errors.contains(error) { errors.append(error) }
    }

    mutating func checkCountry(_ code: String, _ pointer: String) {
        check(Country.isKnown(code), pointer, "unknown", "An ISO 3166 country code such as GB is expected.")
    }

    mutating func checkCodes(_ codes: [String], _ pointer: String) {
        for (number, code) in codes.enumerated() {
            check(
                PostalPattern(code) != nil, "\(pointer)/\(number)", "format",
                "A code (EH6 6QW), a beginning (EH6*), a district (EH1 *) or a range (10115...10999) is expected.")
        }
    }
}
