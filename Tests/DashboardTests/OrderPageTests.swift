import Catalog
import EventLog
import Inventory
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct OrderPageTests {
    @Test(arguments: TestEngine.available)
    func `an order's page says what is in it`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let order = try await shop.order(title: "<b>Crème</b>")
            let page = try await shop.owner(of: shop.maya).get("/dashboard/orders/\(order.id)")
            #expect(page.status == 200)
            for text in ["Order \(order.name)", "zoë@example.com", "3 Quay Row", "£9.00", "Order placed", "Customer"] {
                #expect(page.text.contains(text), "\(text)")
            }
            #expect(!page.text.contains("<b>Crème"))
            #expect(page.text.contains("Mark as sent"))
            #expect(page.text.contains("Cancel this order"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `units are sent in parts until none is left`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let order = try await shop.order(3)
            let owner = try await shop.owner(of: shop.maya)
            let path = "/dashboard/orders/\(order.id)"
            let field = "quantity.\(order.lines[0].id)"
            let first = try await owner.post("\(path)/fulfillments", [field: "1", "tracking_number": "TRACK 1"])
            #expect(first.verdict == "303 \(path)?done=fulfilled")
            #expect(try await shop.maya.order(order.id)?.fulfillmentStatus == .partiallyFulfilled)
            let tooMany = try await owner.post("\(path)/fulfillments", [field: "3", "tracking_number": "TRACK 2"])
            #expect(tooMany.status == 422)
            #expect(tooMany.text.contains("Only 2 units of this line are left to deliver."))
            #expect(tooMany.text.contains("value=\"TRACK 2\""))
            let rest = try await owner.post("\(path)/fulfillments", [field: "2"])
            #expect(rest.status == 303)
            #expect(try await shop.maya.order(order.id)?.fulfillmentStatus == .fulfilled)
            let page = try await owner.get(path)
            #expect(!page.text.contains("Mark as sent"))
            #expect(!page.text.contains("Cancel this order"))
            let again = try await owner.post("\(path)/fulfillments", [field: "1"])
            #expect(again.status == 422)
            let events = try await shop.events(of: order.id)
            #expect(events.map(\.type.rawValue) == ["order.placed", "order.fulfilled", "order.fulfilled"])
            #expect(events.dropFirst().allSatisfy { $0.actor.hasPrefix("acc_") })
        }
    }

    @Test(arguments: TestEngine.available)
    func `a quantity that is none is told beside its field and nothing typed is lost`(_ engine: TestEngine) async throws
    {
        try await LiveDashboard.open(engine) { shop in
            let order = try await shop.order()
            let owner = try await shop.owner(of: shop.maya)
            let field = "quantity.\(order.lines[0].id)"
            for bad in ["x", "-1", "1.5", "99999999999999999999", "<i>"] {
                let answer = try await owner.post(
                    "/dashboard/orders/\(order.id)/fulfillments", [field: bad, "tracking_number": "kept"])
                #expect(answer.status == 422, "\(bad)")
                #expect(answer.text.contains("give a whole number of units"), "\(bad)")
                #expect(answer.text.contains("id=\"\(field)-error\""), "\(bad)")
                #expect(answer.text.contains("value=\"kept\""), "\(bad)")
            }
            let none = try await owner.post("/dashboard/orders/\(order.id)/fulfillments", [field: "0"])
            #expect(none.status == 422)
            let long = String(repeating: "a", count: 201)
            let tracking = try await owner.post(
                "/dashboard/orders/\(order.id)/fulfillments", [field: "1", "tracking_number": long])
            #expect(tracking.text.contains("A tracking number has at most 200 characters."))
            #expect(try await shop.maya.order(order.id) == order)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order is canceled once, and its units go back or not`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            for (restock, left) in [("yes", 10), ("", 8)] {
                let order = try await shop.order(2, title: "Soup \(left)")
                let path = "/dashboard/orders/\(order.id)"
                let answer = try await owner.post(
                    "\(path)/cancellation", ["reason": "Changed\r\nher mind", "restock": restock])
                #expect(answer.verdict == "303 \(path)?done=canceled")
                let canceled = try await shop.maya.order(order.id)
                #expect(canceled?.status == .canceled)
                #expect(canceled?.cancelReason == "Changed\nher mind")
                let variant = try #require(order.lines[0].variant)
                #expect(try await shop.maya.level(variant)?.available == left)
                let again = try await owner.post("\(path)/cancellation", ["reason": "Twice"])
                #expect(again.status == 422)
                #expect(again.text.contains("is canceled."))
            }
            let order = try await shop.order()
            let long = String(repeating: "é", count: 501)
            let answer = try await owner.post("/dashboard/orders/\(order.id)/cancellation", ["reason": long])
            #expect(answer.status == 422)
            #expect(answer.text.contains(long))
            #expect(try await shop.maya.order(order.id) == order)
        }
    }

    @Test(arguments: TestEngine.available)
    func `note and tags are saved, or told what is wrong`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let order = try await shop.order()
            let owner = try await shop.owner(of: shop.maya)
            let path = "/dashboard/orders/\(order.id)/annotation"
            let answer = try await owner.post(path, ["note": "Ring <twice>", "tags": "vip,  gift , vip,"])
            #expect(answer.verdict == "303 /dashboard/orders/\(order.id)?done=annotated")
            #expect(try await shop.maya.order(order.id)?.staffNote == "Ring <twice>")
            #expect(try await shop.maya.order(order.id)?.tags == ["vip", "gift"])
            for (note, tags) in [
                (String(repeating: "n", count: 5001), "kept"), ("kept", String(repeating: "t", count: 101)),
                ("kept", (0...100).map { "t\($0)" }.joined(separator: ",")),
            ] {
                let bad = try await owner.post(path, ["note": note, "tags": tags])
                #expect(bad.status == 422)
                #expect(bad.text.contains("kept"))
                #expect(try await shop.maya.order(order.id)?.staffNote == "Ring <twice>")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `another store's session finds nothing and changes nothing`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let order = try await shop.order()
            let variant = try await shop.maya.variant("Secret soup", sku: "SECRET", stock: 3)
            let before = try await shop.maya.count(of: .events)
            let otto = try await shop.owner(of: shop.otto)
            let signedIn = try await shop.maya.count(of: .events)
            for path in ["/dashboard", "/dashboard/products", "/dashboard/stock", "/dashboard/jobs"] {
                let page = try await otto.get(path)
                #expect(page.status == 200, "\(path)")
                #expect(!page.text.contains("Secret soup") && !page.text.contains(order.name), "\(path)")
            }
            #expect(try await otto.get("/dashboard/orders/\(order.id)").status == 404)
            #expect(try await otto.get("/dashboard/products/\(variant.product)").status == 404)
            for (path, fields) in [
                ("/dashboard/orders/\(order.id)/cancellation", ["reason": "Hah"]),
                ("/dashboard/orders/\(order.id)/fulfillments", ["quantity.\(order.lines[0].id)": "1"]),
                ("/dashboard/orders/\(order.id)/annotation", ["note": "Hah"]),
                ("/dashboard/products/\(variant.product)", ["title": "Hah", "status": "draft"]),
                ("/dashboard/products/\(variant.product)/stock", ["on_hand.\(variant.id)": "0"]),
                ("/dashboard/stock", ["variant": "\(variant.id)", "on_hand.\(variant.id)": "0"]),
            ] as [(String, KeyValuePairs<String, String>)] {
                #expect(try await otto.post(path, fields).status == 404, "\(path)")
            }
            #expect(signedIn > before)
            #expect(try await shop.maya.count(of: .events) == signedIn)
            #expect(try await shop.maya.order(order.id) == order)
        }
    }
}

extension LiveDashboard {
    func events(of order: OrderID) async throws -> [RecordedEvent] {
        let store = maya.store.id
        return try await maya.database.read("test.timeline") { tx in
            try Orders.timeline(of: order, store: store, after: 0, limit: 100, in: tx)
        }
    }
}
