public import Primitives

/// What a payment page is to show and where it leads.
public struct SessionRequest: Hashable, Sendable {
    /// One line of it; quantity times price.
    public struct Line: Hashable, Sendable {
        public let title: String
        public let quantity: Int
        public let unitPrice: Money

        public init(title: String, quantity: Int, unitPrice: Money) {
            self.title = title
            self.quantity = quantity
            self.unitPrice = unitPrice
        }
    }

    public let store: StoreID
    public let payment: Payment
    /// The order's number as people say it.
    public let orderName: String
    /// They sum to the payment's amount.
    public let lines: [Line]
    public let email: EmailAddress?
    public let returnURL: String

    public init(
        store: StoreID, payment: Payment, orderName: String, lines: [Line], email: EmailAddress?, returnURL: String
    ) {
        self.store = store
        self.payment = payment
        self.orderName = orderName
        self.lines = lines
        self.email = email
        self.returnURL = returnURL
    }
}

/// A payment page that was opened.
public struct ProviderSession: Hashable, Sendable {
    public let id: String
    /// Where the buyer pays.
    public let url: String
    public let intent: String?

    public init(id: String, url: String, intent: String?) {
        self.id = id
        self.url = url
        self.intent = intent
    }
}

/// What a provider says about a payment, in a webhook or when asked.
public struct PaymentReport: Hashable, Sendable {
    /// What became of it.
    public enum State: Hashable, Sendable {
        /// The buyer may still pay.
        case open
        /// The buyer did their part, and the money is on its way.
        case processing
        case paid
        /// A try that the buyer may repeat on the same page.
        case declined(code: String)
        /// It will not be paid any more.
        case failed(code: String)
        case expired
    }

    public let state: State
    /// Ours, as the provider was told; nil when the payment is none of ours.
    public let payment: PaymentID?
    /// The store that it was opened for.
    public let store: StoreID?
    /// The payment page; nil in what is said of the payment alone.
    public let session: String?
    public let intent: String?
    /// What was paid or is to be paid; nil where it is not told or not understood.
    public let amount: Money?

    public init(
        _ state: State, payment: PaymentID?, store: StoreID?, session: String?, intent: String?, amount: Money?
    ) {
        self.state = state
        self.payment = payment
        self.store = store
        self.session = session
        self.intent = intent
        self.amount = amount
    }
}

/// An event that a provider sent, its signature verified.
public struct ProviderEventHead: Hashable, Sendable {
    /// The provider's, unique in the connection.
    public let id: String
    /// Such as `checkout.session.completed`.
    public let type: String

    public init(id: String, type: String) {
        self.id = id
        self.type = type
    }
}

/// Why a provider did not do what it was asked for.
public enum ProviderFault: Error, Hashable, Sendable {
    /// It could not be reached, or did not answer as it should; it may have done it. Trying again may help.
    case unreachable(code: String)
    /// It refused; the code is its own or ours.
    case refused(code: String)

    /// Stable, lower-case words.
    public var code: String {
        switch self {
        case .unreachable(let code), .refused(let code): code
        }
    }
}

/// Why a webhook is not believed.
public enum WebhookFault: Error, Hashable, Sendable {
    /// No signature, or one that none of the secrets made.
    case signature
    /// Signed too long ago, or in the future.
    case age
    /// Signed, and not readable.
    case body
}

/// A provider of card payments. Adapters implement it; the composition root chooses them.
public protocol PaymentProvider: Sendable {
    /// As it stands in addresses and tables, such as `stripe`.
    var name: String { get }

    /// Opens a payment page. The same payment gives the same page, however often it is asked for.
    func open(
        _ request: SessionRequest, with credentials: ProviderCredentials, requestID: String?
    ) async throws(ProviderFault) -> ProviderSession

    /// Asks what became of a payment page.
    func lookUp(
        session: String, with credentials: ProviderCredentials, requestID: String?
    ) async throws(ProviderFault) -> PaymentReport

    /// Closes a payment page, and says what became of it: it may have been paid before.
    func expire(
        session: String, with credentials: ProviderCredentials, requestID: String?
    ) async throws(ProviderFault) -> PaymentReport

    /// Verifies a webhook's signature over the bytes as they were sent.
    func verify(
        _ body: [UInt8], header: (String) -> String?, with credentials: ProviderCredentials, at now: Instant
    ) throws(WebhookFault) -> ProviderEventHead

    /// What a verified event says of a payment; nil when it says nothing that matters here.
    func report(in body: [UInt8]) throws(WebhookFault) -> PaymentReport?
}
