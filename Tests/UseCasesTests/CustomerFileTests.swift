import Catalog
import Customers
import Exchange
import Orders
import Payments
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct CustomerFileTests {
    static let header =
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,"
        + "Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,"
        + "Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,"
        + "Total Spent,Total Orders,Note,Tax Exempt,Tags\n"

    static let file =
        header + """
            '721,Zoë,Wölfle,Zoe@example.com,yes,Quay Ltd,3 Quay Row,,Leith,,GB,'0912,'+441315550100,+441315550101,yes,7.00,2,"Rings
            twice",no,"retail, early"
            '722,Otto,,,no,,,,,NV,US,,,+17755550154,no,0.00,0,,yes,
            '723,,,ada@example.com,no,,,,,,,,,(775) 555-0188,no,0.00,0,,no,

            """

    @Test(arguments: TestEngine.available)
    func `customers come in, and what has no field of its own is kept`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let ended = try await world.run(Self.file, as: .customers)
            #expect(ended.state == .done)
            #expect(ended.counts.created == 3)
            #expect(ended.counts.refused == 0)
            let problems = try await world.problems(of: ended.id)
            #expect(problems.map { "\($0.line) \($0.column) \($0.code)" } == ["5 Phone phone"])
            let zoe = try #require(try await world.customer(email: "ZOE@example.com"))
            #expect(zoe.details.email?.description == "Zoe@example.com")
            #expect(zoe.details.name == "Zoë Wölfle")
            #expect(zoe.details.acceptsMarketing)
            #expect(!zoe.details.isTaxExempt)
            #expect(zoe.details.note == "Rings\ntwice")
            #expect(zoe.details.tags == ["retail", "early"])
            #expect(zoe.details.phone?.description == "+441315550101")
            #expect(
                zoe.details.addresses == [
                    CustomerAddress(
                        name: "Zoë Wölfle", line1: "3 Quay Row", city: "Leith", postalCode: "0912", country: "GB")
                ])
            #expect(
                zoe.details.metadata == [
                    "Customer ID": "721", "Default Address Company": "Quay Ltd",
                    "Default Address Phone": "+441315550100", "Accepts SMS Marketing": "yes",
                ])
            let otto = try #require(try await world.customer(phone: "+17755550154"))
            #expect(otto.details.isTaxExempt)
            #expect(otto.details.addresses.isEmpty)
            #expect(otto.details.metadata["Default Address Country Code"] == "US")
            let ada = try #require(try await world.customer(email: "ada@example.com"))
            #expect(ada.details.phone == nil)
            #expect(ada.details.metadata["Phone"] == "(775) 555-0188")
        }
    }

    @Test(arguments: TestEngine.available)
    func `the same file again changes nothing, by address or by number`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await world.run(Self.file, as: .customers)
            let events = try await world.count(of: .events)
            let again = try await world.run(Self.file, as: .customers)
            #expect(again.counts.unchanged == 3)
            #expect(again.counts.updated == 0)
            #expect(try await world.count(of: .events) == events)
        }
    }

    @Test(arguments: TestEngine.available)
    func `those who are there are changed and keep what the file does not tell`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            _ = try await world.run(Self.file, as: .customers)
            let former = try #require(try await world.customer(email: "zoe@example.com"))
            let update = "Email,Last Name,Phone\nzoe@EXAMPLE.com,Quint,\n,Nomad,+17755550154\nzoe@example.com,Quist,\n"
            let dry = try await world.run(update, as: .customers, isDryRun: true)
            #expect(dry.counts.updated == 3)
            #expect(try await world.customer(email: "zoe@example.com") == former)
            let ended = try await world.run(update, as: .customers)
            #expect(ended.counts.updated == 3)
            let zoe = try #require(try await world.customer(email: "zoe@example.com"))
            #expect(zoe.id == former.id)
            #expect(zoe.details.name == "Zoë Quist")
            #expect(zoe.details.phone == former.details.phone)
            #expect(zoe.details.addresses == former.details.addresses)
            #expect(zoe.details.tags == former.details.tags)
            #expect(try await world.customer(phone: "+17755550154")?.details.name == "Otto Nomad")
        }
    }

    @Test(arguments: TestEngine.available)
    func `a number that a record before has belongs to the customer of that record`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let file = """
                Email,First Name,Phone
                ada@example.com,Ada,+17755550111
                ,Adele,+17755550111
                bob@example.com,Bob,+17755550112
                cleo@example.com,Cleo,+17755550112
                ,Somebody,+17755550112
                ada@example.com,Ada,+17755550113
                ,Dora,+17755550111

                """
            for isDryRun in [true, false] {
                let ended = try await world.run(file, as: .customers, isDryRun: isDryRun)
                #expect(ended.counts.created == 4)
                #expect(ended.counts.updated == 2)
                #expect(ended.counts.refused == 1)
                #expect(
                    try await world.problems(of: ended.id).map { "\($0.line) \($0.column) \($0.code)" } == [
                        "6 Phone ambiguous"
                    ])
            }
            let customers = try await world.database.read("test.customers") { [store = world.store.id] tx in
                try Customers.oldest(of: store, after: nil, limit: 100, in: tx)
            }
            #expect(
                customers.map { "\($0.details.firstName) \($0.details.phone?.description ?? "")" }.sorted() == [
                    "Ada +17755550113", "Bob +17755550112", "Cleo +17755550112", "Dora +17755550111",
                ])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a dry run says what it would do and does nothing`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let dry = try await world.run(Self.file + Self.file.dropHeader, as: .customers, isDryRun: true)
            #expect(dry.counts.created == 3)
            #expect(dry.counts.unchanged == 3)
            #expect(try await world.count(of: .events) == 0)
            #expect(try await world.customer(email: "zoe@example.com") == nil)
        }
    }

    @Test(arguments: TestEngine.available)
    func `records that are wrong are refused by line and column`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            for name in ["One", "Two"] {
                _ = try await world.database.write("test.customer") { tx in
                    try AddCustomer(
                        store: world.store.id,
                        details: CustomerDetails(phone: PhoneNumber("+441315550199"), firstName: name), actor: .system
                    ).run(in: tx)
                }
            }
            let long = String(repeating: "x", count: 101)
            let ended = try await world.run(
                """
                First Name,Email,Phone,Default Address Country Code,Tax Exempt
                A,nobody,,,
                B,,,,
                C,,0131 555,,
                D,d@example.com,,XX,
                E,e@example.com,,,perhaps
                \(long),f@example.com,,,
                G,,+441315550199,,
                "H\nI",h@example.com,,,
                =cmd|x,j@example.com,,,

                """, as: .customers)
            #expect(
                try await world.problems(of: ended.id).map { "\($0.line) \($0.column) \($0.code)" } == [
                    "2 Email email", "3 Email required", "4 Email phone",
                    "5 Default Address Country Code country", "6 Tax Exempt boolean", "7 First Name too_long",
                    "8 Phone ambiguous", "9 First Name control_character",
                ])
            #expect(ended.counts.created == 1)
            // A formula is a name like any other here, and is made harmless where a spreadsheet may read it.
            #expect(try await world.exported(.customers).contains(",'=cmd|x,"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `an exported file changes nothing here and makes the same in an empty store`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            _ = try await world.run(
                Self.file.replacing("Tags\n", with: "Tags,Birthday\n")
                    .replacing("early\"", with: "early\",1 May").replacing("yes,\n", with: "yes,,\n")
                    .replacing("no,\n", with: "no,,\n"), as: .customers)
            let salt = try await world.variant("Salt", sku: "S")
            var contact = World.contact
            contact.email = EmailAddress("Zoe@example.com")
            let entry = StaffOrderEntry(
                store: world.store,
                lines: [.init(variant: salt.id, sku: nil, title: nil, quantity: 2, unitPrice: nil)], placedAt: nil,
                externalID: nil, contact: contact, tags: [], method: .paidElsewhere, number: 1001, actor: .system,
                requestID: nil)
            _ = try await world.database.write("test.order") { tx in try entry.run(in: tx) }
            let file = try await world.exported(.customers)
            let lines = file.split(separator: "\n")
            #expect(lines[0] == Self.header.dropLast() + ",Birthday")
            #expect(
                lines[1] == "721,Zoë,Wölfle,Zoe@example.com,yes,Quay Ltd,3 Quay Row,,Leith,,GB,0912,+441315550100,"
                    + "+441315550101,yes,9.00,0,\"Rings")
            #expect(lines[3] == "722,Otto,,,no,,,,,NV,US,,,+17755550154,no,0.00,0,,yes,,")
            #expect(lines[4] == "723,,,ada@example.com,no,,,,,,,,,(775) 555-0188,no,0.00,0,,no,,")
            #expect(try await world.run(file, as: .customers).counts.unchanged == 3)
            let other = World(try await world.anotherStore(inPounds: true), in: world)
            #expect(try await other.run(file, as: .customers).counts.created == 3)
            // Nobody has ordered there.
            #expect(try await other.exported(.customers) == file.replacing(",9.00,", with: ",0.00,"))
        }
    }

    @Test(arguments: TestEngine.available)
    func `an import that was interrupted goes on and counts nothing twice`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            var text = "Email,First Name\n"
            for number in 1...300 { text += "buyer\(number)@example.com,Buyer \(number)\n" }
            let id = try await world.begin(Array(text.utf8), as: .customers, partSize: 1000)
            var state = try await world.drive(id, until: world.clock.now())
            var runs = 1
            while state.state == .running, runs < 50 {
                state = try await world.drive(id, until: world.clock.now())
                runs += 1
            }
            #expect(runs > 3)
            #expect(state.counts.created == 300)
            #expect(try await world.count(of: .events) == 300)
        }
    }
}

extension String {
    fileprivate var dropHeader: String { String(drop { $0 != "\n" }.dropFirst()) }
}

extension World {
    fileprivate func customer(email: String) async throws -> Customer? {
        try await database.read("test.customer") { [store] tx in
            try Customers.customers(
                emails: [EmailAddress(email)].compactMap(\.self), phones: [], of: store.id, in: tx
            ).first
        }
    }

    fileprivate func customer(phone: String) async throws -> Customer? {
        try await database.read("test.customer") { [store] tx in
            try Customers.customers(
                emails: [], phones: [PhoneNumber(phone)].compactMap(\.self), of: store.id, in: tx
            ).first
        }
    }
}
