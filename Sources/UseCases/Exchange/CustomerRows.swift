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

    /// A customer as the batch knows them.
    private struct Known {
        /// Nil in a dry run that would make them.
        let id: CustomerID?
        /// The line that would make them; 0 for those who have an id.
        var line = 0
        let details: CustomerDetails

        func isSame(as other: Known) -> Bool { id == other.id && line == other.line }
    }

    /// Those whom the batch knows, by what a record may call them: their address, or their number.
    private struct Register {
        private var entries: [String: Known] = [:]
        private var ambiguous: Set<String> = []

        subscript(key: String) -> Known? { entries[key] }

        /// Whether several have this number.
        func isAmbiguous(_ key: String) -> Bool { ambiguous.contains(key) }

        /// Enters a customer as they are now under both, since a later record may have only the number.
        mutating func enter(_ customer: Known, formerly former: Known? = nil) {
            let phone = customer.details.phone?.description
            // A number that was given up leads nobody to them any more.
            if let old = former?.details.phone?.description, old != phone,
                entries[old]?.isSame(as: customer) == true
            {
                entries[old] = nil
            }
            if let email = customer.details.email { entries[email.description.lowercased()] = customer }
            guard let phone else { return }
            if let other = entries.updateValue(customer, forKey: phone), !other.isSame(as: customer) {
                ambiguous.insert(phone)
            }
        }
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
        var register = try register(of: parsed, in: tx)
        for customer in parsed {
            guard !register.isAmbiguous(customer.key) else {
                outcome.refuse(
                    ImportProblem(
                        line: customer.line, column: sheet.name(of: .phone), code: "ambiguous",
                        detail: "Several customers have this telephone number: give the e-mail address."))
                continue
            }
            let former = register[customer.key]
            try register.enter(save(customer, former, &outcome, in: tx), formerly: former)
        }
        outcome.problems.sort { $0.line < $1.line }
        return outcome
    }

    /// Those that the store has, and whom the records may mean.
    private func register(of parsed: [ParsedCustomer], in tx: borrowing Transaction) throws -> Register {
        let phones = Set(parsed.filter { $0.email == nil }.compactMap(\.phone?.description)).sorted()
        // Two files with the same number do not make two customers of it.
        if !context.isDryRun {
            for phone in phones { try tx.lock("customers.import.\(store).\(phone)") }
            try Customers.hold(parsed.compactMap(\.email), of: store, in: tx)
        }
        let found = try Customers.customers(
            emails: parsed.compactMap(\.email), phones: phones.compactMap(PhoneNumber.init), of: store, in: tx)
        var register = Register()
        for customer in found { register.enter(Known(id: customer.id, details: customer.details)) }
        return register
    }

    private func save(
        _ customer: ParsedCustomer, _ former: Known?, _ outcome: inout ImportOutcome, in tx: borrowing Transaction
    ) throws -> Known {
        var details = former?.details ?? CustomerDetails()
        customer.apply(to: &details, of: former?.id)
        guard let former else {
            outcome.counts.created += 1
            guard !context.isDryRun else { return Known(id: nil, line: customer.line, details: details) }
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
        guard !context.isDryRun, let id = former.id else {
            return Known(id: former.id, line: former.line, details: details)
        }
        let changed = try ChangeCustomer(
            store: store, id: id, actor: context.actor, requestID: context.requestID,
            change: { customer.apply(to: &$0, of: id) }
        ).run(in: tx)
        return Known(id: id, details: changed.details)
    }
}
