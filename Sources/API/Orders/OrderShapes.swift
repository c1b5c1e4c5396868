import EventLog
import Fulfillment
import HTTPServer
import Orders
import Payments
import Primitives
import UseCases

extension Order {
    static let output = OutputShape<Order>.object(
        "Order",
        .field("id", .identifier(), \.id),
        .field("number", .text, \.name),
        .nullable("external_id", .text, \.externalID),
        .field("status", .oneOf(), \.status),
        .field("payment_status", .oneOf(), \.paymentStatus),
        .field("fulfillment_status", .oneOf(), \.fulfillmentStatus),
        .field("payment_method", .text, \.paymentMethod),
        .field("lines", .array(of: OrderLine.output), \.lines),
        .field("currency", .currency, \.totals.currency),
        .field("taxes_included", .bool, \.totals.taxesIncluded),
        .field("totals", Totals.output, \.totals),
        .field("tax_lines", .array(of: TaxLine.output), \.taxLines),
        .field("shipping_tax_lines", .array(of: TaxLine.output), \.taxes.shipping),
        .field("tax_treatment", .oneOf(), \.taxes.way),
        .nullable("tax_number", .text) { $0.taxes.number.isEmpty ? nil : $0.taxes.number },
        .field("delivery_method", .text, \.deliveryMethod),
        .field("delivery", OrderDelivery.output, \.delivery),
        .nullable("email", .email, \.contact.email),
        .nullable("phone", .phone, \.contact.phone),
        .nullable("shipping_address", Address.output, \.contact.shippingAddress),
        .field("note", .text, \.contact.note),
        .field("staff_note", .text, \.staffNote),
        .field("tags", .array(of: .text), \.tags),
        .field("placed_at", .instant, \.placedAt),
        .nullable("canceled_at", .instant, \.canceledAt),
        .nullable("cancel_reason", .text) { $0.canceledAt == nil ? nil : $0.cancelReason })
}

extension OrderLine {
    static let output = OutputShape<OrderLine>.object(
        "OrderLine",
        .field("id", .identifier(), \.id),
        .nullable("variant_id", .identifier(), \.variant),
        .field("sku", .text, \.sku),
        .field("title", .text, \.title),
        .field("quantity", .integer, \.quantity),
        .field("fulfilled_quantity", .integer, \.fulfilledQuantity),
        .field("unit_price", .money, \.unitPrice),
        .field("total", .money, \.total),
        .field("discount", .money, \.discount),
        .field("tax", .money, \.tax),
        .field("tax_lines", .array(of: TaxLine.output), \.taxLines))
}

/// The answer that makes an order.
struct PlacedOrderView: Sendable {
    let order: Order
    let token: String
    let payment: Payment

    static let shape = OutputShape<PlacedOrderView>.object(
        "PlacedOrder",
        .field("order", Order.output, \.order),
        .field("order_token", .text, \.token),
        .field("payment", Payment.output, \.payment))
}

/// The answer that makes another payment.
struct PaymentView: Sendable {
    let payment: Payment

    static let shape = OutputShape<PaymentView>.object("PaymentAttempt", .field("payment", Payment.output, \.payment))
}

extension Payment {
    static let output = OutputShape<Payment>.object(
        "Payment",
        .field("id", .identifier(), \.id),
        .field("method", .oneOf(), \.method),
        .field("status", .oneOf(), \.status),
        .field("amount", .money, \.amount),
        .nullable("redirect_url", .text, \.redirectURL),
        .nullable("failure_code", .text) { $0.failureCode.isEmpty ? nil : $0.failureCode })
}

/// How a checkout is completed.
struct Completion: Sendable {
    let method: PaymentMethod
    /// Where the provider sends the buyer back to; always there for a method with a page of its own.
    let returnURL: String?
    let expectedTotal: Money?

    static let shape = InputShape<Completion>.object(
        "Completion",
        .required("payment_method", .oneOf(BuyerPaymentMethod.self)),
        .optional("return_url", .webAddress),
        .optional("expected_total", .money())
    ) { method, returnURL, expectedTotal throws(Problem) in
        if method == .card, returnURL == nil {
            throw .validation("/return_url", "required", "A payment by card needs the address to return to.")
        }
        return Completion(method: method.method, returnURL: returnURL, expectedTotal: expectedTotal)
    }
}

/// The methods that a buyer names.
enum BuyerPaymentMethod: String, CaseIterable, Sendable {
    case cashOnDelivery = "cash_on_delivery"
    case card

    var method: PaymentMethod { self == .card ? .card : .cashOnDelivery }
}

/// The methods that staff name.
enum StaffPaymentMethod: String, CaseIterable, Sendable {
    case cashOnDelivery = "cash_on_delivery"
    case paidElsewhere = "paid_elsewhere"

    var method: PaymentMethod { self == .paidElsewhere ? .paidElsewhere : .cashOnDelivery }
}

/// An order that staff enter.
struct NewOrder: Sendable {
    let lines: [StaffOrderEntry.Line]
    let placedAt: Instant?
    let externalID: String?
    let contact: Contact
    let tags: [String]
    let method: PaymentMethod
    let currency: Currency?
    let customer: CustomerID?

    static let shape = InputShape<NewOrder>.object(
        "NewOrder",
        .required("lines", .array(of: line, least: 1, most: mostLines)),
        .optional("placed_at", .instant),
        .optional("external_id", .text(1...255)),
        .optional("email", .email),
        .optional("phone", .phone),
        .optional("shipping_address", Address.input),
        .optional("note", .multilineText(0...longestNote), default: ""),
        .optional("tags", tags, default: []),
        .optional("payment_method", .oneOf(StaffPaymentMethod.self), default: .cashOnDelivery),
        .optional("currency", .currency),
        .optional("customer_id", .identifier(IdentifierKinds.Customer.self)),
        make: make)

    private static func make(
        lines: [StaffOrderEntry.Line], placedAt: Instant?, externalID: String?, email: EmailAddress?,
        phone: PhoneNumber?, address: Address?, note: String, tags: [String], method: StaffPaymentMethod,
        currency: Currency?, customer: CustomerID?
    ) -> NewOrder {
        NewOrder(
            lines: lines, placedAt: placedAt, externalID: externalID,
            contact: Contact(email: email, phone: phone, shippingAddress: address, note: note), tags: tags,
            method: method.method, currency: currency, customer: customer)
    }

    static let tags = InputShape<[String]>.array(of: .text(1...100), most: 100)

    private static let line = InputShape<StaffOrderEntry.Line>.object(
        "NewOrderLine",
        .optional("variant_id", .identifier(IdentifierKinds.Variant.self)),
        .optional("sku", .text(1...100)),
        .optional("title", .text(1...500)),
        .required("quantity", .integer(lineQuantity)),
        .optional("unit_price", .price)
    ) {
        StaffOrderEntry.Line(variant: $0, sku: $1, title: $2, quantity: $3, unitPrice: $4)
    }
}

/// Why and how an order is canceled.
struct NewCancellation: Sendable {
    let reason: String
    let restocks: Bool

    static let shape = InputShape<NewCancellation>.object(
        "NewCancellation",
        .optional("reason", .multilineText(0...1000), default: ""), .optional("restock", .bool, default: true)
    ) { NewCancellation(reason: $0, restocks: $1) }
}

/// What is delivered; no lines for all that is left.
struct NewFulfillment: Sendable {
    let lines: [FulfilledLine]?
    let location: LocationID?
    let trackingNumber: String

    static let shape = InputShape<NewFulfillment>.object(
        "NewFulfillment",
        .optional("lines", .array(of: line, least: 1, most: mostLines)),
        .optional(
            "location_id",
            .identifier(IdentifierKinds.Location.self).described(
                "Where the units leave from; by the locations' priorities when absent.")),
        .optional("tracking_number", .text(0...200), default: "")
    ) { NewFulfillment(lines: $0, location: $1, trackingNumber: $2) }

    private static let line = InputShape<FulfilledLine>.object(
        "NewFulfillmentLine",
        .required("line_id", .identifier(IdentifierKinds.Line.self)), .required("quantity", .integer(lineQuantity))
    ) { FulfilledLine(line: $0, quantity: $1) }
}

/// A fulfilment with the order as it is after it.
struct FulfillmentView: Sendable {
    let fulfillment: Fulfillment
    let order: Order

    static let shape = OutputShape<FulfillmentView>.object(
        "Fulfillment",
        .field("id", .identifier(), \.fulfillment.id),
        .field("order_id", .identifier(), \.order.id),
        .field("tracking_number", .text, \.fulfillment.trackingNumber),
        .field("lines", .array(of: line), \.fulfillment.lines),
        .field("created_at", .instant, \.fulfillment.createdAt),
        .field("order", Order.output, \.order))

    private static let line = OutputShape<Fulfillment.Line>.object(
        "FulfillmentLine", .field("line_id", .identifier(), \.line), .field("quantity", .integer, \.quantity))
}

/// What staff change on an order.
struct OrderPatch: Sendable {
    let staffNote: String?
    let tags: [String]?

    static let shape = InputShape<OrderPatch>.object(
        "OrderPatch", .optional("staff_note", .multilineText(0...longestNote)), .optional("tags", NewOrder.tags)
    ) { OrderPatch(staffNote: $0, tags: $1) }
}

extension RecordedEvent {
    static let output = OutputShape<RecordedEvent>.object(
        "Event",
        .field("id", .identifier(), \.id),
        .field("type", .text, \.type.rawValue),
        .field("at", .instant, \.at),
        .field("actor", .text, \.actor),
        .field("version", .integer, \.version),
        .field("data", .anything, \.data))
}
