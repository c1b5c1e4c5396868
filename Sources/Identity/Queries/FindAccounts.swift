public import Persistence
public import Primitives

extension Identity {
    /// An account of a store.
    public static func account(_ id: AccountID, of store: StoreID, in tx: borrowing Transaction) throws -> Account? {
        try AccountTable.find(id, store: store, in: tx)
    }

    /// Every account of a store, the oldest first.
    public static func accounts(of store: StoreID, in tx: borrowing Transaction) throws -> [Account] {
        try AccountTable.all(of: store, in: tx)
    }

    /// The accounts that have an address, whatever their stores.
    public static func accounts(withEmail email: EmailAddress, in tx: borrowing Transaction) throws -> [Account] {
        try AccountTable.all(withEmail: email, in: tx)
    }
}
