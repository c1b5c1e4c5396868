import Catalog
import Inventory
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct StockPageTests {
    @Test(arguments: TestEngine.available)
    func `units are adjusted with a reason, and what is wrong is said beside it`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let variant = try await shop.maya.variant("Quince jam", stock: 4).id
            let main = shop.maya.mainLocation.description
            let path = "/dashboard/stock/items/\(variant)"
            #expect(try await owner.get(path).text.contains("<h1>Quince jam</h1>"))
            // The history is in the order of the milliseconds.
            shop.maya.clock.advance(seconds: 0.001)
            let saved = try await owner.post(
                "\(path)/adjustments",
                ["reason": "damaged", "units": "1", "location": main, "note": "Dropped <jar>"])
            #expect(saved.verdict == "303 \(path)?done=stocked")
            #expect(try await shop.maya.level(variant)?.onHand == 3)
            #expect(try await owner.get(path).text.contains("Dropped &lt;jar&gt;"))
            #expect(try await shop.maya.history(of: variant) == ["+4 counted", "-1 damaged"])
            for (reason, units, field) in [
                ("damaged", "9", "units"), ("damaged", "x", "units"), ("received", "-2", "units"),
                ("correction", "0", "units"), ("correction", "-4", "units"), ("sold", "1", "reason"),
            ] {
                let bad = try await owner.post(
                    "\(path)/adjustments", ["reason": reason, "units": units, "location": main, "note": ""])
                #expect(bad.status == 422, "\(reason) \(units)")
                #expect(bad.text.contains("id=\"\(field)-error\""), "\(reason) \(units)")
                #expect(bad.text.contains("value=\"\(units)\""), "\(reason) \(units)")
            }
            #expect(try await shop.maya.level(variant)?.onHand == 3)
            let correction = try await owner.post(
                "\(path)/adjustments", ["reason": "correction", "units": "-2", "location": main, "note": ""])
            #expect(correction.status == 303)
            #expect(try await shop.maya.level(variant)?.onHand == 1)
            #expect(try await owner.get("/dashboard/stock/history").text.contains("Correction"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `how a variant is sold is changed on its page`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let variant = try await shop.maya.variant(stock: 4).id
            let path = "/dashboard/stock/items/\(variant)/policy"
            let saved = try await owner.post(
                path, ["safety": "1", "low": "3", "backorders": "limit", "limit": "20"])
            #expect(saved.status == 303)
            let policy = StockPolicy(safety: 1, backorderLimit: 20, lowAt: 3)
            #expect(try await shop.maya.level(variant)?.policy == policy)
            for (safety, backorders, limit, field) in [
                ("x", "no", "", "safety"), ("1", "limit", "", "limit"), ("1", "limit", "0", "limit"),
                ("1", "maybe", "", "backorders"),
            ] {
                let bad = try await owner.post(
                    path, ["safety": safety, "low": "3", "backorders": backorders, "limit": limit])
                #expect(bad.status == 422)
                #expect(bad.text.contains("id=\"\(field)-error\""))
            }
            #expect(try await shop.maya.level(variant)?.policy == policy)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a delivery is expected and taken in`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let variant = try await shop.maya.variant("Quince jam", stock: 1).id
            let main = shop.maya.mainLocation.description
            let path = "/dashboard/stock/items/\(variant)/incoming"
            let bad = try await owner.post(
                path, ["expected": "5", "day": "tomorrow", "supplier": "Mill", "to": main])
            #expect(bad.status == 422)
            #expect(bad.text.contains("id=\"day-error\""))
            let saved = try await owner.post(
                path, ["expected": "5", "day": "2027-01-02", "supplier": "Mill", "to": main])
            #expect(saved.status == 303)
            #expect(try await owner.get("/dashboard/stock/incoming").text.contains("2 January 2027"))
            let delivery = try await shop.maya.database.read("test.incoming") { [store = shop.maya.store.id] tx in
                try Inventory.incoming(.expected, of: store, after: nil, limit: 5, in: tx)
            }[0].id
            let field = "received.\(delivery)"
            let tooMany = try await owner.post(
                "/dashboard/stock/incoming", ["delivery": "\(delivery)", field: "6", "action": "receive"])
            #expect(tooMany.status == 422)
            #expect(tooMany.text.contains("id=\"\(field)-error\""))
            let received = try await owner.post(
                "/dashboard/stock/incoming", ["delivery": "\(delivery)", field: "5", "action": "receive"])
            #expect(received.status == 303)
            #expect(try await shop.maya.level(variant)?.onHand == 6)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a location is opened, and a transfer goes there`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let variant = try await shop.maya.variant("Quince jam", sku: "QJ 1", stock: 8).id
            let unnamed = try await owner.post("/dashboard/stock/locations", ["name": " ", "priority": "5"])
            #expect(unnamed.status == 422)
            #expect(unnamed.text.contains("id=\"name-error\""))
            let opened = try await owner.post(
                "/dashboard/stock/locations", ["name": "Barn", "city": "Peebles", "priority": "5"])
            #expect(opened.status == 303)
            let locations = try await shop.maya.database.read("test.locations") { [store = shop.maya.store.id] tx in
                try Inventory.locations(of: store, in: tx)
            }
            let opening = locations.first { $0.name == "Barn" }
            let barn = try #require(opening).id
            let main = shop.maya.mainLocation.description
            let unknown = try await owner.post(
                "/dashboard/stock/transfers", ["from": main, "to": "\(barn)", "lines": "XX 1\nQJ 1 3", "note": ""])
            #expect(unknown.status == 422)
            #expect(unknown.text.contains("Line 1: no variant has the SKU XX."))
            let drafted = try await owner.post(
                "/dashboard/stock/transfers", ["from": main, "to": "\(barn)", "lines": "QJ 1 3\n", "note": ""])
            let transfer = try await shop.maya.database.read("test.transfers") { [store = shop.maya.store.id] tx in
                try Inventory.transfers(nil, of: store, after: nil, limit: 5, in: tx)
            }[0].id
            let path = "/dashboard/stock/transfers/\(transfer)"
            #expect(drafted.verdict == "303 \(path)?done=stocked")
            #expect(try await owner.post(path, ["action": "send"]).status == 303)
            #expect(try await shop.maya.level(variant)?.onHand == 5)
            let field = "arrived.\(variant)"
            #expect(try await owner.post(path, ["action": "receive", field: "two"]).status == 422)
            #expect(try await owner.post(path, ["action": "receive", field: "2"]).status == 303)
            #expect(try await shop.maya.units(of: variant) == ["Main location": 5, "Barn": 2])
            #expect(try await owner.post(path, ["action": "cancel"]).status == 422)
            let closing = try await owner.post(
                "/dashboard/stock/locations",
                [
                    "location": "\(barn)", "name.\(barn)": "Barn", "priority.\(barn)": "5", "active.\(barn)": "no",
                ])
            #expect(closing.status == 422)
            #expect(closing.text.contains("Units are still there."))
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is there is counted and the books follow`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let variant = try await shop.maya.variant("Quince jam", sku: "QJ", stock: 8).id
            let main = shop.maya.mainLocation.description
            #expect(
                try await owner.post("/dashboard/stock/counts", ["location": main, "note": "Shelf 3"]).status == 303)
            let count = try await shop.maya.database.read("test.counts") { [store = shop.maya.store.id] tx in
                try Inventory.counts(nil, of: store, after: nil, limit: 5, in: tx)
            }[0].id
            let path = "/dashboard/stock/counts/\(count)"
            let bad = try await owner.post(path, ["action": "enter", "lines": "QJ\nQJ many"])
            #expect(bad.status == 422)
            #expect(bad.text.contains("QJ many"))
            #expect(try await owner.post(path, ["action": "enter", "lines": "QJ;6"]).status == 303)
            #expect(try await owner.get(path).text.contains("−2"))
            #expect(try await shop.maya.level(variant)?.onHand == 8)
            #expect(try await owner.post(path, ["action": "apply"]).status == 303)
            #expect(try await shop.maya.level(variant)?.onHand == 6)
            #expect(try await owner.post(path, ["action": "apply"]).status == 422)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order says what it waits for`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let variant = try await shop.maya.variant("Quince jam", stock: 1)
            try await shop.maya.sell(variant.id) { $0.backorderLimit = 5 }
            let order = try await shop.maya.place(try await shop.maya.checkout([(variant, 3)]).id).order
            let path = "/dashboard/orders/\(order.id)"
            #expect(try await owner.get(path).text.contains("2 back-ordered"))
            let field = "quantity.\(order.lines[0].id)"
            let early = try await owner.post("\(path)/fulfillments", [field: "2", "tracking_number": ""])
            #expect(early.status == 422)
            #expect(early.text.contains("1 of 3 are there."))
            #expect(try await owner.post("\(path)/fulfillments", [field: "1", "tracking_number": ""]).status == 303)
            #expect(try await shop.maya.level(variant.id)?.onHand == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `another store's stock is not there`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let otto = try await shop.owner(of: shop.otto)
            let variant = try await shop.maya.variant(stock: 1).id
            let count = try await shop.maya.startCount().id
            for path in ["items/\(variant)", "counts/\(count)"] {
                #expect(try await otto.get("/dashboard/stock/\(path)").status == 404)
            }
            let fields: KeyValuePairs = [
                "reason": "received", "units": "1", "location": "\(shop.otto.mainLocation)", "note": "",
            ]
            #expect(try await otto.post("/dashboard/stock/items/\(variant)/adjustments", fields).status == 404)
            #expect(try await otto.post("/dashboard/stock/counts/\(count)", ["action": "cancel"]).status == 404)
            #expect(try await shop.maya.level(variant)?.onHand == 1)
        }
    }
}
