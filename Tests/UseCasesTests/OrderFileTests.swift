import Catalog
import Customers
import EventLog
import Exchange
import Fulfillment
import Inventory
import Orders
import Payments
import Persistence
import Primitives
import ShopWorld
import Stores
import Tabular
import TestSupport
import Testing
import UseCases

struct OrderFileTests {
    static let header =
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,"
        + "Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,"
        + "Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,"
        + "Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,"
        + "Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,"
        + "Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,"
        + "Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,"
        + "Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,"
        + "Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,"
        + "Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,"
        + "Billing Province Name,Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,"
        + "Payment References\n"

    /// Records of the cells that are named; the others are empty.
    static func file(_ records: [[String: String]]) -> String {
        let names = header.dropLast().split(separator: ",").map(String.init)
        var writer = CSVWriter()
        for record in records { writer.write(names.map { record[$0] ?? "" }) }
        return header + String(decoding: writer.take(), as: UTF8.self)
    }

    /// An order of one line at 10.00.
    static func plain(_ name: String, _ cells: [String: String] = [:]) -> [String: String] {
        let order = [
            "Name": name, "Email": "zoe@example.com", "Financial Status": "paid", "Fulfillment Status": "fulfilled",
            "Currency": "GBP", "Subtotal": "10.00", "Shipping": "0.00", "Taxes": "0.00", "Total": "10.00",
            "Discount Amount": "0.00", "Created at": "2025-10-07 09:50:26 +0200", "Lineitem quantity": "1",
            "Lineitem name": "Salt", "Lineitem price": "10.00", "Lineitem sku": "S",
        ]
        return order.merging(cells) { $1 }
    }

    static let big = [
        plain(
            "#1043",
            [
                "Paid at": "2025-10-07 09:51:00 +0200", "Fulfilled at": "2025-10-08 14:21:21 +0200",
                "Subtotal": "54.00", "Shipping": "5.00", "Taxes": "9.84", "Total": "59.00", "Discount Code": "WELCOME",
                "Discount Amount": "6.00", "Shipping Method": "Royal Mail", "Lineitem quantity": "2",
                "Lineitem name": "Salt - large", "Lineitem price": "20.00", "Lineitem requires shipping": "true",
                "Billing Name": "Zoë Wölfle", "Billing Zip": "'0912", "Shipping Name": "Zoë Wölfle",
                "Shipping Address1": "3 Quay Row", "Shipping City": "Leith", "Shipping Zip": "'EH6", "Vendor": "Tin",
                "Shipping Country": "GB", "Shipping Phone": "+441315550101", "Notes": "=Ring twice",
                "Payment Method": "Shopify Payments", "Payment Reference": "c123.1", "Id": "741099",
                "Tags": "gift, early", "Source": "pos", "Tax 1 Name": "VAT 20%", "Tax 1 Value": "9.84",
            ]),
        [
            "Name": "#1043", "Email": "zoe@example.com", "Lineitem quantity": "1", "Lineitem name": "Pepper",
            "Lineitem price": "20.00", "Lineitem sku": "P", "Lineitem fulfillment status": "fulfilled",
        ],
    ]

    @Test(arguments: TestEngine.available)
    func `an order comes in with its number, lines, taxes and books, and touches nothing else`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let salt = try await world.variant("Salt", sku: "S", stock: 3)
            let jobs = try await world.count(of: .jobs)
            let id = try await world.begin(Array(Self.file(Self.big).utf8), as: .orders)
            let queued = try await world.count(of: .jobs)
            let ended = try await world.drive(id)
            #expect(ended.state == .done)
            #expect(try await world.problems(of: id).isEmpty)
            #expect(ended.counts.rows == 2)
            #expect(ended.counts.created == 1)
            let order = try #require(try await world.order(named: "#1043"))
            #expect(order.number == 1043)
            #expect(order.externalID == nil)
            #expect(order.placedAt == Instant(rfc3339: "2025-10-07T07:50:26Z"))
            #expect(order.status == .completed)
            #expect(order.paymentStatus == .paid)
            #expect(order.fulfillmentStatus == .fulfilled)
            #expect(order.lines.map(\.title) == ["Salt - large", "Pepper"])
            #expect(order.lines.map(\.discount.amount) == [400, 200])
            #expect(order.lines.map(\.tax.amount) == [656, 328])
            #expect(order.lines.allSatisfy { $0.variant == nil })
            #expect(order.totals.taxesIncluded)
            #expect(order.totals.total.amount == 5900)
            #expect(order.taxLines.map(\.partsPerMillion) == [200_000])
            #expect(order.contact.phone?.description == "+441315550101")
            #expect(order.contact.note == "=Ring twice")
            #expect(order.contact.shippingAddress?.postalCode == "EH6")
            #expect(order.delivery.title == "Royal Mail")
            #expect(order.tags == ["gift", "early"])
            #expect(try await world.level(salt.id) == StockLevel(variant: salt.id, onHand: 3, reserved: 0))
            // The import's own job and the one that lets go of its file, and neither mail nor anything else.
            #expect(queued == jobs + 1)
            #expect(try await world.count(of: .jobs) == queued + 1)
            #expect(try await world.count(of: .reservations) == 0)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what comes in goes out again, and makes the same file in another store`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            _ = try await world.run(Self.file(Self.big), as: .orders)
            let file = try await world.exported(.orders)
            let rows = Self.table(file)
            #expect(rows.count == 2)
            for (column, text) in Self.big[0] where !["Created at", "Notes", "Lineitem sku"].contains(column) {
                let wanted = text.hasPrefix("'") ? String(text.dropFirst()) : text
                #expect(rows[0][column] == wanted, "\(column)")
            }
            #expect(rows[0]["Created at"] == "2025-10-07 07:50:26 +0000")
            #expect(rows[0]["Notes"] == "'=Ring twice")
            #expect(
                rows[1].filter { !$0.value.isEmpty } == [
                    "Name": "#1043", "Email": "zoe@example.com", "Created at": "2025-10-07 07:50:26 +0000",
                    "Lineitem quantity": "1", "Lineitem name": "Pepper", "Lineitem price": "20.00", "Lineitem sku": "P",
                    "Lineitem fulfillment status": "fulfilled", "Lineitem discount": "2.00",
                ])
            let other = World(try await world.anotherStore(inPounds: true), in: world)
            #expect(try await other.run(file, as: .orders).counts.created == 1)
            #expect(try await other.exported(.orders) == file)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `orders of this shop go out, change nothing here and make the same file elsewhere`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let salt = try await world.variant("Salt, \"fine\"", sku: "S", stock: 30)
            let pepper = try await world.variant("Pepper", sku: "P", price: 123)
            let pool = OrderNumberPool(database: world.database)
            var orders: [Order] = []
            for lines in [[(salt, 2), (pepper, 1)], [(salt, 1)], [(pepper, 3)]] {
                world.clock.advance(seconds: 60)
                let number = try await pool.take(for: world.store.id)
                orders.append(try await world.place(world.checkout(lines).id, number: number).order)
            }
            try await world.fulfill(orders[1].id)
            try await world.cancelOrder(orders[2].id)
            let file = try await world.exported(.orders)
            let rows = Self.table(file)
            #expect(rows.map { $0["Name"] } == ["#1001", "#1001", "#1002", "#1003"])
            #expect(rows.map { $0["Financial Status"] } == ["pending", "", "pending", "voided"])
            #expect(rows.map { $0["Fulfillment Status"] } == ["unfulfilled", "", "fulfilled", "unfulfilled"])
            #expect(rows.map { $0["Total"] } == ["10.23", "", "4.50", "3.69"])
            #expect(rows.map { $0["Outstanding Balance"] } == ["10.23", "", "4.50", "0.00"])
            #expect(rows[0]["Id"] == orders[0].id.description)
            #expect(rows[0]["Payment Method"] == "Cash on Delivery (COD)")
            #expect(rows[2]["Fulfilled at"]?.isEmpty == false)
            #expect(rows[3]["Cancelled at"]?.isEmpty == false)
            let events = try await world.count(of: .events)
            let again = try await world.run(file, as: .orders)
            #expect(again.counts.unchanged == 3)
            #expect(again.counts.problems == 0)
            #expect(try await world.count(of: .events) == events)
            let other = World(try await world.anotherStore(inPounds: true), in: world)
            let made = try await other.run(file, as: .orders)
            #expect(made.counts.created == 3)
            #expect(try await other.problems(of: made.id).isEmpty)
            #expect(try await other.exported(.orders) == file)
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `states are written down as the books have them`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let file = Self.file([
                Self.plain("#1", ["Financial Status": "pending", "Fulfillment Status": "unfulfilled"]),
                Self.plain("#2", ["Financial Status": "partially_paid", "Outstanding Balance": "4.00"]),
                Self.plain(
                    "#3",
                    [
                        "Financial Status": "voided", "Cancelled at": "2025-10-08 09:00:00 +0000",
                        "Fulfillment Status": "unfulfilled",
                    ]),
                Self.plain("#4", ["Cancelled at": "2025-10-08 09:00:00 +0000", "Fulfillment Status": ""]),
                Self.plain("#5", ["Financial Status": "authorized"]),
                Self.plain("#6", ["Subtotal": "0.00", "Total": "0.00", "Lineitem price": "0.00"]),
                Self.plain("#7", ["Financial Status": "pending", "Payment Method": "Cash on Delivery (COD)"]),
                Self.plain(
                    "#8",
                    [
                        "Fulfillment Status": "partial", "Subtotal": "20.00", "Total": "20.00",
                        "Lineitem fulfillment status": "fulfilled",
                    ]),
                [
                    "Name": "#8", "Lineitem quantity": "1", "Lineitem name": "Pepper", "Lineitem price": "10.00",
                    "Lineitem fulfillment status": "pending",
                ],
                Self.plain("EN-9/2025"),
            ])
            let ended = try await world.run(file, as: .orders)
            #expect(ended.counts.created == 9)
            #expect(try await world.problems(of: ended.id).map(\.code) == ["payment.unpaid"])
            let states = try await world.states()
            #expect(
                states == [
                    "#1 open pending unfulfilled paid_elsewhere", "#2 open partially_paid fulfilled paid_elsewhere",
                    "#3 canceled voided unfulfilled paid_elsewhere", "#4 canceled paid unfulfilled paid_elsewhere",
                    "#5 open pending fulfilled paid_elsewhere", "#6 completed paid fulfilled paid_elsewhere",
                    "#7 open pending fulfilled cash_on_delivery",
                    "#8 open paid partially_fulfilled paid_elsewhere",
                    "EN-9/2025 completed paid fulfilled paid_elsewhere",
                ])
            let named = try #require(try await world.order(named: "EN-9/2025"))
            #expect(named.number == 1001)
            #expect(named.externalID == "EN-9/2025")
            #expect(try await world.contradictions().isEmpty)
            let again = try await world.run(file, as: .orders)
            #expect(again.counts.unchanged == 9)
            #expect(again.counts.created == 0)
        }
    }

    @Test(arguments: TestEngine.available)
    func `what does not add up is refused with the reason, and the rest comes in`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            let ended = try await world.run(
                Self.file([
                    Self.plain("#1", ["Total": "11.00"]), Self.plain("#2", ["Subtotal": "9.00"]),
                    Self.plain("#3", ["Financial Status": "refunded"]), Self.plain("#4", ["Refunded Amount": "2.00"]),
                    Self.plain("#5", ["Financial Status": "partially_paid"]), Self.plain("#6", ["Currency": "ABC"]),
                    Self.plain("#7", ["Created at": "yesterday"]), Self.plain("#8", ["Lineitem quantity": "-1"]),
                    Self.plain("#9", ["Lineitem price": "1.234"]),
                    Self.plain("#10", ["Taxes": "2.00", "Total": "12.00", "Tax 1 Name": "VAT", "Tax 1 Value": "1.00"]),
                    Self.plain("#11", ["Lineitem fulfillment status": "partial"]),
                    Self.plain("#12", ["Fulfillment Status": "partial"]), Self.plain("", [:]),
                    Self.plain("#14", ["Created at": "2999-01-01 00:00:00 +0000"]), Self.plain("#15"),
                    Self.plain("#16", ["Financial Status": "magic"]), Self.plain("#15", ["Total": "10.00"]),
                    Self.plain("#17"),
                    [
                        "Name": "#17", "Lineitem quantity": "1", "Lineitem name": "x",
                        "Lineitem price": "1.00", "Total": "11.00",
                    ],
                ]), as: .orders)
            #expect(
                try await world.problems(of: ended.id).map { "\($0.line) \($0.column) \($0.code)" } == [
                    "2 Total order.totals", "3 Subtotal order.totals", "4 Financial Status payment.refunded",
                    "5 Financial Status payment.refunded", "6 Outstanding Balance payment.partial",
                    "7 Currency currency", "8 Created at moment", "9 Lineitem quantity integer",
                    "10 Lineitem price money.precision", "11 Taxes order.totals",
                    "12 Lineitem fulfillment status fulfillment.partial_line",
                    "13 Fulfillment Status fulfillment.partial", "14 Name required", "15 Created at range",
                    "17 Financial Status payment", "18 Name duplicate", "20 Total differs",
                ])
            #expect(ended.counts.created == 1)
            #expect(ended.counts.refused == 17)
            #expect(try await world.states() == ["#15 completed paid fulfilled paid_elsewhere"])
            #expect(try await world.contradictions().isEmpty)
        }
    }

    @Test(arguments: TestEngine.available)
    func `numbers of files and of the shop never meet`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let salt = try await world.variant("Salt", sku: "S")
            let pool = OrderNumberPool(database: world.database)
            let first = try await pool.take(for: world.store.id)
            _ = try await world.place(world.checkout([(salt, 1)]).id, number: first)
            // The block of the process reaches to 1002: neither may come from a file, whatever was placed.
            let file = Self.file(["#5000", "#1001", "#1002", "#1003", "#7", "4999"].map { Self.plain($0) })
            let dry = try await world.run(file, as: .orders, isDryRun: true)
            let ended = try await world.run(file, as: .orders)
            for one in [dry, ended] {
                #expect(
                    try await world.problems(of: one.id).map { "\($0.line) \($0.code)" } == [
                        "3 order.name_taken", "4 order.number_own",
                    ])
                #expect(one.counts.created == 4)
            }
            #expect(try await world.states().count == 5)
            var taken: [Int] = []
            for _ in 0..<6 { taken.append(try await pool.take(for: world.store.id)) }
            #expect(taken.sorted() == [1002, 5001, 5002, 5003, 5004, 5005])
            // And behind them it goes on.
            let later = try await world.run(Self.file([Self.plain("#4998"), Self.plain("#5001")]), as: .orders)
            #expect(try await world.problems(of: later.id).map(\.line) == [3])
            #expect(later.counts.created == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `an order that is here stays, and a file that tells otherwise is told so`(
        _ engine: TestEngine
    ) async throws {
        try await World.open(engine) { world in
            _ = try await world.run(
                Self.file([Self.plain("#1", ["Financial Status": "pending"])]), as: .orders)
            let paid = try await world.run(Self.file([Self.plain("#1")]), as: .orders)
            #expect(paid.counts.unchanged == 1)
            #expect(
                try await world.problems(of: paid.id).map { "\($0.column) \($0.code)" } == [
                    "Financial Status order.kept"
                ])
            #expect(try await world.states() == ["#1 open pending fulfilled paid_elsewhere"])
            let other = try await world.run(
                Self.file([Self.plain("#1", ["Total": "12.00", "Subtotal": "12.00", "Lineitem price": "12.00"])]),
                as: .orders)
            #expect(try await world.problems(of: other.id).map(\.code) == ["order.name_taken"])
        }
    }

    private static func table(_ text: String) -> [[String: String]] {
        var records: [[String]] = []
        var reader = CSVReader()
        func take(_ item: CSVItem) {
            if case .record(let record) = item { records.append(record.cells) }
        }
        reader.feed(Array(text.utf8), take)
        reader.finish(take)
        let header = records.removeFirst()
        return records.map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
    }
}

extension World {
    fileprivate func order(named name: String) async throws -> Order? {
        let found = try await database.read("test.order") { [store] tx in
            try Orders.orders(named: [name], of: store.id, in: tx)[name]
        }
        guard let found else { return nil }
        return try await order(found.id)
    }

    /// Every order with its states, by number.
    fileprivate func states() async throws -> [String] {
        try await database.read("test.states") { [store] tx in
            try Orders.oldest(of: store.id, after: nil, limit: 100, in: tx).orders.sorted { $0.number < $1.number }
                .map {
                    "\($0.externalID ?? $0.name) \($0.status.rawValue) \($0.paymentStatus.rawValue)"
                        + " \($0.fulfillmentStatus.rawValue) \($0.paymentMethod)"
                }
        }
    }
}
