import Primitives

/// What goes wrong on demand, for the next so many calls or deliveries.
enum StripeFaultKind: String, CaseIterable, Sendable {
    /// The webhook comes twice.
    case duplicate
    /// The webhook comes `seconds` later.
    case delay
    /// So many webhooks are held back and come in reverse; after `seconds` with those that are there.
    case reorder
    /// Before the genuine webhook comes one with the same body and somebody else's signature.
    case forge
    /// The webhook never comes.
    case drop
    /// The call takes effect, and its answer takes `seconds`; with 0 the connection breaks instead.
    case timeoutAfterSuccess = "timeout_after_success"
    /// The call is carried out `seconds` later; its idempotency key is in use meanwhile.
    case slow
    /// The call is answered 429 and has no effect.
    case rateLimit = "rate_limit"
    /// The call is answered 500 and has no effect.
    case serverError = "server_error"

    var isOfWebhooks: Bool { [.duplicate, .delay, .reorder, .forge, .drop].contains(self) }

    var title: String {
        switch self {
        case .duplicate: "Send webhooks twice"
        case .delay: "Delay webhooks"
        case .reorder: "Reverse the order of webhooks"
        case .forge: "Send a forged webhook before the genuine one"
        case .drop: "Drop webhooks"
        case .timeoutAfterSuccess: "Carry calls out, but answer too late"
        case .slow: "Carry calls out late"
        case .rateLimit: "Answer calls with 429"
        case .serverError: "Answer calls with 500"
        }
    }
}

/// A fault that waits to strike.
struct StripeFault: Sendable {
    static let mostCount = 100_000
    static let mostSeconds = 3600.0

    let kind: StripeFaultKind
    /// How often it will strike yet.
    var count: Int
    let seconds: Double
    /// The beginning of the addresses of the calls that it strikes; empty for all.
    let path: String

    init?(kind: StripeFaultKind, count: Int, seconds: Double?, path: String) {
        let seconds = seconds ?? (kind == .timeoutAfterSuccess ? 30 : 5)
        guard (1...Self.mostCount).contains(count), (0...Self.mostSeconds).contains(seconds) else { return nil }
        self.kind = kind
        self.count = count
        self.seconds = seconds
        self.path = path
    }

    /// `{"kind": "drop", "count": 2, "seconds": 5, "path": "/v1/refunds"}`; everything but the kind may be absent.
    init?(json: JSON) {
        let known = ["kind", "count", "seconds", "path"]
        guard let object = json.object, object.allSatisfy({ known.contains($0.key) }),
            let kind = object["kind"]?.string.flatMap(StripeFaultKind.init(rawValue:))
        else { return nil }
        var seconds: Double?
        switch object["seconds"] {
        case .integer(let number)?: seconds = Double(number)
        case .number(let number)?: seconds = number
        case nil, .null?: break
        default: return nil
        }
        guard object["count"] == nil || object["count"]?.integer != nil else { return nil }
        self.init(
            kind: kind, count: object["count"]?.integer ?? 1, seconds: seconds, path: object["path"]?.string ?? "")
    }

    var json: JSON {
        ["kind": .string(kind.rawValue), "count": JSON(count), "seconds": .number(seconds), "path": .string(path)]
    }
}

/// The faults that wait, the first come first.
struct StripeFaultDesk: Sendable {
    private(set) var waiting: [StripeFault] = []

    mutating func add(_ fault: StripeFault) { waiting.append(fault) }

    mutating func clear() { waiting = [] }

    /// Takes one strike of the first fault that fits.
    /// - Parameter method: only calls that change something are carried out late or answered too late.
    mutating func take(call path: String, method: String) -> StripeFault? {
        take { fault in
            !fault.kind.isOfWebhooks && path.hasPrefix(fault.path)
                && (method == "POST" || ![.timeoutAfterSuccess, .slow].contains(fault.kind))
        }
    }

    mutating func takeForWebhook() -> StripeFault? {
        take { $0.kind.isOfWebhooks }
    }

    private mutating func take(_ fits: (StripeFault) -> Bool) -> StripeFault? {
        guard let index = waiting.firstIndex(where: fits) else { return nil }
        let fault = waiting[index]
        waiting[index].count -= 1
        if waiting[index].count == 0 { waiting.remove(at: index) }
        return fault
    }
}
