import HTTPServer
import Orders
import Pricing
import Primitives
import UseCases

extension WantedLine {
    static let input = InputShape<WantedLine>.object(
        "NewCheckoutLine",
        .required("variant_id", .identifier(IdentifierKinds.Variant.self)),
        .required("quantity", .integer(lineQuantity))
    ) { WantedLine(variant: $0, quantity: $1) }

    static let inputs = InputShape<[WantedLine]>.array(of: input, most: mostLines)
}

/// What a new checkout is made of.
struct NewCheckout: Sendable {
    let lines: [WantedLine]
    let contact: Contact
    let deliveryMethod: String?
    let deliveryWindow: WindowKey?
    let taxNumber: String?
    let currency: Currency?
    /// Whose prices count; back ends only.
    let customer: CustomerID?

    static let shape = InputShape<NewCheckout>.object(
        "NewCheckout",
        .optional("lines", WantedLine.inputs, default: []),
        .optional("email", .email),
        .optional("phone", .phone),
        .optional("shipping_address", Address.input),
        .optional("delivery_method", .text(1...100)),
        .optional("delivery_window", .windowKey),
        .optional("note", .multilineText(0...longestNote), default: ""),
        .optional("tax_number", .taxNumber, default: ""),
        .optional("currency", .currency),
        .optional("customer_id", .identifier(IdentifierKinds.Customer.self))
    ) {
        // A window names its method.
        NewCheckout(
            lines: $0, contact: Contact(email: $1, phone: $2, shippingAddress: $3, note: $6),
            deliveryMethod: $4 ?? $5?.method, deliveryWindow: $5, taxNumber: $7.isEmpty ? nil : $7, currency: $8,
            customer: $9)
    }

    /// The choices in it, by their pointers.
    var choices: Set<String> { .choices(method: deliveryMethod, window: deliveryWindow) }
}

/// What a PATCH of a checkout says; nil leaves a field as it is.
struct CheckoutPatch: Sendable {
    let lines: [WantedLine]?
    let email: EmailAddress?
    let phone: PhoneNumber?
    let shippingAddress: Address?
    let deliveryMethod: String?
    let deliveryWindow: WindowKey?
    let note: String?
    /// Empty takes it away.
    let taxNumber: String?
    let currency: Currency?

    static let shape = InputShape<CheckoutPatch>.object(
        "CheckoutPatch",
        .optional("lines", WantedLine.inputs),
        .optional("email", .email),
        .optional("phone", .phone),
        .optional("shipping_address", Address.input),
        .optional("delivery_method", .text(1...100)),
        .optional("delivery_window", .windowKey),
        .optional("note", .multilineText(0...longestNote)),
        .optional("tax_number", .taxNumber),
        .optional("currency", .currency),
        make: CheckoutPatch.init)

    func change(of checkout: CheckoutID, store: StoreID) -> ChangeCheckout {
        var change = ChangeCheckout(store: store, id: checkout)
        if let lines { change.lines = .set(lines) }
        if let email { change.email = .set(email) }
        if let phone { change.phone = .set(phone) }
        if let shippingAddress { change.shippingAddress = .set(shippingAddress) }
        if let method = deliveryMethod ?? deliveryWindow?.method { change.deliveryMethod = .set(method) }
        if let deliveryWindow { change.deliveryWindow = .set(deliveryWindow.id) }
        if let note { change.note = .set(note) }
        if let taxNumber { change.taxNumber = .set(taxNumber.isEmpty ? nil : taxNumber) }
        if let currency { change.currency = .set(currency) }
        return change
    }

    /// The choices in it, by their pointers.
    var choices: Set<String> { .choices(method: deliveryMethod, window: deliveryWindow) }
}

/// A checkout as it is answered.
struct CheckoutView: Sendable {
    let quote: CheckoutQuote
    let status: CheckoutStatus

    init(_ quote: CheckoutQuote, at now: Instant) {
        self.quote = quote
        status = quote.checkout.status(at: now)
    }

    static let shape = OutputShape<CheckoutView>.object(
        "Checkout",
        .field("id", .identifier(), \.quote.checkout.id),
        .field("status", .oneOf(), \.status),
        .field("currency", .currency, \.quote.totals.currency),
        .field("lines", .array(of: lineShape), \.quote.lines),
        .field("taxes_included", .bool, \.quote.totals.taxesIncluded),
        .field("totals", Totals.output, \.quote.totals),
        .field("tax_lines", .array(of: TaxLine.output), \.quote.taxLines),
        .field("shipping_tax_lines", .array(of: TaxLine.output), \.quote.taxes.shipping),
        .field("is_estimate", .bool, \.quote.isEstimate),
        .field("tax_treatment", .oneOf(), \.quote.taxes.way),
        .field("offers_reverse_charge", .bool, \.quote.offersReverseCharge),
        .nullable("tax_number", .text, \.quote.checkout.taxNumber),
        .nullable("tax_exemption", .text, \.quote.checkout.taxExemption),
        .nullable("delivery_method", .text, \.quote.delivery.offer?.id),
        .nullable("delivery_window", .text, \.quote.delivery.window?.id),
        .field("delivery_methods", .array(of: DeliveryOfferView.shape), \.methods),
        .field("unavailable_delivery_methods", .array(of: WithheldDelivery.output)) { view in
            view.quote.delivery.withheld.map { ($0, view.quote.totals.currency) }
        },
        .field("delivery_problems", .array(of: faultShape), \.quote.delivery.faults),
        .field("time_zone", .text, \.quote.delivery.timeZone),
        .nullable("email", .email, \.quote.checkout.contact.email),
        .nullable("phone", .phone, \.quote.checkout.contact.phone),
        .nullable("shipping_address", Address.output, \.quote.checkout.contact.shippingAddress),
        .field("note", .text, \.quote.checkout.contact.note),
        .field("expires_at", .instant, \.quote.checkout.expiresAt),
        .nullable("order_id", .identifier(), \.quote.checkout.order))

    private static let lineShape = OutputShape<PricedLine>.object(
        "CheckoutLine",
        .field("id", .identifier(), \.id),
        .nullable("variant_id", .identifier(), \.variant),
        .field("sku", .text, \.sku),
        .field("title", .text, \.title),
        .field("quantity", .integer, \.quantity),
        .field("unit_price", .money, \.unitPrice),
        .field("total", .money, \.total),
        .field("discount", .money, \.discount),
        .field("tax", .money, \.tax),
        .field("tax_lines", .array(of: TaxLine.output), \.taxLines))

    private var methods: [DeliveryOfferView] {
        quote.delivery.offers.map { offer in
            DeliveryOfferView(
                offer: offer, windows: quote.delivery.windows[offer.id] ?? [], currency: quote.totals.currency)
        }
    }

    private static let faultShape = OutputShape<Problem.FieldError>.object(
        "DeliveryProblem",
        .field("pointer", .text, \.pointer), .field("code", .text, \.code), .field("detail", .text, \.detail))
}

extension Set<String> {
    /// The pointers of what was chosen of a delivery.
    fileprivate static func choices(method: String?, window: WindowKey?) -> Set<String> {
        if window != nil { return ["/delivery_method", "/delivery_window"] }
        return method == nil ? [] : ["/delivery_method"]
    }
}
