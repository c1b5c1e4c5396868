import HTTPServer
import Inventory
import Orders
import Persistence
import Primitives

/// The stock of a variant as it is answered; nulls while it is not tracked.
struct StockView: Sendable {
    let variant: VariantID
    let level: StockLevel?

    static let shape = OutputShape<StockView>.object(
        "Stock",
        .field("variant_id", .identifier(), \.variant),
        .nullable("on_hand", .integer, \.level?.onHand),
        .nullable("reserved", .integer, \.level?.reserved),
        .nullable("available", .integer, \.level?.available),
        .nullable("backordered", .integer, \.level?.owed),
        .nullable("safety_stock", .integer, \.level?.policy.safety),
        .nullable("backorders", .bool, \.level?.policy.takesBackorders),
        .nullable("backorder_limit", .integer, \.level?.policy.limit),
        .nullable("low_stock_threshold", .integer, \.level?.policy.lowAt),
        .nullable("expected_at", .instant, \.level?.expectedAt))
}

extension StockPolicy {
    var takesBackorders: Bool { backorderLimit > 0 }
    /// Nil without back-orders, and where there is no limit.
    var limit: Int? { backorderLimit == 0 || backorderLimit == Self.noLimit ? nil : backorderLimit }
}

/// How many units there are.
struct NewStockLevel: Sendable {
    let onHand: Int
    let location: LocationID?

    static let shape = InputShape<NewStockLevel>.object(
        "StockLevel", .required("on_hand", .integer(0...1_000_000_000)),
        .optional("location_id", .identifier(IdentifierKinds.Location.self))
    ) { NewStockLevel(onHand: $0, location: $1) }
}

/// What a PATCH of a variant's stock says: how it is sold.
struct StockPolicyPatch: Sendable {
    let safety: Int?
    let takesBackorders: Bool?
    let limit: Int?
    let lowAt: Int?

    static let shape = InputShape<StockPolicyPatch>.object(
        "StockPolicyPatch",
        .optional("safety_stock", .integer(0...1_000_000_000)),
        .optional(
            "backorders",
            .bool.described("Whether units are sold that are not there; without a limit unless one is given.")),
        .optional("backorder_limit", .integer(1...1_000_000_000)),
        .optional("low_stock_threshold", .integer(0...1_000_000_000))
    ) { safety, takesBackorders, limit, lowAt throws(Problem) in
        if limit != nil, takesBackorders == false {
            throw .validation("/backorder_limit", "contradiction", "There is no limit without back-orders.")
        }
        return StockPolicyPatch(safety: safety, takesBackorders: takesBackorders, limit: limit, lowAt: lowAt)
    }

    func apply(to policy: inout StockPolicy) {
        if let safety { policy.safety = safety }
        if let lowAt { policy.lowAt = lowAt }
        if let limit {
            policy.backorderLimit = limit
        } else if let takesBackorders {
            policy.backorderLimit = takesBackorders ? StockPolicy.noLimit : 0
        }
    }
}

/// Units that staff take in or write off.
struct NewAdjustment: Sendable {
    let delta: Int
    let reason: AdjustmentReason
    let location: LocationID?
    let order: OrderID?
    let note: String

    static let shape = InputShape<NewAdjustment>.object(
        "NewAdjustment",
        .required("delta", .integer(-1_000_000_000...1_000_000_000)),
        .required("reason", .oneOf(AdjustmentReason.self)),
        .optional("location_id", .identifier(IdentifierKinds.Location.self)),
        .optional("order_id", .identifier(IdentifierKinds.Order.self)),
        .optional("note", .multilineText(0...1000), default: "")
    ) { NewAdjustment(delta: $0, reason: $1, location: $2, order: $3, note: $4) }
}

/// The reasons that staff give.
enum AdjustmentReason: String, CaseIterable, Sendable {
    case received, returned, damaged, lost, correction

    var reason: MovementReason {
        switch self {
        case .received: .received
        case .returned: .returned
        case .damaged: .damaged
        case .lost: .lost
        case .correction: .correction
        }
    }
}

extension StockMovement {
    static let output = OutputShape<StockMovement>.object(
        "StockMovement",
        .field("id", .identifier(), \.id),
        .field("variant_id", .identifier(), \.variant),
        .field("location_id", .identifier(), \.location),
        .field("delta", .integer, \.delta),
        .field("on_hand_there", .integer.described("Units at the location afterwards."), \.left),
        .field("reason", .oneOf(), \.reason),
        .field("actor", .text, \.actor),
        .field("note", .text, \.note),
        .nullable("order_id", .identifier(), \.order),
        .nullable(
            "cause_id", .text.described("The transfer, count or delivery that it belongs to."),
            { $0.cause.isEmpty ? nil : $0.cause }),
        .field("at", .instant, \.at))
}

/// An adjustment with the stock as it is after it.
struct AdjustmentView: Sendable {
    let movement: StockMovement
    let level: StockLevel

    static let shape = OutputShape<AdjustmentView>.object(
        "Adjustment",
        .field("movement", StockMovement.output, \.movement),
        .field("stock", StockView.shape, { StockView(variant: $0.level.variant, level: $0.level) }))
}

/// The units of a variant at a location.
struct LocationStockView: Sendable {
    let location: LocationID
    let onHand: Int

    static let shape = OutputShape<LocationStockView>.object(
        "LocationStock",
        .field("location_id", .identifier(), \.location), .field("on_hand", .integer, \.onHand))
}

/// Units of a line of an order that are not there yet.
struct BackorderView: Sendable {
    let line: LineID
    let variant: VariantID
    let quantity: Int
    let expectedAt: Instant?

    static let shape = OutputShape<BackorderView>.object(
        "Backorder",
        .field("line_id", .identifier(), \.line),
        .field("variant_id", .identifier(), \.variant),
        .field("quantity", .integer, \.quantity),
        .nullable("expected_at", .instant, \.expectedAt))

    static func all(of order: Order, in tx: borrowing Transaction) throws -> [BackorderView] {
        let owed = try Inventory.backorders(of: [order.id], store: order.store, in: tx)
        guard !owed.isEmpty else { return [] }
        let levels = try Inventory.levels(of: order.lines.compactMap(\.variant), store: order.store, in: tx).rows()
        return order.lines.compactMap { line in
            guard let variant = line.variant, let quantity = owed[line.id] else { return nil }
            return BackorderView(
                line: line.id, variant: variant, quantity: quantity,
                expectedAt: levels.first { $0.variant == variant }?.expectedAt)
        }
    }
}
