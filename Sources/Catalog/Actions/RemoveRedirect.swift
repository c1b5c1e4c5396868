import EventLog
import FoundationEssentials
public import Persistence
public import Primitives

/// Lets a former handle lead nowhere.
public struct RemoveRedirect: Sendable {
    private let store: StoreID
    private let place: RedirectPlace
    private let actor: Actor
    private let requestID: String?

    public init(store: StoreID, redirect: RedirectPlace, actor: Actor, requestID: String? = nil) {
        self.store = store
        place = redirect
        self.actor = actor
        self.requestID = requestID
    }

    /// - Throws: `not_found`.
    public func run(in tx: borrowing Transaction) throws {
        guard
            let target = try RedirectTable.remove(place.handle, place.kind, store: store, in: tx)
        else { throw Problem.notFound("redirect") }
        try EventLog.append(
            [
                NewEvent(
                    store: store,
                    // Of its own: what the handle led to is not changed by it.
                    aggregate: Aggregate(
                        kind: "redirect", id: tx.newIdentifier(IdentifierKinds.Event.self).uuid),
                    version: 1, type: "redirect.removed", actor: actor,
                    data: .object([
                        "kind": .string(place.kind.rawValue), "handle": .string(place.handle),
                        "target_id": .string(target.description),
                    ]), requestID: requestID)
            ], in: tx)
    }
}
