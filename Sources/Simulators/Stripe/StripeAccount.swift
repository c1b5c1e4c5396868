import Primitives

/// Everything that belongs to one secret key: what Stripe calls an account. A value: an error leaves it as it was.
struct StripeAccount: Sendable {
    let id = StripeID.make("acct", 16)
    var sessions = Shelf()
    var intents = Shelf()
    var charges = Shelf()
    var refunds = Shelf()
    var customers = Shelf()
    var events = Shelf()
    var endpoints = Shelf()
    /// By the id of the endpoint; told once, when it is made.
    var secrets: [String: Secret] = [:]
    /// By the id of the session.
    var lineItems: [String: [JSONObject]] = [:]
    /// What a session has ready for the intent that its first attempt makes.
    var intentData: [String: JSONObject] = [:]
    /// Events that were not handed to the courier yet.
    var outbox: [JSONObject] = []

    /// Writes an event down, with the object as it is now.
    mutating func emit(_ type: String, _ object: JSONObject, _ call: StripeCall) {
        let event = StripeShapes.event(id: StripeID.make("evt"), type: type, object: object, call: call)
        events[event.text("id")] = event
        outbox.append(event)
    }

    /// The event as it is kept, with how many deliveries are outstanding.
    mutating func setPending(_ count: Int, of event: String) {
        events[event]?["pending_webhooks"] = JSON(count)
    }

    func session(_ id: String) throws(StripeError) -> JSONObject {
        guard let session = sessions[id] else { throw .noSuch("checkout.session", id, param: "session") }
        return session
    }

    func intent(_ id: String) throws(StripeError) -> JSONObject {
        guard let intent = intents[id] else { throw .noSuch("payment_intent", id, param: "intent") }
        return intent
    }

    func find(_ shelf: KeyPath<StripeAccount, Shelf>, _ kind: String, _ id: String) throws(StripeError) -> JSONObject {
        guard let object = self[keyPath: shelf][id] else { throw .noSuch(kind, id) }
        return object
    }

    /// The object that an id names; for `expand`.
    func object(_ id: String) -> JSONObject? {
        switch id.prefix(while: { $0 != "_" }) {
        case "pi": intents[id]
        case "ch": charges[id]
        case "cus": customers[id]
        case "re": refunds[id]
        default: nil
        }
    }

    /// The object with ids replaced by what they name, as `expand[]` wishes.
    func expanded(_ json: JSON, _ wishes: [String]) throws(StripeError) -> JSON {
        var result = json
        for wish in wishes {
            result = try expanding(result, at: wish.split(separator: ".").map(String.init)[...], wish: wish)
        }
        return result
    }

    private func expanding(_ json: JSON, at path: ArraySlice<String>, wish: String) throws(StripeError) -> JSON {
        guard let first = path.first else {
            guard let id = json.string, let object = object(id) else { return json }
            return .object(object)
        }
        switch json {
        case .array(let elements):
            var expanded: [JSON] = []
            for element in elements { expanded.append(try expanding(element, at: path, wish: wish)) }
            return .array(expanded)
        case .string(let id):
            guard let object = object(id) else { return json }
            return try expanding(.object(object), at: path, wish: wish)
        case .object(var object):
            if first == "line_items", object["object"] == "checkout.session" {
                object[first] = items(of: object.text("id"))
            } else if let member = object[first] {
                object[first] = try expanding(member, at: path.dropFirst(), wish: wish)
            } else {
                throw .invalid("expand", "This property cannot be expanded (\(wish)).")
            }
            return .object(object)
        default: return json
        }
    }

    func items(of session: String) -> JSON {
        Shelf.page(
            (lineItems[session] ?? []).map { .object($0) }, url: "/v1/checkout/sessions/\(session)/line_items")
    }
}
