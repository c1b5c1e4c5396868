import Customers
import Orders
import Persistence
import Primitives
import ShopWorld
import TestSupport
import Testing
import UseCases

struct CustomerPageTests {
    @Test(arguments: TestEngine.available)
    func `a customer is added, found, changed and forgotten`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            #expect(try await owner.get("/dashboard/customers").text.contains("No customers yet"))
            let added = try await owner.post(
                "/dashboard/customers", ["first_name": "Zoë", "last_name": "Wölfle", "email": "zoe@example.com"])
            let path = try #require(added.location?.split(separator: "?").first.map(String.init))
            #expect(added.verdict == "303 \(path)?done=kept")
            let twin = try await owner.post("/dashboard/customers", ["email": "ZOE@example.com"])
            #expect(twin.status == 422)
            #expect(twin.text.contains("It belongs to another customer."))
            #expect(twin.text.contains("value=\"ZOE@example.com\""))
            let group = try await owner.post("/dashboard/customer-groups", ["name": "Trade <b>"])
            #expect(group.verdict == "303 /dashboard/customer-groups?done=kept")
            let page = try await owner.get(path).text
            #expect(page.contains("Trade &lt;b&gt;"))
            let id = try #require(page.firstMatch(of: /value="(cgr_[0-9a-z]+)"/)).1
            let saved = try await owner.post(
                path,
                [
                    "first_name": "Zoë", "last_name": "Wolff", "email": "zoe@example.com", "group": String(id),
                    "tags": "vip, press", "tax_exempt": "yes", "address_name": "Zoë", "address_line1": "3 Quay Row",
                    "address_city": "Leith", "address_country": "gb",
                ])
            #expect(saved.verdict == "303 \(path)?done=kept")
            let found = try await owner.get("/dashboard/customers?q=wolf&group=\(id)").text
            #expect(found.contains("Zoë Wolff"))
            #expect(try await owner.get("/dashboard/customers?q=w%C3%B6lfl").text.contains("No customer matches"))
            for (field, value) in [
                ("email", "no address"), ("phone", "12"), ("address_country", "Atlantis"),
                ("first_name", String(repeating: "x", count: 101)),
            ] {
                let bad = try await owner.post(path, ["last_name": "Kept", field: value])
                #expect(bad.status == 422, "\(field)")
                #expect(bad.text.contains("id=\"\(field)-error\""), "\(field)")
            }
            let kept = try await owner.get(path).text
            #expect(kept.contains("Zoë Wolff"))
            #expect(kept.contains("3 Quay Row"))
            #expect(kept.contains("Tax exempt"))
            let otto = try await shop.owner(of: shop.otto)
            #expect(try await otto.get(path).status == 404)
            #expect(try await otto.post("\(path)/removal").status == 404)
            let forgotten = try await owner.post("\(path)/removal")
            #expect(forgotten.verdict == "303 /dashboard/customers?done=removed")
            #expect(try await owner.get(path).status == 404)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a customer's page shows their orders, and an order's page its customer`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let order = try await shop.order()
            let orderPath = "/dashboard/orders/\(order.id)"
            #expect(try await !owner.get(orderPath).text.contains("/dashboard/customers/cus_"))
            try await shop.maya.database.write("test.note") { tx in
                try OrderCustomers.note(
                    Orders.timeline(of: order.id, store: order.store, after: 0, limit: 9, in: tx), in: tx)
            }
            let page = try await owner.get(orderPath).text
            let path = try #require(page.firstMatch(of: /href="(\/dashboard\/customers\/cus_[0-9a-z]+)"/)).1
            let customer = try await owner.get(String(path)).text
            #expect(customer.contains(">\(order.name)<"))
            #expect(customer.contains("1 order"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a group is renamed and removed`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            for name in ["Trade", "Press"] { _ = try await owner.post("/dashboard/customer-groups", ["name": name]) }
            let page = try await owner.get("/dashboard/customer-groups").text
            let id = String(try #require(page.firstMatch(of: /customer-groups\/(cgr_[0-9a-z]+)/)).1)
            let path = "/dashboard/customer-groups/\(id)"
            for name in ["", "Trade", String(repeating: "x", count: 101)] {
                let bad = try await owner.post(path, ["name.\(id)": name])
                #expect(bad.status == 422, "\(name)")
                #expect(bad.text.contains("id=\"name.\(id)-error\""))
            }
            let renamed = try await owner.post(path, ["name.\(id)": "Papers"])
            #expect(renamed.verdict == "303 /dashboard/customer-groups?done=kept")
            #expect(try await owner.get("/dashboard/customer-groups").text.contains("Papers"))
            let removed = try await owner.post(path, ["action": "remove"])
            #expect(removed.verdict == "303 /dashboard/customer-groups?done=removed")
            #expect(try await !owner.get("/dashboard/customer-groups").text.contains("Papers"))
            #expect(try await owner.post(path, ["action": "remove"]).status == 404)
        }
    }
}
