import Customers
import Exchange
import Persistence
import Primitives
import Stores
import Tabular

/// Customers: each record is one.
struct CustomerFormat: ImportFormat {
    let sheet: Sheet<CustomerColumn>
    var header: [String] { sheet.header }
    var groupsOfBatch: Int { 64 }

    func fault(in record: CSVRecord) -> (code: String, detail: String)? { sheet.fault(in: record) }

    func key(of record: CSVRecord) -> String { "" }

    func batch(_ groups: [RecordGroup], _ context: ImportContext) -> any ImportBatch {
        CustomerBatch(groups: groups, sheet: sheet, context: context)
    }
}

/// Some customers of a file, brought in with one transaction.
private struct CustomerBatch: ImportBatch {
    let groups: [RecordGroup]
    let sheet: Sheet<CustomerColumn>
    let context: ImportContext

    private var store: StoreID { context.store.id }

    /// A customer as the batch knows them; without an id in a dry run that would make them.
    private struct Known {
        let id: CustomerID?
        let details: CustomerDetails
    }

    func run(in tx: borrowing Transaction) throws -> ImportOutcome {
        var outcome = ImportOutcome(groups, context)
        var parsed: [ParsedCustomer] = []
        for record in groups.flatMap(\.records) {
            var cells = CellReading(record, of: sheet)
            let customer = ParsedCustomer(&cells)
            outcome.problems += cells.problems
            if cells.isRefused { outcome.counts.refused += 1 } else { parsed.append(customer) }
        }
        var (known, ambiguous) = try known(parsed, in: tx)
        for customer in parsed {
            guard !ambiguous.contains(customer.key) else {
                outcome.refuse(
                    ImportProblem(
                        line: customer.line, column: sheet.name(of: .phone), code: "ambiguous",
                        detail: "Several customers have this telephone number: give the e-mail address."))
                continue
            }
            known[customer.key] = try save(customer, known[customer.key], &outcome, in: tx)
        }
        outcome.problems.sort { $0.line < $1.line }
        return outcome
    }

    /// Those that the store has, by their keys, and the numbers that several of them have.
    private func known(
        _ parsed: [ParsedCustomer], in tx: borrowing Transaction
    ) throws -> ([String: Known], ambiguous: Set<String>) {
        let phones = Set(parsed.filter { $0.email == nil }.compactMap(\.phone?.description)).sorted()
        // Two files with the same number do not make two customers of it.
        if !context.isDryRun {
            for phone in phones { try tx.lock("customers.import.\(store).\(phone)") }
            try Customers.hold(parsed.compactMap(\.email), of: store, in: tx)
        }
        let found = try Customers.customers(
            emails: parsed.compactMap(\.email), phones: phones.compactMap(PhoneNumber.init), of: store, in: tx)
        var known: [String: Known] = [:]
        var ambiguous: Set<String> = []
        for customer in found {
            let entry = Known(id: customer.id, details: customer.details)
            if let email = customer.details.email { known[email.description.lowercased()] = entry }
            guard let phone = customer.details.phone?.description, phones.contains(phone) else { continue }
            if known.updateValue(entry, forKey: phone) != nil { ambiguous.insert(phone) }
        }
        return (known, ambiguous)
    }

    private func save(
        _ customer: ParsedCustomer, _ former: Known?, _ outcome: inout ImportOutcome, in tx: borrowing Transaction
    ) throws -> Known {
        var details = former?.details ?? CustomerDetails()
        customer.apply(to: &details, of: former?.id)
        guard let former else {
            outcome.counts.created += 1
            guard !context.isDryRun else { return Known(id: nil, details: details) }
            let added = try AddCustomer(
                store: store, details: details, actor: context.actor, requestID: context.requestID
            ).run(in: tx)
            return Known(id: added.id, details: added.details)
        }
        guard details != former.details else {
            outcome.counts.unchanged += 1
            return former
        }
        outcome.counts.updated += 1
        guard !context.isDryRun, let id = former.id else { return Known(id: former.id, details: details) }
        let changed = try ChangeCustomer(
            store: store, id: id, actor: context.actor, requestID: context.requestID,
            change: { customer.apply(to: &$0, of: id) }
        ).run(in: tx)
        return Known(id: id, details: changed.details)
    }
}
