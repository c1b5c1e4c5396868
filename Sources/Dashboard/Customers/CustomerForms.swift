import Customers
import HTTPServer
import Primitives

/// A customer as staff type them.
struct CustomerEntry: Sendable {
    private let isWhole: Bool
    private let email: EmailAddress?
    private let phone: PhoneNumber?
    private let firstName: String
    private let lastName: String
    private let note: String
    private let tags: [String]
    private let vatNumber: String
    private let acceptsMarketing: Bool
    private let isTaxExempt: Bool
    private let groups: Set<CustomerGroupID>
    private let address: CustomerAddress?
    private(set) var faults = Faults()

    /// - Parameter isWhole: whether the form has every field, or only those that begin a customer.
    init(_ form: Form, isWhole: Bool) {
        var faults = Faults()
        func line(_ name: String, _ most: Int) -> String {
            let text = (form[name] ?? "").trimmed
            if text.unicodeScalars.count > most || text.unicodeScalars.contains(where: { $0.value < 32 }) {
                faults.add(name, "At most \(most) characters on one line.")
            }
            return text
        }
        self.isWhole = isWhole
        firstName = line("first_name", 100)
        lastName = line("last_name", 100)
        vatNumber = line("vat_number", 30)
        let typedEmail = line("email", 320)
        email = EmailAddress(typedEmail)
        if email == nil, !typedEmail.isEmpty { faults.add("email", "This is no e-mail address.") }
        let typedPhone = line("phone", 40)
        phone = PhoneNumber(typedPhone)
        if phone == nil, !typedPhone.isEmpty {
            faults.add("phone", "Give a number with its country's prefix, such as +44 20 7946 0000.")
        }
        let annotation = AnnotationEntry(form)
        note = annotation.note
        tags = annotation.tags
        for fault in annotation.faults.entries { faults.add(fault.field, fault.sentence) }
        acceptsMarketing = form["accepts_marketing"] == "yes"
        isTaxExempt = form["tax_exempt"] == "yes"
        groups = Set(form.values("group").compactMap { CustomerGroupID($0) })
        let parts = Self.addressFields.map { line("address_\($0.name)", $0.most) }
        if parts.allSatisfy(\.isEmpty) {
            address = nil
        } else {
            let country = parts[6].uppercased()
            for (index, field) in Self.addressFields.enumerated() where field.isRequired && parts[index].isEmpty {
                faults.add("address_\(field.name)", "\(field.label) is needed for an address.")
            }
            if !country.isEmpty, !Country.isKnown(country) {
                faults.add("address_country", "Give the country's two letters, such as GB.")
            }
            address = CustomerAddress(
                name: parts[0], line1: parts[1], line2: parts[2], city: parts[3], region: parts[4],
                postalCode: parts[5], country: country)
        }
        self.faults = faults
    }

    struct AddressField {
        let name: String
        let label: String
        let most: Int
        let isRequired: Bool
        let value: @Sendable (CustomerAddress) -> String
    }

    /// In the order of an address.
    static let addressFields: [AddressField] = [
        .init(name: "name", label: "Name", most: 200, isRequired: true) { $0.name },
        .init(name: "line1", label: "First line", most: 200, isRequired: true) { $0.line1 },
        .init(name: "line2", label: "Second line", most: 200, isRequired: false) { $0.line2 },
        .init(name: "city", label: "Town", most: 200, isRequired: true) { $0.city },
        .init(name: "region", label: "Region", most: 100, isRequired: false) { $0.region },
        .init(name: "postal_code", label: "Postcode", most: 20, isRequired: false) { $0.postalCode },
        .init(name: "country", label: "Country", most: 2, isRequired: true) { $0.country },
    ]

    func apply(to details: inout CustomerDetails) {
        details.email = email
        details.phone = phone
        details.firstName = firstName
        details.lastName = lastName
        guard isWhole else { return }
        details.note = note
        details.tags = tags
        details.vatNumber = vatNumber
        details.acceptsMarketing = acceptsMarketing
        details.isTaxExempt = isTaxExempt
        details.groups = groups
        // The form shows the first address; the others stay as they are.
        if !details.addresses.isEmpty { details.addresses.removeFirst() }
        if let address { details.addresses.insert(address, at: 0) }
    }

    /// The name of the field that a problem of the domain is about.
    static func field(_ pointer: String) -> String {
        switch pointer {
        case "/group_ids": "groups"
        default: String(pointer.dropFirst())
        }
    }
}
