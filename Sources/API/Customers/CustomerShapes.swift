import Customers
import HTTPServer
import Orders
import Primitives

/// A customer as it is answered.
struct CustomerView: Sendable {
    let customer: Customer
    let orderCount: Int

    static let shape = OutputShape<CustomerView>.object(
        "Customer",
        .field("id", .identifier(), \.customer.id),
        .nullable("email", .email, \.customer.details.email),
        .nullable("phone", .phone, \.customer.details.phone),
        .field("first_name", .text, \.customer.details.firstName),
        .field("last_name", .text, \.customer.details.lastName),
        .field("addresses", .array(of: Address.output.of(Address.init)), \.customer.details.addresses),
        .field("tags", .array(of: .text), \.customer.details.tags),
        .field("note", .text, \.customer.details.note),
        .field("accepts_marketing", .bool, \.customer.details.acceptsMarketing),
        .field("tax_exempt", .bool, \.customer.details.isTaxExempt),
        .field("vat_number", .text, \.customer.details.vatNumber),
        .field("metadata", .map(of: .text)) { $0.customer.details.metadata.inOrder },
        .field("group_ids", .array(of: .identifier())) { $0.customer.details.groups.sorted() },
        .field("orders_count", .integer, \.orderCount),
        .field("created_at", .instant, \.customer.createdAt),
        .field("updated_at", .instant, \.customer.updatedAt))
}

extension [String: String] {
    /// By their names, so that the same values are always written alike.
    fileprivate var inOrder: [(key: String, value: String)] { sorted { $0.key < $1.key } }
}

extension Address {
    fileprivate init(_ address: CustomerAddress) {
        self.init(
            name: address.name, line1: address.line1, line2: address.line2, city: address.city,
            region: address.region, postalCode: address.postalCode, country: address.country)
    }
}

/// The parts that a new customer and a changed one have in common.
private enum CustomerInput {
    static let name = InputShape<String>.text(0...100)
    static let addresses = InputShape<[CustomerAddress]>.array(
        of: Address.input.map { address throws(Problem) in
            CustomerAddress(
                name: address.name, line1: address.line1, line2: address.line2, city: address.city,
                region: address.region, postalCode: address.postalCode, country: address.country)
        }, most: 50)
    static let tags = InputShape<[String]>.array(of: .text(1...100), most: 100)
    static let note = InputShape<String>.multilineText(0...longestNote)
    static let vatNumber = InputShape<String>.text(0...30)
    static let metadata = InputShape<[String: String]>.map(keys: .text(1...50), of: .text(0...500), most: 50)
    static let groups = InputShape<[CustomerGroupID]>.array(
        of: .identifier(IdentifierKinds.CustomerGroup.self), most: Customers.mostGroups)
}

extension CustomerDetails {
    static let shape = InputShape<CustomerDetails>.object(
        "NewCustomer",
        .optional("email", .email),
        .optional("phone", .phone),
        .optional("first_name", CustomerInput.name, default: ""),
        .optional("last_name", CustomerInput.name, default: ""),
        .optional("addresses", CustomerInput.addresses, default: []),
        .optional("tags", CustomerInput.tags, default: []),
        .optional("note", CustomerInput.note, default: ""),
        .optional("accepts_marketing", .bool, default: false),
        .optional("tax_exempt", .bool, default: false),
        .optional("vat_number", CustomerInput.vatNumber, default: ""),
        .optional("metadata", CustomerInput.metadata, default: [:]),
        .optional("group_ids", CustomerInput.groups, default: []),
        make: details)

    private static func details(
        email: EmailAddress?, phone: PhoneNumber?, firstName: String, lastName: String,
        addresses: [CustomerAddress], tags: [String], note: String, acceptsMarketing: Bool, isTaxExempt: Bool,
        vatNumber: String, metadata: [String: String], groups: [CustomerGroupID]
    ) -> CustomerDetails {
        CustomerDetails(
            email: email, phone: phone, firstName: firstName, lastName: lastName, addresses: addresses, tags: tags,
            note: note, acceptsMarketing: acceptsMarketing, isTaxExempt: isTaxExempt, vatNumber: vatNumber,
            metadata: metadata, groups: Set(groups))
    }
}

/// What a PATCH of a customer says; nil leaves a field as it is, lists are replaced whole.
struct CustomerPatch: Sendable {
    let email: Patch<EmailAddress>
    let phone: Patch<PhoneNumber>
    let firstName: String?
    let lastName: String?
    let addresses: [CustomerAddress]?
    let tags: [String]?
    let note: String?
    let acceptsMarketing: Bool?
    let isTaxExempt: Bool?
    let vatNumber: String?
    let metadata: [String: String]?
    let groups: [CustomerGroupID]?

    static let shape = InputShape<CustomerPatch>.object(
        "CustomerPatch",
        .patch("email", .email, emptiedBy: ""),
        .patch("phone", .phone, emptiedBy: ""),
        .optional("first_name", CustomerInput.name),
        .optional("last_name", CustomerInput.name),
        .optional("addresses", CustomerInput.addresses),
        .optional("tags", CustomerInput.tags),
        .optional("note", CustomerInput.note),
        .optional("accepts_marketing", .bool),
        .optional("tax_exempt", .bool),
        .optional("vat_number", CustomerInput.vatNumber),
        .optional("metadata", CustomerInput.metadata),
        .optional("group_ids", CustomerInput.groups),
        make: CustomerPatch.init)

    func apply(to details: inout CustomerDetails) {
        details.email = email.applied(to: details.email)
        details.phone = phone.applied(to: details.phone)
        if let firstName { details.firstName = firstName }
        if let lastName { details.lastName = lastName }
        if let addresses { details.addresses = addresses }
        if let tags { details.tags = tags }
        if let note { details.note = note }
        if let acceptsMarketing { details.acceptsMarketing = acceptsMarketing }
        if let isTaxExempt { details.isTaxExempt = isTaxExempt }
        if let vatNumber { details.vatNumber = vatNumber }
        if let metadata { details.metadata = metadata }
        if let groups { details.groups = Set(groups) }
    }
}

/// A group as it is answered.
struct CustomerGroupView: Sendable {
    let group: CustomerGroup
    let memberCount: Int

    static let shape = OutputShape<CustomerGroupView>.object(
        "CustomerGroup",
        .field("id", .identifier(), \.group.id),
        .field("name", .text, \.group.name),
        .field("metadata", .map(of: .text)) { $0.group.metadata.inOrder },
        .field("customers_count", .integer, \.memberCount),
        .field("created_at", .instant, \.group.createdAt),
        .field("updated_at", .instant, \.group.updatedAt))
}

/// What a group is made of, or changed to; nil leaves a part as it is.
struct CustomerGroupInput: Sendable {
    let name: String?
    let metadata: [String: String]?

    static let newShape = InputShape<CustomerGroupInput>.object(
        "NewCustomerGroup", .required("name", .text(1...100)), .optional("metadata", CustomerInput.metadata)
    ) { CustomerGroupInput(name: $0, metadata: $1) }

    static let patchShape = InputShape<CustomerGroupInput>.object(
        "CustomerGroupPatch", .optional("name", .text(1...100)), .optional("metadata", CustomerInput.metadata)
    ) { CustomerGroupInput(name: $0, metadata: $1) }
}
