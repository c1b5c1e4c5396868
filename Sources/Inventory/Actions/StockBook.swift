import EventLog
import Persistence
import Primitives

/// The row of a variant while it is locked.
struct OpenStock {
    var level: StockLevel
    var version: Int
    /// Microseconds since when it is known to be low; 0 while it is not.
    var lowSince: Int64
    /// Microseconds since when it is known that nothing is left; 0 while something is.
    var outSince: Int64
    /// As it was when it was locked.
    let before: StockLevel

    init(_ level: StockLevel, version: Int, lowSince: Int64, outSince: Int64) {
        self.level = level
        self.version = version
        self.lowSince = lowSince
        self.outSince = outSince
        before = level
    }
}

/// The stock of some variants while it is being changed: every change but an order's taking goes through one.
///
/// Opening it locks the rows of the variants in the order of their ids; so the whole, its parts at the locations, the
/// history and what is owed to orders change together or not at all. The main location has what the others have not,
/// and therefore needs no row of its own.
struct StockBook {
    let store: StoreID
    let actor: Actor
    let requestID: String?
    private(set) var stock: [VariantID: OpenStock] = [:]
    private var elsewhere: [StockSpot: Int] = [:]
    private var touched: Set<StockSpot> = []
    private var movements: [StockMovement] = []
    private var events: [NewEvent] = []

    /// - Parameter tracks: whether variants that are not tracked become so; otherwise they are left out.
    init(
        _ variants: some Sequence<VariantID>, store: StoreID, tracks: Bool, actor: Actor, requestID: String?,
        in tx: borrowing Transaction
    ) throws {
        self.store = store
        self.actor = actor
        self.requestID = requestID
        let variants = Set(variants).sorted()
        guard !variants.isEmpty else { return }
        if tracks { try StockTable.track(variants, store: store, in: tx) }
        let rows = try StockTable.lock(variants, store: store, in: tx)
        let parts = try StockLevelTable.all(of: variants, store: store, in: tx)
        stock = Dictionary(uniqueKeysWithValues: try rows.rows().map { ($0.level.variant, $0) })
        elsewhere = Dictionary(uniqueKeysWithValues: try parts.rows().map { ($0.spot, $0.onHand) })
    }

    subscript(variant: VariantID) -> StockLevel? { stock[variant]?.level }

    private var main: LocationID { LocationID(main: store) }

    /// The units of a variant at a location.
    func units(of variant: VariantID, at location: LocationID) -> Int {
        guard location == main else { return elsewhere[StockSpot(variant: variant, location: location)] ?? 0 }
        return stock[variant].map { $0.level.onHand - $0.level.elsewhere } ?? 0
    }

    /// Whether any of the variants has units elsewhere than at the main location.
    var isSpread: Bool { stock.values.contains { $0.level.elsewhere > 0 } }

    /// What a movement says besides its numbers.
    struct Cause {
        var reason: MovementReason
        var note = ""
        var order: OrderID?
        /// The id of the transfer, count or delivery.
        var id = ""
    }

    /// Units come to a location, or leave it when `delta` is negative.
    /// - Throws: `stock.insufficient_at_location` when so many are not there, `stock.out_of_range`.
    @discardableResult
    mutating func move(
        _ variant: VariantID, by delta: Int, at location: LocationID, _ cause: Cause, in tx: borrowing Transaction
    ) throws -> StockMovement? {
        guard delta != 0, var row = stock[variant] else { return nil }
        let there = units(of: variant, at: location)
        guard there + delta >= 0 else {
            throw Problem(
                .conflict, "stock.insufficient_at_location", "Only \(there) units are at this location.",
                errors: [
                    .init(
                        pointer: "", code: "insufficient_at_location", detail: "Only \(there) units are there.",
                        available: there)
                ], references: ["variant_id": variant.description, "location_id": location.description])
        }
        guard row.level.onHand + delta <= Inventory.mostUnits else {
            throw Problem(
                .conflict, "stock.out_of_range", "A variant has at most \(Inventory.mostUnits) units.")
        }
        row.level.onHand += delta
        if location != main {
            let spot = StockSpot(variant: variant, location: location)
            row.level.elsewhere += delta
            elsewhere[spot] = there + delta
            touched.insert(spot)
        }
        stock[variant] = row
        let movement = StockMovement(
            id: tx.newIdentifier(), variant: variant, location: location, delta: delta, left: there + delta,
            reason: cause.reason, actor: actor.description, note: cause.note, order: cause.order, cause: cause.id,
            at: tx.now)
        movements.append(movement)
        return movement
    }

    /// Units leave, from the locations in the order given.
    mutating func take(
        _ quantity: Int, of variant: VariantID, from locations: [LocationID], _ cause: Cause,
        in tx: borrowing Transaction
    ) throws {
        var left = quantity
        for location in locations where left > 0 {
            let part = min(left, units(of: variant, at: location))
            try move(variant, by: -part, at: location, cause, in: tx)
            left -= part
        }
        guard left > 0, let last = locations.last else { return }
        try move(variant, by: -left, at: last, cause, in: tx)
    }

    /// A promise ends.
    mutating func unreserve(_ variant: VariantID, quantity: Int, owed: Int = 0) {
        stock[variant]?.level.reserved -= quantity
        stock[variant]?.level.owed -= owed
    }

    mutating func setPolicy(_ policy: StockPolicy, of variant: VariantID) {
        stock[variant]?.level.policy = policy
    }

    mutating func setExpected(_ expectedAt: Instant?, of variant: VariantID) {
        stock[variant]?.level.expectedAt = expectedAt
    }

    /// Notes an event about a variant; its data says what it is now.
    mutating func tell(_ type: EventType, of variant: VariantID, _ more: JSONObject = [:]) {
        guard var row = stock[variant] else { return }
        row.version += 1
        stock[variant] = row
        var data: JSONObject = [
            "variant_id": .string(variant.description), "on_hand": .integer(Int64(row.level.onHand)),
            "reserved": .integer(Int64(row.level.reserved)), "available": .integer(Int64(row.level.available)),
        ]
        for member in more { data[member.key] = member.value }
        events.append(
            NewEvent(
                store: store, aggregate: Aggregate(kind: "stock", id: variant.uuid), version: row.version, type: type,
                actor: actor, data: .object(data), requestID: requestID))
    }

    /// Gives what came to those to whom it is owed, and writes everything down.
    /// - Throws: `stock.below_reserved` when orders hold more than would be left.
    mutating func close(in tx: borrowing Transaction) throws {
        for variant in stock.keys.sorted() {
            guard let row = stock[variant] else { continue }
            try requireKept(row.level)
            if row.level.owed > 0, row.level.available > 0 { try fill(variant, in: tx) }
            tellCrossings(of: variant, at: tx.now)
        }
        for variant in stock.keys.sorted() {
            guard var row = stock[variant] else { continue }
            row.version = max(row.version, 1)
            try StockTable.save(row, store: store, in: tx)
        }
        try StockLevelTable.save(
            touched.sorted { ($0.variant, $0.location) < ($1.variant, $1.location) }.map { ($0, elsewhere[$0] ?? 0) },
            store: store, in: tx)
        try MovementTable.insert(movements, store: store, in: tx)
        if !events.isEmpty { try EventLog.append(events, in: tx) }
        movements = []
        events = []
        touched = []
    }

    private func requireKept(_ level: StockLevel) throws(Problem) {
        guard level.free < 0 else { return }
        let held = level.reserved - level.owed
        throw Problem(
            .conflict, "stock.below_reserved", "Orders hold \(held) units; stock cannot be set below that.",
            errors: [.init(pointer: "", code: "below_reserved", detail: "At least \(held) units.")],
            references: ["variant_id": level.variant.description])
    }

    /// The oldest order first, as much as is there beyond what is kept back from buyers.
    private mutating func fill(_ variant: VariantID, in tx: borrowing Transaction) throws {
        guard var row = stock[variant] else { return }
        var filled: [JSON] = []
        while row.level.owed > 0, row.level.available > 0 {
            let waiting = try ReservationTable.lockOwed(variant, store: store, limit: 500, in: tx)
            guard !waiting.isEmpty else { break }
            for (order, claim) in waiting where row.level.available > 0 {
                let part = min(claim.owed, row.level.available)
                try ReservationTable.fill(claim.line, of: order, by: part, store: store, in: tx)
                row.level.owed -= part
                filled.append([
                    "order_id": .string(order.description), "line_id": .string(claim.line.description),
                    "quantity": .integer(Int64(part)),
                ])
            }
        }
        stock[variant] = row
        guard !filled.isEmpty else { return }
        tell("stock.backorder_filled", of: variant, ["lines": .array(filled)])
    }

    /// Once for each time that stock falls below a mark, and once when something is there again.
    private mutating func tellCrossings(of variant: VariantID, at now: Instant) {
        guard let row = stock[variant] else { return }
        let (level, before) = (row.level, row.before)
        if !level.isLow {
            stock[variant]?.lowSince = 0
        } else if row.lowSince == 0, !before.isLow {
            stock[variant]?.lowSince = now.microseconds
            tell("stock.low", of: variant)
        }
        if level.available > 0, row.outSince > 0 {
            stock[variant]?.outSince = 0
            tell("stock.back_in_stock", of: variant)
        } else if level.available == 0, row.outSince == 0, before.available > 0 {
            stock[variant]?.outSince = now.microseconds
            tell("stock.out", of: variant)
        }
    }
}
