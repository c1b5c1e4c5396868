import Customers
public import Persistence
public import Primitives

/// Whom price lists are for: a group of customers is another domain's, and no price list's row refers to it.
public enum PriceListGroups {
    /// - Throws: `validation.failed` when there is no such group.
    public static func require(
        _ group: CustomerGroupID?, of store: StoreID, in tx: borrowing Transaction
    ) throws {
        guard let group else { return }
        guard try Customers.groups(of: store, in: tx).contains(where: { $0.id == group }) else {
            throw Problem.validation("/group_id", "unknown", "There is no such group.")
        }
    }
}
