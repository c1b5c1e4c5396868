public import Exchange
public import Jobs
public import Persistence
public import Primitives

/// The job that works on an import, and what makes sure that somebody does.
public struct ImportWork: Sendable {
    private let database: any Database
    private let clock: any Clock

    public init(database: any Database, clock: any Clock) {
        self.database = database
        self.clock = clock
    }

    private static let running = JobKind("exchange.run_import", queue: "imports", timeoutSeconds: 900)
    /// An import that moved within so many seconds is in somebody's hands.
    private static let restSeconds = 30.0

    /// Starts an import whose file is complete, in the caller's transaction.
    /// - Parameter isInHands: the caller reads the file itself; then the job looks after it only should the caller die.
    /// - Throws: what `StartImport` throws.
    public static func start(
        _ id: ImportID, of store: StoreID, isInHands: Bool = false, requestID: String?, in tx: borrowing Transaction
    ) throws -> Import {
        let (started, isNew) = try StartImport(store: store, id: id).run(in: tx)
        if isNew { try enqueue(id, of: store, rests: isInHands, requestID: requestID, in: tx) }
        return started
    }

    private static func enqueue(
        _ id: ImportID, of store: StoreID, rests: Bool, requestID: String?, in tx: borrowing Transaction
    ) throws {
        try Jobs.enqueue(
            [
                NewJob(
                    running, store: store, key: "\(id).\(tx.now.microseconds)",
                    payload: ["import": JSON(id), "rests": .bool(rests)],
                    runAt: rests ? tx.now.adding(seconds: restSeconds) : nil, requestID: requestID)
            ], in: tx)
    }

    /// What is done for the job.
    public var jobHandlers: [JobHandler] {
        [.effect(Self.running) { [self] job, context in try await run(job, until: context.deadline) }]
    }

    private func run(_ job: Job, until deadline: Instant) async throws {
        guard let store = job.store, let id = job.payload["import"]?.identifier(IdentifierKinds.Import.self) else {
            throw JobRefusal("The job names no import.")
        }
        if job.payload["rests"]?.bool == true {
            let found = try await database.read("exchange.find") { tx in try Exchange.find(id, of: store, in: tx) }
            guard let found, found.state == .running else { return }
            if clock.now().seconds(since: found.movedAt) < Self.restSeconds {
                return try await goOnLater(id, of: store, rests: true, requestID: job.requestID)
            }
        }
        do {
            let drive = ImportDrive(database: database, clock: clock, requestID: job.requestID ?? job.id.description)
            let state = try await drive.run(id, of: store, until: deadline.adding(seconds: -60))
            if state.state == .running {
                try await goOnLater(id, of: store, rests: false, requestID: job.requestID)
            }
        } catch let problem as Problem where problem.code == MoveImport.moved {
            // Somebody else reads the file, and may die.
            try await goOnLater(id, of: store, rests: true, requestID: job.requestID)
        } catch let problem as Problem where problem.kind == .notFound {
            return
        } catch let error as DatabaseError where Self.isLasting(error) && job.failures >= Self.mostFailures {
            try await giveUp(id, of: store, because: error)
        }
    }

    /// How often the same records are tried that the database refuses.
    private static let mostFailures = 3

    /// Whether the records and not the database are the reason.
    private static func isLasting(_ error: DatabaseError) -> Bool {
        switch error {
        case .constraint, .conflict, .misuse, .decoding: true
        default: false
        }
    }

    /// Ends an import that would be tried for ever, and says where it stands.
    private func giveUp(_ id: ImportID, of store: StoreID, because error: DatabaseError) async throws {
        try await database.write("exchange.give_up") { tx in
            guard let found = try Exchange.find(id, of: store, in: tx) else { return }
            let failure = "The records from line \(found.place.line) on cannot be brought in (\(ErrorSummary(error)))."
            _ = try FinishImport(store: store, id: id, failure: failure).run(in: tx)
        }
    }

    private func goOnLater(_ id: ImportID, of store: StoreID, rests: Bool, requestID: String?) async throws {
        try await database.write("exchange.go_on") { tx in
            try Self.enqueue(id, of: store, rests: rests, requestID: requestID, in: tx)
        }
    }
}
