import Dashboard
import DesignSystem
import HTTPServer
import Markup
import Orders
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct LivePageTests {
    @Test(arguments: TestEngine.available)
    func `a page is told what happens, and what it missed comes first`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let order = try await shop.order()
            let path = "/dashboard/orders/\(order.id)/annotation"
            let page = try await owner.get("/dashboard/orders/\(order.id)")
            let found = try #require(page.text.split(separator: "\"").first { $0.hasPrefix("/dashboard/events?") })
            let address = String(found).replacing("&amp;", with: "&")
            // Between the page and its stream.
            _ = try await owner.post(path, ["note": "One"])
            let seen = try await owner.events(address, until: 2) {
                _ = try await owner.post(path, ["note": "Two"])
            }
            // The page may have been read before the order itself had its place among the events.
            #expect(seen.count >= 2 && seen.allSatisfy { $0.event == "order" })
            _ = try await owner.post(path, ["note": "Three"])
            let again = try await owner.events(address, after: seen[0].id, until: 3) {
                _ = try await owner.post(path, ["note": "Four"])
            }
            #expect(again.first?.id == seen[1].id)
            #expect(again.count >= 3 && Set(again.map(\.id)).count == again.count)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order's page is told of that order only, a store of its own orders`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let (one, other) = (try await shop.order(title: "A"), try await shop.order(title: "B"))
            let seen = try await owner.events("/dashboard/events?order=\(one.id)&after=0", until: 2) {
                _ = try await owner.post("/dashboard/orders/\(other.id)/annotation", ["note": "B"])
                _ = try await owner.post("/dashboard/orders/\(one.id)/annotation", ["note": "A"])
            }
            #expect(seen.map(\.event) == ["order", "order"])
            let otto = try await shop.owner(of: shop.otto)
            // Of Maya's order he learns nothing, neither of what was nor of what happens now.
            let theirs = try await otto.events("/dashboard/events?after=0", until: 4) {
                _ = try await owner.post("/dashboard/orders/\(one.id)/annotation", ["note": "C"])
                _ = try await otto.post("/dashboard/sign-out")
            }
            #expect(theirs.map(\.event) == ["account", "account", "account", "account"])
        }
    }

    @Test func `pages allow no inline script or style, and scripts are found`() async throws {
        try await LiveDashboard.open(.sqlite) { shop in
            let page = try await shop.owner(of: shop.maya).get("/dashboard")
            #expect(page.header("content-security-policy") == WebAnswer.contentSecurityPolicy)
            #expect(!page.text.contains(" style=") && !page.text.contains("<style"))
            #expect(!page.text.contains("hx-on") && !page.text.contains(" onclick="))
            for asset in Dashboard.assets + [DesignSystem.dashboardSheet] {
                #expect(page.text.contains(asset.address.description), "\(asset.name)")
                #expect(try await shop.stranger.get(asset.address.description).status == 200)
            }
        }
    }
}
