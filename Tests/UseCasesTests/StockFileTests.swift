import Catalog
import Exchange
import Inventory
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct StockFileTests {
    static let header =
        "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,SKU,HS Code,COO,"
        + "Location,Bin name,Incoming (not editable),Unavailable (not editable),Committed (not editable),"
        + "Available (not editable),On hand (current),On hand (new)\n"

    @Test(arguments: TestEngine.available)
    func `levels are set by handle and options at named locations with a movement`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            _ = try await world.run(ProductImportTests.soap)
            let soap = try #require(try await world.product("soap"))
            _ = try await world.location("Barn")
            let ended = try await world.run(
                Self.header + """
                    soap,Soap,Scent,Rose,,,,,S-R,,,Main location,,0,0,0,7,7,9
                    soap,Soap,Scent,Rose,,,,,S-R,,,Barn,,0,0,0,0,not stocked,4
                    soap,Soap,Scent,Lime,,,,,S-L,,,Main location,,0,0,0,3,3,
                    comb,Comb,Title,Default Title,,,,,,,,Main location,,,,,,not stocked,2

                    """, as: .stock)
            #expect(ended.state == .done)
            #expect(ended.counts.rows == 4)
            #expect(ended.counts.updated == 3)
            #expect(ended.counts.unchanged == 1)
            #expect(ended.counts.problems == 0)
            #expect(try await world.units(of: soap.variants[0].id) == ["Main location": 9, "Barn": 4])
            #expect(
                try await world.history(of: soap.variants[0].id).sorted() == ["+2 import", "+4 import", "+7 counted"])
            let comb = try #require(try await world.product("comb"))
            #expect(try await world.level(comb.variants[0].id)?.onHand == 2)
            let movements = try await world.database.read("test.movements") { tx in
                try Inventory.movements(
                    MovementFilter(variant: comb.variants[0].id), of: world.store.id, after: nil, limit: 5, in: tx)
            }
            #expect(movements.map(\.note) == ["test.csv"])
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `records that are wrong are refused alone, by line and column`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let salt = try await world.variant("Salt", sku: "S", stock: 10)
            _ = try await world.variant("Twin", sku: "T")
            _ = try await world.variant("Other twin", sku: "T")
            _ = try await world.place(try await world.checkout([(salt, 6)]).id)
            let ended = try await world.run(
                Self.header + """
                    ,,,,,,,,X,,,Main location,,,,,,,1
                    ,,,,,,,,T,,,Main location,,,,,,,1
                    ,,,,,,,,S,,,Cellar,,,,,,,1
                    ,,,,,,,,S,,,Main location,,,,,,,1e3
                    ,,,,,,,,S,,,Main location,,,,,,,5
                    nothing,,,,,,,,S,,,Main location,,,,,,,8
                    salt,,Size,Huge,,,,,S,,,Main location,,,,,,,8
                    salt,short
                    ,,,,,,,,,,,Main location,,,,,,,8
                    salt,,Title,Default Title,,,,,S,,,Main location,,,,,,,8

                    """, as: .stock)
            #expect(ended.counts.updated == 1)
            #expect(ended.counts.refused == 9)
            #expect(
                try await world.problems(of: ended.id).map { "\($0.line) \($0.column) \($0.code)" } == [
                    "2 SKU unknown", "3 SKU ambiguous", "4 Location unknown", "5 On hand (new) integer",
                    "6 On hand (new) stock.below_reserved", "7 Handle unknown", "8 Option1 Value unknown", "9  cells",
                    "10 SKU required",
                ])
            #expect(try await world.level(salt.id)?.onHand == 8)
        }
    }

    @Test(arguments: TestEngine.available)
    func `units that move between locations in one file are not missed in between`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let salt = try await world.variant("Salt", sku: "S", stock: 10)
            _ = try await world.location("Barn")
            _ = try await world.place(try await world.checkout([(salt, 6)]).id)
            let file = "Handle,Location,On hand (new)\nsalt,Main location,2\nsalt,Barn,8\n"
            let dry = try await world.run(file, as: .stock, isDryRun: true)
            #expect(dry.counts.updated == 2)
            #expect(dry.counts.refused == 0)
            #expect(try await world.units(of: salt.id) == ["Main location": 10])
            let ended = try await world.run(file, as: .stock)
            #expect(ended.counts.updated == 2)
            #expect(ended.counts.refused == 0)
            #expect(try await world.units(of: salt.id) == ["Main location": 2, "Barn": 8])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a dry run refuses what the import would and changes nothing`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let salt = try await world.variant("Salt", sku: "S", stock: 10)
            let pepper = try await world.variant("Pepper", sku: "P")
            _ = try await world.place(try await world.checkout([(salt, 6)]).id)
            let events = try await world.count(of: .events)
            let dry = try await world.run(
                "SKU,On hand (new)\nS,5\nS,7\nP,3\nP,-2\n", as: .stock, isDryRun: true)
            #expect(dry.counts.updated == 3)
            #expect(
                try await world.problems(of: dry.id).map(\.code) == ["stock.below_reserved", "stock.negative"])
            #expect(try await world.level(salt.id)?.onHand == 10)
            #expect(try await world.level(pepper.id) == nil)
            #expect(try await world.count(of: .events) == events)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an exported file changes nothing here and fills an empty store`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await world.run(ProductImportTests.soap)
            let rose = try #require(try await world.product("soap")).variants[0]
            let barn = try await world.location("Barn, old")
            try await world.adjust(rose.id, by: 4, at: barn.id, .received)
            let file = try await world.exported(.stock)
            #expect(
                file == Self.header + """
                    soap,Soap,Scent,Rose,,,,,S-R,,,Main location,,,,,,7,
                    soap,Soap,Scent,Rose,,,,,S-R,,,"Barn, old",,,,,,4,
                    soap,Soap,Scent,Lime,,,,,S-L,,,Main location,,,0,0,3,3,
                    comb,Comb,Title,Default Title,,,,,,,,Main location,,,,,,not stocked,

                    """)
            let events = try await world.count(of: .events)
            let again = try await world.run(file, as: .stock)
            #expect(again.counts.unchanged == 4)
            #expect(again.counts.updated == 0)
            #expect(try await world.count(of: .events) == events)
            #expect(
                try await world.exported(.stock, location: "Barn, old").split(separator: "\n").dropFirst() == [
                    "soap,Soap,Scent,Rose,,,,,S-R,,,\"Barn, old\",,,,,,4,",
                    "soap,Soap,Scent,Lime,,,,,S-L,,,\"Barn, old\",,,,,,not stocked,",
                    "comb,Comb,Title,Default Title,,,,,,,,\"Barn, old\",,,,,,not stocked,",
                ])
            let other = World(try await world.anotherStore(inPounds: true), in: world)
            // Without stock, as a catalogue comes from elsewhere.
            _ = try await other.run(ProductImportTests.soap.replacing(",shopify,", with: ",,"))
            _ = try await other.location("Barn, old")
            _ = try await other.run(file, as: .stock)
            #expect(try await other.exported(.stock) == file)
        }
    }

    @Test(arguments: TestEngine.available)
    func `files of another kind and hostile ones are refused with a sentence`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await world.variant("Salt", sku: "S")
            let products = try await world.run("Handle,Title\nx,X\n", as: .stock)
            #expect(products.state == .failed)
            #expect(products.failure.contains("is it the header of an inventory file?"))
            let latin = try await world.run(
                Array("SKU,Location,On hand (new)\nS,K".utf8) + [0xFC] + Array("che,1\nS,,2\n".utf8), as: .stock)
            #expect(try await world.problems(of: latin.id).map { "\($0.line) \($0.code)" } == ["2 encoding"])
            #expect(latin.counts.updated == 1)
            let huge = String(repeating: "x", count: 600_000)
            let file = "SKU,Location,On hand (new)\nS,\(huge),1\nS,,3\nS,\"\n"
            let long = try await world.drive(world.begin(Array(file.utf8), as: .stock, partSize: 1 << 20))
            #expect(
                try await world.problems(of: long.id).map { "\($0.line) \($0.code)" } == [
                    "2 cell_too_long", "4 unclosed_quote",
                ])
            #expect(long.counts.updated == 1)
        }
    }
}
