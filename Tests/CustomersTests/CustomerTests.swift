import Catalog
import Customers
import EventLog
import Orders
import Payments
import Persistence
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing
import UseCases

struct CustomerTests {
    @Test(arguments: TestEngine.available)
    func `a customer is read back as made, and changed in parts`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let trade = try await world.group("Trade")
            let made = try await world.customer(
                CustomerDetails(
                    email: EmailAddress("Zoë@Example.com"), phone: PhoneNumber("+44 20 7946 0000"),
                    firstName: "Zoë Anne", lastName: "Wölfle", addresses: [Self.leith], tags: ["vip", "نباتي"],
                    note: "Rings\ntwice", acceptsMarketing: true, isTaxExempt: true, vatNumber: "GB 123 4567 82",
                    metadata: ["erp": "77", "": "x"], groups: [trade.id]))
            #expect(try await world.customer(made.id) == made)
            #expect(made.title == "Zoë Anne Wölfle")
            let changed = try await world.change(made.id) { $0.lastName = "Wolff" }
            var expected = made
            expected.details.lastName = "Wolff"
            expected.version = 2
            expected.updatedAt = changed.updatedAt
            #expect(changed == expected)
            #expect(try await world.customer(made.id) == expected)
            // What changes nothing is no change.
            let same = try await world.change(made.id) { $0.lastName = "Wolff" }
            #expect(same.version == 2)
            #expect(try await world.events(of: made.id) == ["customer.created", "customer.updated"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `an address has one customer of a store, whatever its case`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let first = try await world.customer("Zoë@example.com")
            let second = try await world.customer("max@example.com")
            let events = try await world.count(of: .events)
            let made = try await #require(throws: Problem.self) { try await world.customer("ZOË@EXAMPLE.COM") }
            #expect(made.code == "customer.email_taken")
            #expect(made.references == ["customer_id": first.id.description])
            let changed = try await #require(throws: Problem.self) {
                try await world.change(second.id) { $0.email = EmailAddress("zoë@example.com") }
            }
            #expect(changed.code == "customer.email_taken")
            #expect(try await world.customer(second.id) == second)
            #expect(try await world.count(of: .events) == events)
            // Its own address in another case, another store, and after the first is gone.
            _ = try await world.change(first.id) { $0.email = EmailAddress("zoë@example.com") }
            let otto = World(try await world.anotherStore(), in: world)
            _ = try await otto.customer("zoë@example.com")
            #expect(try await otto.customer(first.id) == nil)
            try await world.delete(first.id)
            _ = try await world.change(second.id) { $0.email = EmailAddress("zoë@example.com") }
        }
    }

    @Test(arguments: TestEngine.available)
    func `somebody of whom nothing is known is refused`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let nobody = CustomerDetails(tags: ["x"])
            let problem = try await #require(throws: Problem.self) { try await world.customer(nobody) }
            #expect(problem.errors.map(\.pointer) == ["/email"])
            let known = try await world.customer("a@example.com")
            await #expect(throws: Problem.self) { try await world.change(known.id) { $0.email = nil } }
            #expect(try await world.customer(known.id) == known)
            let ghost = CustomerGroupID(known.id.uuid)
            let stray = try await #require(throws: Problem.self) {
                try await world.change(known.id) { $0.groups = [ghost] }
            }
            #expect(stray.errors.map(\.pointer) == ["/group_ids"])
            #expect(try await world.customer(known.id) == known)
        }
    }

    @Test(arguments: TestEngine.available)
    func `customers are found by beginnings of names, addresses and numbers`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let zoë = try await world.customer(
                CustomerDetails(
                    email: EmailAddress("zoe.w@example.com"), phone: PhoneNumber("+442079460000"), firstName: "Zoë",
                    lastName: "Wölfle"))
            world.clock.advance(seconds: 1)
            let max = try await world.customer(
                CustomerDetails(email: EmailAddress("m.wolf@example.org"), firstName: "Max", lastName: "Wolf"))
            for (query, found) in [
                ("zo", [zoë.id]), ("ZOË", [zoë.id]), ("wol", [max.id, zoë.id]), ("wol ma", [max.id]),
                ("zoe.w@", [zoë.id]), ("m.wolf@example.org", [max.id]), ("example", []), ("+44 20 7946", [zoë.id]),
                ("wolfz", []), ("!", []), ("%", []), ("_o", []),
            ] {
                #expect(try await world.found(CustomerFilter(query: query)) == found, "\(query)")
            }
            _ = try await world.change(max.id) { $0.lastName = "Bär" }
            #expect(try await world.found(CustomerFilter(query: "bar")) == [max.id])
            #expect(try await world.found(CustomerFilter(email: EmailAddress("ZOE.W@example.com"))) == [zoë.id])
            let otto = World(try await world.anotherStore(), in: world)
            #expect(try await otto.found(CustomerFilter(query: "zo")) == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `a group that goes leaves its customers, and a name has one group`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let (trade, press) = (try await world.group("Trade"), try await world.group("Press"))
            let customer = try await world.customer(
                CustomerDetails(firstName: "Ada", groups: [trade.id, press.id]))
            let taken = try await #require(throws: Problem.self) { try await world.group("Trade") }
            #expect(taken.code == "customer_group.name_taken")
            #expect(try await world.found(CustomerFilter(group: trade.id)) == [customer.id])
            try await world.database.write("test.group") { [store = world.store.id] tx in
                try DeleteCustomerGroup(store: store, id: trade.id, actor: .system, requestID: nil).run(in: tx)
            }
            #expect(try await world.customer(customer.id)?.details.groups == [press.id])
        }
    }

    static let leith = CustomerAddress(
        name: "Zoë Wölfle", line1: "3 Quay Row", line2: "Top", city: "Leith", region: "Lothian", postalCode: "EH6",
        country: "GB")
}

struct NoteOrdersTests {
    @Test(arguments: TestEngine.available)
    func `a buyer becomes a customer once, and orders are theirs`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant()
            var orders: [OrderID] = []
            for (number, email) in ["zoë@example.com", "ZOË@example.com", "max@example.com"].enumerated() {
                let contact = Contact(
                    email: EmailAddress(email), phone: PhoneNumber("+442079460000"),
                    shippingAddress: World.contact.shippingAddress)
                let checkout = try await world.checkout([(variant, 1)], contact: contact)
                orders.append(try await world.place(checkout.id, number: 1001 + number).order.id)
                world.clock.advance(seconds: 1)
            }
            try await world.noteOrders()
            // The log may be read again.
            try await world.noteOrders()
            let customers = try await world.customers()
            #expect(customers.map(\.details.email?.description) == ["zoë@example.com", "max@example.com"])
            let zoë = try #require(customers.first)
            #expect(zoë.details.firstName == "Zoë")
            #expect(zoë.details.lastName == "Wölfle")
            #expect(zoë.details.addresses.map(\.city) == ["Leith"])
            #expect(try await world.orders(of: zoë.id) == [orders[1], orders[0]])
            #expect(try await world.orders(of: customers[1].id) == [orders[2]])
            #expect(try await world.contradictions() == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order changes nothing of a customer who is known`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let known = try await world.customer(
                CustomerDetails(email: EmailAddress("zoë@example.com"), firstName: "Z", isTaxExempt: true))
            let order = try await world.place(world.checkout([(world.variant(), 1)]).id).order
            try await world.noteOrders()
            #expect(try await world.customer(known.id) == known)
            #expect(try await world.orders(of: known.id) == [order.id])
            try await world.delete(known.id)
            #expect(try await world.order(order.id) == order)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order without an address makes nobody`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let contact = Contact(phone: PhoneNumber("+442079460000"))
            let variant = try await world.variant()
            let number = 1001
            let entry = StaffOrderEntry(
                store: world.store,
                lines: [.init(variant: variant.id, sku: nil, title: nil, quantity: 1, unitPrice: nil)],
                placedAt: nil, externalID: nil, contact: contact, tags: [], method: .cashOnDelivery, number: number,
                actor: .system, requestID: nil)
            _ = try await world.database.write("test.enter") { tx in try entry.run(in: tx) }
            try await world.noteOrders()
            #expect(try await world.customers() == [])
        }
    }

    @Test(arguments: TestEngine.available)
    func `who orders and who is entered at once with one address is one customer`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let variant = try await world.variant()
            for number in 0..<8 {
                let contact = Contact(
                    email: EmailAddress("b\(number)@example.com"),
                    shippingAddress: World.contact.shippingAddress)
                let checkout = try await world.checkout([(variant, 1)], contact: contact)
                _ = try await world.place(checkout.id, number: 1001 + number)
            }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await world.noteOrders() }
                for number in 0..<8 {
                    tasks.addTask {
                        do {
                            _ = try await world.customer("B\(number)@example.com")
                        } catch let problem as Problem where problem.code == "customer.email_taken" {}
                    }
                }
                try await tasks.waitForAll()
            }
            #expect(try await world.customers().count == 8)
        }
    }
}

extension World {
    fileprivate func customer(_ email: String) async throws -> Customer {
        try await customer(CustomerDetails(email: EmailAddress(email)))
    }

    fileprivate func customer(_ details: CustomerDetails) async throws -> Customer {
        try await database.write("test.customer") { [store] tx in
            try AddCustomer(store: store.id, details: details, actor: .system).run(in: tx)
        }
    }

    fileprivate func customer(_ id: CustomerID) async throws -> Customer? {
        try await database.read("test.customer") { [store] tx in try Customers.customer(id, of: store.id, in: tx) }
    }

    fileprivate func change(
        _ id: CustomerID, _ change: @escaping @Sendable (inout CustomerDetails) -> Void
    ) async throws -> Customer {
        try await database.write("test.change") { [store] tx in
            try ChangeCustomer(store: store.id, id: id, actor: .system, requestID: nil, change: change).run(in: tx)
        }
    }

    fileprivate func delete(_ id: CustomerID) async throws {
        try await database.write("test.delete") { [store] tx in
            try DeleteCustomer(store: store.id, id: id, actor: .system, requestID: nil).run(in: tx)
        }
    }

    fileprivate func group(_ name: String) async throws -> CustomerGroup {
        try await database.write("test.group") { [store] tx in
            try AddCustomerGroup(store: store.id, name: name, actor: .system).run(in: tx)
        }
    }

    /// Newest first.
    fileprivate func found(_ filter: CustomerFilter) async throws -> [CustomerID] {
        try await database.read("test.customers") { [store] tx in
            try Customers.page(filter, of: store.id, after: nil, limit: 100, in: tx).map(\.id)
        }
    }

    /// Oldest first, and of those of one moment the one whose orders came first.
    fileprivate func customers() async throws -> [Customer] {
        try await database.read("test.customers") { [store] tx in
            try Customers.page(CustomerFilter(), of: store.id, after: nil, limit: 100, in: tx)
                .sorted { ($0.details.email?.description ?? "") > ($1.details.email?.description ?? "") }
        }
    }

    fileprivate func orders(of customer: CustomerID) async throws -> [OrderID] {
        try await database.read("test.orders") { [store] tx in
            try Customers.orders(of: customer, store: store.id, after: nil, limit: 100, in: tx).map(\.order)
        }
    }

    fileprivate func events(of customer: CustomerID) async throws -> [String] {
        try await database.read("test.events") { [store] tx in
            try EventLog.history(
                of: Aggregate(kind: "customer", id: customer), store: store.id, limit: 100, in: tx
            ).map(\.type.rawValue)
        }
    }

    /// What the follower does, with every order of the store.
    fileprivate func noteOrders() async throws {
        try await database.write("test.note") { [store] tx in
            let orders = try Orders.page(OrderFilter(), of: store.id, after: nil, limit: 100, in: tx).orders
            let events = try orders.flatMap {
                try Orders.timeline(of: $0.id, store: store.id, after: 0, limit: 9, in: tx)
            }
            try OrderCustomers.note(events, in: tx)
        }
    }
}
