/// The columns of Shopify's customer file, by their names there.
enum CustomerColumn: String, SheetColumn {
    case id = "Customer ID"
    case firstName = "First Name"
    case lastName = "Last Name"
    case email = "Email"
    case acceptsEmail = "Accepts Email Marketing"
    case company = "Default Address Company"
    case line1 = "Default Address Address1"
    case line2 = "Default Address Address2"
    case city = "Default Address City"
    case region = "Default Address Province Code"
    case country = "Default Address Country Code"
    case postalCode = "Default Address Zip"
    case addressPhone = "Default Address Phone"
    case phone = "Phone"
    case acceptsSMS = "Accepts SMS Marketing"
    case totalSpent = "Total Spent"
    case totalOrders = "Total Orders"
    case note = "Note"
    case taxExempt = "Tax Exempt"
    case tags = "Tags"

    /// Older files have shorter names.
    static let byName: [String: CustomerColumn] = names([
        "accepts marketing": .acceptsEmail, "company": .company, "address1": .line1, "address2": .line2,
        "city": .city, "province code": .region, "country code": .country, "zip": .postalCode,
    ])

    static let required: [[CustomerColumn]] = [[.email, .phone]]
    static let fileTitle = "a customer file"

    static let address: [CustomerColumn] = [.line1, .line2, .city, .region, .country, .postalCode]
    /// What a customer has no field for is kept as metadata under the column's name.
    static let kept: [CustomerColumn] = [.company, .addressPhone]
}
