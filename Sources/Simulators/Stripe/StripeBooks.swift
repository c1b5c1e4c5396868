import Primitives

/// The simulator's memory: accounts by their keys, idempotency keys, faults and deliveries.
actor StripeBooks {
    /// Answers are kept for so many keys.
    private static let mostKeys = 20_000
    private static let mostDeliveries = 5000

    private enum KeyState {
        case running(fingerprint: String)
        case answered(fingerprint: String, StripeAnswer)

        var fingerprint: String {
            switch self {
            case .running(let fingerprint), .answered(let fingerprint, _): fingerprint
            }
        }
    }

    private var accounts: [String: StripeAccount] = [:]
    /// Told about the events of every account.
    private var standing: [WebhookReceiver] = []
    private var keys: [String: KeyState] = [:]
    private var keysInOrder: [String] = []
    private(set) var deliveries: [WebhookDelivery] = []
    private var deliveryCount = 0
    private var held: [WebhookParcel] = []
    private(set) var faults = StripeFaultDesk()
    private let courier: AsyncStream<CourierErrand>.Continuation

    init(courier: AsyncStream<CourierErrand>.Continuation) {
        self.courier = courier
    }

    // Accounts

    /// Lets a closure work on the account of a key, then sends out the events that it made.
    func withAccount<Value: Sendable>(
        _ key: String, _ body: @Sendable (inout StripeAccount) throws(StripeError) -> Value
    ) throws(StripeError) -> Value {
        var account = accounts[key] ?? StripeAccount()
        let value = try body(&account)
        post(&account)
        accounts[key] = account
        return value
    }

    /// The account's key of a session; nil when there is no such session.
    func owner(ofSession id: String) -> String? {
        accounts.first { $0.value.sessions[id] != nil }?.key
    }

    func expireDue(_ call: StripeCall) {
        for (key, old) in accounts {
            var account = old
            account.expireDue(call)
            guard !account.outbox.isEmpty else { continue }
            post(&account)
            accounts[key] = account
        }
    }

    func register(_ receiver: WebhookReceiver) { standing.append(receiver) }

    /// Every account, for the page that shows all.
    var all: [StripeAccount] { Array(accounts.values) }

    // Webhooks

    private func post(_ account: inout StripeAccount) {
        for event in account.outbox { post(event, from: &account) }
        account.outbox = []
    }

    private func post(_ event: JSONObject, from account: inout StripeAccount) {
        let receivers = account.receivers(of: event.text("type")) + standing
        account.setPending(receivers.count, of: event.text("id"))
        var event = event
        event["pending_webhooks"] = JSON(receivers.count)
        for receiver in receivers { send(event, to: receiver) }
    }

    /// Sends an event again, as it is kept.
    func resend(event id: String) -> Bool {
        for account in accounts.values {
            guard let event = account.events[id] else { continue }
            for receiver in account.receivers(of: event.text("type")) + standing { send(event, to: receiver) }
            return true
        }
        return false
    }

    private func send(_ event: JSONObject, to receiver: WebhookReceiver) {
        let fault = faults.takeForWebhook()
        deliveryCount += 1
        deliveries.append(
            WebhookDelivery(
                id: deliveryCount, event: event.text("id"), type: event.text("type"), url: receiver.url,
                fault: fault?.kind, status: fault?.kind == .drop ? .dropped : .waiting))
        if deliveries.count > Self.mostDeliveries + 500 { deliveries.removeFirst(500) }
        var parcel = WebhookParcel(
            delivery: deliveryCount, receiver: receiver, payload: JSON.object(event).bytes)
        switch fault?.kind {
        case .drop: return
        case .reorder:
            held.append(parcel)
            if fault?.count == 1 {
                courier.yield(.deliver(releaseHeld()))
            } else if held.count == 1 {
                courier.yield(.release(afterSeconds: fault?.seconds ?? 0))
            }
            return
        case .duplicate: parcel.copies = 2
        case .delay: parcel.delaySeconds = fault?.seconds ?? 0
        case .forge: parcel.isForgedFirst = true
        default: break
        }
        courier.yield(.deliver([parcel]))
    }

    /// What was held back, the last first.
    func releaseHeld() -> [WebhookParcel] {
        defer { held = [] }
        return held.reversed()
    }

    func note(delivery: Int, answer: String, status: WebhookDelivery.Status, isRepeated: Bool) {
        guard let index = deliveries.lastIndex(where: { $0.id == delivery }) else { return }
        deliveries[index].attempts += 1
        deliveries[index].answer = answer
        deliveries[index].status = status
        guard status == .delivered, !isRepeated else { return }
        let event = deliveries[index].event
        for (key, account) in accounts {
            guard let pending = account.events[event]?.number("pending_webhooks") else { continue }
            accounts[key]?.setPending(max(0, pending - 1), of: event)
        }
    }

    // Faults

    func add(_ more: [StripeFault]) {
        for fault in more { faults.add(fault) }
    }

    func clearFaults() { faults.clear() }

    func takeFault(call path: String, method: String) -> StripeFault? {
        faults.take(call: path, method: method)
    }

    // Idempotency

    /// What an idempotency key says about a call.
    enum Claim: Sendable {
        case go
        case replay(StripeAnswer)
        case refuse(StripeError)
    }

    /// - Parameters:
    ///   - key: the account's and the caller's together.
    ///   - shown: the caller's.
    func claim(_ key: String, shown: String, fingerprint: String) -> Claim {
        guard let state = keys[key] else {
            keys[key] = .running(fingerprint: fingerprint)
            keysInOrder.append(key)
            return .go
        }
        guard state.fingerprint == fingerprint else { return .refuse(.keyReused(shown)) }
        switch state {
        case .running: return .refuse(.keyInUse(shown))
        case .answered(_, let answer): return .replay(answer)
        }
    }

    /// Keeps the answer under its key, or frees the key.
    func settle(_ key: String, _ answer: StripeAnswer?) {
        guard let state = keys[key] else { return }
        if let answer {
            keys[key] = .answered(fingerprint: state.fingerprint, answer)
        } else {
            keys[key] = nil
            keysInOrder.removeAll { $0 == key }
        }
        if keysInOrder.count > Self.mostKeys {
            for old in keysInOrder.prefix(1000) { keys[old] = nil }
            keysInOrder.removeFirst(1000)
        }
    }
}

/// An answer as it is kept for a repeated call.
struct StripeAnswer: Sendable {
    let status: Int
    let body: [UInt8]
    /// Of the call that was carried out.
    let requestID: String
}
