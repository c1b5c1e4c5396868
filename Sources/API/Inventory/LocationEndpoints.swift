import HTTPServer
import Inventory
import Persistence
import Primitives

extension ShopAPI {
    var locationEndpoints: [Endpoint] { [listLocations, createLocation, getLocation, changeLocation] }

    private static let path = PathShape("location", .identifier(IdentifierKinds.Location.self))
    private static let reading = Policy(.secretKey("stock:read"), rateLimit: .backOffice)
    private static let writing = Policy(.secretKey("stock:write"), rateLimit: .backOffice)

    private var listLocations: Endpoint {
        Endpoint(
            .get, "/api/v1/locations", "listLocations",
            summary: "Where units are kept, by priority; at most 100, on one page", policy: Self.reading,
            takes: .nothing, answers: .ok(.page("LocationPage", of: LocationView.shape))
        ) { call in
            let store = try call.store
            let locations = try await database.read("inventory.locations") { tx in
                try Inventory.locations(of: store, in: tx)
            }
            return .value(Page(locations.map { LocationView($0, of: store) }, nextCursor: nil))
        }
    }

    private var createLocation: Endpoint {
        Endpoint(
            .post, "/api/v1/locations", "createLocation", summary: "Opens a location",
            policy: Policy(.secretKey("stock:write"), rateLimit: .backOffice, idempotencyKey: .optional),
            takes: .body(LocationPatch.newShape), answers: .created(LocationView.shape),
            problems: [.conflict: "location.name_taken"]
        ) { call in
            let (store, request, patch) = (try call.store, call.optionalIdempotency, call.body)
            let save = SaveLocation(store: store) { patch.apply(to: &$0) }
            let answer = try await database.write("inventory.location") { tx in
                try IdempotencyKeys.once(request, store: store, in: tx) { tx in
                    let location = try save.run(in: tx)
                    return StoredAnswer(
                        status: 201, body: LocationView.shape.encode(LocationView(location, of: store)),
                        resource: location.id.uuid)
                }
            }
            return .stored(answer)
        }
    }

    private var getLocation: Endpoint {
        Endpoint(
            .get, "/api/v1/locations/{location}", "getLocation", summary: "A location", policy: Self.reading,
            takes: .path(Self.path), answers: .ok(LocationView.shape)
        ) { call in
            let (store, id) = (try call.store, call.path)
            let locations = try await database.read("inventory.locations") { tx in
                try Inventory.locations(of: store, in: tx)
            }
            guard let found = locations.first(where: { $0.id == id }) else { throw Problem.notFound("location") }
            return .value(LocationView(found, of: store))
        }
    }

    private var changeLocation: Endpoint {
        Endpoint(
            .patch, "/api/v1/locations/{location}", "changeLocation", summary: "Changes a location, or closes it",
            policy: Self.writing, takes: .path(Self.path, body: LocationPatch.shape),
            answers: .ok(LocationView.shape), problems: [.conflict: "location.not_empty"]
        ) { call in
            let (store, patch) = (try call.store, call.body)
            let save = SaveLocation(store: store, id: call.path) { patch.apply(to: &$0) }
            let location = try await database.write("inventory.location") { tx in try save.run(in: tx) }
            return .value(LocationView(location, of: store))
        }
    }
}
