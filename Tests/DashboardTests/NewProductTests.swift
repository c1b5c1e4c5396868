import Catalog
import Foundation
import Inventory
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

/// Products that staff make, give options to, and remove.
struct NewProductTests {
    @Test(arguments: TestEngine.available)
    func `a product is made with its options, its categories and its stock`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            #expect(try await owner.get("/dashboard/products").text.contains("/dashboard/products/new"))
            let category = try await shop.category("Kitchen")
            let page = try await owner.get("/dashboard/products/new").text
            for text in ["Add the product", "Kitchen", "name=\"option_name.3\"", "value=\"\" id=\"\(Self.price)\""] {
                #expect(page.contains(text), "\(text)")
            }
            let fields =
                Self.mug + [
                    ("category", category.description), ("categories_shown", ""), ("options_shown", ""),
                    ("option_name.1", "Size"), ("option_values.1", "Small\r\nLarge\r\n"), ("option_name.2", ""),
                    ("option_values.2", ""), ("option_name.3", "Colour"), ("option_values.3", "Blue"), ("on_hand", "7"),
                ]
            let answer = try await owner.post("/dashboard/products", fields: fields)
            let made = try #require(try await shop.product(handle: "mug"))
            #expect(answer.verdict == "303 /dashboard/products/\(made.id)?done=saved")
            #expect(made.status == .active)
            #expect(made.options.map(\.name) == ["Size", "Colour"])
            #expect(made.variants.map(\.title) == ["Small / Blue", "Large / Blue"])
            #expect(made.variants.map(\.priceMinorUnits) == [1250, 1250])
            #expect(made.categories.map(\.title) == ["Kitchen"])
            #expect(try await shop.available(made) == [7, 7])
            let shown = try await owner.get("/dashboard/products/\(made.id)").text
            #expect(shown.contains("value=\"\(category)\" checked"))
            #expect(shown.contains("value=\"Size\nSmall\nLarge\n\nColour\nBlue\""))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a product needs a title and a price only, and is a draft without stock`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let fields = [("title", "Mug"), ("status", "draft"), ("handle", ""), (Self.price, "3")]
            #expect(try await owner.post("/dashboard/products", fields: fields).status == 303)
            #expect(try await owner.post("/dashboard/products", fields: fields).status == 303)
            let made = try #require(try await shop.product(handle: "mug-2"))
            #expect(made.status == .draft)
            #expect(made.variants.map(\.priceMinorUnits) == [300])
            #expect(try await shop.available(made) == [nil])
        }
    }

    @Test(arguments: TestEngine.available)
    func `what cannot be is told, nothing is made and nothing that was typed is lost`(
        _ engine: TestEngine
    ) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let many = (1...101).map(String.init).joined(separator: "\n")
            let long = String(repeating: "x", count: 256)
            for (field, bad, told) in [
                ("title", "", "title-error"), (Self.price, "", "\(Self.price)-error"),
                (Self.price, "-1", "\(Self.price)-error"),
                ("status", "new", "status-error"), ("handle", "a b", "handle-error"),
                ("on_hand", "-1", "on_hand-error"),
                ("on_hand", "9999999999999", "on_hand-error"), ("option_name.1", "", "option_name.1-error"),
                ("option_name.1", long, "option_name.1-error"), ("option_values.1", "", "option_values.1-error"),
                ("option_values.1", long, "option_values.1-error"), ("option_values.1", many, "at most 100 variants"),
                ("option_name.2", "Size", "option_name.2-error"), ("option_name.2", "Colour", "option_values.2-error"),
            ] {
                let whole =
                    Self.mug + [
                        ("options_shown", ""), ("option_name.1", "Size"), ("option_values.1", "S\r\nM"),
                        ("option_name.2", ""), ("option_values.2", ""), ("on_hand", "7"),
                    ]
                let fields = whole.map { $0.0 == field ? (field, bad) : $0 }
                let page = try await owner.post("/dashboard/products", fields: fields)
                #expect(page.status == 422, "\(field)")
                #expect(page.text.contains(told), "\(field)")
                #expect(page.text.contains("For tea."), "\(field)")
                #expect(page.text.contains("S\r\nM</textarea>") == !field.hasPrefix("option_values.1"), "\(field)")
            }
            #expect(try await shop.product(handle: "mug") == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a form that is sent twice makes one product`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let page = try await owner.get("/dashboard/products/new").text
            let id = try #require(page.firstMatch(of: /name="product" value="(prod_[0-9a-z]{26})"/)?.output.1)
            let fields = Self.mug + [("product", String(id)), ("on_hand", "3")]
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await owner.post("/dashboard/products", fields: fields).verdict }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers) == ["303 /dashboard/products/\(id)?done=saved"])
            #expect(try await shop.product(handle: "mug")?.id.description == String(id))
            #expect(try await shop.product(handle: "mug-2") == nil)
            let blank = Self.mug + [("product", Product.blank.id.description)]
            #expect(try await owner.post("/dashboard/products", fields: blank).status == 303)
            #expect(try await shop.product(Product.blank.id) == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `options change with the prices of their variants, and nobody's change in between is undone`(
        _ engine: TestEngine
    ) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let (id, variant) = try await shop.teapot()
            let path = "/dashboard/products/\(id)"
            let sizes = [
                ("options_shown", ""), ("option_name.1", "Size"), ("option_values.1", "One\r\nTwo"),
                ("price.\(variant)", "11"),
            ]
            // Sent twice, the second time changes nothing.
            for _ in 0..<2 { #expect(try await owner.post(path, fields: Self.said + sizes).status == 303) }
            let sized = try #require(try await shop.product(id))
            #expect(sized.variants.map(\.title) == ["One", "Two"])
            #expect(sized.variants.map(\.priceMinorUnits) == [1100, 1100])
            #expect(sized.variants[0].id == variant)
            // A form of before with other options: its options are not those that are there.
            let other = sizes.map { $0.0 == "option_values.1" ? ($0.0, "Big\r\nSmall") : $0 }
            let late = try await owner.post(path, fields: Self.said + other)
            #expect(late.status == 422)
            #expect(late.text.contains("Somebody changed the options meanwhile"))
            #expect(late.text.contains("value=\"Size\nOne\nTwo\""))
            #expect(!late.text.contains("Big"))
            // Without a touch to its options it takes none away.
            let untouched = [("options_shown", " "), ("option_name.1", ""), ("option_values.1", "")]
            #expect(try await owner.post(path, fields: Self.said + untouched).status == 303)
            #expect(try #require(try await shop.product(id)).variants == sized.variants)
            let gone = [("removed", variant.description), ("removed", "nonsense")]
            #expect(try await owner.post(path, fields: Self.said + gone).status == 303)
            let left = try #require(try await shop.product(id))
            #expect(left.variants.map(\.id) == [sized.variants[1].id])
            let last = try await owner.post(
                path, fields: Self.said + [("removed", left.variants[0].id.description)])
            #expect(last.status == 422)
            #expect(last.text.contains("at least one variant"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `stock goes only where somebody says so, and new variants begin without`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let fields =
                Self.mug + [
                    ("options_shown", ""), ("option_name.1", "Size"), ("option_values.1", "S\r\nM"), ("on_hand", "7"),
                ]
            #expect(try await owner.post("/dashboard/products", fields: fields).status == 303)
            let made = try #require(try await shop.product(handle: "mug"))
            func resize(_ sizes: String, _ more: [(String, String)] = []) async throws -> Browser.Page {
                let shown = try #require(try await shop.product(made.id)).options[0].values.joined(separator: "\r\n")
                let options = [
                    ("options_shown", "Size\r\n\(shown)"), ("option_name.1", "Size"), ("option_values.1", sizes),
                ]
                return try await owner.post("/dashboard/products/\(made.id)", fields: Self.said + options + more)
            }
            #expect(try await resize("S\r\nM\r\nL").status == 303)
            #expect(try await shop.available(try #require(try await shop.product(made.id))) == [7, 7, 0])
            // Nobody has any of the largest.
            #expect(try await resize("S\r\nM").status == 303)
            let refused = try await resize("S")
            #expect(refused.status == 422)
            #expect(refused.text.contains("This removes M (7 in the house, 0 promised), and their stock."))
            #expect(refused.text.contains("name=\"confirmed\""))
            #expect(try await shop.available(try #require(try await shop.product(made.id))) == [7, 7])
            #expect(try await resize("S", [("confirmed", "yes")]).status == 303)
            #expect(try await shop.available(try #require(try await shop.product(made.id))) == [7])
            #expect(try await shop.levels(of: [made.variants[1].id]).isEmpty)
            let renamed = try await resize("Small\r\nMedium\r\nLarge")
            #expect(renamed.status == 422)
            #expect(renamed.text.contains("rename first and save"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `categories are ticked and unticked, and what others did meanwhile stays`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let (id, _) = try await shop.teapot()
            let (kitchen, gifts) = (try await shop.category("Kitchen"), try await shop.category("Gifts"))
            func save(_ shown: [CategoryID]?, _ ticked: [String]) async throws -> [String] {
                let fields =
                    (shown.map { [("categories_shown", $0.map(\.description).joined(separator: " "))] } ?? [])
                    + ticked.map { ("category", $0) }
                #expect(try await owner.post("/dashboard/products/\(id)", fields: Self.said + fields).status == 303)
                return try #require(try await shop.product(id)).categories.map(\.handle)
            }
            #expect(try await save([], [gifts.description]) == ["gifts"])
            // A form of before, in which nothing was ticked.
            #expect(try await save([], []) == ["gifts"])
            #expect(try await save([], [kitchen.description]) == ["gifts", "kitchen"])
            #expect(try await save(nil, [kitchen.description]) == ["gifts", "kitchen"])
            #expect(try await save([gifts, kitchen], [kitchen.description, "nonsense"]) == ["kitchen"])
            try await shop.remove(gifts)
            #expect(try await save([kitchen], [kitchen.description, gifts.description]) == ["kitchen"])
            let many = (0..<51).map { _ in ("category", CategoryID(UUID()).description) }
            let refused = try await owner.post(
                "/dashboard/products/\(id)", fields: Self.said + [("categories_shown", "")] + many)
            #expect(refused.status == 422)
            #expect(refused.text.contains("at most 50 categories"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a product is removed with its stock when that is ticked, and a stranger's is not`(
        _ engine: TestEngine
    ) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let (id, variant) = try await shop.teapot()
            let path = "/dashboard/products/\(id)"
            #expect(try await owner.post("\(path)/stock", fields: [("on_hand.\(variant)", "4")]).status == 303)
            let unsure = try await owner.post("\(path)/removal")
            #expect(unsure.status == 422)
            #expect(unsure.text.contains("id=\"removal-error\""))
            let stranger = try await shop.owner(of: shop.otto)
            _ = try await stranger.post("\(path)/removal", ["confirmed": "yes"])
            #expect(try await shop.product(id) != nil)
            for _ in 0..<2 {
                let answer = try await owner.post("\(path)/removal", ["confirmed": "yes"])
                #expect(answer.verdict == "303 /dashboard/products?done=removed")
            }
            #expect(try await owner.get("/dashboard/products?done=removed").text.contains("It is removed."))
            #expect(try await shop.product(id) == nil)
            #expect(try await shop.levels(of: [variant]).isEmpty)
        }
    }

    private static let said = [("title", "Teapot"), ("status", "active")]
    private static let price = "price.\(Product.blank.variants[0].id)"

    private static let mug = [
        ("title", "Mug"), ("status", "active"), ("handle", ""), ("description", "For tea."), (price, "12,50"),
    ]
}

extension LiveDashboard {
    fileprivate func category(_ title: String) async throws -> CategoryID {
        let store = maya.store.id
        return try await maya.database.write("test.category") { tx in
            try MakeCategory(store: store, draft: CategoryDraft(title: title), actor: .system, requestID: nil)
                .run(in: tx).id
        }
    }

    fileprivate func product(handle: String) async throws -> Product? {
        let store = maya.store.id
        return try await maya.database.read("test.find") { tx in
            try Catalog.product(handle: handle, of: store, in: tx)
        }
    }

    fileprivate func remove(_ category: CategoryID) async throws {
        let store = maya.store.id
        try await maya.database.write("test.category") { tx in
            try DeleteCategory(store: store, category: category, actor: .system, requestID: nil).run(in: tx)
        }
    }

    fileprivate func levels(of variants: [VariantID]) async throws -> [StockLevel] {
        let store = maya.store.id
        return try await maya.database.read("test.levels") { tx in
            try Inventory.levels(of: variants, store: store, in: tx).rows()
        }
    }

    fileprivate func available(_ product: Product) async throws -> [Int?] {
        let levels = try await levels(of: product.variants.map(\.id))
        return product.variants.map { variant in levels.first { $0.variant == variant.id }?.available }
    }
}
