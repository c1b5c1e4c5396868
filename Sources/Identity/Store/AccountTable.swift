import Persistence
import Primitives

/// The SQL of `accounts`.
enum AccountTable {
    private static let columns: SQL = "store_id, id, email, name, role, version, created_at"

    static func insert(_ account: Account, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO accounts (store_id, id, email, name, role, version, created_at)
            VALUES (\(account.store), \(account.id), \(account.email?.description ?? ""), \(account.name),
                \(account.role.rawValue), \(account.version), \(account.createdAt))
            """)
    }

    static func find(_ id: AccountID, store: StoreID, in tx: borrowing Transaction) throws -> Account? {
        try tx.first("SELECT \(columns) FROM accounts WHERE store_id = \(store) AND id = \(id)", read)
    }

    static func all(of store: StoreID, in tx: borrowing Transaction) throws -> [Account] {
        try tx.query("SELECT \(columns) FROM accounts WHERE store_id = \(store) ORDER BY id", read)
    }

    static func all(withEmail email: EmailAddress, in tx: borrowing Transaction) throws -> [Account] {
        try tx.query(
            """
            SELECT \(columns) FROM accounts WHERE email = \(email.description) AND email <> ''
            ORDER BY store_id, id LIMIT 20
            """, read)
    }

    static func setEmail(_ email: EmailAddress, of account: Account, in tx: borrowing Transaction) throws -> Int {
        let version = try tx.first(
            """
            UPDATE accounts SET email = \(email.description), version = version + 1
            WHERE store_id = \(account.store) AND id = \(account.id) RETURNING version
            """
        ) { try $0[0] as Int }
        guard let version else { throw Problem.notFound("account") }
        return version
    }

    /// The new version; nil without such an account.
    static func raiseVersion(of id: AccountID, store: StoreID, in tx: borrowing Transaction) throws -> Int? {
        try tx.first(
            "UPDATE accounts SET version = version + 1 WHERE store_id = \(store) AND id = \(id) RETURNING version"
        ) { try $0[0] as Int }
    }

    private static func read(_ row: Row) throws -> Account {
        let email: String = try row[2]
        let role: String = try row[4]
        guard let role = AccountRole(rawValue: role) else {
            throw DatabaseError.decoding("an account has the unknown role \(role)")
        }
        return Account(
            store: try row[0], id: try row[1], email: EmailAddress(email), name: try row[3], role: role,
            version: try row[5], createdAt: try row[6])
    }
}
