import EventLog
public import Persistence
public import Primitives

/// Writes down what is to go from one location to another; nothing leaves yet.
public struct DraftTransfer: Sendable {
    private let store: StoreID
    private let from: LocationID
    private let to: LocationID
    private let lines: [(variant: VariantID, quantity: Int)]
    private let note: String

    /// - Parameter lines: at least one, of quantities of at least 1, at most `StockTransfer.mostLines`.
    public init(
        store: StoreID, from: LocationID, to: LocationID, lines: [(variant: VariantID, quantity: Int)],
        note: String = ""
    ) {
        self.store = store
        self.from = from
        self.to = to
        self.lines = lines
        self.note = note
    }

    /// - Throws: `validation.failed` for locations that are not there or the same, and a variant that is there twice.
    public func run(in tx: borrowing Transaction) throws -> StockTransfer {
        let known = Set(try Inventory.locations(of: store, in: tx).map(\.id))
        var errors: [Problem.FieldError] = []
        for (pointer, location) in [("/from_location_id", from), ("/to_location_id", to)]
        where !known.contains(location) {
            errors.append(.init(pointer: pointer, code: "unknown", detail: "There is no such location."))
        }
        if from == to {
            errors.append(.init(pointer: "/to_location_id", code: "same", detail: "Choose another location."))
        }
        var seen: Set<VariantID> = []
        for (index, line) in lines.enumerated() where !seen.insert(line.variant).inserted {
            errors.append(
                .init(pointer: "/lines/\(index)/variant_id", code: "duplicate", detail: "It is in another line."))
        }
        guard errors.isEmpty else { throw Problem.validation(Array(errors.prefix(100))) }
        let transfer = StockTransfer(
            id: tx.newIdentifier(), from: from, to: to, status: .draft, note: note, createdAt: tx.now,
            changedAt: tx.now,
            lines: lines.map { StockTransfer.Line(variant: $0.variant, quantity: $0.quantity) }
                .sorted { $0.variant < $1.variant })
        try TransferTable.insert(transfer, store: store, in: tx)
        return transfer
    }
}

/// Brings a transfer on: its units leave, arrive, or stay where they were.
public struct AdvanceTransfer: Sendable {
    /// What happens to it.
    public enum Step: Sendable {
        case send
        /// What arrived of each variant; those that are not named arrived as they were sent.
        case receive([VariantID: Int])
        /// Units that have left go back to where they came from.
        case cancel
    }

    private let store: StoreID
    private let id: StockTransferID
    private let step: Step
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, id: StockTransferID, _ step: Step, actor: Actor, requestID: String? = nil) {
        self.store = store
        self.id = id
        self.step = step
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`, `transfer.not_possible` for a step that its status does not allow,
    ///   `stock.insufficient_at_location`, `stock.below_reserved` for units that are promised, `location.closed`,
    ///   `validation.failed` for a variant that is not in it.
    public func run(in tx: borrowing Transaction) throws -> StockTransfer {
        guard let seen = try TransferTable.find(id, store: store, locks: false, in: tx) else {
            throw Problem.notFound("transfer")
        }
        switch step {
        case .send: break
        case .receive: try Inventory.requireOpen(seen.to, of: store, in: tx)
        case .cancel where seen.status == .inTransit: try Inventory.requireOpen(seen.from, of: store, in: tx)
        case .cancel: break
        }
        guard var transfer = try TransferTable.find(id, store: store, locks: true, in: tx) else {
            throw Problem.notFound("transfer")
        }
        try require(next, for: transfer)
        // A draft that was sent meanwhile has units to bring back, to a location that nobody holds open.
        guard transfer.status == seen.status else { throw DatabaseError.conflict }
        var book = try StockBook(
            transfer.lines.map(\.variant), store: store, tracks: step.brings, actor: actor, requestID: requestID,
            in: tx)
        switch step {
        case .send: try send(transfer, &book, in: tx)
        case .receive(let arrived): try receive(&transfer, arrived, &book, in: tx)
        case .cancel where transfer.status == .inTransit: try bringBack(transfer, &book, in: tx)
        case .cancel: break
        }
        transfer.status = next
        transfer.changedAt = tx.now
        try TransferTable.save(transfer, store: store, in: tx)
        try book.close(in: tx)
        return transfer
    }

    private var next: TransferStatus {
        switch step {
        case .send: .inTransit
        case .receive: .received
        case .cancel: .canceled
        }
    }

    private func require(_ next: TransferStatus, for transfer: StockTransfer) throws(Problem) {
        guard TransferStatus.transitions.allows(transfer.status, next) else {
            throw Problem(
                .conflict, "transfer.not_possible",
                "This transfer is \(transfer.status.words): that cannot be done now.")
        }
    }

    private func cause(_ reason: MovementReason, _ transfer: StockTransfer) -> StockBook.Cause {
        StockBook.Cause(reason: reason, note: transfer.note, id: transfer.id.description)
    }

    private func send(
        _ transfer: StockTransfer, _ book: inout StockBook, in tx: borrowing Transaction
    ) throws {
        for (index, line) in transfer.lines.enumerated() {
            guard book[line.variant] != nil else {
                throw Problem.validation("/lines/\(index)/variant_id", "not_tracked", "This variant is not tracked.")
            }
            do {
                try book.move(
                    line.variant, by: -line.quantity, at: transfer.from, cause(.transferred, transfer), in: tx)
            } catch let problem as Problem {
                throw problem.pointing(at: "/lines/\(index)/quantity")
            }
            tell("stock.sent", line.variant, transfer, &book)
        }
    }

    private func receive(
        _ transfer: inout StockTransfer, _ arrived: [VariantID: Int], _ book: inout StockBook,
        in tx: borrowing Transaction
    ) throws {
        let unknown = Set(arrived.keys).subtracting(transfer.lines.map(\.variant))
        guard unknown.isEmpty else {
            throw Problem.validation("/lines", "unknown", "A variant that is named is not in this transfer.")
        }
        for index in transfer.lines.indices {
            let line = transfer.lines[index]
            let count = arrived[line.variant] ?? line.quantity
            transfer.lines[index].received = count
            try book.move(line.variant, by: line.quantity, at: transfer.to, cause(.transferred, transfer), in: tx)
            let difference = count - line.quantity
            let reason: MovementReason = difference < 0 ? .lost : .correction
            try book.move(line.variant, by: difference, at: transfer.to, cause(reason, transfer), in: tx)
            tell("stock.arrived", line.variant, transfer, &book)
        }
    }

    private func bringBack(
        _ transfer: StockTransfer, _ book: inout StockBook, in tx: borrowing Transaction
    ) throws {
        for line in transfer.lines {
            try book.move(line.variant, by: line.quantity, at: transfer.from, cause(.transferred, transfer), in: tx)
            tell("stock.arrived", line.variant, transfer, &book)
        }
    }

    private func tell(
        _ type: EventType, _ variant: VariantID, _ transfer: StockTransfer, _ book: inout StockBook
    ) {
        book.tell(type, of: variant, ["transfer_id": .string(transfer.id.description)])
    }
}

extension AdvanceTransfer.Step {
    /// Whether units come in, for which a variant has to be tracked.
    fileprivate var brings: Bool {
        if case .send = self { return false }
        return true
    }
}

extension TransferStatus {
    fileprivate var words: String { rawValue.replacing("_", with: " ") }
}
