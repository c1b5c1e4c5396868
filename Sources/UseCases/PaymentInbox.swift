public import Jobs
import Logging
import Payments
import Persistence
public import Primitives

/// Takes in what providers send: verified, stored once by its id, answered, and acted upon afterwards as a job.
public struct PaymentInbox: Sendable {
    /// Acts upon a stored event.
    public static let processing = JobKind("payments.process_event", queue: "payments")
    /// Removes events that were processed long ago.
    public static let pruning = JobKind("payments.prune_events", queue: .maintenance)

    /// What the clock causes.
    public static let cron: [CronEntry] = [
        CronEntry("payments.prune_events", .every(seconds: 3600)) { _ in NewJob(pruning) }
    ]

    private let desk: PaymentDesk

    public init(_ desk: PaymentDesk) {
        self.desk = desk
    }

    /// What is done for the jobs of payments.
    public static func jobHandlers(_ desk: PaymentDesk) -> [JobHandler] {
        let (inbox, expiry) = (PaymentInbox(desk), PaymentExpiry(desk))
        return [
            .effect(processing) { job, _ in try await inbox.process(job) },
            .effect(PaymentExpiry.expiring) { job, _ in try await expiry.run(job) },
            .inBatches(pruning, of: 1000, in: desk.database, "payments.prune_events") { limit, tx in
                try PruneEvents(limit: limit).run(in: tx)
            },
        ]
    }

    /// Stores an event; one that is there already is well received.
    /// - Parameters:
    ///   - connection: `default`, or a connection's id.
    ///   - body: byte for byte as it was sent.
    /// - Throws: `not_found` for an unknown connection, `signature.invalid` (malformed) for what is not to be believed,
    ///   `webhook.not_stored` (unavailable) when the provider should send it again.
    public func receive(
        _ body: [UInt8], from provider: String, connection: String, header: (String) -> String?, at now: Instant,
        requestID: String
    ) async throws(Problem) {
        let head: ProviderEventHead
        let access: ProviderAccess
        do {
            guard let found = try await desk.connections.access(provider: provider, name: connection) else {
                throw Problem.notFound("connection")
            }
            access = found
            head = try access.provider.verify(body, header: header, with: access.credentials, at: now)
        } catch let problem as Problem {
            throw problem
        } catch let fault as WebhookFault {
            throw Self.refusal(fault)
        } catch {
            throw notStored(error)
        }
        do {
            let store = access.connection.store
            let receive = ReceiveEvent(head, payload: body, connection: access.connection)
            let job = NewJob(
                Self.processing, store: store, key: "\(access.connection.id):\(head.id)",
                payload: ["connection_id": JSON(access.connection.id), "event_id": .string(head.id)],
                requestID: requestID)
            try await desk.database.write("payments.receive_event") { tx in
                if try receive.run(in: tx) { try Jobs.enqueue([job], in: tx) }
            }
        } catch {
            throw notStored(error)
        }
    }

    /// Works on the job of a stored event.
    public func process(_ job: Job) async throws {
        guard let store = job.store, let event = job.payload["event_id"]?.string,
            let connection = job.payload["connection_id"]?.identifier(IdentifierKinds.Connection.self)
        else { throw JobRefusal("The payload names no event.") }
        let requestID = job.requestID
        let (outcome, report) = try await desk.database.write("payments.process_event") { [desk] tx in
            guard let stored = try Payments.event(event, connection: connection, store: store, in: tx) else {
                throw JobRefusal("There is no such event.")
            }
            guard stored.processedAt == nil else { return (nil as PaymentCapture.Outcome?, nil as PaymentReport?) }
            guard let provider = desk.connections.provider(stored.provider) else {
                throw JobRefusal("There is no provider \(stored.provider).")
            }
            var outcome: PaymentCapture.Outcome?
            let report = try provider.report(in: stored.payload)
            if let report { outcome = try PaymentCapture(report, store: store, requestID: requestID).run(in: tx) }
            try SettleEvent(
                store: store, connection: connection, event: event, outcome: outcome?.rawValue ?? "ignored"
            ).run(in: tx)
            return (outcome, report)
        }
        guard let outcome, let report else { return }
        desk.log(outcome, report, connection: connection, store: store)
    }

    private static func refusal(_ fault: WebhookFault) -> Problem {
        let detail =
            switch fault {
            case .signature: "The signature is missing or was made with another secret."
            case .age: "The signature is too old, or from the future."
            case .body: "The body cannot be read."
            }
        return Problem(.malformed, "signature.invalid", detail)
    }

    private func notStored(_ error: any Error) -> Problem {
        desk.logger.error(
            "A webhook could not be stored.", metadata: ["alert": "webhook.not_stored", "error": "\(error)"])
        return Problem(
            .unavailable, "webhook.not_stored", "The event could not be stored; send it again.", retryAfterSeconds: 5)
    }
}
