import HTTPServer
import Identity
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct SignInPageTests {
    @Test(arguments: TestEngine.available)
    func `a link signs in once, and looking at it does not use it up`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let link = try await LiveDashboard.link(for: shop.maya)
            for _ in 0..<2 {
                let page = try await shop.stranger.get("/dashboard/sign-in/\(link)")
                #expect(page.status == 200)
                #expect(page.text.contains("Welcome back"))
            }
            let answer = try await shop.stranger.post("/dashboard/sign-in/\(link)")
            #expect(answer.verdict == "303 /dashboard")
            let cookie = try #require(answer.setCookie)
            #expect(cookie.hasPrefix("shipshape_session="))
            #expect(cookie.contains("; HttpOnly; SameSite=Lax"))
            #expect(!cookie.contains("Secure"))
            let again = try await shop.stranger.post("/dashboard/sign-in/\(link)")
            #expect(again.status == 410)
            #expect(again.setCookie == nil)
            #expect(try await shop.stranger.get("/dashboard/sign-in/\(link)").status == 410)
            var owner = shop.stranger
            owner.cookie = answer.cookie
            #expect(try await owner.get("/dashboard").status == 200)
        }
    }

    @Test func `over HTTPS the session is sent over HTTPS only and cannot come from a neighbour`() async throws {
        try await LiveDashboard.open(.sqlite, publicOrigin: "https://shop.example") { shop in
            let link = try await LiveDashboard.link(for: shop.maya)
            let answer = try await shop.stranger.post("/dashboard/sign-in/\(link)")
            #expect(answer.setCookie?.hasPrefix("__Host-shipshape_session=") == true)
            #expect(answer.setCookie?.hasSuffix("; Secure") == true)
            #expect(answer.setCookie?.contains("; Path=/; ") == true)
            var owner = shop.stranger
            owner.cookie = answer.cookie
            #expect(try await owner.get("/dashboard").status == 200)
            owner.cookie = owner.cookie?.replacing("__Host-", with: "")
            #expect(try await owner.get("/dashboard").status == 303)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a link leads to a page of the dashboard and nowhere else`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            for (next, leads) in [
                ("/dashboard/stock", "/dashboard/stock"), ("/dashboard?status=open", "/dashboard?status=open"),
                ("https://evil.example/", "/dashboard"), ("//evil.example", "/dashboard"),
                ("/dashboard//evil.example", "/dashboard"), ("/\\evil.example", "/dashboard"),
                ("/dashboard\r\nX: y", "/dashboard"), ("/dashboard/sign-out", "/dashboard"),
                ("/dashboardevil", "/dashboard"), ("javascript:alert(1)", "/dashboard"),
            ] {
                let link = try await LiveDashboard.link(for: shop.maya)
                let answer = try await shop.stranger.post("/dashboard/sign-in/\(link)", ["next": next])
                #expect(answer.verdict == "303 \(leads)", "\(next)")
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `a link by mail is answered the same whoever asks`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let known = try await shop.stranger.post("/dashboard/sign-in", ["email": "maya@example.com"])
            let unknown = try await shop.stranger.post("/dashboard/sign-in", ["email": "nobody@example.com"])
            #expect(known.verdict == "303 /dashboard/sign-in?state=asked")
            #expect(unknown.verdict == known.verdict)
            #expect(shop.mails.values.map(\.description) == ["maya@example.com", "nobody@example.com"])
            let bad = try await shop.stranger.post("/dashboard/sign-in", ["email": "<b>maya"])
            #expect(bad.status == 422)
            #expect(bad.text.contains("value=\"&lt;b&gt;maya\"") || bad.text.contains("value=\"&lt;b>maya\""))
            #expect(shop.mails.values.count == 2)
        }
    }

    @Test(arguments: TestEngine.available)
    func `whoever signs out is out within a second`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let answer = try await owner.post("/dashboard/sign-out")
            #expect(answer.verdict == "303 /dashboard/sign-in?state=out")
            #expect(answer.setCookie?.contains("Max-Age=0") == true)
            shop.maya.clock.advance(seconds: 1)
            #expect(try await owner.get("/dashboard").verdict == "303 /dashboard/sign-in?next=%2Fdashboard")
        }
    }

    @Test(arguments: TestEngine.available)
    func `a session ends after a week without use, and use keeps it`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            for _ in 0..<3 {
                shop.maya.clock.advance(seconds: 6 * 24 * 3600)
                #expect(try await owner.get("/dashboard").status == 200)
            }
            shop.maya.clock.advance(seconds: 7 * 24 * 3600)
            #expect(try await owner.get("/dashboard").status == 303)
        }
    }

    @Test(arguments: TestEngine.available)
    func `every page and form refuses those who are not signed in`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            var random = SystemRandomNumberGenerator()
            var forged = shop.stranger
            forged.cookie = "shipshape_session=\(SignInToken.generate().text)"
            var rubbish = shop.stranger
            rubbish.cookie = "shipshape_session=' OR 1=1 --"
            let closed = shop.endpoints.filter { $0.policy.caller != .anyone }
            #expect(closed.count > 10)
            for endpoint in closed {
                let path = endpoint.address(naming: [:], using: &random)
                for browser in [shop.stranger, forged, rubbish] {
                    let answer =
                        endpoint.method == .get
                        ? try await browser.get(path) : try await browser.post(path, ["quantity": "1"])
                    if path == "/dashboard/events" {
                        #expect(answer.status == 401)
                    } else {
                        #expect(answer.status == 303, "\(endpoint.name)")
                        #expect(answer.location?.hasPrefix("/dashboard/sign-in?next=%2Fdashboard") == true)
                    }
                }
            }
            #expect(closed.allSatisfy { if case .session = $0.policy.caller { true } else { false } })
        }
    }

    @Test(arguments: TestEngine.available)
    func `a form that another site sends is refused`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let order = try await shop.order()
            var owner = try await shop.owner(of: shop.maya)
            for site in ["cross-site", "same-site"] {
                owner.site = site
                for action in ["cancellation", "fulfillments", "annotation"] {
                    let answer = try await owner.post("/dashboard/orders/\(order.id)/\(action)", ["note": "Hah"])
                    #expect(answer.status == 403)
                }
                #expect(try await owner.post("/dashboard/sign-out").status == 403)
            }
            #expect(try await shop.maya.order(order.id) == order)
        }
    }
}
