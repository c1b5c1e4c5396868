import API
import Catalog
import Dashboard
import EventLog
import Exchange
import HTTPServer
import Identity
import Inventory
import Jobs
import Orders
import Persistence
import Pricing
import Primitives
import Readiness
import ServiceLifecycle
import UseCases

/// How the parts make up the whole.
extension Installation {
    /// What the HTTP server needs: the endpoints and who judges their callers.
    /// - Parameters:
    ///   - feed: has to run beside the server.
    ///   - desk: takes card payments.
    ///   - address: where this process listens; nil when it does not.
    func api(
        feed: EventFeed, desk: PaymentDesk, address: ListeningAddress? = nil
    ) async throws -> (endpoints: [Endpoint], authenticator: any Authenticator) {
        let tokens = OrderTokens(key: try await masterKey())
        let publicURL = settings.publicURL
        return (
            ShopAPI(
                database: database, clock: clock, tokens: tokens, feed: feed, desk: desk,
                origin: { publicURL ?? address?.url }
            ).endpoints + dashboard(feed: feed, address: address).endpoints,
            KeyAuthenticator(database: database, clock: clock, tokens: tokens)
        )
    }

    /// The endpoints for reading their declarations: none may be called.
    var declarations: [Endpoint] {
        let feed = EventFeed(database: database, clock: clock, logger: logger)
        return ShopAPI(
            database: database, clock: clock, tokens: OrderTokens(key: Secret([])), feed: feed, desk: idleDesk
        ).endpoints + dashboard(feed: feed).endpoints
    }

    /// The pages for staff.
    private func dashboard(feed: EventFeed, address: ListeningAddress? = nil) -> Dashboard {
        var page = Dashboard(database: database, clock: clock, feed: feed)
        let publicURL = settings.publicURL
        page.origin = { publicURL ?? address?.url }
        // The job that it enqueues knows the address; asking for a link needs none.
        if let mails = signInMails(address: nil) {
            page.mailLink = { email, requestID in try await mails.request(for: email, requestID: requestID) }
        }
        return page
    }

    /// Who carries out what the command line asks for.
    func desk(address: ListeningAddress?) -> ConsoleDesk {
        ConsoleDesk(
            database: database, address: address,
            scopes: Set(declarations.compactMap(\.policy.caller.scope?.rawValue)), publicURL: settings.publicURL,
            stripeAddress: settings.text(SettingCatalogue.stripeAPIBase))
    }

    /// What the kinds of jobs do that need no mail server.
    /// - Parameter desk: takes card payments; nil leaves their jobs out.
    static func jobHandlers(in database: any Database, desk: PaymentDesk? = nil) -> [JobHandler] {
        Orders.jobHandlers(in: database) + ShelfAvailability.jobHandlers(in: database) + Identity.jobHandlers
            + Inventory.jobHandlers + Catalog.jobHandlers(in: database) + CollectionUpkeep.jobHandlers(in: database)
            + (desk.map(PaymentInbox.jobHandlers) ?? []) + [pruningIdempotencyKeys(in: database)]
            + Exchange.jobHandlers(in: database) + Pricing.jobHandlers(in: database)
            + ImportWork(database: database, clock: SystemClock()).jobHandlers
    }

    /// What the parts know of the readiness of the whole.
    static let checkParts: [CheckPart] =
        Inventory.checks + Orders.checks + OrderPromises.checks + LedgerAudit.checks + TaxDuties.checks
        + PriceDuties.checks + Jobs.checks + EventLog.checks + Pricing.checks + Exchange.checks + SearchDuties.checks

    /// What the clock causes.
    static let cron: [CronEntry] =
        Orders.cron + Identity.cron + PaymentInbox.cron + Catalog.cron + CollectionUpkeep.cron + ShelfAvailability.cron
        + Exchange.cron + Pricing.cron
        + [CronEntry("http.prune_idempotency_keys", .every(seconds: 300)) { _ in NewJob(pruningIdempotencyKeys) }]

    /// The services that do what is owed: one process of them on SQLite, any number on PostgreSQL.
    /// - Parameters:
    ///   - desk: takes card payments.
    ///   - address: where this process listens; nil when it does not.
    func workers(_ desk: PaymentDesk, address: ListeningAddress? = nil) async throws -> [any Service] {
        let tokens = OrderTokens(key: try await masterKey())
        let handlers =
            Self.jobHandlers(in: database, desk: desk)
            + mailDelivery(tokens: tokens, address: address).jobHandlers
            + (signInMails(address: address)?.jobHandlers ?? []) + productImages.jobHandlers
        // An upgrade may have the search index made anew: that begins at once, not at the clock's next turn.
        try await database.write("catalog.begin_indexing") { tx in
            try Jobs.enqueue([NewJob(ShelfAvailability.indexing)], in: tx)
        }
        var runner = JobRunnerSettings()
        // The whole process has this long; the runner leaves a second for what follows it.
        runner.drainSeconds = max(0, settings.drainSeconds - 1)
        let queues = Set(handlers.map(\.kind.queue)).map {
            QueueSettings($0, concurrency: settings.jobConcurrency)
        }
        return [
            Sequencer(database: database, clock: clock, logger: logger),
            OrderCustomers.follower(database: database, clock: clock, logger: logger),
            JobRunner(
                database: database, handlers: handlers, queues: queues, cron: Self.cron, settings: runner,
                clock: clock, logger: logger),
        ]
    }

    private static let pruningIdempotencyKeys = JobKind("http.prune_idempotency_keys", queue: .maintenance)

    /// Removes answers that are kept no longer.
    private static func pruningIdempotencyKeys(in database: any Database) -> JobHandler {
        .inBatches(pruningIdempotencyKeys, of: 1000, in: database, "http.prune_idempotency_keys") { limit, tx in
            let moment = tx.now.adding(seconds: -IdempotencyKeys.keptSeconds)
            return try IdempotencyKeys.prune(before: moment, limit: limit, in: tx)
        }
    }
}
