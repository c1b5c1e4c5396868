public import Primitives

/// A buyer that the store knows. An order keeps its own copy of whom it was for: what changes here changes no order.
public struct Customer: Hashable, Sendable {
    public let id: CustomerID
    public var details: CustomerDetails
    /// Grows by one with every change.
    public var version: Int
    public let createdAt: Instant
    public var updatedAt: Instant

    /// What to call them: their name, or their address when they have given none.
    public var title: String {
        if !details.name.isEmpty { return details.name }
        return details.email?.description ?? details.phone?.description ?? "Unnamed"
    }
}

/// What staff may change of a customer.
public struct CustomerDetails: Hashable, Sendable {
    /// One customer of a store has an address, whatever its case.
    public var email: EmailAddress?
    public var phone: PhoneNumber?
    public var firstName: String
    public var lastName: String
    /// The first is the one to use.
    public var addresses: [CustomerAddress]
    public var tags: [String]
    public var note: String
    public var acceptsMarketing: Bool
    public var isTaxExempt: Bool
    /// As the customer writes it; empty when there is none.
    public var vatNumber: String
    /// The merchant's own values by their own names.
    public var metadata: [String: String]
    public var groups: Set<CustomerGroupID>

    public init(
        email: EmailAddress? = nil, phone: PhoneNumber? = nil, firstName: String = "", lastName: String = "",
        addresses: [CustomerAddress] = [], tags: [String] = [], note: String = "", acceptsMarketing: Bool = false,
        isTaxExempt: Bool = false, vatNumber: String = "", metadata: [String: String] = [:],
        groups: Set<CustomerGroupID> = []
    ) {
        self.email = email
        self.phone = phone
        self.firstName = firstName
        self.lastName = lastName
        self.addresses = addresses
        self.tags = tags
        self.note = note
        self.acceptsMarketing = acceptsMarketing
        self.isTaxExempt = isTaxExempt
        self.vatNumber = vatNumber
        self.metadata = metadata
        self.groups = groups
    }

    /// Both names, with a space between.
    public var name: String { [firstName, lastName].filter { !$0.isEmpty }.joined(separator: " ") }

    /// - Throws: `validation.failed` when nothing tells who it is.
    func requireIdentity() throws(Problem) {
        guard email == nil, phone == nil, name.isEmpty else { return }
        throw .validation(
            "/email", "required", "A customer needs an e-mail address, a telephone number or a name.")
    }
}

/// Where a customer wants things sent, in the parts that forms of all countries share.
public struct CustomerAddress: Hashable, Sendable {
    public var name: String
    public var line1: String
    public var line2: String
    public var city: String
    /// State, province, county or prefecture.
    public var region: String
    public var postalCode: String
    /// ISO 3166-1 alpha-2.
    public var country: String

    public init(
        name: String, line1: String, line2: String = "", city: String, region: String = "", postalCode: String = "",
        country: String
    ) {
        self.name = name
        self.line1 = line1
        self.line2 = line2
        self.city = city
        self.region = region
        self.postalCode = postalCode
        self.country = country
    }
}

/// Customers who are treated alike, such as trade buyers.
public struct CustomerGroup: Hashable, Sendable {
    public let id: CustomerGroupID
    /// Unique in the store.
    public var name: String
    /// The merchant's own values by their own names.
    public var metadata: [String: String]
    /// Grows by one with every change.
    public var version: Int
    public let createdAt: Instant
    public var updatedAt: Instant
}

/// Whom an order was for, in the order's own words.
public struct OrderedBy: Hashable, Sendable {
    public let order: OrderID
    public let placedAt: Instant
    /// Whom a back end ordered for; nil where nobody was named.
    public let customer: CustomerID?
    public let email: EmailAddress?
    public let phone: PhoneNumber?
    public let address: CustomerAddress?

    public init(
        order: OrderID, placedAt: Instant, customer: CustomerID? = nil, email: EmailAddress?, phone: PhoneNumber?,
        address: CustomerAddress?
    ) {
        self.order = order
        self.placedAt = placedAt
        self.customer = customer
        self.email = email
        self.phone = phone
        self.address = address
    }

    /// A new customer who is known by this order alone. The last word of a name is taken for the family's.
    var details: CustomerDetails {
        let words = (address?.name ?? "").split(separator: " ")
        return CustomerDetails(
            email: email, phone: phone, firstName: words.dropLast().joined(separator: " "),
            lastName: words.last.map(String.init) ?? "", addresses: address.map { [$0] } ?? [])
    }
}
