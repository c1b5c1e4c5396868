import HTTPServer
import Orders
import Payments
import Pricing
import Primitives
import UseCases

/// What was typed into the checkout, valid or not, so that it can be shown again.
struct CheckoutForm: Hashable, Sendable {
    var email = ""
    var phone = ""
    var name = ""
    var line1 = ""
    var line2 = ""
    var city = ""
    var region = ""
    var postalCode = ""
    var country: String
    var delivery = ""
    /// The chosen windows, by their methods: each has a list of its own.
    var windows: [String: String] = [:]
    var payment = ""
    var note = ""
    /// Of a business that owes the tax itself.
    var taxNumber = ""
    /// What the page said it costs, as `Basket.totalToAgree` writes it.
    var expectedTotal = ""

    /// A field and what is wrong with it.
    struct Fault: Hashable, Sendable {
        let field: String
        let sentence: String
    }

    /// What the checkout knows already.
    init(_ checkout: Checkout, country: String) {
        let contact = checkout.contact
        let address = contact.shippingAddress
        email = contact.email?.description ?? ""
        phone = contact.phone?.description ?? ""
        name = address?.name ?? ""
        line1 = address?.line1 ?? ""
        line2 = address?.line2 ?? ""
        city = address?.city ?? ""
        region = address?.region ?? ""
        postalCode = address?.postalCode ?? ""
        self.country = address?.country ?? country
        delivery = checkout.deliveryMethod ?? ""
        if let key = checkout.deliveryWindow.flatMap({ WindowKey($0) }) { windows[key.method] = key.id }
        note = contact.note
        taxNumber = checkout.taxNumber ?? ""
    }

    /// What a browser sent.
    init(_ form: Form, country: String) {
        func text(_ name: String) -> String {
            let text = form[name] ?? ""
            return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
        email = text("email")
        phone = text("phone")
        name = text("name")
        line1 = text("line1")
        line2 = text("line2")
        city = text("city")
        region = text("region")
        postalCode = text("postal_code")
        let chosen = text("country")
        self.country = Country.isKnown(chosen) ? chosen : country
        delivery = text("delivery")
        for field in form.fields where field.name.hasPrefix(Self.windowField("")) {
            windows[String(field.name.dropFirst(Self.windowField("").count))] = field.value
        }
        payment = text("payment")
        note = text("note").replacing("\r\n", with: "\n")
        expectedTotal = text("expected_total")
        taxNumber = text("tax_number")
    }

    /// The longest texts, in Unicode scalars: as the API has them.
    private static let longest = [
        "name": 200, "line1": 200, "line2": 200, "city": 200, "region": 100, "postal_code": 20, "note": 5000,
    ]

    /// What is wrong with it, in the order of the page.
    func faults(needsAddress: Bool, payment offered: [PaymentMethod]) -> [Fault] {
        var faults: [Fault] = []
        if email.isEmpty {
            faults.append(.init(field: "email", sentence: "Enter your e-mail address."))
        } else if EmailAddress(email) == nil {
            faults.append(
                .init(field: "email", sentence: "This is not an e-mail address. It looks like name@example.com."))
        }
        if !phone.isEmpty, phoneNumber == nil {
            faults.append(
                .init(field: "phone", sentence: "This is not a phone number. Begin with + and the country’s code."))
        }
        if needsAddress { faults += addressFaults }
        if !taxNumber.isEmpty, TaxNumber(taxNumber, country: country) == nil {
            let words = "This is not a tax number of \(CountryNames.name(country)): check it, or leave it out."
            faults.append(.init(field: "tax_number", sentence: words))
        }
        if let fault = tooLong("note", note, isMultiline: true) { faults.append(fault) }
        if !offered.contains(where: { $0.rawValue == payment }) {
            faults.append(.init(field: "payment", sentence: "Choose how you pay."))
        }
        return faults
    }

    /// What is wrong with how it is to be delivered, once the checkout knows the address and the choice.
    func faults(of quote: DeliveryQuote) -> [Fault] {
        quote.faults.map { fault in
            let isWindow = fault.pointer == "/delivery_window"
            let field = isWindow ? Self.windowField(quote.offer?.id ?? "") : "delivery"
            let isOpen = fault.code == "required" && !isWindow
            return Fault(field: field, sentence: isOpen ? "Choose how it is delivered." : fault.detail)
        }
    }

    /// As `faults(of:)`, without what only follows from a faulty address.
    func deliveryFaults(of quote: DeliveryQuote, besides others: [Fault]) -> [Fault] {
        let known = quote.offers.map(\.id) + quote.withheld.map(\.id)
        guard delivery.isEmpty || known.contains(delivery) else {
            return [Fault(field: "delivery", sentence: "Choose how it is delivered.")]
        }
        guard quote.isConfigured else { return [] }
        let isAddressFaulty = others.contains { Self.addressFields.contains($0.field) }
        return isAddressFaulty && quote.offer == nil ? [] : faults(of: quote)
    }

    /// The fields of the address.
    static let addressFields: Set = ["name", "line1", "line2", "city", "region", "postal_code"]

    /// The field of a method's windows.
    static func windowField(_ method: String) -> String { "window-\(method)" }

    private var addressFaults: [Fault] {
        let format = AddressFormat.of(country)
        var faults: [Fault] = []
        func check(_ field: String, _ text: String, missing: String?) {
            if text.isEmpty, let missing {
                faults.append(.init(field: field, sentence: missing))
            } else if let fault = tooLong(field, text) {
                faults.append(fault)
            }
        }
        func checkPostalCode() {
            guard let label = format.postalLabel?.decapitalized else { return }
            check("postal_code", postalCode, missing: format.needsPostalCode ? "Enter the \(label)." : nil)
            if !postalCode.isEmpty, !format.acceptsPostalCode(postalCode) {
                let words = "This does not look like a \(label) (\(CountryNames.name(country)))."
                faults.append(.init(field: "postal_code", sentence: "\(words) An example is \(format.postalExample)."))
            }
        }
        check("name", name, missing: "Enter the name of who receives it.")
        check("line1", line1, missing: "Enter the street and house number.")
        check("line2", line2, missing: nil)
        if format.isPostalCodeFirst { checkPostalCode() }
        check("city", city, missing: "Enter the \(format.cityLabel.decapitalized).")
        let missingRegion = format.needsRegion ? format.regionLabel.map { "Enter the \($0.decapitalized)." } : nil
        check("region", region, missing: missingRegion)
        if !format.isPostalCodeFirst { checkPostalCode() }
        return faults
    }

    private func tooLong(_ field: String, _ text: String, isMultiline: Bool = false) -> Fault? {
        let most = Self.longest[field] ?? 200
        if text.unicodeScalars.count > most {
            return Fault(field: field, sentence: "This is longer than \(most) characters.")
        }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: isMultiline
            case 0..<0x20, 0x7F...0x9F: false
            default: true
            }
        }
        return isPlain ? nil : Fault(field: field, sentence: "There is a character in it that cannot be printed.")
    }

    /// The number in E.164; one without a country's code is taken to be of the address's country.
    var phoneNumber: PhoneNumber? {
        if phone.isEmpty { return nil }
        if phone.hasPrefix("+") { return PhoneNumber(phone) }
        if phone.hasPrefix("00") { return PhoneNumber("+" + phone.dropFirst(2)) }
        guard let code = CallingCodes.of[country] else { return nil }
        // Italy dials the zero from abroad too.
        let national = phone.hasPrefix("0") && country != "IT" ? phone.dropFirst() : phone[...]
        return PhoneNumber("+\(code)\(national)")
    }

    /// What of it is acceptable, for the checkout to keep.
    /// - Parameter methods: the ids of the methods that there are, possible or not.
    func change(
        of checkout: CheckoutID, store: StoreID, needsAddress: Bool, methods: [String], faults: [Fault]
    ) -> ChangeCheckout {
        let faulty = Set(faults.map(\.field))
        var change = ChangeCheckout(store: store, id: checkout)
        if !faulty.contains("email") { change.email = .set(EmailAddress(email)) }
        if !faulty.contains("phone") { change.phone = .set(phoneNumber) }
        if !faulty.contains("note") { change.note = .set(note) }
        if needsAddress, faulty.isDisjoint(with: Self.addressFields) {
            let format = AddressFormat.of(country)
            change.shippingAddress = .set(
                Address(
                    name: name, line1: line1, line2: line2, city: city,
                    region: format.regionLabel == nil ? "" : region,
                    postalCode: format.postalLabel == nil ? "" : postalCode.uppercased(), country: country))
        }
        if methods.contains(delivery) {
            change.deliveryMethod = .set(delivery)
            let window = windows[delivery].flatMap { WindowKey($0) }
            change.deliveryWindow = .set(window?.method == delivery ? window?.id : nil)
        }
        if !faulty.contains("tax_number") {
            change.taxNumber = .set(TaxNumber(taxNumber, country: country)?.description)
        }
        return change
    }
}

extension String {
    /// As it stands within a sentence: `Postcode` is `postcode`, `ZIP code` stays.
    var decapitalized: String {
        guard dropFirst().first?.isLowercase == true else { return self }
        return prefix(1).lowercased() + dropFirst()
    }
}

/// Country calling codes (ITU-T E.164) of countries whose buyers write their numbers without.
enum CallingCodes {
    static let of: [String: String] = [
        "GB": "44", "IE": "353", "US": "1", "CA": "1", "DE": "49", "AT": "43", "CH": "41", "FR": "33", "BE": "32",
        "NL": "31", "LU": "352", "DK": "45", "SE": "46", "NO": "47", "FI": "358", "IS": "354", "PL": "48", "CZ": "420",
        "SK": "421", "HU": "36", "SI": "386", "HR": "385", "RO": "40", "BG": "359", "GR": "30", "PT": "351",
        "ES": "34", "IT": "39", "EE": "372", "LV": "371", "LT": "370", "MT": "356", "CY": "357", "AU": "61",
        "NZ": "64", "JP": "81", "KR": "82", "IN": "91", "SG": "65", "ZA": "27", "BR": "55", "MX": "52", "TR": "90",
        "UA": "380", "AE": "971", "IL": "972", "HK": "852",
    ]
}
