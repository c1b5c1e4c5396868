/// The columns of Shopify's order file, by their names there.
enum OrderColumn: String, SheetColumn {
    case name = "Name"
    case email = "Email"
    case financialStatus = "Financial Status"
    case paidAt = "Paid at"
    case fulfillmentStatus = "Fulfillment Status"
    case fulfilledAt = "Fulfilled at"
    case acceptsMarketing = "Accepts Marketing"
    case currency = "Currency"
    case subtotal = "Subtotal"
    case shipping = "Shipping"
    case taxes = "Taxes"
    case total = "Total"
    case discountCode = "Discount Code"
    case discountAmount = "Discount Amount"
    case shippingMethod = "Shipping Method"
    case createdAt = "Created at"
    case lineQuantity = "Lineitem quantity"
    case lineName = "Lineitem name"
    case linePrice = "Lineitem price"
    case lineCompareAtPrice = "Lineitem compare at price"
    case lineSKU = "Lineitem sku"
    case lineRequiresShipping = "Lineitem requires shipping"
    case lineTaxable = "Lineitem taxable"
    case lineFulfillmentStatus = "Lineitem fulfillment status"
    case billingName = "Billing Name"
    case billingStreet = "Billing Street"
    case billingLine1 = "Billing Address1"
    case billingLine2 = "Billing Address2"
    case billingCompany = "Billing Company"
    case billingCity = "Billing City"
    case billingZip = "Billing Zip"
    case billingProvince = "Billing Province"
    case billingCountry = "Billing Country"
    case billingPhone = "Billing Phone"
    case shippingName = "Shipping Name"
    case shippingStreet = "Shipping Street"
    case shippingLine1 = "Shipping Address1"
    case shippingLine2 = "Shipping Address2"
    case shippingCompany = "Shipping Company"
    case shippingCity = "Shipping City"
    case shippingZip = "Shipping Zip"
    case shippingProvince = "Shipping Province"
    case shippingCountry = "Shipping Country"
    case shippingPhone = "Shipping Phone"
    case notes = "Notes"
    case noteAttributes = "Note Attributes"
    case canceledAt = "Cancelled at"
    case paymentMethod = "Payment Method"
    case paymentReference = "Payment Reference"
    case refunded = "Refunded Amount"
    case vendor = "Vendor"
    case outstanding = "Outstanding Balance"
    case employee = "Employee"
    case location = "Location"
    case device = "Device ID"
    case id = "Id"
    case tags = "Tags"
    case riskLevel = "Risk Level"
    case source = "Source"
    case lineDiscount = "Lineitem discount"
    case tax1Name = "Tax 1 Name"
    case tax1Value = "Tax 1 Value"
    case tax2Name = "Tax 2 Name"
    case tax2Value = "Tax 2 Value"
    case tax3Name = "Tax 3 Name"
    case tax3Value = "Tax 3 Value"
    case tax4Name = "Tax 4 Name"
    case tax4Value = "Tax 4 Value"
    case tax5Name = "Tax 5 Name"
    case tax5Value = "Tax 5 Value"
    case phone = "Phone"
    case receiptNumber = "Receipt Number"
    case duties = "Duties"
    case billingProvinceName = "Billing Province Name"
    case shippingProvinceName = "Shipping Province Name"
    case paymentID = "Payment ID"
    case paymentTerms = "Payment Terms Name"
    case paymentDue = "Next Payment Due At"
    case paymentReferences = "Payment References"

    static let byName: [String: OrderColumn] = names(["canceled at": .canceledAt])
    static let required: [[OrderColumn]] = [
        [.name], [.financialStatus], [.currency], [.total], [.createdAt], [.lineQuantity], [.lineName], [.linePrice],
    ]
    static let fileTitle = "an order file"

    static let taxColumns: [(name: OrderColumn, value: OrderColumn)] = [
        (.tax1Name, .tax1Value), (.tax2Name, .tax2Value), (.tax3Name, .tax3Value), (.tax4Name, .tax4Value),
        (.tax5Name, .tax5Value),
    ]

    /// Those of a line; the others tell of the order, and stand in its first record only.
    static let ofLines: Set<OrderColumn> = [
        .lineQuantity, .lineName, .linePrice, .lineCompareAtPrice, .lineSKU, .lineRequiresShipping, .lineTaxable,
        .lineFulfillmentStatus, .lineDiscount, .vendor,
    ]

    /// Those that later records of an order repeat.
    static let repeated: Set<OrderColumn> = [.name, .email, .createdAt]

    /// What must not differ in a later record.
    static let telling: [OrderColumn] = [
        .financialStatus, .fulfillmentStatus, .currency, .subtotal, .shipping, .taxes, .total, .discountAmount,
        .canceledAt,
    ]

    /// What lines have no field for.
    static let keptOfLines: [OrderColumn] = [.lineCompareAtPrice, .lineRequiresShipping, .lineTaxable, .vendor]

    /// What orders have no field for.
    static let kept: [OrderColumn] = [
        .paidAt, .fulfilledAt, .acceptsMarketing, .discountCode, .billingName, .billingStreet, .billingLine1,
        .billingLine2, .billingCompany, .billingCity, .billingZip, .billingProvince, .billingCountry, .billingPhone,
        .shippingCompany, .shippingPhone, .noteAttributes, .paymentMethod, .paymentReference, .employee, .location,
        .device, .id, .riskLevel, .source, .receiptNumber, .duties, .billingProvinceName, .shippingProvinceName,
        .paymentID, .paymentTerms, .paymentDue, .paymentReferences,
    ]

    /// Where the order goes; kept where the parts make no address.
    static let address: [OrderColumn] = [
        .shippingName, .shippingStreet, .shippingLine1, .shippingLine2, .shippingCity, .shippingZip,
        .shippingProvince, .shippingCountry,
    ]
}
