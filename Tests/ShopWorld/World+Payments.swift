public import Catalog
import Logging
public import Jobs
public import Orders
public import Payments
import Persistence
public import Primitives
import Stores
import TestSupport
public import UseCases

extension World {
    /// An order that its buyer wants to pay by card, its page not yet opened.
    public func placeByCard(
        _ lines: [(Variant, Int)], number: Int = 1001
    ) async throws -> OrderPlacement.Placed {
        try await place(checkout(lines).id, method: .card, offered: [.card], number: number)
    }

    /// An order whose payment page is open.
    public func orderByCard(
        _ lines: [(Variant, Int)], number: Int = 1001
    ) async throws -> (order: Order, payment: Payment) {
        let placed = try await placeByCard(lines, number: number)
        return (placed.order, try await begin(placed))
    }

    /// Opens the page of a placed order.
    public func begin(_ placed: OrderPlacement.Placed) async throws -> Payment {
        try await desk.begin(
            placed.payment, of: placed.order, store: store, returnURL: "https://shop.example/thanks",
            requestID: "req-2")
    }

    /// The order's payments as the database has them.
    public func payments(of order: OrderID) async throws -> [Payment] {
        try await database.read("test.payments") { [store] tx in
            try Payments.payments(of: order, store: store.id, in: tx)
        }
    }

    /// Has an event delivered as a webhook to the default connection.
    public func deliver(_ event: ScriptedEvent, signature: String = "genuine") async throws {
        try await PaymentInbox(desk).receive(
            event.body, from: "stripe", connection: "default",
            header: { $0 == "Stripe-Signature" ? signature : nil }, at: clock.now(), requestID: "req-3")
    }

    /// Works on every due job of payments that is still to be done, in the order in which they were enqueued.
    /// - Returns: the kinds of the jobs.
    @discardableResult
    public func workOnPayments() async throws -> [String] {
        let (inbox, expiry) = (PaymentInbox(desk), PaymentExpiry(desk))
        var done: [String] = []
        for job in try await dueJobs() {
            if job.kind == PaymentInbox.processing.name { try await inbox.process(job) }
            if job.kind == PaymentExpiry.expiring.name { try await expiry.run(job) }
            try await finish(job)
            done.append(job.kind)
        }
        return done
    }

    /// The jobs of payments that are due.
    public func dueJobs() async throws -> [Job] {
        try await database.read("test.jobs") { tx in
            try tx.query(
                """
                SELECT id, kind, store_id, key, payload, enqueued_at FROM jobs
                WHERE state = 'active' AND queue = 'payments' AND due_at <= \(tx.now) ORDER BY id
                """
            ) { row in
                let payload: String = try row[4]
                return Job(
                    id: try row[0], kind: try row[1], store: try row[2], key: try row[3],
                    payload: try JSON(parsing: payload), attempt: 1, failures: 0, maxAttempts: 20,
                    enqueuedAt: try row[5], requestID: "req-4")
            }
        }
    }

    private func finish(_ job: Job) async throws {
        try await database.write("test.finish") { tx in
            try tx.execute("UPDATE jobs SET state = 'done', ended_at = \(tx.now) WHERE id = \(job.id)")
        }
    }

    /// A desk that takes payments at the provider, as the settings would make it.
    static func desk(_ database: any Database, _ provider: ScriptedProvider) -> PaymentDesk {
        var quiet = Logger(label: "test")
        quiet.logLevel = .critical
        let seed = ProviderConnections.Seed(
            provider: provider.name,
            credentials: ProviderCredentials(
                secretKey: Secret("sk_test_maya"), webhookSecrets: [Secret("whsec_maya")]))
        return PaymentDesk(
            database: database,
            connections: ProviderConnections(
                database: database,
                vault: .forProviders(masterKey: Secret("a master key of the tests, 32 bytes")), providers: [provider],
                seed: seed),
            logger: quiet)
    }
}
