public import EventLog
public import HTTPServer
import Markup
public import Persistence
public import Primitives
import Stores
import UseCases

/// The pages under `/dashboard`, where staff run their store.
///
/// Every page is a whole document that needs no script. Scripts only save loading it again: the tables and the order's
/// page fetch themselves when the event stream says that something happened.
public struct Dashboard: Sendable {
    let database: any Database
    let clock: any Clock
    let feed: EventFeed
    /// Sends a link to the accounts of an address, if there are any; nil while no mail can be sent.
    public var mailLink: (@Sendable (_ email: EmailAddress, _ requestID: String) async throws -> Void)?
    /// The site that the addresses of images begin with; nil while nobody knows it.
    public var origin: @Sendable () -> String? = { nil }
    let stores: BriefCache<StoreID, Store?>

    /// - Parameters:
    ///   - feed: what happens, for the live pages; it has to run.
    ///   - mailLink: enqueues the mail with a sign-in link; nil while no mail can be sent.
    public init(
        database: any Database, clock: any Clock, feed: EventFeed,
        mailLink: (@Sendable (_ email: EmailAddress, _ requestID: String) async throws -> Void)? = nil
    ) {
        self.database = database
        self.clock = clock
        self.feed = feed
        self.mailLink = mailLink
        stores = BriefCache(lifetimeSeconds: 0.9, capacity: 1000, clock: clock)
    }

    /// Every page and form.
    public var endpoints: [Endpoint] {
        [
            signInEndpoints,
            orderEndpoints,
            productEndpoints,
            importEndpoints,
            redirectEndpoints,
            imageEndpoints,
            categoryEndpoints,
            collectionEndpoints,
            priceListEndpoints,
            currencyEndpoints,
            stockEndpoints,
            stockItemEndpoints,
            locationEndpoints,
            incomingEndpoints,
            transferEndpoints,
            countEndpoints,
            taxEndpoints,
            customerEndpoints,
            customerGroupEndpoints,
            jobEndpoints,
            webhookEndpoints,
            searchEndpoints,
            deliveryEndpoints,
            deliverySettingsEndpoints,
            liveEndpoints,
        ].flatMap(\.self)
    }

    func store(_ id: StoreID) async throws -> Store {
        let store = try await stores.value(for: id) { [database] in
            try await database.read("stores.find") { tx in try Stores.store(id, in: tx) }
        }
        guard let store else { throw Problem.notFound("store") }
        return store
    }

    /// Who may look and who may change, in the words of the API's scopes.
    enum Access {
        static func reading(_ scope: Scope) -> Policy { Policy(.session(scope), rateLimit: .dashboard) }
        static func changing(_ scope: Scope) -> Policy {
            Policy(.session(scope), rateLimit: .dashboard, bodyLimitBytes: 256 << 10)
        }
    }
}

extension RateLimitClass {
    /// People at work.
    static let dashboard = RateLimitClass("dashboard", requests: 1200, perSeconds: 60)
    /// Links and attempts to sign in.
    static let signIn = RateLimitClass("sign_in", requests: 20, perSeconds: 60)
}
