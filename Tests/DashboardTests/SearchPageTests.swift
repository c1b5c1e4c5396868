import Catalog
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct SearchPageTests {
    @Test(arguments: TestEngine.available)
    func `staff choose the language and which words mean the same`(_ engine: TestEngine) async throws {
        try await LiveDashboard.open(engine) { shop in
            let owner = try await shop.owner(of: shop.maya)
            let store = shop.maya.store.id
            func synonyms() async throws -> [Synonym] {
                try await shop.maya.database.read("test.synonyms") { tx in
                    try Catalog.synonyms(of: store, limit: 10, in: tx)
                }
            }
            let page = try await owner.get("/dashboard/search")
            #expect(page.text.contains("No synonyms yet"))
            let done = "303 /dashboard/search?done=search_saved"
            #expect(try await owner.post("/dashboard/search/language", ["language": "fr"]).verdict == done)
            #expect(try await owner.post("/dashboard/search/language", ["language": "xx"]).status == 422)
            let language = try await shop.maya.database.read("test.language") { tx in
                try Catalog.searchLanguage(of: store, in: tx)
            }
            #expect(language == .french)
            let again = try await owner.post("/dashboard/search/rebuild")
            #expect(again.verdict == "303 /dashboard/search?done=search_rebuilding")
            let address = "/dashboard/search/synonyms"
            #expect(try await owner.post(address, ["terms": " canapé , sofa,, divan "]).verdict == done)
            #expect(try await synonyms().map(\.terms) == [["canapé", "sofa", "divan"]])
            for bad in ["", "sofa", "sofa, sofas", "sofa, one two three four", "sofa, !", ",,,"] {
                let answer = try await owner.post(address, ["terms": bad])
                #expect(answer.status == 422, "\(bad)")
                #expect(answer.text.contains("id=\"terms-error\""), "\(bad)")
            }
            #expect(try await synonyms().count == 1)
            let id = try #require(try await synonyms().first?.id)
            #expect(try await owner.post("\(address)/\(id)/removal").verdict == done)
            #expect(try await synonyms().isEmpty)
            #expect(try await owner.post("\(address)/\(id)/removal").status == 404)
        }
    }
}
