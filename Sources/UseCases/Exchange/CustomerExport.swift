import Customers
import Orders
public import Persistence
public import Primitives
import Stores
import Tabular

/// Writes the customers of a store as Shopify's customer file, the oldest first.
///
/// Of several addresses the file has the first. What was spent is what was paid in the store's currency for orders that
/// were not canceled; both sums are passed over when the file is read again.
public struct CustomerExport: SheetExport {
    private let database: any Database
    private let store: StoreID

    public init(database: any Database, store: StoreID) {
        self.database = database
        self.store = store
    }

    /// Names of metadata that are no column of the file's own.
    public func furtherColumns() async throws -> [String] {
        var names: Set<String> = []
        var after: CustomerID?
        repeat {
            let previous = after
            let (found, last) = try await database.read("exchange.names") { [store] tx in
                try Customers.metadataNames(of: store, after: previous, limit: 2000, in: tx)
            }
            names.formUnion(found)
            after = last
        } while after != nil
        return names.filter { CustomerColumn.byName[MetadataColumn.key($0)] == nil && !MetadataColumn.key($0).isEmpty }
            .sorted()
    }

    public func firstLine(_ furtherColumns: [String]) -> [UInt8] {
        var writer = CSVWriter()
        writer.write(CustomerColumn.allCases.map(\.rawValue) + furtherColumns)
        return writer.take()
    }

    public func piece(after: String?, _ furtherColumns: [String], limit: Int) async throws -> SheetPiece {
        let place = try after.map { text throws(Problem) in
            guard let id = CustomerID(text) else { throw SheetPlace.fault }
            return id
        }
        let (currency, customers, counts, spent) = try await database.read("exchange.export_customers") {
            [store] tx in
            guard let found = try Stores.store(store, in: tx) else { throw Problem.notFound("store") }
            let customers = try Customers.oldest(of: store, after: place, limit: limit + 1, in: tx)
            let shown = customers.prefix(limit)
            return (
                found.currency, customers,
                try Customers.orderCounts(of: shown.map(\.id), store: store, in: tx),
                try Orders.paidTotals(
                    of: shown.compactMap(\.details.email), in: found.currency, store: store, in: tx)
            )
        }
        var writer = CSVWriter(capacity: 32_768)
        for customer in customers.prefix(limit) {
            let paid = customer.details.email.flatMap { spent[$0.description] } ?? 0
            let cells = CustomerColumn.allCases.map { column in
                switch column {
                case .totalSpent: Money.decimal(paid, currency)
                case .totalOrders: String(counts[customer.id] ?? 0)
                default: Self.text(column, of: customer)
                }
            }
            writer.write(cells + furtherColumns.map { customer.details.metadata[$0] ?? "" })
        }
        let last = customers.count > limit ? customers[limit - 1].id.description : nil
        return SheetPiece(bytes: writer.take(), last: last, count: min(customers.count, limit))
    }

    private static func text(_ column: CustomerColumn, of customer: Customer) -> String {
        let details = customer.details
        let address = details.addresses.first
        let kept = details.metadata[column.rawValue] ?? ""
        return switch column {
        case .id: kept.isEmpty ? customer.id.description : kept
        case .firstName: details.firstName
        case .lastName: details.lastName
        case .email: details.email?.description ?? ""
        case .acceptsEmail: details.acceptsMarketing ? "yes" : "no"
        case .line1: address?.line1 ?? kept
        case .line2: address?.line2 ?? kept
        case .city: address?.city ?? kept
        case .region: address?.region ?? kept
        case .country: address?.country ?? kept
        case .postalCode: address?.postalCode ?? kept
        case .phone: details.phone?.description ?? kept
        case .acceptsSMS: kept.isEmpty ? "no" : kept
        case .note: details.note
        case .taxExempt: details.isTaxExempt ? "yes" : "no"
        case .tags: details.tags.joined(separator: ", ")
        case .company, .addressPhone, .totalSpent, .totalOrders: kept
        }
    }
}
