import Customers
import Exchange
import Primitives
import Tabular

/// A customer as a record of a file tells of them. Nil is what the file says nothing of.
struct ParsedCustomer: Sendable {
    var line = 0
    var email: EmailAddress?
    var phone: PhoneNumber?
    var firstName: String?
    var lastName: String?
    /// Nil where the file has none that is complete.
    var address: CustomerAddress?
    var tags: [String]?
    var note: String?
    var acceptsMarketing: Bool?
    var isTaxExempt: Bool?
    /// The id that the customer has elsewhere.
    var id = ""
    /// An empty text takes away.
    var metadata: [String: String] = [:]

    /// What tells customers apart: the address whatever its case, or else the number.
    var key: String { email.map { $0.description.lowercased() } ?? phone?.description ?? "" }

    /// What the customer becomes: as they are now, with what the file says. The address, the number and where things
    /// are sent stay where the file has none.
    func apply(to details: inout CustomerDetails, of own: CustomerID?) {
        if let email, details.email == nil { details.email = email }
        if let phone { details.phone = phone }
        if let firstName { details.firstName = firstName }
        if let lastName { details.lastName = lastName }
        if let tags { details.tags = tags }
        if let note { details.note = note }
        if let acceptsMarketing { details.acceptsMarketing = acceptsMarketing }
        if let isTaxExempt { details.isTaxExempt = isTaxExempt }
        if var address {
            address.name = details.addresses.first?.name ?? (details.name.isEmpty ? details.title : details.name)
            if details.addresses.isEmpty {
                details.addresses = [address]
            } else {
                details.addresses[0] = address
            }
        }
        for (name, text) in metadata { details.metadata[name] = text.isEmpty ? nil : text }
        if !id.isEmpty, id != own?.description { details.metadata[CustomerColumn.id.rawValue] = id }
    }
}

extension CustomerDetails {
    fileprivate var title: String { email?.description ?? phone?.description ?? "" }
}

extension ParsedCustomer {
    /// Reads a record; what is wrong with it is noted in `cells`.
    init(_ cells: inout CellReading<CustomerColumn>) {
        line = cells.record.line
        readIdentity(&cells)
        firstName = cells.line(.firstName, most: 100)
        lastName = cells.line(.lastName, most: 100)
        note = cells.text(.note, most: 5000)
        acceptsMarketing = cells.bool(.acceptsEmail)
        isTaxExempt = cells.bool(.taxExempt)
        if let found = cells.tags(.tags) { tags = found }
        readAddress(&cells)
        readMetadata(&cells)
    }

    private mutating func readIdentity(_ cells: inout CellReading<CustomerColumn>) {
        let text = cells.plain(.email)
        email = EmailAddress(text)
        if !text.isEmpty, email == nil { cells.refuse(.email, "email", "This is no e-mail address.") }
        let number = cells.plain(.phone).withoutApostrophe
        phone = PhoneNumber(number)
        if cells.sheet.has(.phone) {
            let isKept = !number.isEmpty && phone == nil
            metadata[CustomerColumn.phone.rawValue] = isKept ? number : ""
            if isKept, email != nil {
                cells.adjust(
                    .phone, "phone",
                    "A telephone number begins with + and the country's code; this one is kept as it is, aside.")
            }
        }
        guard text.isEmpty, phone == nil else { return }
        cells.refuse(
            cells.sheet.has(.email) ? .email : .phone, number.isEmpty ? "required" : "phone",
            "A customer needs an e-mail address, or a telephone number that begins with + and the country's code:"
                + " nothing else tells customers apart.")
    }

    /// An address is complete with a street, a town and a country; parts of one are kept aside.
    private mutating func readAddress(_ cells: inout CellReading<CustomerColumn>) {
        guard CustomerColumn.address.contains(where: { cells.sheet.has($0) }) else { return }
        var parts: [CustomerColumn: String] = [:]
        for column in CustomerColumn.address {
            guard let text = cells.line(column, most: column == .postalCode ? 20 : 200) else { continue }
            parts[column] = column == .postalCode ? text.withoutApostrophe : text
        }
        let country = (parts[.country] ?? "").uppercased()
        if !country.isEmpty, !Country.isKnown(country) {
            return cells.refuse(.country, "country", "A country has two letters, such as GB (ISO 3166-1).")
        }
        parts[.country] = country
        let isComplete = [.line1, .city, .country].allSatisfy { !(parts[$0] ?? "").isEmpty }
        if isComplete {
            address = CustomerAddress(
                name: "", line1: parts[.line1] ?? "", line2: parts[.line2] ?? "", city: parts[.city] ?? "",
                region: parts[.region] ?? "", postalCode: parts[.postalCode] ?? "", country: country)
        }
        for column in CustomerColumn.address where cells.sheet.has(column) {
            metadata[column.rawValue] = isComplete ? "" : parts[column] ?? ""
        }
    }

    private mutating func readMetadata(_ cells: inout CellReading<CustomerColumn>) {
        id = (cells.line(.id, most: 100) ?? "").withoutApostrophe
        for column in CustomerColumn.kept where cells.sheet.has(column) {
            metadata[column.rawValue] = (cells.line(column, most: 500) ?? "").withoutApostrophe
        }
        if cells.sheet.has(.acceptsSMS) {
            metadata[CustomerColumn.acceptsSMS.rawValue] = cells.bool(.acceptsSMS) == true ? "yes" : ""
        }
        for other in cells.sheet.others {
            let text = CSVText.unprotected(cells.record.cells[other.index])
            guard text.isText, text.utf8.count <= 5000, other.name.utf8.count <= 255 else {
                cells.problems.append(
                    ImportProblem(
                        line: cells.record.line, column: other.name, code: "too_long",
                        detail: "A text of at most 5,000 bytes without control characters is accepted."))
                continue
            }
            metadata[other.name] = text
        }
        if metadata.count(where: { !$0.value.isEmpty }) > 100 {
            cells.refuse(.email, "too_many_columns", "At most 100 columns of the merchant's own are accepted.")
        }
    }
}

extension String {
    /// Spreadsheets are told by an apostrophe in front that digits are a text.
    var withoutApostrophe: String { utf8.first == UInt8(ascii: "'") ? String(dropFirst()) : self }
}
