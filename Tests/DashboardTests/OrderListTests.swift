import Catalog
import Orders
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct OrderListTests {
    @Test(arguments: TestEngine.available)
    func `filters in the address are applied and shown`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let open = try await shop.order(title: "One")
            let canceled = try await shop.order(title: "Two")
            _ = try await owner.post("/dashboard/orders/\(canceled.id)/cancellation", ["restock": "yes"])
            func shown(_ query: String) async throws -> Set<OrderID> {
                let page = try await owner.get("/dashboard" + query)
                #expect(page.status == 200)
                return Set([open.id, canceled.id].filter { page.text.contains("row-\($0)") })
            }
            #expect(try await shown("") == [open.id, canceled.id])
            #expect(try await shown("?status=open") == [open.id])
            #expect(try await shown("?status=canceled") == [canceled.id])
            #expect(try await shown("?payment=voided") == [canceled.id])
            #expect(try await shown("?payment=pending&fulfillment=unfulfilled") == [open.id])
            #expect(try await shown("?status=open&payment=voided") == [])
            #expect(try await shown("?q=%23\(open.number)") == [open.id])
            #expect(try await shown("?q=zo%C3%AB%40example.com") == [open.id, canceled.id])
            #expect(try await shown("?q=nobody%40example.com") == [])
            // What is no filter is not applied, and is not shown as one.
            #expect(try await shown("?status=nonsense&after=rubbish&payment=") == [open.id, canceled.id])
            let page = try await owner.get("/dashboard?status=open&q=%22%3E%3Cscript%3E")
            #expect(page.text.contains("<option value=\"open\" selected"))
            #expect(!page.text.contains("<script>"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `pages follow each other without gaps and keep their filters`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let variant = try await shop.maya.variant()
            var placed: [OrderID] = []
            for number in 0..<53 {
                shop.maya.clock.advance(seconds: 60)
                let checkout = try await shop.maya.checkout([(variant, 1)])
                placed.append(try await shop.maya.place(checkout.id, number: 3000 + number).order.id)
            }
            let first = try await owner.get("/dashboard?status=open")
            let newest = placed.reversed()
            #expect(newest.prefix(50).allSatisfy { first.text.contains("row-\($0)") })
            #expect(newest.dropFirst(50).allSatisfy { !first.text.contains("row-\($0)") })
            let last = try #require(newest.dropFirst(49).first)
            let address = try #require(
                first.text.split(separator: "\"").first { $0.contains("after=") && $0.contains("\(last)") })
            #expect(address.contains("status=open"))
            let second = try await owner.get(String(address).replacing("&amp;", with: "&"))
            #expect(newest.prefix(50).allSatisfy { !second.text.contains("row-\($0)") })
            #expect(newest.dropFirst(50).allSatisfy { second.text.contains("row-\($0)") })
            #expect(second.text.contains("Back to the beginning"))
        }
    }
}
