import Catalog
import Exchange
import FoundationEssentials
import Inventory
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct ProductImportTests {
    static let header =
        "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,"
        + "Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Cost per item,Image Src,Gift Card,Hue\n"

    static let soap =
        header + """
            soap,Soap,"<p>It ""foams"",
            and cleans</p>",Tin,Care,"bath, gift",true,Scent,Rose,S-R,120,shopify,7,4.5,1.2,https://i.ex/1.jpg,,#f00
            soap,,,,,,,,Lime,S-L,120,shopify,3,4.50,,https://i.ex/2.jpg,,#0f0
            soap,,,,,,,,,,,,,,,https://i.ex/3.jpg,,
            comb,Comb,,,,,false,Title,Default Title,,,,,2,,,,

            """

    @Test(arguments: TestEngine.available)
    func `products come in with variants, pictures, stock and what has no field of its own`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let ended = try await world.run(Self.soap)
            #expect(ended.state == .done)
            #expect(ended.counts.rows == 4)
            #expect(ended.counts.created == 2)
            #expect(ended.counts.refused == 0)
            let soap = try #require(try await world.product("soap"))
            #expect(soap.title == "Soap")
            #expect(soap.descriptionHTML == "<p>It \"foams\",\nand cleans</p>")
            #expect(soap.details.type == "Care")
            #expect(soap.details.metadata == ["Hue": "#f00"])
            #expect(soap.tags == ["bath", "gift"])
            #expect(soap.status == .active)
            #expect(soap.options.map(\.values) == [["Rose", "Lime"]])
            #expect(soap.variants.map(\.sku) == ["S-R", "S-L"])
            #expect(soap.variants.map(\.priceMinorUnits) == [450, 450])
            #expect(soap.variants.map(\.costMinorUnits) == [120, nil])
            #expect(soap.variants.map(\.weightGrams) == [120, 120])
            #expect(soap.variants[1].details.metadata == ["Hue": "#0f0"])
            #expect(soap.images.map(\.url) == (1...3).map { "https://i.ex/\($0).jpg" })
            #expect(try await world.level(soap.variants[0].id)?.onHand == 7)
            let comb = try #require(try await world.product("comb"))
            #expect(comb.status == .draft)
            #expect(comb.optionNames == [])
            #expect(try await world.level(comb.variants[0].id) == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `the same file again changes nothing and leaves no event`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await world.run(Self.soap)
            let (before, events) = (try await world.product("soap"), try await world.count(of: .events))
            let again = try await world.run(Self.soap)
            #expect(again.counts.unchanged == 2)
            #expect(again.counts.updated == 0)
            #expect(try await world.product("soap") == before)
            #expect(try await world.count(of: .events) == events)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a dry run says what it would do and does nothing`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let dry = try await world.run(Self.soap, isDryRun: true)
            #expect(dry.counts.created == 2)
            #expect(try await world.product("soap") == nil)
            #expect(try await world.count(of: .events) == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what is wrong is reported by line and column and the rest comes in`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let text =
                Self.header + """
                    good,Good,,,,,true,Title,Default Title,,,,,1.00,,,,
                    bad,Bad,,,,,perhaps,Title,Default Title,,,,,12.345,,,,
                    short,Short
                    new,,,,,,true,Title,Default Title,,,,,1,,,,
                    two,Two,,,,,true,Size,S,,,,,1,,,,
                    two,,,,,,,,S,,,,,1,,,,
                    a b,Blank,,,,,true,Title,Default Title,,,,,1,,,,
                    last,Last,,,,,true,Title,Default Title,,-3,,,1,,ftp://x,,
                    end,End,,,,,true,Title,Default Title,,,shopify,-2,1,,,,

                    """
            let ended = try await world.run(text)
            #expect(ended.counts.created == 2)
            #expect(ended.counts.refused == 6)
            let problems = try await world.problems(of: ended.id)
            #expect(
                problems.map { "\($0.line) \($0.column) \($0.code)" } == [
                    "3 Published boolean", "3 Variant Price money.precision", "4  cells", "5 Title required",
                    "7 Option1 Value duplicate", "8 Handle handle", "9 Variant Grams weight", "9 Image Src address",
                    "10 Variant Inventory Qty stock.negative",
                ])
            #expect(try await world.product("good") != nil)
            #expect(try await world.product("bad") == nil)
            let end = try #require(try await world.product("end"))
            #expect(try await world.level(end.variants[0].id)?.onHand == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what the file does not mention stays`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await world.run(Self.soap)
            let former = try #require(try await world.product("soap"))
            let ended = try await world.run(
                "Handle,Option1 Name,Option1 Value,Variant Price\nsoap,Scent,Lime,5.00\nsoap,,Mint,6.00\n")
            #expect(ended.counts.updated == 1)
            let soap = try #require(try await world.product("soap"))
            #expect(soap.variants.map(\.priceMinorUnits) == [450, 500, 600])
            #expect(soap.variants.prefix(2).map(\.id) == former.variants.map(\.id))
            #expect(soap.descriptionHTML == former.descriptionHTML)
            #expect(soap.images == former.images)
            #expect(try await world.level(soap.variants[1].id)?.onHand == 3)
        }
    }

    @Test(arguments: TestEngine.available)
    func `a collection of the file is a category, made once and added to those there are`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let lines = (1...150).map { "jar-\($0),Jar \($0),\($0 % 2 == 0 ? "Jams & more" : "Pickles"),4.50\n" }
            let header = "Handle,Title,Collection,Variant Price\n"
            #expect(try await world.run(header + lines.joined()).counts.created == 150)
            #expect(try await world.product("jar-2")?.categories.map(\.title) == ["Jams & more"])
            #expect(try await world.product("jar-149")?.categories.map(\.handle) == ["pickles"])
            let moved = try await world.run(header + "jar-2,Jar 2,Pickles,4.50\njar-4,Jar 4,Jams & more,4.50\n")
            #expect(moved.counts.updated == 1 && moved.counts.unchanged == 1)
            #expect(try await world.product("jar-2")?.categories.map(\.handle) == ["jams-more", "pickles"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a handle that comes again, in whatever case, changes the product that was made of it`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let header = "Handle,Title,Variant Price\n"
            let ended = try await world.run(header + "tea,Tea,5.00\njam,Jam,4.00\nTEA,Black tea,6.00\n")
            #expect(ended.state == .done)
            #expect(ended.counts.created == 2 && ended.counts.updated == 1)
            #expect(try await world.product("tea")?.title == "Black tea")
            let again = try await world.run(header + "Tea,Green tea,6.00\n")
            #expect(again.counts.updated == 1)
            #expect(try await world.product("tea")?.title == "Green tea")
        }
    }

    @Test(arguments: TestEngine.available)
    func `stock below what orders hold is left and said`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await world.run(Self.soap)
            let rose = try #require(try await world.product("soap")).variants[0]
            _ = try await world.place(world.checkout([(rose, 5)]).id)
            let lower = "Handle,Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty\n"
            let ended = try await world.run(lower + "soap,Scent,Rose,shopify,4\n")
            #expect(try await world.problems(of: ended.id).map(\.code) == ["stock.below_reserved"])
            #expect(try await world.level(rose.id) == StockLevel(variant: rose.id, onHand: 7, reserved: 5))
        }
    }

    @Test(arguments: TestEngine.available)
    func `a file tells of the main location, and other locations keep what they have`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            _ = try await world.run(Self.soap)
            let rose = try #require(try await world.product("soap")).variants[0]
            let barn = try await world.location("Barn")
            try await world.adjust(rose.id, by: 4, at: barn.id, .received)
            let again = try await world.run(try await world.exported())
            #expect(again.counts.unchanged == 2)
            #expect(try await world.units(of: rose.id) == ["Main location": 7, "Barn": 4])
            _ = try await world.place(world.checkout([(rose, 5)]).id)
            // The barn has four of the five: one at the main location is enough.
            let lower = "Handle,Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty\n"
            let ended = try await world.run(lower + "soap,Scent,Rose,shopify,1\n")
            #expect(try await world.problems(of: ended.id).isEmpty)
            #expect(try await world.units(of: rose.id) == ["Main location": 1, "Barn": 4])
            let fewer = try await world.run(lower + "soap,Scent,Rose,shopify,0\n")
            #expect(try await world.problems(of: fewer.id).map(\.code) == ["stock.below_reserved"])
            #expect(try await world.units(of: rose.id) == ["Main location": 1, "Barn": 4])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a file that is none is refused as a whole`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            for (text, word) in [
                ("Title,Price\nx,1\n", "no column “Handle”"), ("Handle;Title\nx;y\n", "not separated by commas"),
                ("Handle,Title,Title\n", "is there twice"), ("\u{FEFF}\n", "The file is empty"),
            ] {
                let ended = try await world.run(text)
                #expect(ended.state == .failed)
                #expect(ended.failure.contains(word), "\(ended.failure)")
            }
            let wide = try await world.run(Array("Handle,Title".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
            #expect(wide.failure.contains("UTF-16"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `an import that was interrupted goes on where it stood and counts nothing twice`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            var text = Self.header
            for number in 1...400 {
                text += "p-\(number),Product \(number),,,,,true,Title,Default Title,P-\(number),,shopify,5,1.00,,,,\n"
            }
            let id = try await world.begin(Array(text.utf8), partSize: 1000)
            // Every run ends after one transaction, as if it had been killed.
            var runs = 0
            var state = try await world.drive(id, until: world.clock.now())
            while state.state == .running, runs < 100 {
                state = try await world.drive(id, until: world.clock.now())
                runs += 1
            }
            #expect(state.state == .done)
            #expect(runs > 3)
            #expect(state.counts.rows == 400)
            #expect(state.counts.created == 400)
            // A product and its stock each have an event.
            #expect(try await world.count(of: .events) == 800)
        }
    }

    @Test(arguments: TestEngine.available)
    func `of two that read the same file each part is done by one`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            var text = Self.header
            for number in 1...300 { text += "q-\(number),Q,,,,,true,Title,Default Title,,,,,1,,,,\n" }
            let id = try await world.begin(Array(text.utf8), partSize: 1 << 20)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        do {
                            _ = try await world.drive(id)
                        } catch let problem as Problem where problem.code == "import.moved" {
                            return
                        }
                    }
                }
                try await group.waitForAll()
            }
            let state = try await world.drive(id)
            #expect(state.state == .done)
            #expect(state.counts.created == 300)
            #expect(state.counts.rows == 300)
        }
    }
}

extension World {
    func run(_ text: String, as kind: ImportKind = .products, isDryRun: Bool = false) async throws -> Import {
        try await run(Array(text.utf8), as: kind, isDryRun: isDryRun)
    }

    func run(_ bytes: [UInt8], as kind: ImportKind = .products, isDryRun: Bool = false) async throws -> Import {
        try await drive(begin(bytes, as: kind, isDryRun: isDryRun))
    }

    func begin(
        _ bytes: [UInt8], as kind: ImportKind = .products, partSize: Int = 100, isDryRun: Bool = false
    ) async throws -> ImportID {
        try await database.write("test.import") { [store] tx in
            let opened = try OpenImport(
                store: store.id, kind: kind, fileName: "test.csv", isDryRun: isDryRun, actor: .system
            ).run(in: tx)
            for (index, start) in stride(from: 0, to: bytes.count, by: partSize).enumerated() {
                let part = Array(bytes[start..<min(start + partSize, bytes.count)])
                try KeepPart(store: store.id, id: opened.id, number: index + 1, content: part).run(in: tx)
            }
            return try ImportWork.start(opened.id, of: store.id, requestID: nil, in: tx).id
        }
    }

    func drive(_ id: ImportID, until deadline: Instant? = nil) async throws -> Import {
        try await ImportDrive(database: database, clock: clock, requestID: "req-1")
            .run(id, of: store.id, until: deadline)
    }

    func product(_ handle: String) async throws -> Product? {
        try await database.read("test.product") { [store] tx in
            try Catalog.product(handle: handle, of: store.id, in: tx)
        }
    }

    func problems(of id: ImportID) async throws -> [ImportProblem] {
        try await database.read("test.problems") { [store] tx in
            try Exchange.problems(of: id, store: store.id, limit: 100, in: tx).map(\.problem)
        }
    }
}
