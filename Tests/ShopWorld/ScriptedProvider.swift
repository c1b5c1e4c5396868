public import Payments
public import Primitives
import Synchronization

/// A payment provider that does what a test says and remembers what it was asked for.
public final class ScriptedProvider: PaymentProvider {
    private struct Memory {
        var opened: [SessionRequest] = []
        var faults: [ProviderFault] = []
        var states: [String: PaymentReport.State] = [:]
        var asked = 0
        var expired: [String] = []
    }

    public let name = "stripe"
    private let memory = Mutex(Memory())

    public init() {}

    /// What it was asked to open, in order.
    public var opened: [SessionRequest] { memory.withLock { $0.opened } }
    /// The pages that it was asked to close.
    public var expired: [String] { memory.withLock { $0.expired } }
    /// How often it was asked what became of a page.
    public var asked: Int { memory.withLock { $0.asked } }

    /// The page of a payment.
    public static func session(of payment: PaymentID) -> String { "cs_\(payment)" }

    /// The next calls fail like this, one after the other.
    public func fail(_ faults: ProviderFault...) {
        memory.withLock { $0.faults += faults }
    }

    /// What became of a payment's page.
    public func set(_ state: PaymentReport.State, for payment: PaymentID) {
        memory.withLock { $0.states[Self.session(of: payment)] = state }
    }

    public func open(
        _ request: SessionRequest, with credentials: ProviderCredentials, requestID: String?
    ) async throws(ProviderFault) -> ProviderSession {
        memory.withLock { $0.opened.append(request) }
        if let fault = nextFault() { throw fault }
        let session = Self.session(of: request.payment.id)
        return ProviderSession(id: session, url: "https://pay.example/\(session)", intent: nil)
    }

    public func lookUp(
        session: String, with credentials: ProviderCredentials, requestID: String?
    ) async throws(ProviderFault) -> PaymentReport {
        memory.withLock { $0.asked += 1 }
        if let fault = nextFault() { throw fault }
        return report(session, memory.withLock { $0.states[session] } ?? .open)
    }

    public func expire(
        session: String, with credentials: ProviderCredentials, requestID: String?
    ) async throws(ProviderFault) -> PaymentReport {
        memory.withLock { $0.expired.append(session) }
        if let fault = nextFault() { throw fault }
        let state = memory.withLock { memory in
            let state = memory.states[session] ?? .expired
            if state == .open { return PaymentReport.State.expired }
            return state
        }
        return report(session, state)
    }

    public func verify(
        _ body: [UInt8], header: (String) -> String?, with credentials: ProviderCredentials, at now: Instant
    ) throws(WebhookFault) -> ProviderEventHead {
        guard header("Stripe-Signature") == "genuine" else { throw .signature }
        // ignored: what is no document has no id
        guard let json = try? JSON(parsing: body), let id = json["id"]?.string, let type = json["type"]?.string else {
            throw .body
        }
        return ProviderEventHead(id: id, type: type)
    }

    public func report(in body: [UInt8]) throws(WebhookFault) -> PaymentReport? {
        // ignored: what is no document says nothing
        guard let json = try? JSON(parsing: body), let type = json["type"]?.string,
            let state = ScriptedEvent.states[type]
        else { return nil }
        return PaymentReport(
            state, payment: json["payment"]?.identifier(), store: json["store"]?.identifier(),
            session: json["session"]?.string, intent: nil, amount: json["amount"]?.money)
    }

    private func nextFault() -> ProviderFault? {
        memory.withLock { $0.faults.isEmpty ? nil : $0.faults.removeFirst() }
    }

    private func report(_ session: String, _ state: PaymentReport.State) -> PaymentReport {
        let request = memory.withLock { memory in
            memory.opened.first { Self.session(of: $0.payment.id) == session }
        }
        return PaymentReport(
            state, payment: request?.payment.id, store: request?.store, session: session, intent: nil,
            amount: request?.payment.amount)
    }
}

/// An event as the scripted provider sends it.
public struct ScriptedEvent: Sendable {
    public var id: String
    /// One of `states`, or any other for an event that says nothing.
    public var type: String
    public var payment: PaymentID?
    public var store: StoreID?
    public var session: String?
    public var amount: Money?

    /// What each type says.
    public static let states: [String: PaymentReport.State] = [
        "paid": .paid, "processing": .processing, "declined": .declined(code: "insufficient_funds"),
        "failed": .failed(code: "async_payment_failed"), "expired": .expired,
    ]

    /// About a payment as it was opened.
    public init(_ type: String, id: String? = nil, of payment: Payment, store: StoreID) {
        self.id = id ?? "evt_\(type)_\(payment.id)"
        self.type = type
        self.payment = payment.id
        self.store = store
        session = ScriptedProvider.session(of: payment.id)
        amount = payment.amount
    }

    public var body: [UInt8] {
        var json: JSONObject = ["id": .string(id), "type": .string(type)]
        if let payment { json["payment"] = JSON(payment) }
        if let store { json["store"] = JSON(store) }
        if let session { json["session"] = .string(session) }
        if let amount { json["amount"] = JSON(amount) }
        return JSON.object(json).bytes
    }
}
