import Catalog
import Exchange
import Inventory
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct ImportPageTests {
    @Test(arguments: TestEngine.available)
    func `a file is uploaded, imported by the job and reported`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let file =
                "Handle,Title,Option1 Name,Option1 Value,Variant Price\nsoap,Soap,Title,Default Title,4.50\nx,X,,,\n"
            let sent = try await owner.upload("/dashboard/imports", ["dry_run": "no"], name: "soaps.csv", file)
            #expect(sent.status == 303)
            let path = try #require(sent.location)
            let id = try #require(ImportID(String(path.split(separator: "/").last ?? "")))
            #expect(try await owner.get(path).text.contains("Running"))
            let drive = ImportDrive(database: shop.maya.database, clock: shop.maya.clock, requestID: "r")
            let ended = try await drive.run(id, of: shop.maya.store.id)
            #expect(ended.counts.created == 1)
            #expect(ended.counts.refused == 1)
            let page = try await owner.get(path).text
            #expect(page.contains("1 new, 0 changed, 0 unchanged, 1 refused"))
            #expect(page.contains("A new product needs a variant with a price."))
            #expect(try await owner.get("/dashboard/imports").text.contains("soaps.csv"))
            let download = try await owner.get("/dashboard/exports/products")
            #expect(download.header("content-type") == "text/csv; charset=utf-8")
            #expect(download.text.contains("soap,Soap,"))
            let stock = try await owner.get("/dashboard/exports/stock")
            #expect(stock.header("content-disposition") == "attachment; filename=\"stock.csv\"")
            #expect(stock.text.contains("soap,Soap,Title,Default Title,,,,,,,,Main location,,,,,,not stocked,"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `an upload without a file is refused and kept nothing of`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let sent = try await owner.upload("/dashboard/imports", ["dry_run": "no"], name: "", "")
            #expect(sent.status == 422)
            #expect(sent.text.contains("Choose a CSV file that is not empty."))
            let imports = try await shop.maya.database.read("test.imports") { [store = shop.maya.store.id] tx in
                try Exchange.imports(of: store, limit: 5, in: tx)
            }
            #expect(imports.isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a file of another kind is read as what it is said to be`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let jam = try await shop.maya.variant("Jam", sku: "J")
            let file = "SKU,Location,On hand (new)\nJ,Main location,7\nK,Main location,1\n"
            let sent = try await owner.upload(
                "/dashboard/imports", ["kind": "stock", "dry_run": "no"], name: "count.csv", file)
            let path = try #require(sent.location)
            let id = try #require(ImportID(String(path.split(separator: "/").last ?? "")))
            let drive = ImportDrive(database: shop.maya.database, clock: shop.maya.clock, requestID: "r")
            _ = try await drive.run(id, of: shop.maya.store.id)
            let page = try await owner.get(path).text
            #expect(page.contains("Stock levels"))
            #expect(page.contains("0 new, 1 changed, 0 unchanged, 1 refused"))
            #expect(page.contains("No variant has this SKU."))
            #expect(try await shop.maya.level(jam.id)?.onHand == 7)
            #expect(try await owner.get("/dashboard/stock/history").text.contains("Imported"))
            let wrong = try await owner.upload(
                "/dashboard/imports", ["kind": "recipes", "dry_run": "no"], name: "a.csv", file)
            #expect(wrong.status == 422)
            #expect(wrong.text.contains("Say what the file holds."))
        }
    }
}
