import AsyncHTTPClient
import Crypto
import NIOCore
import NIOHTTP1
import Primitives

/// Who is told about events, and the secret that proves them.
struct WebhookReceiver: Sendable {
    let url: String
    let secret: Secret
}

/// How a delivery stands, for the pages and for tests.
struct WebhookDelivery: Sendable {
    enum Status: String, Sendable { case waiting, delivered, failed, dropped }

    let id: Int
    let event: String
    let type: String
    let url: String
    /// The fault that struck it.
    let fault: StripeFaultKind?
    var status: Status
    var attempts = 0
    /// What the receiver said last, or why nothing was heard.
    var answer = ""

    var json: JSON {
        [
            "id": JSON(id), "event": .string(event), "type": .string(type), "url": .string(url),
            "fault": JSON(fault?.rawValue), "status": .string(status.rawValue), "attempts": JSON(attempts),
            "answer": .string(answer),
        ]
    }
}

/// One webhook to be sent.
struct WebhookParcel: Sendable {
    let delivery: Int
    let receiver: WebhookReceiver
    let payload: [UInt8]
    var delaySeconds = 0.0
    var copies = 1
    var isForgedFirst = false
}

/// What the courier is asked to do.
enum CourierErrand: Sendable {
    /// Deliver these, one after the other.
    case deliver([WebhookParcel])
    /// After a while, deliver what is held back.
    case release(afterSeconds: Double)
}

/// Signatures as Stripe makes them (https://docs.stripe.com/webhooks#verify-manually).
enum StripeSignature {
    /// `t=…,v1=…,v0=…`: in test mode Stripe adds a `v0` that means nothing.
    static func header(for payload: [UInt8], secret: Secret, at now: Instant) -> String {
        let time = now.microseconds / 1_000_000
        let code = secret.withBytes { key in
            HMAC<SHA256>.authenticationCode(
                for: Array("\(time).".utf8) + payload, using: SymmetricKey(data: key))
        }
        let empty = HMAC<SHA256>.authenticationCode(for: payload, using: SymmetricKey(data: Array("v0".utf8)))
        return "t=\(time),v1=\(hex(code)),v0=\(hex(empty))"
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Carries webhooks to their receivers, and again when they are not taken.
struct WebhookCourier: Sendable {
    let books: StripeBooks
    let client: HTTPClient
    let clock: any Clock
    /// The waits between attempts; after the last one a delivery has failed.
    let retrySeconds: [Double]

    func run(_ errands: AsyncStream<CourierErrand>) async {
        await withDiscardingTaskGroup { group in
            for await errand in errands {
                group.addTask {
                    // ignored: cancelled at the end of the simulator, with whatever is under way
                    try? await carryOut(errand)
                }
            }
            group.cancelAll()
        }
    }

    private func carryOut(_ errand: CourierErrand) async throws {
        switch errand {
        case .deliver(let parcels):
            for parcel in parcels { try await deliver(parcel) }
        case .release(let seconds):
            try await clock.sleep(until: clock.now().adding(seconds: seconds))
            for parcel in await books.releaseHeld() { try await deliver(parcel) }
        }
    }

    private func deliver(_ parcel: WebhookParcel) async throws {
        if parcel.delaySeconds > 0 { try await clock.sleep(until: clock.now().adding(seconds: parcel.delaySeconds)) }
        if parcel.isForgedFirst {
            _ = await send(parcel, signedWith: Secret("whsec_forged_by_somebody_else"))
        }
        for copy in 0..<parcel.copies {
            var waits = retrySeconds[...]
            while true {
                let (isTaken, answer) = await send(parcel, signedWith: parcel.receiver.secret)
                let isLast = isTaken || waits.isEmpty
                await books.note(
                    delivery: parcel.delivery, answer: answer,
                    status: isTaken ? .delivered : isLast ? .failed : .waiting, isRepeated: copy > 0)
                guard !isLast, let wait = waits.popFirst() else { break }
                try await clock.sleep(until: clock.now().adding(seconds: wait))
            }
        }
    }

    private func send(_ parcel: WebhookParcel, signedWith secret: Secret) async -> (Bool, String) {
        var request = HTTPClientRequest(url: parcel.receiver.url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json; charset=utf-8")
        request.headers.add(name: "User-Agent", value: "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
        request.headers.add(
            name: "Stripe-Signature",
            value: StripeSignature.header(for: parcel.payload, secret: secret, at: clock.now()))
        request.body = .bytes(ByteBuffer(bytes: parcel.payload))
        do {
            let response = try await client.execute(request, timeout: .seconds(20))
            // The rest of the answer says nothing more.
            _ = try? await response.body.collect(upTo: 64 << 10)  // ignored: only the status counts
            return ((200..<300).contains(response.status.code), String(response.status.code))
        } catch {
            return (false, "\(error)")
        }
    }
}
